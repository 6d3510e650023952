import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { copyTwoContracts } from "./two-contracts.ts";
import { runBaseline } from "../../../runtime/cli/baseline.ts";
import { runCheck } from "../../../runtime/cli/check.ts";
import { runDiff } from "../../../runtime/cli/diff.ts";

const command = join(import.meta.dirname, "../../../runtime/cli/hookwright.ts");
let repository: string;
/** The project is a folder of its repository. */
let root: string;

/** A catalog with its baseline. */
let template: string;

beforeAll(async () => {
  template = mkdtempSync(join(tmpdir(), "hookwright-check-"));
  copyTwoContracts(template);
  await runBaseline({ root: template, index: "catalog/index.ts" });
});
afterAll(() => rmSync(template, { recursive: true }));

beforeEach(() => {
  repository = mkdtempSync(join(tmpdir(), "hookwright-check-"));
  root = join(repository, "services/webhooks");
  mkdirSync(root, { recursive: true });
  cpSync(template, root, { recursive: true });
});
afterEach(() => rmSync(repository, { recursive: true }));

function commit(): void {
  const git = (...args: readonly string[]) => execFileSync("git", args, { cwd: repository });
  git("init", "-q", "-b", "main");
  git("add", "-A");
  git("-c", "user.name=Robin", "-c", "user.email=robin@acme.example", "commit", "-qm", "The catalog");
}

const now = Date.UTC(2026, 4, 8, 12);

interface Flags {
  readonly against?: string;
  readonly index?: string;
  readonly format?: "text" | "json" | "github" | "markdown";
  readonly threshold?: "error" | "info";
}

/** The status and what was printed; of a comparison that cannot be made, status 2 and why. */
async function check(flags: Flags = {}): Promise<{ readonly status: number; readonly text: string }> {
  const print = vi.spyOn(console, "log").mockImplementation(() => {});
  const all = { root, index: "catalog/index.ts", format: "text", threshold: "error", ...flags } as const;
  try {
    const status = await runCheck(all, now);
    return { status, text: print.mock.calls.flat().join("\n") };
  } catch (error) {
    return { status: 2, text: error instanceof Error ? error.message : String(error) };
  } finally {
    print.mockRestore();
  }
}

/** Takes a required field out of an event type's data, and out of its examples. */
function removeField(): void {
  edit("catalog/stech/deployment.ts", (text) => text.replace(/ +machineUrl: Url;\n/, ""));
  edit("catalog/stech/examples.ts", (text) => text.replaceAll(/ +machineUrl: .*\n/g, ""));
}

function edit(path: string, change: (text: string) => string): void {
  const file = join(root, path);
  writeFileSync(file, change(readFileSync(file, "utf8")));
}

const approval = {
  rule: "required-field-removed",
  path: "stech/deployment.created.data.machineUrl",
  reason: "Agreed.",
};

function approve(until: string): void {
  writeFileSync(join(root, "catalog/approvals.json"), JSON.stringify([{ ...approval, until }]));
}

describe("check against a git ref", () => {
  test("passes without a change, and fails with rule, both places and remedy when a change breaks receivers", async () => {
    commit();
    expect(await check({ against: "main" })).toMatchObject({ status: 0 });
    removeField();
    const { status, text } = await check({ against: "HEAD" });
    expect(status).toBe(1);
    expect(text).toMatch(
      /^error\[required-field-removed\] catalog\/stech\/deployment\.ts:\d+:\d+ {2}stech\/deployment\.created\.data\.machineUrl: /,
    );
    expect(text).toContain("| machineUrl: Url;\n  remedy: keep sending it, and deprecate it");
    expect(text).toMatch(/Compared with HEAD: 1 error, 0 warning, \d+ info\.$/);
  });

  test("an approval silences a finding until its day, and is reported after it", async () => {
    commit();
    removeField();
    approve("2026-05-08");
    const approved = await check({ against: "HEAD" });
    expect(approved).toMatchObject({ status: 0, text: expect.stringContaining("1 approved") });
    approve("2026-05-07");
    const expired = await check({ against: "HEAD", format: "json" });
    expect(expired.status).toBe(1);
    expect(JSON.parse(expired.text)).toMatchObject({
      ok: false,
      against: "HEAD",
      findings: [{ rule: approval.rule, path: approval.path }, {}],
      expired: [{ until: "2026-05-07" }],
    });
  });

  test("a ref that there is not, or one that is an option, is status 2", async () => {
    commit();
    for (const ref of ["nowhere", "--output=/tmp/x"]) {
      const { status, text } = await check({ against: ref });
      expect([status, text]).toEqual([2, expect.stringContaining(`There is no git ref or file "${ref}"`)]);
    }
  });

  test("a ref without the catalog is status 2, and says which file is missing", async () => {
    commit();
    const { status, text } = await check({ against: "HEAD", index: "catalog/hookwright/contract.ts" });
    expect([status, text]).toEqual([2, expect.stringContaining("HW003")]);
    execFileSync("git", ["mv", "services", "moved"], { cwd: repository });
    root = join(repository, "moved/webhooks");
    const moved = await check({ against: "HEAD" });
    expect([moved.status, moved.text]).toEqual([
      2,
      expect.stringContaining("catalog/index.ts cannot be read: it is not at"),
    ]);
  });

  test("a folder that is in no repository is status 2", async () => {
    const { status, text } = await check({ against: "main" });
    expect([status, text]).toEqual([2, expect.stringContaining("is in no git repository")]);
  });
});

describe("check against a baseline", () => {
  test("compares with the one beside the catalog, unless told otherwise", async () => {
    removeField();
    expect(await check()).toMatchObject({
      status: 1,
      text: expect.stringContaining("catalog/baseline.json: 1 error"),
    });
    vi.spyOn(console, "log").mockImplementationOnce(() => {});
    await runBaseline({ root, index: "catalog/index.ts" });
    expect(await check()).toMatchObject({ status: 0 });
  });

  test("with a lower threshold fails for less", async () => {
    edit("catalog/stech/contract.ts", (text) => text.replace("Stech-Webhooks/1.0", "Stech-Webhooks/1.1"));
    expect(await check()).toMatchObject({ status: 0 });
    expect(await check({ threshold: "info" })).toMatchObject({ status: 1 });
  });

  test.each([
    ["github", "::error file=catalog/stech/deployment.ts,line="],
    ["markdown", "| error | `type-changed` |"],
  ] as const)("prints for %s", async (format, expected) => {
    edit("catalog/stech/deployment.ts", (source) => source.replace("machineUrl: Url;", "machineUrl: Int;"));
    edit("catalog/stech/deployment.ts", (source) => source.replace("{ Id, Url }", "{ Id, Int, Url }"));
    edit("catalog/stech/examples.ts", (source) => source.replaceAll(/machineUrl: .*/g, "machineUrl: 1,"));
    const { status, text } = await check({ format });
    expect(status).toBe(1);
    expect(text).toContain(expected);
  });

  test("a catalog, a baseline or approvals that cannot be read are status 2, and say why", async () => {
    expect(await check({ against: "gone.json" })).toMatchObject({
      status: 2,
      text: expect.stringContaining("There is no file gone.json"),
    });
    writeFileSync(join(root, "catalog/approvals.json"), "{}");
    expect(await check()).toMatchObject({
      status: 2,
      text: expect.stringContaining("catalog/approvals.json: expected a list"),
    });
    edit("catalog/stech/deployment.ts", (text) => text.replace("agentName: string;", "agentName: Date;"));
    expect(await check()).toMatchObject({ status: 2, text: expect.stringContaining("error[HW021]") });
  });
});

test("diff prints the changelog entry, what is approved included", async () => {
  removeField();
  approve("2026-05-08");
  const write = vi.spyOn(process.stdout, "write").mockImplementation(() => true);
  await runDiff({ root, index: "catalog/index.ts" }, now);
  const text = write.mock.calls.flat().join("");
  write.mockRestore();
  expect(text).toContain(
    "### Removed\n\n- **Breaking:** `stech/deployment.created.data.machineUrl`: it is not sent any more",
  );
});

test("as a process: 0, 1 for what breaks, and 2 for what cannot be compared, a wrong option among it", () => {
  const run = (...args: readonly string[]) =>
    spawnSync(process.execPath, [command, "check", "--root", root, ...args], { encoding: "utf8" }).status;
  expect(run()).toBe(0);
  removeField();
  expect(run()).toBe(1);
  expect(run("--against", "gone.json")).toBe(2);
  expect(run("--format", "yaml")).toBe(2);
});
