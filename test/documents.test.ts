import { existsSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { expect, test } from "vitest";
import { trackedFiles } from "./source-files.ts";

/** Pages that people write; references are generated. */
const pages = trackedFiles().filter((path) => path.endsWith(".md") && !path.startsWith("catalog/reference/"));
const { scripts }: { readonly scripts: Readonly<Record<string, string>> } = JSON.parse(
  readFileSync("package.json", "utf8"),
);

/** The text outside of code blocks, and that inside. */
function partsOf(path: string): { readonly prose: string; readonly code: string } {
  const parts = readFileSync(path, "utf8").split(/^```.*$/m);
  return {
    prose: parts.filter((_, at) => at % 2 === 0).join(""),
    code: parts.filter((_, at) => at % 2 === 1).join(""),
  };
}

/** As GitHub makes them of headings. */
function anchorsOf(path: string): readonly string[] {
  const headings = partsOf(path).prose.matchAll(/^#+ +(.+)$/gm);
  return [...headings].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
      .trim()
      .replaceAll(/\s/g, "-"),
  );
}

test.each(pages)("the links of %s lead somewhere", (page) => {
  const links = [...partsOf(page).prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = ""]) => link);
  const broken = links
    .filter((link) => !/^[a-z]+:/.test(link))
    .filter((link) => {
      const [file = "", anchor] = link.split("#");
      const target = file === "" ? page : normalize(join(dirname(page), file));
      if (!existsSync(target)) return true;
      return anchor !== undefined && target.endsWith(".md") && !anchorsOf(target).includes(anchor);
    });
  expect(broken).toEqual([]);
});

test.each(pages)("the scripts that %s names are in package.json", (page) => {
  const { prose, code } = partsOf(page);
  const named = [...`${prose}\n${code}`.matchAll(/\bnpm run (?:-s )?([a-z][\w:-]*)/g)].map(([, name = ""]) => name);
  expect(named.filter((name) => scripts[name] === undefined)).toEqual([]);
});

/** Files that a project has when it wants them. */
const madeByProjects = ["catalog/approvals.json"];

test.each(pages.filter((page) => !page.startsWith("sdks/")))("the files that %s names are there", (page) => {
  const named = [...partsOf(page).prose.matchAll(/`((?:catalog|generator|runtime|sdks|test)\/[\w./-]*)`/g)];
  expect(named.flatMap(([, path = ""]) => (existsSync(path) || madeByProjects.includes(path) ? [] : [path]))).toEqual(
    [],
  );
});
