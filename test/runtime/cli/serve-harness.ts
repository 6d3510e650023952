import { spawn, type ChildProcess } from "node:child_process";
import { connect, type Socket } from "node:net";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

const command = join(import.meta.dirname, "../../../runtime/cli/hookwright.ts");
export const adminKey = "k".repeat(32);
export const secretKeys = `k:${Buffer.alloc(32).toString("base64")}`;

/** A `hookwright` command in a process of its own. */
export interface Served {
  readonly child: ChildProcess;
  readonly output: () => string;
  /** Resolves with the match once the output has it; rejects when the process ends before. */
  readonly prints: (pattern: RegExp) => Promise<RegExpExecArray>;
  readonly ended: Promise<number | null>;
  /** Resolves with the address once the server takes work. */
  readonly ready: () => Promise<string>;
}

export function temporaryDirectory(): string {
  const folder = mkdtempSync(join(tmpdir(), "hookwright-life-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Ends with the test at the latest. */
export function startServer(
  environment: Readonly<Record<string, string>>,
  args: readonly string[] = ["serve"],
): Served {
  const env = {
    PATH: process.env["PATH"],
    HOOKWRIGHT_PORT: "0",
    HOOKWRIGHT_ADMIN_KEY: adminKey,
    HOOKWRIGHT_SECRET_KEYS: secretKeys,
    ...environment,
  };
  const child = spawn(process.execPath, [command, ...args], { env, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  const listeners = new Set<() => void>();
  const collect = (chunk: Buffer) => {
    output += chunk.toString();
    for (const listener of [...listeners]) listener();
  };
  child.stdout.on("data", collect);
  child.stderr.on("data", collect);
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await ended;
  });
  const prints = (pattern: RegExp) =>
    new Promise<RegExpExecArray>((resolve, reject) => {
      const look = () => {
        const found = pattern.exec(output);
        if (found !== null) resolve(found);
      };
      listeners.add(look);
      look();
      void ended.then(() => reject(new Error(`It ended before it printed ${pattern}: ${output}`)));
    });
  const ready = async () => {
    const [, address = ""] = await prints(/Server listening at (http:\/\/127\.0\.0\.1:\d+)/);
    await until(async () => (await fetch(`${address}/readyz`)).status === 200);
    return address;
  };
  return { child, output: () => output, prints, ended, ready };
}

/** Asks until it is so; the test's own timeout ends it otherwise. */
export async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 20));
}

/** A connection that sends this and then nothing. */
export function openSocket(address: string, text: string): Promise<Socket> {
  const { hostname, port } = new URL(address);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(text, () => resolve(socket)));
    socket.on("error", reject);
    onTestFinished(() => void socket.destroy());
  });
}

export const headers = { authorization: `Bearer ${adminKey}`, "content-type": "application/json" };

export function emitTo(address: string, displayName = "Support"): Promise<Response> {
  const data = { groupId: "grp_1", externalId: null, displayName, memberCount: 2 };
  return fetch(`${address}/v1/orgs/acme/events`, {
    method: "POST",
    headers,
    body: JSON.stringify({ type: "scim.group_added", data }),
  });
}
