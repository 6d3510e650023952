import { spawn } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isMainThread } from "node:worker_threads";
import pg from "pg";

export interface Cluster {
  /** Without a database; see `urlOf`. */
  readonly url: string;
  /** Stops the server as a crash does (`immediate`), and starts it again on the same port; resolves once it answers. */
  readonly crash: () => Promise<void>;
  /** Stops the server as a crash does, for good. */
  readonly kill: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

const lookEveryMs = 25;
const startWithinMs = 90_000;

/** The server that all test files of a run share. */
export async function sharedServer(): Promise<string> {
  const given = process.env.HOOKWRIGHT_TEST_DATABASE_URL;
  if (given !== undefined) return given;
  // Test files run in children of the process that a run is; whoever makes the folder starts the server.
  const run = isMainThread ? process.ppid : process.pid;
  const folder = join(tmpdir(), `hookwright-postgres-${run}`);
  if (makeFolder(folder)) supervise(folder, run);
  return urlIn(folder);
}

/**
 * A cluster of its own, for what concerns the whole of one; or a standby, which follows another one until it is promoted.
 * It ends with the test file at the latest.
 */
export async function startCluster(of?: { readonly standbyOf: Cluster }): Promise<Cluster> {
  const folder = mkdtempSync(join(tmpdir(), "hookwright-postgres-"));
  chmodSync(folder, 0o755);
  const supervisor = supervise(folder, process.pid, of?.standbyOf.url);
  const endBy = async (signal: "SIGTERM" | "SIGHUP") => {
    supervisor.kill(signal);
    while (existsSync(folder)) await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
  };
  const url = await urlIn(folder);
  const crash = async () => {
    // The supervisor writes it again when the server answers again.
    rmSync(join(folder, "url"));
    supervisor.kill("SIGUSR2");
    await urlIn(folder);
  };
  return { url, crash, kill: () => endBy("SIGHUP"), stop: () => endBy("SIGTERM") };
}

function makeFolder(folder: string): boolean {
  try {
    mkdirSync(folder, { mode: 0o755 });
    return true;
  } catch {
    return false;
  }
}

function supervise(folder: string, watched: number, ...primary: readonly (string | undefined)[]) {
  const script = join(import.meta.dirname, "supervisor.ts");
  const args = [script, folder, String(watched), ...primary.filter((url) => url !== undefined)];
  const child = spawn(process.execPath, args, { detached: true, stdio: "ignore" });
  child.unref();
  return child;
}

async function urlIn(folder: string): Promise<string> {
  const until = Date.now() + startWithinMs;
  while (!existsSync(join(folder, "url"))) {
    if (existsSync(join(folder, "error"))) throw new Error(readFileSync(join(folder, "error"), "utf8"));
    if (Date.now() > until) throw new Error(`PostgreSQL did not start in ${folder}.`);
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
  }
  return readFileSync(join(folder, "url"), "utf8");
}

export function urlOf(server: string, database: string): string {
  const url = new URL(server);
  url.pathname = `/${database}`;
  return url.href;
}

/** Runs statements on a connection of their own. */
export async function execute(url: string, ...statements: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

export interface TestDatabase {
  readonly url: string;
  readonly drop: () => Promise<void>;
}

/** An empty database on a server. */
export async function createDatabase(server: string): Promise<TestDatabase> {
  const name = `hookwright_test_${crypto.randomUUID().replaceAll("-", "")}`;
  const admin = new URL(server).pathname.length > 1 ? server : urlOf(server, "postgres");
  await execute(admin, `create database ${name}`);
  return { url: urlOf(server, name), drop: () => execute(admin, `drop database ${name} with (force)`) };
}
