import { isErased, type LogStore, type Pending, type StoredEvent } from "../../seams/log-store.ts";
import { isCut, pageBytesMax } from "../../seams/page-bytes.ts";
import type { EngineContext } from "../context.ts";
import { isPaused } from "../send/breaker.ts";
import { createTask, maySend, type Task } from "../send/task.ts";
import { allEnded } from "./all-ended.ts";
import type { Reader } from "./diversion.ts";
import { canRead, divert, divertedTenants, openDiversions, rejoin, roomFor } from "./diversions.ts";
import { addEvent, expectMore, expectNoMore, passTo, type Shard } from "./shard.ts";

/** The most events one statement reads: with bodies of 1 KB, some 2 MB. */
const eventsMax = 2000;
/** The least that is asked for of each shard. */
const shardEventsMin = 100;

/** Reads pages. At a look at the log it may give events their positions first, which it does for no pages as well. */
export type ReadPages = LogStore["read"];

/** Reads what is new of all shards: those without diverted tenants in one statement. Gives how many events that were. */
export async function readLog(context: EngineContext, read: ReadPages): Promise<number> {
  const ready = [...context.shards.values()].filter((shard) => isReady(context, shard));
  const diverted = ready.filter((shard) => openDiversions(shard).length > 0);
  const plain = ready.filter((shard) => !diverted.includes(shard));
  // First: it may be this that gives the others something to read.
  const inPlain = await readPlain(context, plain, read);
  const stillReady = diverted.filter((shard) => isReady(context, shard));
  const found = [inPlain, ...(await allEnded(stillReady.map((shard) => readAroundDiverted(context, shard))))];
  await allEnded([...context.shards.values()].map((shard) => readDiverted(context, shard)));
  return found.reduce((sum, count) => sum + count, 0);
}

function isReady({ parts }: EngineContext, shard: Shard): boolean {
  return shard.state === "working" && shard.mayHaveMore && roomFor(shard, shard, parts.limits.windowMax) > 0;
}

async function readPlain(context: EngineContext, shards: readonly Shard[], read: ReadPages): Promise<number> {
  const { limits } = context.parts;
  const share = Math.max(shardEventsMin, Math.floor(eventsMax / Math.max(shards.length, 1)));
  const requests = shards.map((shard) => ({
    shard: shard.lease.shard,
    after: shard.readTo,
    limit: Math.min(share, roomFor(shard, shard, limits.windowMax)),
    bytesMax: Math.ceil(pageBytesMax / shards.length),
  }));
  shards.forEach(expectNoMore);
  const pages = await read(requests);
  await allEnded(
    shards.map(async (shard, index) => {
      const page = pages[index] ?? [];
      const { limit, bytesMax } = requests[index] ?? {};
      const isFull = page.length === limit || isCut(page, bytesMax);
      if (isFull) expectMore(shard);
      await follow(context, shard, { reader: shard, page, upTo: null });
      if (isFull && !canRead(shard, limits.windowMax)) divert(shard, page);
    }),
  );
  return pages.reduce((sum, page) => sum + page.length, 0);
}

/** How far one query looks for events of those who are not diverted: a million positions would take it a second. */
const scanMax = 50_000;

async function readAroundDiverted(context: EngineContext, shard: Shard): Promise<number> {
  const { limits, store } = context.parts;
  const room = roomFor(shard, shard, limits.windowMax);
  expectNoMore(shard);
  const upTo = await scanEnd(context, shard);
  const request = { shard: shard.lease.shard, after: shard.readTo, limit: room };
  const page = await store.readWithout({ ...request, tenants: divertedTenants(shard), upTo });
  const isFull = page.length === room || isCut(page);
  if (isFull) expectMore(shard);
  await follow(context, shard, { reader: shard, page, upTo: isFull ? null : upTo });
  if (isFull && shard.state === "working") divert(shard, page);
  return page.length;
}

async function scanEnd({ parts }: EngineContext, shard: Shard): Promise<number> {
  const [end] = await parts.store.ends([shard.lease.shard]);
  const last = Math.max(end?.position ?? 0, shard.readTo);
  if (last <= shard.readTo + scanMax) return last;
  expectMore(shard);
  return shard.readTo + scanMax;
}

/** The tenants' own readers follow the shard's, which alone finds out what is new. */
async function readDiverted(context: EngineContext, shard: Shard): Promise<void> {
  const { limits, store } = context.parts;
  rejoin(shard);
  for (const diversion of openDiversions(shard)) {
    const room = roomFor(shard, diversion, limits.windowMax);
    if (shard.state !== "working" || room === 0 || diversion.readTo >= shard.readTo) continue;
    const upTo = shard.readTo;
    const page = await store.readTenant({ tenant: diversion.tenant, after: diversion.readTo, upTo, limit: room });
    await follow(context, shard, { reader: diversion, page, upTo: page.length === room || isCut(page) ? null : upTo });
  }
  rejoin(shard);
}

interface Page {
  readonly reader: Reader;
  readonly page: readonly StoredEvent[];
  /** The reader has seen everything up to here. Null: up to the last event of the page. */
  readonly upTo: number | null;
}

async function follow(context: EngineContext, shard: Shard, { reader, page, upTo }: Page): Promise<void> {
  await shard.directory.follow(page);
  if (shard.state !== "working") return;
  for (const event of page) addStored(context, shard, { reader, event });
  if (upTo !== null) passTo(reader, upTo);
  context.lanes.start();
}

const forNobody = { served: [], unserved: [] };

function addStored(context: EngineContext, shard: Shard, { reader, event }: { reader: Reader; event: StoredEvent }) {
  const since = context.parts.clock.now();
  const tasks: Task[] = [];
  const waits: Pending[] = [];
  const { served, unserved } = isErased(event) ? forNobody : shard.directory.matching(event);
  const wait = (endpointKey: number) => {
    return { endpointKey, position: event.position, run: 0, attemptCount: 0, dueAt: since };
  };
  for (const { endpointKey, need } of unserved) waits.push({ ...wait(endpointKey), need });
  for (const state of served) {
    const { key } = state.endpoint;
    if (maySend(state) && !isHeldBack(context, shard, key))
      tasks.push(
        createTask({ shard: shard.lease.shard, lane: "live", event, state, run: 0, number: 1, since, dueAt: since }),
      );
    else waits.push(wait(key));
  }
  addEvent(reader, event.position, { tasks, waits });
  for (const task of tasks) context.lanes.add(task);
}

/** Whether a new delivery to the endpoint is for the database to keep: it would hold up the window. */
function isHeldBack({ lanes }: EngineContext, { directory, parked }: Shard, endpointKey: number): boolean {
  return isPaused(directory.breakers, endpointKey) || parked.has(endpointKey) || lanes.isPaced(endpointKey);
}
