import { spawn, spawnSync } from "node:child_process";
import { closeSync, existsSync, openSync } from "node:fs";
import { once } from "node:events";
import { describe, expect, test } from "vitest";

const program = ["runtime/cli/hookwright.ts"];
const timeout = 60_000;

/** A device that takes nothing, as a disk that is full; Linux has one. */
const fullDevice = "/dev/full";

describe.runIf(existsSync(fullDevice))("output that cannot be written is an error", () => {
  test.each([
    ["a command that prints", ["inspect", "deployment.created"]],
    ["a command that writes", ["diff", "--against", "HEAD"]],
    ["a command that also sets a status", ["check", "--against", "HEAD"]],
    ["JSON", ["generate", "--check", "--json"]],
    ["the help", ["--help"]],
  ])("%s", { timeout }, (_name, args) => {
    const out = openSync(fullDevice, "w");
    const { status, stderr } = spawnSync(process.execPath, [...program, ...args], {
      stdio: ["ignore", out, "pipe"],
      encoding: "utf8",
    });
    closeSync(out);
    expect(status).toBe(1);
    expect(stderr.trim().split("\n").at(-1)).toMatch(/^error: the output could not be written: ENOSPC/);
  });
});

test("a reader that went away is none", { timeout }, async () => {
  const child = spawn(process.execPath, [...program, "inspect", "deployment.created"], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  child.stdout.destroy();
  let said = "";
  child.stderr.on("data", (chunk) => (said += String(chunk)));
  expect([await once(child, "close"), said]).toEqual([[0, null], ""]);
});
