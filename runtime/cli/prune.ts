import { existsSync } from "node:fs";
import { createPruner, type Pruner } from "../maintenance.ts";
import { readDatabase, type Config, type Environment } from "../config.ts";
import { HookwrightError } from "../errors.ts";
import { olderThan } from "../retention/ages.ts";
import type { PruneRun, Pruned } from "../retention/retention.ts";
import { isPostgresUrl } from "../store/postgres.ts";
import { loadProjectCatalog } from "./project-catalog.ts";

export interface PruneFlags {
  /** Milliseconds. */
  readonly olderThan: number;
  /** The same of payloads alone. */
  readonly payloadsOlderThan?: number;
  readonly dryRun?: true;
  readonly step: number;
  readonly json?: true;
}

/** Prunes the database of the environment and prints what was dropped. SIGINT and SIGTERM end it after a step. */
export async function runPrune(flags: PruneFlags, environment: Environment): Promise<0 | 1> {
  const read = readDatabase(environment);
  if ("problems" in read) {
    console.error(`The configuration cannot be used:\n${read.problems.map((each) => `  ${each}`).join("\n")}`);
    return 1;
  }
  const pruner = await openPruner(read);
  try {
    const payloads = { others: flags.payloadsOlderThan ?? null, byContract: {} };
    const ages = { ...olderThan(flags.olderThan), payloads };
    const run = { ages, stepMax: flags.step, does: flags.dryRun ? "count" : "drop" } as const;
    const pruned = await prune(pruner, run, flags);
    console.log(flags.json ? jsonOf(pruned, run) : summaryOf(pruned, run));
    return 0;
  } finally {
    await pruner.close();
  }
}

async function openPruner({ database, pool }: Pick<Config, "database" | "pool">): Promise<Pruner> {
  // One that is made here would have nothing to drop; more likely the path is wrong.
  if (!isPostgresUrl(database) && !existsSync(database)) {
    const message = `HOOKWRIGHT_DATABASE_URL: expected an existing SQLite file or a postgres:// URL, got ${database}.`;
    throw new HookwrightError("invalid_configuration", message, { path: "HOOKWRIGHT_DATABASE_URL" });
  }
  return createPruner({ database, pool, catalog: await loadProjectCatalog() });
}

async function prune({ retention }: Pruner, run: PruneRun, { json }: PruneFlags): Promise<Pruned> {
  const stopping = new AbortController();
  const stop = () => stopping.abort();
  process.once("SIGINT", stop).once("SIGTERM", stop);
  const isWatched = process.stderr.isTTY && !json;
  const onStep: PruneRun["onStep"] = ({ eventCount, keptCount }) => {
    if (isWatched)
      process.stderr.write(`\r${count(eventCount, "event")} ${verbs[run.does]}, ${number(keptCount)} as old kept`);
  };
  try {
    return await retention.prune({ ...run, signal: stopping.signal, onStep });
  } finally {
    if (isWatched) process.stderr.write("\r\u001b[K");
    process.off("SIGINT", stop).off("SIGTERM", stop);
  }
}

const verbs = { drop: "dropped", count: "would be dropped" } as const;

function summaryOf({ horizon, eventCount, attemptCount, payloadCount, keptCount }: Pruned, { does }: PruneRun): string {
  const before = `that happened before ${new Date(horizon).toISOString()}`;
  const payloads = payloadCount === 0 ? "" : `, and of ${number(payloadCount)} the payload alone`;
  const dropped = `${count(eventCount, "event")} ${before} ${verbs[does]}, with ${count(attemptCount, "attempt")}${payloads}.`;
  if (keptCount === 0) return dropped;
  return `${dropped}\n${number(keptCount)} as old kept: still pending, or facts about endpoints.`;
}

function jsonOf({ horizon, ...counts }: Pruned, { does }: PruneRun): string {
  return JSON.stringify({ dryRun: does === "count", horizon: new Date(horizon).toISOString(), ...counts }, null, 2);
}

function count(amount: number, noun: string): string {
  return `${number(amount)} ${noun}${amount === 1 ? "" : "s"}`;
}

function number(amount: number): string {
  return amount.toLocaleString("en-GB");
}
