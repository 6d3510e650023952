import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

const command = join(import.meta.dirname, "../../../runtime/cli/hookwright.ts");

function run(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...args], { encoding: "utf8" });
  return { status, stdout, stderr };
}

describe("explain", () => {
  test("says what a rule means, why, and what to do", () => {
    expect(run("explain", "field-renamed")).toMatchObject({
      status: 0,
      stdout:
        "error[field-renamed]  a field has another name\n\n  group   payload\n" +
        "  reason  Receivers look for the former one.\n  remedy  send both, and deprecate the former\n",
    });
  });

  test("takes a diagnostic's code in any case", () => {
    expect(run("explain", "hw021").stdout).toMatch(/^error\[HW021\] {2}no JSON form\n/);
  });

  test("suggests what a name was meant for", () => {
    const { status, stderr } = run("explain", "field-rename");
    expect([status, stderr]).toEqual([1, expect.stringContaining("Did you mean field-renamed")]);
  });
});

describe("inspect", () => {
  test("prints contract, documentation, place, fields with their states, headers, and an example as it is sent", () => {
    const { status, stdout } = run("inspect", "deployment.failed");
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /^stech\/deployment\.failed {2}Stech webhooks, mode push\ndeclared at catalog\/stech\/deployment\.ts:\d+:\d+\n/,
    );
    expect(stdout).toContain("The provisioner gave up on a build, or threw.");
    expect(stdout).toMatch(/^ {2}data\.agentName +string +required$/m);
    expect(stdout).toMatch(/^ {2}data\.reason +string +nullable$/m);
    expect(stdout).toMatch(/^ {2}X-Stech-Signature +signature$/m);
    expect(stdout).toContain('"type": "deployment.failed"');
  });

  test("takes the contract's id before the name, and prints JSON", () => {
    const { status, stdout } = run("inspect", "hookwright/endpoint.disabled", "--json");
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject([
      { name: "endpoint.disabled", contract: { id: "hookwright", mode: "push" } },
    ]);
  });

  test("suggests what a name was meant for", () => {
    const { status, stderr } = run("inspect", "deployment.fialed");
    expect([status, stderr]).toEqual([1, expect.stringContaining("Did you mean deployment.failed")]);
  });
});

describe("the command", () => {
  test.each(["generate", "check", "diff", "baseline", "explain", "inspect", "init", "serve", "prune"])(
    "%s --help has examples",
    (name) => {
      const { status, stdout } = run(name, "--help");
      expect([status, stdout]).toEqual([0, expect.stringContaining(`$ hookwright ${name}`)]);
    },
  );

  test("suggests a subcommand for one that there is not", () => {
    expect(run("genrate").stderr).toContain("Did you mean generate?");
  });
});
