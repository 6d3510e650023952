import type { DueDelivery, SequencerLease, StoredEvent } from "../seams/log-store.ts";
import type { EngineContext } from "./context.ts";
import type { Reader } from "./diversion.ts";
import { divert, divertedTenants, openDiversions, openTasks, rejoin, roomFor } from "./diversions.ts";
import { isLeaseLost } from "./leasing.ts";
import { parkAtOnce, parkStragglers } from "./parking.ts";
import { settleSoon } from "./settling.ts";
import type { Shard } from "./shard.ts";
import { admit, isPaused, pausedNow, pauseEnds } from "./breaker.ts";
import { createTask, keyText, maySend, type Task } from "./task.ts";

const dueEndpointsMax = 64;

/** The most events that get their positions in one turn: some 50 ms. */
const sequenceMax = 5000;

/** One turn over all shards: new events from the log, and deliveries whose time has come. */
export async function runTurn(context: EngineContext): Promise<void> {
  const now = context.parts.clock.now();
  if (context.looks) await look(context, now);
  const isDue = context.nextDue !== null && context.nextDue <= now;
  const works = await Promise.allSettled(
    context.shards.values().map((shard) => workShard(context, shard, { now, isDue })),
  );
  // Not before all have ended: a shard is worked by one turn at a time.
  for (const work of works) if (work.status === "rejected") throw work.reason;
  context.lanes.start();
  // What was due before the turn and was not claimed waits for room, not for time.
  const due = await findNextDue(context, now);
  const pauses = context.shards.values().flatMap(({ directory }) => pauseEnds(directory.breakers, now));
  const next = Math.min(...pauses, due !== null && due > now ? due : Infinity);
  context.nextDue = next === Infinity ? null : next;
}

/** Endpoints whose breaker lets nothing through now. */
export function pausedEndpoints({ shards }: Pick<EngineContext, "shards">, now: number): readonly number[] {
  return [...shards.values().flatMap(({ directory }) => pausedNow(directory.breakers, now))];
}

async function workShard(context: EngineContext, shard: Shard, { now, isDue }: { now: number; isDue: boolean }) {
  shard.mayHaveDue ||= isDue;
  parkStragglers(context, shard);
  await readLog(context, shard);
  await readDiverted(context, shard);
  await claimDue(context, shard, now);
  forgetTenants(context, shard);
  settleSoon(context, shard);
}

/** Not while a settlement is written, or has to be again: what is in it is in no other place. */
function forgetTenants({ parts }: EngineContext, shard: Shard): void {
  if (shard.isSettling || shard.refused !== null) return;
  shard.directory.forget(parts.limits.tenantsMax, () => {
    const tasks = [...openTasks(shard), ...shard.held.values()].map(({ event }) => event.tenant);
    const unwritten = [...shard.unwritten.changedHealth].map(({ endpoint }) => endpoint.tenant);
    return new Set([...tasks, ...unwritten]);
  });
}

/** Finds out, in two or three queries whatever the number of shards, whether there is anything to read or to claim. */
async function look(context: EngineContext, now: number): Promise<void> {
  const { store } = context.parts;
  // Before the queries: a wake-up that comes while they run is about what they do not see.
  context.looks = false;
  if (context.sequencer !== null) await sequence(context, context.sequencer);
  const ends = await store.ends([...context.shards.keys()]);
  const except = [...context.lanes.saturated(), ...pausedEndpoints(context, now)];
  const due = await store.nextDueAt({ shards: [...context.shards.keys()], except });
  for (const shard of context.shards.values()) {
    shard.mayHaveDue ||= due !== null && due <= now;
  }
  for (const { shard: number, position } of ends) {
    const shard = context.shards.get(number);
    if (shard !== undefined && position > shard.readTo) shard.mayHaveMore = true;
  }
}

async function sequence(context: EngineContext, lease: SequencerLease): Promise<void> {
  const { store } = context.parts;
  try {
    const count = await store.sequence(lease, sequenceMax);
    if (count > 0) store.signals?.notify();
    if (count < sequenceMax) return;
    context.looks = true;
    context.takeTurn();
  } catch (error) {
    if (!isLeaseLost(error)) throw error;
    if (context.sequencer === lease) context.sequencer = null;
  }
}

async function readLog(context: EngineContext, shard: Shard): Promise<void> {
  const { limits, store } = context.parts;
  const room = roomFor(shard, shard, limits.windowMax);
  if (shard.state !== "working" || !shard.mayHaveMore || room === 0) return;
  // Before the queries: a wake-up that comes while they run is about events they do not see.
  shard.mayHaveMore = false;
  const tenants = divertedTenants(shard);
  const upTo = tenants.length === 0 ? null : await scanEnd(context, shard);
  const passingOver = upTo === null ? {} : { passingOver: { tenants, upTo } };
  const page = await store.read({ shard: shard.lease.shard, after: shard.readTo, limit: room, ...passingOver });
  if (page.length === room) shard.mayHaveMore = true;
  await follow(context, shard, { reader: shard, page, upTo: page.length === room ? null : upTo });
  if (page.length === room && shard.state === "working") divert(shard, page);
}

/** How far one query looks for events of those who are not diverted: a million positions would take it a second. */
const scanMax = 50_000;

async function scanEnd(context: EngineContext, shard: Shard): Promise<number> {
  const [end] = await context.parts.store.ends([shard.lease.shard]);
  const last = Math.max(end?.position ?? 0, shard.readTo);
  if (last <= shard.readTo + scanMax) return last;
  shard.mayHaveMore = true;
  context.takeTurn();
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
    await follow(context, shard, { reader: diversion, page, upTo: page.length === room ? null : upTo });
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
  for (const event of page) addEvent(context, shard, { reader, event });
  if (upTo !== null && upTo > reader.readTo) {
    reader.window.add(upTo, []);
    reader.readTo = upTo;
  }
  context.lanes.start();
}

function addEvent(context: EngineContext, shard: Shard, { reader, event }: { reader: Reader; event: StoredEvent }) {
  const since = context.parts.clock.now();
  const tasks = shard.directory
    .matching(event)
    .map((state) =>
      createTask({ shard: shard.lease.shard, lane: "live", event, state, run: 0, number: 1, since, dueAt: since }),
    );
  reader.window.add(event.position, tasks);
  reader.readTo = event.position;
  for (const task of tasks) {
    if (mustWait(context, shard, task)) parkAtOnce(shard, task);
    else context.lanes.add(task);
  }
}

/** Whether a new delivery is for the database to keep: it would hold up the window. */
function mustWait({ lanes, parked }: EngineContext, { directory }: Shard, { endpointKey, state }: Task): boolean {
  const isHeldBack = !maySend(state) || isPaused(directory.breakers, endpointKey);
  return isHeldBack || parked.has(endpointKey) || lanes.isPaced(endpointKey);
}

async function claimDue(context: EngineContext, shard: Shard, now: number): Promise<void> {
  const { lanes, parts } = context;
  if (shard.state !== "working" || !shard.mayHaveDue || !lanes.hasRoom("pending")) return;
  shard.mayHaveDue = false;
  shard.freed.clear();
  const due = await parts.store.due({
    shard: shard.lease.shard,
    now,
    endpointsMax: dueEndpointsMax,
    perEndpointMax: parts.limits.perEndpointMax,
    except: [...lanes.saturated(), ...pausedNow(shard.directory.breakers, now)],
  });
  const fresh = due.filter((delivery) => isFresh(shard, keyText(delivery)));
  if (fresh.length > 0) {
    shard.mayHaveDue = true;
    context.takeTurn();
  }
  await shard.directory.refresh([...new Set(fresh.map((delivery) => delivery.event.tenant))]);
  if (shard.state !== "working") return;
  for (const delivery of fresh) {
    const task = pendingTask(context, shard, delivery);
    if (task === null || !admit(shard.directory.breakers, task, now)) continue;
    shard.held.set(keyText(task), task);
    lanes.add(task);
  }
}

function isFresh({ held, freed }: Shard, key: string): boolean {
  return !held.has(key) && !freed.has(key);
}

/** Null when nothing can be sent: the endpoint's contract is no longer in the catalog. */
function pendingTask(context: EngineContext, shard: Shard, delivery: DueDelivery): Task | null {
  const { event, endpointKey, run, attemptCount, dueAt } = delivery;
  const state = shard.directory.byKey(endpointKey);
  if (state === undefined) return null;
  const since = context.parts.clock.now();
  return createTask({
    shard: shard.lease.shard,
    lane: "pending",
    event,
    state,
    run,
    number: attemptCount + 1,
    since,
    dueAt,
  });
}

/**
 * Endpoints with deliveries under way are passed over: when one ends, there is another turn anyway; and those that are
 * paused, until the pause ends.
 */
function findNextDue({ shards, parts }: EngineContext, now: number): Promise<number | null> {
  const held = shards.values().flatMap((shard) => shard.held.values());
  const except = [...new Set([...held.map((task) => task.endpointKey), ...pausedEndpoints({ shards }, now)])];
  return parts.store.nextDueAt({ shards: [...shards.keys()], except });
}
