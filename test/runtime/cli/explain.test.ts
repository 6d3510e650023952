import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { runExplain } from "../../../runtime/cli/explain.ts";
import { runInspect } from "../../../runtime/cli/inspect.ts";

const command = join(import.meta.dirname, "../../../runtime/cli/hookwright.ts");

const printed: string[] = [];
beforeEach(() => {
  printed.length = 0;
  for (const method of ["log", "error"] as const)
    vi.spyOn(console, method).mockImplementation((text: string) => void printed.push(text));
});
afterEach(() => vi.restoreAllMocks());

const explain = (name: string) => ({ status: runExplain(name), text: printed.join("\n") });
const inspect = async (type: string, flags: { readonly json?: true } = {}) => {
  const status = await runInspect(type, { root: ".", index: "catalog/index.ts", ...flags });
  return { status, text: printed.join("\n") };
};

function run(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...args], { encoding: "utf8" });
  return { status, stdout, stderr };
}

describe("explain", () => {
  test("says what a rule means, why, and what to do", () => {
    expect(explain("field-renamed")).toMatchObject({
      status: 0,
      text:
        "error[field-renamed]  a field has another name\n\n  group   payload\n" +
        "  reason  Receivers look for the former one.\n  remedy  send both, and deprecate the former",
    });
  });

  test("takes a diagnostic's code in any case", () => {
    expect(explain("hw021").text).toMatch(/^error\[HW021\] {2}no JSON form\n/);
  });

  test("suggests what a name was meant for", () => {
    const { status, text } = explain("field-rename");
    expect([status, text]).toEqual([1, expect.stringContaining("Did you mean field-renamed")]);
  });
});

describe("inspect", () => {
  test("prints contract, documentation, place, fields with their states, headers, and an example as it is sent", async () => {
    const { status, text } = await inspect("deployment.failed");
    expect(status).toBe(0);
    expect(text).toMatch(
      /^stech\/deployment\.failed {2}Stech webhooks, mode push\ndeclared at catalog\/stech\/deployment\.ts:\d+:\d+\n/,
    );
    expect(text).toContain("The provisioner gave up on a build, or threw.");
    expect(text).toMatch(/^ {2}data\.agentName +string +required$/m);
    expect(text).toMatch(/^ {2}data\.reason +string +nullable$/m);
    expect(text).toMatch(/^ {2}X-Stech-Signature +signature$/m);
    expect(text).toContain('"type": "deployment.failed"');
  });

  test("takes the contract's id before the name, and prints JSON", async () => {
    const { status, text } = await inspect("hookwright/endpoint.disabled", { json: true });
    expect(status).toBe(0);
    expect(JSON.parse(text)).toMatchObject([
      { name: "endpoint.disabled", contract: { id: "hookwright", mode: "push" } },
    ]);
  });

  test("suggests what a name was meant for", async () => {
    const { status, text } = await inspect("deployment.fialed");
    expect([status, text]).toEqual([1, expect.stringContaining("Did you mean deployment.failed")]);
  });
});

describe("the command", () => {
  test.each(["check", "init", "serve"])("%s --help has examples", (name) => {
    const { status, stdout } = run(name, "--help");
    expect([status, stdout]).toEqual([0, expect.stringContaining(`$ hookwright ${name}`)]);
  });

  test("suggests a subcommand for one that there is not", () => {
    expect(run("genrate").stderr).toContain("Did you mean generate?");
  });
});
