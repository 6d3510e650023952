import pg from "pg";
import { processorTime } from "../processor-time.ts";
import {
  openDatabase,
  openReceivers,
  quantile,
  type BenchDatabase,
  type DatabaseName,
  type Receivers,
} from "../setup.ts";
import type { callerQuestions } from "./caller.ts";
import { startChild, type Child } from "./child.ts";
import type { serverQuestions } from "./server.ts";
import { tenantCount } from "./work.ts";

/** How much of each is done. */
export interface Amounts {
  /** Events of a backlog, and as many of those that are delivered while they are emitted. */
  readonly events: number;
  readonly steadySeconds: number;
  readonly idleSeconds: number;
}

/** One way of running: on which database, in how many processes, and how events are emitted. */
export interface Variant {
  readonly database: DatabaseName;
  readonly processes: number;
  readonly emits: "over HTTP" | "in process";
}

/** Times in milliseconds, processors' time in microseconds and WAL in bytes, of each event. WAL is null on SQLite. */
export interface Measured {
  /** Requests that the same process sends in the same minute without a database. */
  readonly ceilingPerSecond: number;
  readonly emitPerSecond: number;
  readonly burnPerSecond: number;
  readonly livePerSecond: number;
  readonly emitCpu: number;
  readonly deliveryCpu: number;
  readonly liveCpu: number;
  readonly steadyP50: number;
  readonly steadyP99: number;
  readonly steadyCpu: number;
  /** Of one core. */
  readonly idlePercent: number;
  readonly emitWal: number | null;
  readonly deliveryWal: number | null;
  /** Accepted by all receivers together until the backlog was delivered. */
  readonly connections: number;
}

const steadyPerSecond = 100;
const warmUpCount = 3000;
const quietAfterMs = 11_000;

type Server = Child<typeof serverQuestions>;

interface Place {
  readonly ceilingPerSecond: number;
  readonly database: BenchDatabase;
  readonly servers: readonly Server[];
  readonly receivers: Receivers;
  readonly emit: (count: number) => Promise<void>;
  readonly emitSteadily: (pace: { count: number; perSecond: number }) => Promise<readonly [string, number][]>;
  readonly close: () => Promise<void>;
}

/** All figures of a variant, on one database: a backlog and its delivery, both at once, a steady trickle, and nothing. */
export async function measure(variant: Variant, { events, steadySeconds, idleSeconds }: Amounts): Promise<Measured> {
  const place = await openPlace(variant, events);
  const { receivers, servers } = place;
  const before = (await receivers.counts()).connections;
  const emitted = await spent(place, () => place.emit(events));
  const burnt = await spent(place, async () => {
    for (const server of servers) await server.ask("start");
    await delivered(place, events);
  });
  const connections = (await receivers.counts()).connections - before;
  await receivers.receivedAt();
  const live = await spent(place, async () => {
    await place.emit(events);
    await delivered(place, events);
  });
  await receivers.receivedAt();
  const steady = await steadyLatencies(place, steadySeconds);
  // From ten seconds of quiet on a process looks less often.
  await new Promise((resolve) => setTimeout(resolve, quietAfterMs));
  const idle = await spent(place, () => new Promise((resolve) => setTimeout(resolve, idleSeconds * 1000)));
  await place.close();
  return {
    ceilingPerSecond: place.ceilingPerSecond,
    emitPerSecond: events / emitted.seconds,
    burnPerSecond: events / burnt.seconds,
    livePerSecond: events / live.seconds,
    emitCpu: emitted.cpu / events,
    deliveryCpu: burnt.cpu / events,
    liveCpu: live.cpu / events,
    ...steady,
    idlePercent: idle.cpu / 1e4 / idle.seconds,
    emitWal: emitted.wal === null ? null : emitted.wal / events,
    deliveryWal: burnt.wal === null ? null : burnt.wal / events,
    connections,
  };
}

async function openPlace({ database: name, processes, emits }: Variant, ceilingCount: number): Promise<Place> {
  const database = await openDatabase(name);
  const receivers = await openReceivers(tenantCount);
  const servers = Array.from({ length: processes }, () => startChild<typeof serverQuestions>("server.ts"));
  for (const server of servers) await warmUp(server, name, receivers);
  const [first] = servers;
  if (first === undefined) throw new Error("A variant has at least one process.");
  const ceilingPerSecond = await first.ask("ceiling", { urls: receivers.urls, count: ceilingCount });
  await receivers.receivedAt();
  const urls: string[] = [];
  for (const server of servers) urls.push((await server.ask("open", { database: database.url })).url);
  const keys = await first.ask("subscribe", { urls: receivers.urls });
  const caller = startChild<typeof callerQuestions>("caller.ts");
  await caller.ask("open", { urls, keys });
  const emitting: Record<Variant["emits"], Pick<Place, "emit" | "emitSteadily">> = {
    "over HTTP": {
      emit: (count) => caller.ask("emit", { count }),
      emitSteadily: (pace) => caller.ask("emitSteadily", pace),
    },
    "in process": {
      emit: (count) => first.ask("emit", { count }),
      emitSteadily: (pace) => first.ask("emitSteadily", pace),
    },
  };
  return {
    ...{ ceilingPerSecond, database, servers, receivers },
    ...emitting[emits],
    close: async () => {
      await caller.close();
      for (const server of servers) await server.close();
      receivers.close();
      await database.drop();
    },
  };
}

async function warmUp(server: Server, name: DatabaseName, receivers: Receivers): Promise<void> {
  const scratch = await openDatabase(name);
  await server.ask("warmUp", { database: scratch.url, urls: receivers.urls, count: warmUpCount });
  await receivers.receivedAt();
  await scratch.drop();
}

/** Resolves when the receivers have so many events and every attempt is written down. */
async function delivered({ servers, receivers }: Place, count: number): Promise<void> {
  while ((await receivers.counts()).received < count) await new Promise((resolve) => setTimeout(resolve, 10));
  await Promise.all(servers.map((server) => server.ask("idle")));
}

async function steadyLatencies(
  place: Place,
  seconds: number,
): Promise<Pick<Measured, "steadyP50" | "steadyP99" | "steadyCpu">> {
  const perSecond = steadyPerSecond;
  await place.emitSteadily({ count: perSecond, perSecond });
  await delivered(place, perSecond);
  await place.receivers.receivedAt();
  const count = perSecond * seconds;
  let calledAt: readonly [string, number][] = [];
  const { cpu } = await spent(place, async () => {
    calledAt = await place.emitSteadily({ count, perSecond });
    await delivered(place, count);
  });
  const receivedAt = await place.receivers.receivedAt();
  const latencies = calledAt.map(([id, at]) => (receivedAt.get(id) ?? Infinity) - at);
  return { steadyP50: quantile(latencies, 0.5), steadyP99: quantile(latencies, 0.99), steadyCpu: cpu / count };
}

interface Spent {
  readonly seconds: number;
  /** Microseconds of the servers' processes, and on PostgreSQL of all of its own. */
  readonly cpu: number;
  readonly wal: number | null;
}

async function spent(place: Place, work: () => Promise<unknown>): Promise<Spent> {
  const before = await countersOf(place);
  const startedAt = performance.now();
  await work();
  const seconds = (performance.now() - startedAt) / 1000;
  const after = await countersOf(place);
  const wal = before.wal === null || after.wal === null ? null : after.wal - before.wal;
  return { seconds, cpu: after.cpu - before.cpu, wal };
}

async function countersOf({
  servers,
  database,
}: Place): Promise<{ readonly cpu: number; readonly wal: number | null }> {
  const own = await Promise.all(servers.map((server) => server.ask("processorTime")));
  const cpu = own.reduce((sum, each) => sum + each, processorTime().server);
  return { cpu, wal: database.name === "SQLite" ? null : await walBytes(database) };
}

async function walBytes({ url }: BenchDatabase): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query("select (pg_current_wal_insert_lsn() - '0/0')::text as bytes");
  await client.end();
  return Number(rows[0].bytes);
}
