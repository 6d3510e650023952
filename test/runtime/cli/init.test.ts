import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { packageImports, takesRuntimeFromPackage } from "../../../generator/package-imports.ts";
import { runInit } from "../../../runtime/cli/init.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hookwright-init-"));
  vi.spyOn(console, "log").mockImplementation(() => {});
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

describe("init", () => {
  test("keeps what a package.json says, and adds scripts and dependencies", async () => {
    const manifest = {
      name: "acme",
      scripts: { lint: "eslint ." },
      dependencies: { hookwright: "file:../hookwright.tgz" },
    };
    writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
    expect(await runInit(folder)).toBe(0);
    expect(JSON.parse(readFileSync(join(folder, "package.json"), "utf8"))).toMatchObject({
      name: "acme",
      type: "module",
      scripts: { lint: "eslint .", start: "hookwright run app.ts" },
      dependencies: { hookwright: "file:../hookwright.tgz", "@sinclair/typebox": expect.any(String) },
    });
    expect(takesRuntimeFromPackage(folder)).toBe(true);
  });

  test("writes nothing where one of its files is there already, and says which", async () => {
    writeFileSync(join(folder, "app.ts"), "mine\n");
    const told = vi.spyOn(console, "error").mockImplementation(() => {});
    expect(await runInit(folder)).toBe(1);
    expect(told.mock.calls.flat().join()).toContain("already has app.ts");
    expect(readdirSync(folder)).toEqual(["app.ts"]);
  });

  test("writes nothing where package.json is no JSON", async () => {
    writeFileSync(join(folder, "package.json"), "{");
    await expect(runInit(folder)).rejects.toThrow();
    expect(readdirSync(folder)).toEqual(["package.json"]);
  });
});

test("in a project that depends on the package, generated files import the runtime from it, and nothing else", () => {
  const text = [
    'import { catalog } from "../../catalog/index.ts";',
    'import { catalogOf } from "../contracts/declaration.ts";',
    "import type {",
    "  Emitter,",
    '} from "../emitter.ts";',
    'import "../contracts/formats.ts";',
    'import { schemas } from "./shop/schemas.ts";',
    '/** Text, "../emitter.ts"; */',
  ];
  const [file] = packageImports([{ path: "runtime/generated/catalog.ts", text: text.join("\n") }]);
  expect(file?.text.split("\n")).toEqual([
    text[0],
    'import { catalogOf } from "hookwright/runtime/contracts/declaration";',
    ...text.slice(2, 4),
    '} from "hookwright/runtime/emitter";',
    'import "hookwright/runtime/contracts/formats";',
    ...text.slice(6),
  ]);
});
