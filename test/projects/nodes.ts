import { describe, expect, test } from "vitest";
import type { App, Packed } from "./packed.ts";

const sentence =
  /^error: hookwright needs Node 22\.19 or later, and this is Node 20\.\S+ \(\S+\): install a newer one from .+\.\n$/;

/** Warnings of Node itself about what it calls experimental. */
const ofNode = /^\(node:\d+\) ExperimentalWarning: .*\n|^\(Use `node --trace-warnings .*\n/gm;

/** The versions of Node that the README names, from the first command to a delivery. */
export function describeNodes(packed: () => Packed): void {
  const commands = ["--help", "init", "generate", "check", "serve", "listen", "doctor", "keys status", "run app.ts"];

  test("on Node 20 every command says in one sentence what it needs, and exits with 1", { timeout: 120_000 }, () => {
    const node = packed().node(20);
    const app = packed().app({ "package.json": JSON.stringify({ private: true, type: "module" }) });
    for (const command of commands) {
      const ran = app.run(["hookwright", ...command.split(" ")], { node });
      expect({ command, ...ran }).toEqual({ command, status: 1, stdout: "", stderr: expect.stringMatching(sentence) });
    }
  });

  describe.each([22, 24, 26] as const)("on Node %i", (major) => {
    test("a new project generates, emits and delivers, and nothing warns", { timeout: 180_000 }, () => {
      const node = major === 24 ? process.execPath : packed().node(major);
      const app = packed().app({ "package.json": JSON.stringify({ private: true }) });
      const run = (...command: readonly string[]) => expectQuiet(app, command, node);
      run("hookwright", "init", "--yes");
      expect(run("npm", "run", "generate")).toContain("create  runtime/generated/shop/emitter.ts");
      expect(run("npm", "start")).toMatch(/emitted: +order\.placed evt_\S+\ndelivered: order\.placed ord_1\n/);
      run("tsc", "-p", ".");
      run("hookwright", "baseline");
      run("npm", "run", "check");
    });
  });
}

function expectQuiet(app: App, command: readonly string[], node: string): string {
  const { status, stdout, stderr } = app.run(command, { node });
  expect({ command, status, stderr: stderr.replaceAll(ofNode, "") }).toEqual({ command, status: 0, stderr: "" });
  return stdout;
}
