import { readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { sourceFiles, trackedFiles } from "./source-files.ts";

interface Source {
  readonly path: string;
  readonly text: string;
  /** Paths of our own files, relative to the root. */
  readonly imports: readonly string[];
  readonly packages: readonly string[];
}

/** Written by the generator of a library, as a product has it. */
const isForeign = (path: string) => /^test\/.*\/prisma\/client\//.test(path);
const sources = sourceFiles()
  .filter((path) => !isForeign(path))
  .map(readSource);
const byPath = new Map(sources.map((source) => [source.path, source]));
const isGenerated = (path: string) =>
  path.startsWith("runtime/generated/") ||
  path === "runtime/dashboard/src/api-types.ts" ||
  /^sdks\/.*\/src\/contracts\//.test(path);
const isTest = (path: string) => path.startsWith("test/") || /^sdks\/[^/]+\/test\//.test(path);
const handWritten = sources.filter((source) => !isGenerated(source.path));

function readSource(path: string): Source {
  const text = readFileSync(path, "utf8");
  const specifiers = ts.preProcessFile(text).importedFiles.map((file) => file.fileName);
  const own = specifiers.filter((specifier) => specifier.startsWith("."));
  return {
    path,
    text,
    imports: own.map((specifier) => normalize(join(dirname(path), specifier))),
    packages: specifiers.filter((specifier) => !specifier.startsWith(".")),
  };
}

/** Every import from under one of the folders, as `from -> to`, that fails the rule. */
function violations(from: string, isAllowed: (to: string, source: Source) => boolean): string[] {
  return sources
    .filter((source) => source.path.startsWith(from))
    .flatMap((source) => source.imports.filter((to) => !isAllowed(to, source)).map((to) => `${source.path} -> ${to}`));
}

describe("import directions", () => {
  test("the catalog imports nothing but itself", () => {
    expect(violations("catalog/", (to) => to.startsWith("catalog/"))).toEqual([]);
    expect(sources.filter((source) => source.path.startsWith("catalog/")).flatMap((source) => source.packages)).toEqual(
      [],
    );
  });

  test("the generator imports the catalog's types and itself", () => {
    expect(violations("generator/", (to) => to.startsWith("generator/") || to === "catalog/contract.ts")).toEqual([]);
  });

  test("the runtime imports itself and the catalog; only the command reaches the generator", () => {
    const isAllowed = (to: string, { path }: Source) =>
      /^(runtime|catalog)\//.test(to) || (path.startsWith("runtime/cli/") && to.startsWith("generator/"));
    expect(violations("runtime/", isAllowed)).toEqual([]);
  });

  test("contracts know no store, no HTTP server and no engine", () => {
    expect(violations("runtime/contracts/", (to) => !/^runtime\/(store|http|engine|app)/.test(to))).toEqual([]);
    const packages = sources
      .filter((source) => source.path.startsWith("runtime/contracts/"))
      .flatMap((s) => s.packages);
    expect(packages.filter((name) => /fastify|kysely|undici/.test(name))).toEqual([]);
  });

  test("the engine knows no HTTP server, no database and no HTTP client, only their seams", () => {
    expect(violations("runtime/engine/", (to) => !/^runtime\/(http|store|outbound|generated|cli)\//.test(to))).toEqual(
      [],
    );
    const packages = sources.filter((source) => source.path.startsWith("runtime/engine/")).flatMap((s) => s.packages);
    expect(packages.filter((name) => /fastify|kysely|undici/.test(name))).toEqual([]);
  });

  test("the dashboard is a client of the public API: it imports nothing but itself", () => {
    expect(violations("runtime/dashboard/", (to) => to.startsWith("runtime/dashboard/"))).toEqual([]);
    expect(
      sources.filter(
        ({ path, imports }) =>
          !isTest(path) &&
          !path.startsWith("runtime/dashboard/") &&
          imports.some((to) => to.startsWith("runtime/dashboard/")),
      ),
    ).toEqual([]);
  });

  test("the store knows nothing of engine, HTTP or outbound", () => {
    expect(
      violations("runtime/store/", (to) => !/^runtime\/(http|engine|outbound|generated|cli|app)/.test(to)),
    ).toEqual([]);
  });

  test("an SDK imports nothing but itself", () => {
    expect(violations("sdks/typescript/src/", (to) => to.startsWith("sdks/typescript/src/"))).toEqual([]);
    const packages = sources.filter((s) => s.path.startsWith("sdks/typescript/src/")).flatMap((s) => s.packages);
    expect(packages).toEqual([]);
  });

  test("nobody imports tests but tests", () => {
    const offenders = sources.filter((source) => !isTest(source.path) && source.imports.some(isTest));
    expect(offenders.map((source) => source.path)).toEqual([]);
  });

  test("no file imports the index.ts of its own folder", () => {
    const offenders = sources.filter((source) => source.imports.includes(join(dirname(source.path), "index.ts")));
    expect(offenders.map((source) => source.path)).toEqual([]);
  });
});

test("the exporter of traces is loaded by one file, and that one by nobody who does not export", () => {
  const isSdk = (name: string) => name.startsWith("@opentelemetry/") && name !== "@opentelemetry/api";
  const ofRuntime = sources.filter(({ path }) => path.startsWith("runtime/"));
  const loading = ofRuntime.filter(({ packages }) => packages.some(isSdk)).map(({ path }) => path);
  expect(loading).toEqual(["runtime/cli/export-traces.ts"]);
  const users = ofRuntime.filter(({ imports }) => imports.includes("runtime/cli/export-traces.ts"));
  expect(users.map(({ path }) => path)).toEqual(["runtime/cli/serve.ts"]);
  expect(users.flatMap(({ text }) => text.match(/^import .*export-traces/m) ?? [])).toEqual([]);
});

test("no import leads in a circle, type imports included but for a contract's own examples", () => {
  const finished = new Set<string>();
  const circles: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    if (trail.includes(path)) {
      circles.push([...trail.slice(trail.indexOf(path)), path].join(" -> "));
      return;
    }
    if (finished.has(path)) return;
    for (const next of byPath.get(path)?.imports ?? []) visit(next, [...trail, path]);
    finished.add(path);
  };
  for (const source of sources) visit(source.path, []);
  // A contract imports its examples, and they import the type of its events to be checked against it.
  const isExamples = (circle: string) =>
    /^catalog\/\w+\/(contract|examples)\.ts( -> catalog\/\w+\/(contract|examples)\.ts){2}$/.test(circle);
  expect(circles.filter((circle) => !isExamples(circle))).toEqual([]);
});

test("every file is reached from an entry", () => {
  const entries = sources.filter(({ path }) => isTest(path) || isEntry(path)).map((source) => source.path);
  const reached = new Set<string>();
  const visit = (path: string): void => {
    if (reached.has(path)) return;
    reached.add(path);
    for (const next of byPath.get(path)?.imports ?? []) visit(next);
  };
  for (const entry of entries.filter((path) => !isTest(path) || isEntry(path))) visit(entry);
  const dead = sources.filter((source) => !isTest(source.path) && !reached.has(source.path));
  expect(dead.map((source) => source.path)).toEqual([]);
});

function isEntry(path: string): boolean {
  const entries = [
    "catalog/index.ts",
    "runtime/open-hookwright.ts",
    "runtime/testing/testing.ts",
    "runtime/deploy/dual-package.ts",
    "runtime/cli/hookwright.ts",
    "runtime/generated/catalog.ts",
    "runtime/dashboard/src/main.tsx",
    "runtime/dashboard/vite.config.ts",
  ];
  return (
    entries.includes(path) ||
    /^catalog\/([a-z]+-)?presets\.ts$|^sdks\/[^/]+\/src\/((contracts|adapters)\/|core\/(webhook|stream|action)\.)/.test(
      path,
    )
  );
}

test("the top level holds what DESIGN's house names and nothing else", () => {
  const names = new Set(trackedFiles().map((path) => path.split("/")[0] ?? ""));
  const house = [
    "package.json",
    "package-lock.json",
    "tsconfig.json",
    "catalog",
    "generator",
    "runtime",
    "sdks",
    "test",
  ];
  const rest = [...names].filter((name) => !house.includes(name) && !["README.md", "LICENSE"].includes(name));
  expect(rest.filter((name) => !name.startsWith("."))).toEqual([]);
});

describe("sizes, as a ratchet: lower a number when you can, never raise it", () => {
  const lines = (source: Source) => source.text.split("\n").length - 1;
  const product = handWritten.filter((source) => !isTest(source.path) && !source.path.startsWith("catalog/"));

  test("no hand-written file is longer than 350 lines, and half of them are at most 110", () => {
    expect(product.filter((source) => lines(source) > 350).map((source) => source.path)).toEqual([]);
    const sorted = product.map(lines).sort((a, b) => a - b);
    expect(sorted[Math.floor(sorted.length / 2)]).toBeLessThanOrEqual(110);
  });

  test("no function is longer than 60 lines", () => {
    expect(product.flatMap(longFunctions)).toEqual([]);
  });

  test("a folder has at most 20 files of its own, but for those that are listed, which get no larger", () => {
    const larger: Readonly<Record<string, number>> = {
      generator: 25,
      "generator/compat": 21,
      "generator/read": 42,
      runtime: 24,
      "runtime/cli": 60,
      "runtime/contracts": 38,
      "runtime/http": 26,
      "runtime/http/routes": 24,
      "runtime/dashboard/src/screens": 21,
      "runtime/store": 60,
      "sdks/typescript/src/core": 24,
    };
    const folders = Map.groupBy(product, ({ path }) => dirname(path));
    const over = [...folders].filter(([folder, files]) => files.length > (larger[folder] ?? 20));
    expect(over.map(([folder, files]) => `${folder}: ${files.length}`)).toEqual([]);
  });

  test("the dashboard has at most 55", () => {
    expect(product.filter(({ path }) => path.startsWith("runtime/dashboard/")).length).toBeLessThanOrEqual(55);
  });
});

/** Factories are counted without the functions in them: what is long is a body of statements. */
function longFunctions(source: Source): string[] {
  const file = ts.createSourceFile(source.path, source.text, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const lineCount = (node: ts.Node) =>
    file.getLineAndCharacterOfPosition(node.end).line -
    file.getLineAndCharacterOfPosition(node.getStart(file)).line +
    1;
  const innerLines = (node: ts.Node): number => {
    let sum = 0;
    ts.forEachChild(node, function count(child) {
      if (ts.isFunctionLike(child)) sum += lineCount(child);
      else ts.forEachChild(child, count);
    });
    return sum;
  };
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && lineCount(node) - innerLines(node) > 60)
      found.push(`${source.path}:${file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1}`);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

test("no contract is asked for by name outside its declaration", () => {
  const names = ["stech", "authn", "authsignal", "auth0", "authio"];
  const pattern = new RegExp(`["'\`](${names.join("|")})["'\`]`);
  const offenders = handWritten
    .filter(({ path }) => /^(generator|runtime)\//.test(path) || /^sdks\/[^/]+\/src\/core\//.test(path))
    .filter(({ text }) => pattern.test(text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, "")));
  expect(offenders.map((source) => source.path)).toEqual([]);
});
