/** What the benchmarks share: receivers, databases, an app, and figures. */
import { fork } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pino from "pino";
import { createApp, type App } from "../../runtime/app.ts";
import { catalog } from "../../runtime/generated/catalog.ts";
import { openKeyRing } from "../../runtime/secrets/key-ring.ts";
import { createDatabase, startCluster, type Cluster } from "../postgres/cluster.ts";

export const contract = catalog.stech.declaration;
export const eventType = "agent_run.completed";
export const allowTargets = [{ cidr: "127.0.0.0/8", portMin: 1024, portMax: 65_535 }];

/** About 1 KB as a body. */
export const data = {
  runId: "run_8w3n5t7c2k",
  deploymentId: "dep_4kpq2v8m1x",
  agentName: "support-triage",
  conversationId: "cnv_7m1h4r9z6d",
  stopReason: "end_turn",
  finalText: "x".repeat(480),
  iterations: 3,
  usage: { input: 4218, output: 612 },
};

export interface Receivers {
  /** One for each subscriber. */
  readonly urls: readonly string[];
  /** When each event id was last received, in milliseconds since 1970; asked of the process that received. */
  readonly receivedAt: () => Promise<ReadonlyMap<string, number>>;
  /** How many milliseconds of its own the process took for each question, by its id. */
  readonly ownTimes: () => Promise<ReadonlyMap<string, number>>;
  /** How many events it received since `receivedAt` was asked for, and how many connections it accepted in all. */
  readonly counts: () => Promise<{ readonly received: number; readonly connections: number }>;
  readonly close: () => void;
}

/** Subscribers in a process of their own. `behaviour`: answer at once, or never. */
export async function openReceivers(count: number, behaviour: "answers" | "hangs" = "answers"): Promise<Receivers> {
  const child = fork(join(import.meta.dirname, "receiver.ts"), [String(count), behaviour]);
  const next = <Message>() => new Promise<Message>((resolve) => child.once("message", (m) => resolve(m as Message)));
  const ports = await next<readonly number[]>();
  const told = async (what: "times" | "own times") => {
    child.send(what);
    return new Map(await next<readonly [string, number][]>());
  };
  return {
    urls: ports.map((port) => `http://127.0.0.1:${port}/`),
    receivedAt: () => told("times"),
    ownTimes: () => told("own times"),
    counts: async () => {
      child.send("counts");
      const [received = 0, connections = 0] = await next<readonly number[]>();
      return { received, connections };
    },
    close: () => child.disconnect(),
  };
}

export type DatabaseName = "SQLite" | "PostgreSQL";

export interface BenchDatabase {
  readonly name: DatabaseName;
  readonly url: string;
  readonly drop: () => Promise<void>;
}

let cluster: Promise<Cluster> | null = null;

/** An empty database. PostgreSQL is started when it is first asked for. */
export async function openDatabase(name: DatabaseName): Promise<BenchDatabase> {
  if (name === "PostgreSQL") {
    cluster ??= startCluster();
    return { name, ...(await createDatabase((await cluster).url)) };
  }
  const folder = mkdtempSync(join(tmpdir(), "hookwright-bench-"));
  return { name, url: join(folder, "hookwright.db"), drop: async () => rmSync(folder, { recursive: true }) };
}

export async function stopDatabases(): Promise<void> {
  await (await cluster)?.stop();
}

export function openApp(database: BenchDatabase): Promise<App> {
  return createApp({
    database: database.url,
    catalog,
    keyRing: openKeyRing([{ id: "bench", key: createHash("sha256").update("bench").digest() }]),
    mode: "local",
    allowTargets,
    log: pino({ level: "warn" }, pino.destination(2)),
  });
}

/** An endpoint for each URL, each of a tenant of its own: `org_0`, `org_1`, … */
export async function subscribe(app: App, urls: readonly string[]): Promise<void> {
  for (const [index, url] of urls.entries()) {
    await app.endpoints.create({
      tenant: `org_${index}`,
      contract: contract.id,
      url,
      description: null,
      events: ["*"],
    });
  }
}

export function emitTo(app: App, tenant: number): Promise<{ readonly id: string; readonly time: number }> {
  return app.emit(contract.id, eventType, { tenant: `org_${tenant}`, data });
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

export function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(Math.floor(sorted.length * q), sorted.length - 1)] ?? Number.NaN;
}

/** Rows under heads, columns as wide as they need; the first to the left, the others to the right. */
export function printTable(
  title: string,
  heads: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): void {
  const cells = [heads, ...rows.map((row) => row.map(String))];
  const widths = heads.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join("  ");
  console.log(`\n${title}\n${cells.map(line).join("\n")}`);
}
