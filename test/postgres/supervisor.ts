/*
 * Runs one PostgreSQL cluster in a temporary folder of its own until the process that wanted it is gone or ends this one.
 * It is a process apart so that the cluster does not outlive a test run that was killed.
 *
 *   node supervisor.ts <folder> <pid to watch> [url of the primary that it is to be a standby of]
 */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chownSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { findBinaries, serverUser } from "./binaries.ts";
import { freePort } from "./free-port.ts";

const lookEveryMs = 200;
const startWithinMs = 60_000;

const [folder = "", watched = "", primary] = process.argv.slice(2);
const user = serverUser();
const identity = user === null ? {} : { uid: user.uid, gid: user.gid };
const data = join(folder, "data");

async function run(): Promise<void> {
  const binaries = findBinaries();
  if (binaries === null) throw new Error("There is no postgres on this machine.");
  mkdirSync(data, { mode: 0o700 });
  if (user !== null) chownSync(data, user.uid, user.gid);
  if (primary !== undefined)
    await ended(binaries.basebackup, ["-D", data, "-d", primary, "-R", "--checkpoint=fast", "-N"]);
  else
    await ended(binaries.initdb, [
      "-D",
      data,
      "-U",
      "postgres",
      "--auth=trust",
      "--no-locale",
      "--encoding=UTF8",
      "-N",
    ]);
  const port = await freePort();
  // No socket file, loopback only; room for the pools of every test file at once.
  const settings = [
    ...[`port=${port}`, "listen_addresses=127.0.0.1", "unix_socket_directories="],
    ...["max_connections=200", "max_prepared_transactions=64"],
  ];
  const args = ["-D", data, ...settings.flatMap((setting) => ["-c", setting])];
  const start = () => spawn(binaries.postgres, args, { stdio: "ignore", cwd: data, ...identity }).once("exit", finish);
  let server = start();
  const end = () => stop(server);
  process.on("SIGTERM", end);
  process.on("SIGINT", end);
  process.on("SIGHUP", () => server.kill("SIGQUIT"));
  setInterval(() => isAlive(Number(watched)) || end(), lookEveryMs);
  const url = `postgres://postgres@127.0.0.1:${port}`;
  const announceUrl = () => answers(`${url}/postgres`).then(() => announce("url", url));
  process.on("SIGUSR2", () =>
    crash(server, () => (server = start()))
      .then(announceUrl)
      .catch(fail),
  );
  await announceUrl();
}

/** Immediate shutdown: nothing is written that was not, and the next start recovers from the log. */
async function crash(server: ChildProcess, restart: () => void): Promise<void> {
  server.off("exit", finish);
  server.kill("SIGQUIT");
  await once(server, "exit");
  restart();
}

function announce(name: "url" | "error", text: string): void {
  // Renamed into place, so that nobody reads half of it.
  writeFileSync(join(folder, `${name}.part`), text);
  renameSync(join(folder, `${name}.part`), join(folder, name));
}

/** Fast shutdown: open transactions are rolled back. */
function stop(server: ChildProcess): void {
  server.kill("SIGINT");
}

function finish(): never {
  rmSync(folder, { recursive: true, force: true });
  process.exit();
}

function ended(command: string, args: readonly string[]): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const child = spawn(command, args, { stdio: ["ignore", "ignore", "pipe"], cwd: data, ...identity });
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
  child.on("error", reject);
  child.on("exit", (code) => (code === 0 ? resolve() : reject(new Error(`${command} ended with ${code}: ${said}`))));
  return promise;
}

async function answers(url: string): Promise<void> {
  const until = Date.now() + startWithinMs;
  for (;;) {
    const client = new pg.Client({ connectionString: url });
    try {
      await client.connect();
      return await client.end();
    } catch (error) {
      if (Date.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

function fail(error: unknown): void {
  announce("error", error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}

run().catch(fail);
