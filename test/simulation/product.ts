import type { EmitUntyped } from "../../runtime/emitter.ts";
import { createEmit } from "../../runtime/events.ts";
import type { EndpointSettings, NewEndpointSettings } from "../../runtime/endpoints/settings.ts";
import type { Endpoint, Executor } from "../../runtime/seams/log-store.ts";
import type { Delivery } from "../../runtime/seams/store.ts";
import { connect, ConnectionLost, type Connection } from "./connection.ts";
import type { Transaction } from "./memory-log.ts";
import type { Host } from "./scheduler.ts";
import type { Worker } from "./worker.ts";
import { runningWorkers } from "./workers.ts";
import { plan, type World, types } from "./world.ts";

/** The product's own process: it emits, and its customers change their endpoints in it. It never dies. */
export interface Product {
  readonly emit: () => void;
  readonly emitInTransaction: () => void;
  /** Emits more of one tenant than fits a small window. */
  readonly flood: () => void;
  readonly createEndpoint: () => void;
  /** Changes one of the endpoints there are; none, and nothing happens. */
  readonly change: (of: "url" | "events" | "secret" | "disable" | "enable") => void;
  readonly remove: () => void;
  readonly redeliver: () => void;
}

const tenants = ["org_1", "org_2", "org_3", "org_4", "org_5"];
const subscriptions = [["*"], ["*"], ["deployment.created"], ["deployment.failed", "agent_run.failed"]];
/** Repeats of an emit whose answer got lost, which is safe with an idempotency key. */
const triesMax = 20;

interface Parts {
  readonly world: World;
  readonly connection: Connection;
  readonly emit: EmitUntyped;
}

export function createProduct(world: World): Product {
  const host: Host = { name: "product", state: "running", stalled: [] };
  const connection = connect(world.network, host);
  const emit = createEmit(
    {
      catalog: world.catalog,
      store: connection.log,
      // The product of a simulation gives executors, which the network knows by their identity.
      executorIn: (tx) => tx as Executor,
      clock: { now: world.scheduler.now, monotonic: world.scheduler.now, after: () => () => undefined },
      newId: world.newId,
      wake: () => neighbour(world)?.engine.wake(),
      // No sockets are read here, and nothing but the scheduler lets time pass.
      gather: queueMicrotask,
    },
    world.render,
  );
  const parts: Parts = { world, connection, emit };
  return {
    emit: () =>
      repeat(1 + world.random.below(6), () => void emitOne(parts, { triesLeft: triesMax, input: newInput(world) })),
    emitInTransaction: () => void emitTogether(parts),
    flood: () => {
      const tenant = world.random.pick(tenants);
      const input = () => ({ ...newInput(world), tenant });
      repeat(20 + world.random.below(100), () => void emitOne(parts, { triesLeft: triesMax, input: input() }));
    },
    createEndpoint: () => settled(world, createEndpoint(parts)),
    change: (of) => settled(world, changeEndpoint(parts, of)),
    remove: () => settled(world, removeEndpoint(parts)),
    redeliver: () => settled(world, redeliver(parts)),
  };
}

function repeat(count: number, work: () => void): void {
  for (let index = 0; index < count; index += 1) work();
}

/** What the product does may fail as the database does, and not otherwise. */
function settled(world: World, work: Promise<unknown>): void {
  work.catch((error: unknown) => {
    if (!(error instanceof ConnectionLost)) world.watch.violate(`the product got ${String(error)}`);
  });
}

/** Some of what the product does happens in a process that delivers too. */
function neighbour(world: World): Worker | null {
  const running = runningWorkers(world);
  return running.length === 0 || world.random.isLucky(0.3) ? null : world.random.pick(running);
}

interface Input {
  readonly type: string;
  readonly tenant: string;
  readonly data: { readonly number: number };
  readonly idempotencyKey: string | null;
}

function newInput({ random, counts }: World): Input {
  const number = (counts.events += 1);
  const idempotencyKey = random.isLucky(0.6) ? `key-${number}` : null;
  return { type: random.pick(types), tenant: random.pick(tenants), data: { number }, idempotencyKey };
}

async function emitOne(parts: Parts, { input, triesLeft }: { input: Input; triesLeft: number }): Promise<void> {
  const { world, emit } = parts;
  const { type, idempotencyKey, ...event } = input;
  try {
    const emitted = await emit("stech", type, { ...event, ...(idempotencyKey === null ? {} : { idempotencyKey }) });
    world.ledger.committed.set(emitted.id, emitted.body);
  } catch (error) {
    if (!(error instanceof ConnectionLost)) return world.watch.violate(`emit got ${String(error)}`);
    // Without a key nobody can tell whether the event is there.
    if (idempotencyKey === null || triesLeft === 0) return;
    const again = () => void emitOne(parts, { input, triesLeft: triesLeft - 1 });
    plan(world, { label: `emit ${idempotencyKey} again`, afterMs: 100 + world.random.below(2000) }, again);
  }
}

/** Some events in one transaction, which ends after a while one way or the other. */
async function emitTogether({ world, emit }: Parts): Promise<void> {
  const { random, network } = world;
  const executor: Executor = { query: () => Promise.reject(new Error("The model runs no SQL.")) };
  const transaction: Transaction = { xid: null, rows: [] };
  network.transactions.set(executor, transaction);
  const inputs = Array.from({ length: 1 + random.below(4) }, () => newInput(world));
  const emitted: { readonly id: string; readonly body: string }[] = [];
  let fate: "commit" | "rollback" = random.isLucky(0.7) ? "commit" : "rollback";
  try {
    for (const { type, tenant, data } of inputs)
      emitted.push(await emit("stech", type, { tenant, data, tx: executor }));
  } catch (error) {
    if (!(error instanceof ConnectionLost)) world.watch.violate(`emit in a transaction got ${String(error)}`);
    fate = "rollback";
  }
  const afterMs = random.pick([0, 0, 20, 500, 20_000]);
  plan(world, { label: fate, afterMs }, () => {
    network.transactions.delete(executor);
    if (fate === "rollback") return rollback(world, transaction);
    world.memory.commit(transaction);
    for (const { id, body } of emitted) world.ledger.committed.set(id, body);
  });
}

function rollback({ memory, ledger, faults }: World, transaction: Transaction): void {
  faults.rollbacks += 1;
  for (const { event } of transaction.rows) ledger.rolledBack.add(event.id);
  memory.rollback(transaction);
}

async function createEndpoint({ world, connection }: Parts): Promise<void> {
  const { random, counts, scheduler, render } = world;
  const id = `whe_${(counts.endpoints += 1)}`;
  const tenant = random.pick(tenants);
  const settings: NewEndpointSettings = {
    url: `https://${tenant.replace("_", "-")}.example/${id}/0`,
    description: null,
    events: random.pick(subscriptions),
    enabled: true,
  };
  const base = { id, contract: "stech", tenant, sealedSecret: `${id}/0`, createdAt: scheduler.now() };
  const created = await connection.endpoints.create(
    { ...base, ...settings },
    render("hookwright", "endpoint.created", { tenant, data: factOf({ ...base, ...settings }) }),
  );
  announce(world, created);
}

const factOf = ({ id, contract, url, events, enabled }: Pick<Endpoint, "id" | "contract"> & NewEndpointSettings) => ({
  endpointId: id,
  contract,
  url,
  events,
  enabled,
});

/** The process that made the change tells its own engine. */
function announce(world: World, { id, tenant }: Pick<Endpoint, "id" | "tenant">): void {
  const worker = neighbour(world);
  if (worker === null) return;
  worker.engine.endpointsChanged(tenant);
  world.watch.notified(worker, id);
}

function pickEndpoint({ memory, random }: World): Endpoint | null {
  const there = memory.tables.endpoints.filter(({ deletedAt }) => deletedAt === null);
  return there.length === 0 ? null : random.pick(there);
}

async function changeEndpoint({ world, connection }: Parts, of: Parameters<Product["change"]>[0]): Promise<void> {
  const endpoint = pickEndpoint(world);
  if (endpoint === null) return;
  if (of === "secret") return rotateSecret({ world, connection }, endpoint);
  const change = changeOf(world, endpoint, of);
  const { id, tenant } = endpoint;
  const after = await connection.endpoints.update({ id, tenant, at: world.scheduler.now() }, change, (changed) =>
    world.render("hookwright", "endpoint.updated", { tenant, data: factOf(changed) }),
  );
  if (after !== null) announce(world, after);
}

/** Sometimes the secret before it signs too, for a while. */
async function rotateSecret(
  { world, connection }: Pick<Parts, "world" | "connection">,
  { id, tenant, contract }: Endpoint,
): Promise<void> {
  const { random, scheduler } = world;
  const overlapMs = random.pick([0, 0, 1000, 60_000, 4 * 3600_000]);
  const at = scheduler.now();
  const after = await connection.endpoints.rotate(
    { id, tenant, at },
    ({ sealedSecret }) => ({
      sealedSecret: next(sealedSecret),
      previousSecret: overlapMs === 0 ? null : { sealed: sealedSecret, expiresAt: at + overlapMs },
    }),
    () => world.render("hookwright", "endpoint.secret_rotated", { tenant, data: { endpointId: id, contract } }),
  );
  if (after !== null) announce(world, after);
}

/** The next version of what ends in its number. */
const next = (text: string) => text.replace(/\d+$/, (version) => String(Number(version) + 1));

function changeOf(
  { random }: World,
  { url }: Endpoint,
  of: Exclude<Parameters<Product["change"]>[0], "secret">,
): Partial<EndpointSettings> {
  switch (of) {
    case "url":
      return { url: next(url) };
    case "events":
      return { events: random.pick(subscriptions) };
    case "disable":
      return random.pick([{ enabled: false }, { paused: true }]);
    case "enable":
      return { enabled: true, paused: false };
  }
}

async function removeEndpoint({ world, connection }: Parts): Promise<void> {
  const endpoint = pickEndpoint(world);
  if (endpoint === null) return;
  const { id, tenant, contract } = endpoint;
  const fact = () => world.render("hookwright", "endpoint.deleted", { tenant, data: { endpointId: id, contract } });
  const isRemoved = await connection.endpoints.remove({ id, tenant, at: world.scheduler.now() }, fact);
  if (isRemoved) announce(world, endpoint);
}

async function redeliver({ world, connection }: Parts): Promise<void> {
  const { memory, random, scheduler } = world;
  const tried = [...memory.tables.attempts.keys()];
  if (tried.length === 0) return;
  const [endpointKey = 0, position = 0] = random.pick(tried).split("/").map(Number);
  const eventId = memory.tables.log[position - 1]?.id ?? "";
  const { id: endpointId = "", tenant = "", contract = "" } = memory.tables.endpoints[endpointKey - 1] ?? {};
  const fact = ({ event, run }: Delivery) => {
    const data = {
      endpointId,
      contract,
      eventId,
      eventType: event.type,
      deliveryId: `${eventId}_${run}`,
      actorId: "operator",
    };
    return world.render("hookwright", "delivery.repeated", { tenant, data });
  };
  await connection.deliveries.redeliver({ endpointKey, eventId, at: scheduler.now() }, fact);
  neighbour(world)?.engine.wake();
}
