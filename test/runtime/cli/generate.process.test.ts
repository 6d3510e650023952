import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { copyTwoContracts } from "./two-contracts.ts";

const command = join(import.meta.dirname, "../../../runtime/cli/hookwright.ts");
let template: string;
let root: string;

/** A catalog, and what is generated from it. */
beforeAll(() => {
  template = root = mkdtempSync(join(tmpdir(), "hookwright-cli-"));
  copyTwoContracts(template);
  run("generate");
});
afterAll(() => rmSync(template, { recursive: true }));

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "hookwright-cli-"));
  cpSync(template, root, { recursive: true, preserveTimestamps: true });
});
afterEach(() => rmSync(root, { recursive: true }));

function run(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...args, "--root", root], {
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

function edit(path: string, change: (text: string) => string): void {
  const file = join(root, path);
  writeFileSync(file, change(readFileSync(file, "utf8")));
}

/** What the README tells a newcomer to do: a new event in a family, with its comment and its example. */
function addEvent(): void {
  edit("catalog/stech/deployment.ts", (text) =>
    text.replace(/\}\n$/, '\n  /** Somebody paused a deploy. */\n  "deployment.paused": { deploymentId: Id };\n}\n'),
  );
  edit("catalog/stech/examples.ts", (text) =>
    text.replace(
      '"deployment.failed": {',
      '"deployment.paused": { "by hand": { deploymentId: "dep_1" } },\n  "deployment.failed": {',
    ),
  );
}

describe("generate", () => {
  test("after an event was added: schema, emitter, OpenAPI, SDK, reference and vectors change, and nothing else", () => {
    const untouched = join(root, "runtime/generated/hookwright/schemas.ts");
    const before = statSync(untouched).mtimeMs;
    addEvent();
    const { status, stdout } = run("generate");
    expect(status).toBe(0);
    const changed = stdout.split("\n").filter((line) => line.startsWith("update"));
    expect(changed.map((line) => line.replace(/^update\s+/, ""))).toEqual([
      "catalog/README.md",
      "catalog/reference/stech.md",
      "runtime/generated/asyncapi.json",
      "runtime/generated/index.json",
      "runtime/generated/llms.txt",
      "runtime/generated/openapi.json",
      "runtime/generated/schemas/bundle.json",
      "runtime/generated/schemas/index.json",
      "runtime/generated/stech/emitter.ts",
      "runtime/generated/stech/schemas.ts",
      "sdks/go/contracts/stech/decode.go",
      "sdks/go/contracts/stech/events.go",
      "sdks/go/contracts/stech/shapes.go",
      "sdks/go/contracts/stech/stechtest/stechtest.go",
      "sdks/python/src/hookwright_webhooks/stech/__init__.py",
      "sdks/python/src/hookwright_webhooks/stech/events.py",
      "sdks/python/src/hookwright_webhooks/stech/fixtures.py",
      "sdks/python/src/hookwright_webhooks/stech/models.py",
      "sdks/typescript/src/contracts/stech.fixtures.ts",
      "sdks/typescript/src/contracts/stech.ts",
      "test/vectors/stech.json",
    ]);
    expect(readFileSync(join(root, "runtime/generated/stech/emitter.ts"), "utf8")).toContain('"deployment.paused":');
    expect(statSync(untouched).mtimeMs).toBe(before);
  });

  test("twice gives the same bytes and changes nothing the second time", () => {
    addEvent();
    run("generate");
    const { status, stdout } = run("generate");
    expect(status).toBe(0);
    expect(stdout).toMatch(/^\d+ files, 0 changed, in \d+ ms\n$/);
  });

  test("--check fails with a unified diff when a file is stale, and writes nothing", () => {
    expect(run("generate", "--check")).toMatchObject({ status: 0, stdout: expect.stringContaining("all fresh") });
    addEvent();
    const before = readFileSync(join(root, "runtime/generated/stech/emitter.ts"), "utf8");
    const { status, stdout } = run("generate", "--check");
    expect(status).toBe(1);
    expect(stdout).toContain("--- a/runtime/generated/stech/emitter.ts\n+++ b/runtime/generated/stech/emitter.ts\n@@ ");
    expect(stdout).toMatch(/^\+ {2}"deployment\.paused": DeploymentPausedData;$/m);
    expect(readFileSync(join(root, "runtime/generated/stech/emitter.ts"), "utf8")).toBe(before);
  });

  test("a catalog that cannot be read is told with its place, and leaves every file as it was", () => {
    edit("catalog/stech/deployment.ts", (text) => text.replace("agentName: string;", "agentName: Date;"));
    const { status, stderr } = run("generate");
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /^error\[HW\d+\] catalog\/stech\/deployment\.ts:\d+:\d+ {2}deployment\.created\.data\.agentName: /,
    );
    expect(stderr).toContain("Nothing was written");
    edit("catalog/stech/deployment.ts", (text) => text.replace("agentName: Date;", "agentName: string;"));
    expect(run("generate", "--check").status).toBe(0);
  });

  test("--json says the same to a program", () => {
    addEvent();
    const { status, stdout } = run("generate", "--check", "--json");
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ ok: false, diagnostics: [], changes: expect.any(Array) });
  });

  test("an unknown target is an error that names those there are", () => {
    const { status, stderr } = run("generate", "--only", "typebocks");
    expect(status).toBe(1);
    expect(stderr).toContain("typebox");
    expect(stderr).not.toContain("    at ");
  });
});

test("--help shows every command with examples", () => {
  const { status, stdout } = spawnSync(process.execPath, [command, "generate", "--help"], { encoding: "utf8" });
  expect(status).toBe(0);
  expect(stdout).toContain("hookwright generate --check");
});
