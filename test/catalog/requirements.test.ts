import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { expect, test } from "vitest";
import { trackedFiles } from "../source-files.ts";

const root = join(import.meta.dirname, "../..");

/** The name in the ids, and the folder of the contract. */
const contracts = { STECH: "stech", AUTHN: "authn", AUTHSIGNAL: "authsignal", AUTHIO: "authio", AUTH0: "auth0" };
const idPattern = new RegExp(String.raw`\b[RFD]-(${Object.keys(contracts).join("|")})-\d+\b`, "g");

interface Requirement {
  readonly id: string;
  readonly page: string;
  readonly says: string;
  /** From the root. */
  readonly provedBy: string;
}

const requirements = Object.values(contracts).flatMap((folder) => rowsOf(`catalog/${folder}/requirements.md`));

/** Rows of a page's tables: id, sentence, and a link to the test. */
function rowsOf(page: string): readonly Requirement[] {
  const rows = readFileSync(join(root, page), "utf8").matchAll(
    /^\| ([RFD]-\w+-\d+) *\| (.*?) *\| \[.*?\]\((.*?)\) *\|$/gm,
  );
  return [...rows].map(([, id = "", says = "", link = ""]) => {
    const provedBy = relative(root, join(root, dirname(page), link));
    return { id, page, says, provedBy };
  });
}

const citing = trackedFiles()
  .filter((path) => /\.(ts|py|go|md)$/.test(path) && !path.endsWith("/requirements.md") && existsSync(join(root, path)))
  .map((path) => ({ path, ids: new Set(readFileSync(join(root, path), "utf8").match(idPattern)) }));

test("each id that code or a test cites is listed on its contract's page", () => {
  const listed = new Set(requirements.map(({ id }) => id));
  const unlisted = citing.flatMap(({ path, ids }) =>
    [...ids].filter((id) => !listed.has(id)).map((id) => `${path}: ${id}`),
  );
  expect(citing.flatMap(({ ids }) => [...ids]).length).toBeGreaterThan(400);
  expect(unlisted).toEqual([]);
});

test("each id on a page is cited by the test that is said to prove it", () => {
  const cited = new Map(citing.map(({ path, ids }) => [path, ids]));
  const isTest = (path: string) => /(\.test\.ts|\/suite\/[\w-]+\.ts|\/tests\/test_\w+\.py|_test\.go)$/.test(path);
  const unproved = requirements.filter(
    ({ id, provedBy }) => !isTest(provedBy) || cited.get(provedBy)?.has(id) !== true,
  );
  expect(unproved.map(({ id, provedBy }) => `${id}: ${provedBy}`)).toEqual([]);
});

test("each id stands once, on the page of its own contract, with a sentence", () => {
  const ids = requirements.map(({ id }) => id);
  expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  const folders: Readonly<Record<string, string>> = contracts;
  for (const { id, page, says } of requirements) {
    expect(page).toBe(`catalog/${folders[id.split("-")[1] ?? ""]}/requirements.md`);
    expect(says).toMatch(/^.{10,}\.$/);
  }
});
