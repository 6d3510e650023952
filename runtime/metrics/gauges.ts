import { Gauge, type Registry } from "prom-client";
import type { EngineStatus } from "../engine/engine.ts";
import type { LogStore } from "../seams/log-store.ts";
import type { CountStore } from "../seams/store.ts";
import type { StreamStore } from "../seams/stream-store.ts";
import { packageVersion } from "../version.ts";

export interface GaugeParts {
  readonly store: Pick<LogStore, "oldestWrite" | "ends" | "nextDueAt" | "unserved">;
  readonly counts: CountStore;
  readonly streams: Pick<StreamStore, "oldestDueAt" | "stalledCount">;
  /** Slices of the log. */
  readonly shardCount: number;
  readonly status: () => EngineStatus;
  readonly now: () => number;
  /** Told of what could not be measured. */
  readonly failed: (error: unknown) => void;
}

/** Beyond this a count says no more than "many", and would cost a scan each time it is asked for. */
const countMax = 10_000;
/** A stream that has been due for longer, and has no batch that was refused, is not worked. */
const stalledAfterMs = 60_000;
/** Transactions are open all the time; a name for each of them would make a series for each. */
const holderFromMs = 10_000;

/** Scrapes wait for 10 s, unless they are told to wait longer or less. */
const answersWithinMs = 5000;

/** Adds what is measured when it is asked for. What cannot be measured then has no value. */
export function addGauges(registers: Registry[], parts: GaugeParts): void {
  new Gauge({
    name: "hookwright_build_info",
    help: "1; its labels say what runs.",
    labelNames: ["version", "node"],
    registers,
  }).set({ version: packageVersion(), node: process.version }, 1);
  addEngine(registers, parts);
  addLog(registers, parts);
  addWaiting(registers, parts);
  addEndpoints(registers, parts);
  addStreams(registers, parts);
}

interface Measured {
  readonly name: string;
  readonly help: string;
  readonly value: () => number | Promise<number>;
}

function addGauge(registers: Registry[], { failed }: GaugeParts, { value, ...of }: Measured): void {
  const gauge: Gauge = new Gauge({
    ...of,
    registers,
    collect: async () => {
      gauge.remove();
      const found = await measured(value, failed);
      if (found !== null) gauge.set(found);
    },
  });
}

/** Null, after it was told: the database did not answer, or not in time. */
async function measured<Value>(
  value: () => Value | Promise<Value>,
  failed: GaugeParts["failed"],
): Promise<Value | null> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`No answer within ${answersWithinMs / 1000} s.`)), answersWithinMs);
  try {
    return await Promise.race([value(), late]);
  } catch (error) {
    failed(error);
    return null;
  } finally {
    clearTimeout(timer);
  }
}

interface Labelled {
  readonly name: string;
  readonly help: string;
  readonly labelNames: readonly string[];
  readonly values: () => Promise<readonly { readonly labels: Record<string, string>; readonly value: number }[]>;
}

/** One series for each value of a label; those that are not given any more are gone. */
function addLabelled(registers: Registry[], { failed }: GaugeParts, { values, ...of }: Labelled): void {
  const gauge: Gauge = new Gauge({
    ...of,
    registers,
    collect: async () => {
      const found = await measured(values, failed);
      gauge.reset();
      for (const { labels, value } of found ?? []) gauge.set(labels, value);
    },
  });
}

function addEngine(registers: Registry[], parts: GaugeParts): void {
  const { shardCount, status } = parts;
  const add = (name: string, help: string, value: () => number) => addGauge(registers, parts, { name, help, value });
  add("hookwright_attempts_in_flight", "Attempts under way.", () => status().inFlightCount);
  add("hookwright_shards", "Slices of the log: all processes together work them all.", () => shardCount);
  add("hookwright_shards_leased", "Shards that this process works.", () => status().shards.length);
  add("hookwright_is_sequencer", "1 while this process gives events their positions.", () =>
    Number(status().isSequencer),
  );
  add("hookwright_tenants_diverted", "Tenants with so many events that they have a reader of their own.", () =>
    status().shards.reduce((sum, shard) => sum + shard.divertedCount, 0),
  );
  add(
    "hookwright_breakers_open",
    "Endpoints that this process tries one delivery at a time, as they fail.",
    () => status().pausedEndpoints.length,
  );
}

function addLog(registers: Registry[], parts: GaugeParts): void {
  const { store, status } = parts;
  addGauge(registers, parts, {
    name: "hookwright_log_horizon_seconds",
    help: "Age of the oldest open transaction that writes: its own events wait for its commit, others do not. 0: there is none.",
    value: async () => ((await store.oldestWrite())?.ageMs ?? 0) / 1000,
  });
  addLabelled(registers, parts, {
    name: "hookwright_log_horizon_holder_seconds",
    help: `The same with who holds it, once it is ${holderFromMs / 1000} seconds old; pid "none": a prepared transaction.`,
    labelNames: ["pid", "application"],
    values: async () => {
      const oldest = await store.oldestWrite();
      if (oldest === null || oldest.ageMs < holderFromMs) return [];
      const labels = { pid: String(oldest.pid ?? "none"), application: oldest.application };
      return [{ labels, value: oldest.ageMs / 1000 }];
    },
  });
  addGauge(registers, parts, {
    name: "hookwright_log_lag_positions",
    help: "The furthest that the cursor of one of this process's shards is behind the end of its log.",
    value: async () => {
      const shards = status().shards.map(({ shard }) => shard);
      const ends = new Map((await store.ends(shards)).map(({ shard, position }) => [shard, position]));
      const lags = status().shards.map(({ shard, cursor }) => (ends.get(shard) ?? cursor) - cursor);
      return Math.max(0, ...lags);
    },
  });
}

function addWaiting(registers: Registry[], parts: GaugeParts): void {
  const { store, counts, status, now } = parts;
  const unserved = async () =>
    (await store.unserved({ countMax })).flatMap(({ need, count, isServed }) => (isServed ? [] : { need, count }));
  addLabelled(registers, parts, {
    name: "hookwright_unserved_deliveries",
    help: `Deliveries that wait for a process that has what they need, such as a contract or a key; at most ${countMax} of each.`,
    labelNames: ["need"],
    values: async () => (await unserved()).map(({ need, count }) => ({ labels: { need }, value: count })),
  });
  addLabelled(registers, parts, {
    name: "hookwright_waiting_deliveries",
    help: `Deliveries that wait, of all shards, by what for; at most ${countMax} of each.`,
    labelNames: ["cause"],
    values: async () => {
      const waiting = { ...(await counts.waiting({ now: now(), max: countMax })) };
      const lacking = (await unserved()).reduce((sum, { count }) => sum + count, 0);
      const all = Object.entries({ ...waiting, unserved: Math.min(lacking, countMax) });
      return all.map(([cause, value]) => ({ labels: { cause }, value }));
    },
  });
  addGauge(registers, parts, {
    name: "hookwright_pending_deliveries",
    help: `Deliveries that wait, of all shards; at most ${countMax}.`,
    value: () => counts.pending(countMax),
  });
  addGauge(registers, parts, {
    name: "hookwright_pending_overdue_seconds",
    help: "How long the pending delivery that was due first has been due, but for endpoints with an open breaker. 0: none is.",
    value: async () => {
      const { shards, pausedEndpoints } = status();
      const dueAt = await store.nextDueAt({ shards: shards.map(({ shard }) => shard), except: pausedEndpoints });
      return overdueSeconds(dueAt, now());
    },
  });
}

function addEndpoints(registers: Registry[], parts: GaugeParts): void {
  const { counts } = parts;
  const helps = {
    failing: `Endpoints whose last attempt failed, of the first ${countMax} for which deliveries wait.`,
    disabled: `Endpoints that are disabled, whoever did it; at most ${countMax}.`,
    paused: `Endpoints that their owners paused; at most ${countMax}.`,
  };
  addLabelled(registers, parts, {
    name: "hookwright_endpoints",
    help: Object.values(helps).join(" "),
    labelNames: ["state"],
    values: async () =>
      Object.entries(await counts.endpoints({ max: countMax })).map(([state, value]) => ({ labels: { state }, value })),
  });
}

function addStreams(registers: Registry[], parts: GaugeParts): void {
  const { streams, status, now } = parts;
  const shards = () => status().shards.map(({ shard }) => shard);
  addGauge(registers, parts, {
    name: "hookwright_stream_oldest_undelivered_seconds",
    help: "How long the record that has been due longest, of this process's streams, has not been accepted. 0: none is due.",
    value: async () => overdueSeconds(await streams.oldestDueAt({ shards: shards(), now: now() }), now()),
  });
  addGauge(registers, parts, {
    name: "hookwright_stalled_streams",
    help: `Log streams of this process that stand still, as their batch was refused or they could not be worked for a minute; at most ${countMax}.`,
    value: () => streams.stalledCount({ shards: shards(), dueBefore: now() - stalledAfterMs, max: countMax }),
  });
}

const overdueSeconds = (dueAt: number | null, now: number) => Math.max(0, now - (dueAt ?? Infinity)) / 1000;
