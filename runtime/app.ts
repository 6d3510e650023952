import { randomUUID } from "node:crypto";
import type { Logger } from "pino";
import { createClosing, type Closing } from "./closing.ts";
import { createActions, type Actions } from "./asking/actions.ts";
import type { AskUntyped } from "./asker.ts";
import { createAsk } from "./asking/ask.ts";
import type { AskParts } from "./asking/parts.ts";
import { systemClock, type Clock } from "./seams/clock.ts";
import { createNewId, createPooledRandom, type Random } from "./contracts/identifier.ts";
import { declarationHashes, serves, type DeclarationNumbers } from "./contracts/needs.ts";
import type { WireCatalog } from "./contracts/wire-contract.ts";
import type { EmitUntyped } from "./emitter.ts";
import { createEndpoints, type EndpointParts, type Endpoints } from "./endpoints/endpoints.ts";
import type { EngineLimits, EngineParts } from "./engine/context.ts";
import { createEngine, engineLimits, exchangesMax, type Engine } from "./engine/engine.ts";
import { createEmitMany, type EmitMany, type EmitManyParts } from "./emit-many.ts";
import { createEmit, createRender, createRenderFact, type EventParts, type RenderEvent } from "./events.ts";
import { createFeedConsumers, type FeedConsumers } from "./feeds/consumers.ts";
import { createFeedCursors, type FeedCursors } from "./feeds/cursors.ts";
import type { AllowedTarget } from "./outbound/allowed-targets.ts";
import { createKeys, type Keys } from "./access/keys.ts";
import { createIdempotency, type Idempotency } from "./access/idempotency.ts";
import { createPresence, type Presence } from "./presence.ts";
import { createMetrics, type Metrics, type MetricsParts } from "./metrics.ts";
import { createOperatorNotices, logTold, noNotices, type NoticeTarget, type OperatorNotices } from "./notices.ts";
import { createOutbound } from "./outbound/outbound.ts";
import { createRedelivering, type Redelivering } from "./endpoints/redelivering.ts";
import { createErasing, type Erasing } from "./retention/erasing.ts";
import { createRedeliveries, type Redeliveries } from "./endpoints/redeliveries.ts";
import { createRetention, type Retention } from "./retention/retention.ts";
import { createSigningKeys, type SigningKeys } from "./streaming/signing-keys.ts";
import { createExpiring, type Expiring, type ExpiringParts } from "./subscribers/expiring.ts";
import { createSubscriptions, type SubscriptionParts, type Subscriptions } from "./subscribers/subscriptions.ts";
import { createMcpEvents, type McpEvents } from "./mcp/mcp-events.ts";
import { createStreaming, type Streaming } from "./streaming/streaming.ts";
import { createStreams, type Streams } from "./streaming/streams.ts";
import type { KeyRing } from "./secrets/key-ring.ts";
import { createActionSecrets, shareSecrets } from "./secrets/action-secret.ts";
import { canOpenSecret, missingKeyOf, openSecret } from "./secrets/signing-secret.ts";
import type { Endpoint, Executor, NewEvent } from "./seams/log-store.ts";
import { executorOf as storeExecutorOf } from "./store/executor.ts";
import { openStore, type OpenedStore, type OpenStoreOptions } from "./store/open-store.ts";
import { isPostgresUrl, type PoolSettings } from "./store/postgres.ts";
import type { ProductTransaction } from "./transactions/product-transaction.ts";
import { executorIn as executorOf } from "./transactions/executor-in.ts";
import { createSendTest, type SendTest } from "./endpoints/test-delivery.ts";

export interface AppOptions<DB> {
  /** Where the log is kept, see `OpenStoreOptions`. */
  readonly database: OpenStoreOptions<DB>["database"];
  /** The schema and the size of the pool, for a `postgres://` URL. */
  readonly pool?: PoolSettings;
  readonly catalog: WireCatalog;
  /** Seals signing secrets at rest. */
  readonly keyRing: KeyRing;
  /** `local` also takes endpoints with http:// URLs. */
  readonly mode: "local" | "production";
  /** Addresses inside the network that may be delivered to all the same. */
  readonly allowTargets: readonly AllowedTarget[];
  readonly log: Logger;
  /** Where the operator wants to be told what happens, and the addresses inside the network that this may lead to. */
  readonly notices?: NoticeTarget & { readonly allowTargets: readonly AllowedTarget[] };
  readonly clock?: Clock;
  readonly random?: Random;
  readonly limits?: Partial<EngineLimits>;
}

/** All parts, put together; nothing runs before `start()`. */
export interface App {
  readonly catalog: WireCatalog;
  readonly log: Logger;
  readonly clock: Clock;
  readonly store: OpenedStore;
  readonly emit: EmitUntyped;
  readonly emitMany: EmitMany;
  readonly ask: AskUntyped;
  readonly endpoints: Endpoints;
  readonly actions: Actions;
  readonly keys: Keys;
  readonly idempotency: Idempotency;
  readonly sendTest: SendTest;
  readonly engine: Engine;
  readonly streams: Streams;
  readonly signingKeys: SigningKeys;
  /** Works under the engine's leases. */
  readonly streaming: Streaming;
  readonly redeliveries: Redeliveries;
  readonly erasing: Erasing;
  /** Works under the engine's leases. */
  readonly redelivering: Redelivering;
  readonly retention: Retention;
  readonly metrics: Metrics;
  /** Endpoints that programs register by themselves. */
  readonly subscriptions: Subscriptions;
  /** Ends subscriptions that nobody renewed. */
  readonly expiring: Expiring;
  readonly mcp: McpEvents;
  readonly consumers: FeedConsumers;
  readonly cursors: FeedCursors;
  readonly canOpen: (endpoint: Endpoint) => boolean;
  /**
   * Takes leases and begins to deliver, to send batches and to redeliver. Rejects when the database does not give leases;
   * then nothing runs, and it may be called again.
   */
  readonly start: () => Promise<void>;
  /**
   * Stops the engine, lets go of connections, and closes the database if it was opened here. Rejects with the first error,
   * after everything was closed, when something could not be written.
   */
  readonly close: () => Promise<void>;
}

/** Sockets of the process beside those of the engine's exchanges: for questions and streams, and idle ones. */
const otherSocketsMax = 256;

/** The composition root: the one place where parts meet. */
export async function createApp<DB>(options: AppOptions<DB>): Promise<App> {
  const { catalog, keyRing, log, mode, allowTargets, clock = systemClock, random = createPooledRandom() } = options;
  const limits = { ...engineLimits, ...options.limits };
  const store = await openStore({ database: options.database, ...options.pool });
  const declarations = await store.numberDeclarations(declarationHashes(catalog));
  const outbound = createOutbound({ allowTargets, clock, socketsMax: exchangesMax(limits) + otherSocketsMax });
  const newId = createNewId(random);
  const render = createRender({ catalog, clock, newId });
  const renderFact = createRenderFact(render);
  const notices = createAppNotices(options, clock);
  const metrics = createAppMetrics(store, { catalog, log, status: () => engine.status(), now: clock.now });
  const told = toAll<readonly NewEvent[]>(notices.told, metrics.told, logTold(log));
  const engine = createAppEngine({
    ...{ store, catalog, keyRing, declarations, outbound, clock, random, limits, metrics, told, log },
    renderFact: render,
    leaves: (shard) => streaming.leaves(shard),
  });
  const common = { catalog, declarations, keyRing, clock, newId, random, mode, allowTargets };
  const facts = { renderFact, wake: engine.wake };
  const signingKeys = createSigningKeys({ ...common, ...facts, store: store.signingKeys });
  const streaming = createStreaming({
    ...common,
    ...{ store: store.streams, outbound, signingKeys, log },
    leases: () => engine.leases(),
    leaseEndsAt: () => engine.leaseEndsAt(),
    leaseMs: limits.leaseMs,
    attempted: metrics.batchAttempted,
  });
  const redelivering = createAppRedelivering({ store, clock, log, engine });
  const closing = createClosing();
  const executorIn = executorInOf(options);
  const emits = createAppEmits({ ...common, store, executorIn, wake: engine.wake, metrics, closing }, render);
  const secrets = createActionSecrets(keyRing);
  const met = shareSecrets(store.actions, secrets);
  const presence = createPresence({ store: store.processes, keyIds: keyRing.ids, met, clock, log });
  const { asks, actions } = createAppAsking({
    ...common,
    ...{ store, outbound, log, ...facts, secrets, others: presence.others },
    ...{ asked: metrics.asked, killed: metrics.killed, told },
  });
  const subscribing = createAppSubscribing({ ...common, store, outbound, renderFact, engine, log });
  return {
    ...{ catalog, log, clock, store, engine, actions },
    ...{ ...emits, ask: closing.refusing(asks.ask) },
    ...createAppResources({ ...common, store, outbound, renderFact, engine }),
    sendTest: createSendTest({ ...common, outbound, openSecret: opener(keyRing) }),
    idempotency: createIdempotency({ store: store.idempotency, keyRing, clock }),
    signingKeys,
    streaming,
    redelivering,
    metrics,
    canOpen: (endpoint) => canOpenSecret(keyRing, endpoint),
    ...subscribing,
    retention: createRetention({ store, catalog, clock, renderFact: render, wake: engine.wake }),
    ...lifeOf({ presence, engine, streaming, redelivering, expiring: subscribing.expiring, closing }, limits.graceMs, [
      outbound.close,
      asks.close,
      notices.close,
      presence.stop,
      store.close,
    ]),
  };
}

type EngineWiring = Omit<
  EngineParts,
  "store" | "openSecret" | "missingKeyOf" | "serves" | "attempted" | "notAttempted" | "owner" | "leasesEnd"
> &
  Pick<App, "store" | "metrics"> &
  Pick<AppOptions<unknown>, "keyRing"> & { readonly declarations: DeclarationNumbers };

function createAppEngine({ store, keyRing, metrics, ...parts }: EngineWiring): Engine {
  const abilities = { ...parts, hasKey: (id: string) => keyRing.ids.includes(id) };
  return createEngine({
    ...parts,
    store: store.log,
    openSecret: opener(keyRing),
    missingKeyOf: (error, endpoint) => missingKeyOf(keyRing, error, endpoint),
    serves: (need) => serves(abilities, need),
    attempted: metrics.attempted,
    notAttempted: metrics.notAttempted,
    owner: randomUUID(),
    leasesEnd: store.leasesEnd,
  });
}

const opener = (keyRing: KeyRing) => (endpoint: Endpoint, which: "current" | "previous") =>
  openSecret(keyRing, endpoint, which);

/** Calls all of them with what it is called with. */
function toAll<Given>(...each: readonly ((given: Given) => void)[]): (given: Given) => void {
  return (given) => {
    for (const one of each) one(given);
  };
}

type Working = Pick<App, "engine" | "streaming" | "redelivering" | "expiring"> & {
  readonly presence: Presence;
  readonly closing: Closing;
};

/** Starts what works, and stops it; then closes the rest in this order. */
function lifeOf(
  { presence, engine, streaming, redelivering, expiring, closing }: Working,
  graceMs: number,
  rest: readonly (() => Promise<void>)[],
): Pick<App, "start" | "close"> {
  return {
    start: async () => {
      await presence.start();
      await engine.start();
      // All work under the leases that the engine has taken.
      streaming.start();
      redelivering.start();
      expiring.start();
    },
    // What the first three write is written under the engine's leases.
    close: closing.closing(() =>
      closeInTurn(expiring.stop, redelivering.stop, () => streaming.stop(graceMs), engine.stop, ...rest),
    ),
  };
}

type EmitsParts = Pick<EventParts, "catalog" | "executorIn" | "clock" | "newId" | "wake"> & {
  readonly store: OpenedStore;
  readonly metrics: Metrics;
  readonly closing: Closing;
};

function createAppEmits({ store, metrics, closing, ...parts }: EmitsParts, render: RenderEvent) {
  const inTransaction: EmitManyParts["inTransaction"] = (work) =>
    store.database.transaction().execute((transaction) => work(storeExecutorOf(transaction)));
  const emit = createEmit({ ...parts, store: store.log }, render);
  const emitMany = createEmitMany({ ...parts, store: store.log, inTransaction }, render);
  return {
    emit: closing.refusing(metrics.counting(emit)),
    emitMany: closing.refusing(metrics.countingMany(emitMany)),
  };
}

function executorInOf<DB>({ database }: AppOptions<DB>): (tx: ProductTransaction) => Executor {
  const opened = typeof database === "string" && !isPostgresUrl(database) ? "node:sqlite" : "another";
  return (tx) => executorOf(tx, { opened });
}

/** One after the other, also after one that failed. Rejects with the first error. */
async function closeInTurn(...closers: readonly (() => Promise<void>)[]): Promise<void> {
  const errors: unknown[] = [];
  for (const close of closers) await close().catch((error: unknown) => errors.push(error));
  if (errors.length > 0) throw errors[0];
}

function createAppMetrics(
  { counts, log, shardCount, streams }: OpenedStore,
  { log: lines, ...of }: Pick<MetricsParts, "catalog" | "status" | "now"> & Pick<App, "log">,
): Metrics {
  const failed = (err: unknown) => lines.warn({ err }, "A metric could not be read.");
  return createMetrics({ ...of, store: log, counts, shardCount, streams, failed });
}

function createAppNotices<DB>({ notices, catalog, log }: AppOptions<DB>, clock: Clock): OperatorNotices {
  if (notices === undefined) return noNotices;
  const outbound = createOutbound({ allowTargets: notices.allowTargets, clock });
  return createOperatorNotices({ target: notices, outbound, catalog, clock, log });
}

type ResourceParts = Omit<EndpointParts, "store" | "changed"> & {
  readonly store: OpenedStore;
  readonly engine: Engine;
};

/** What is changed together with the fact that says so. */
function createAppResources({
  store,
  engine,
  ...parts
}: ResourceParts): Pick<App, "endpoints" | "erasing" | "keys" | "redeliveries" | "streams" | "consumers"> {
  const changed = (endpoint: Endpoint) => engine.endpointsChanged(endpoint.tenant);
  return {
    keys: createKeys({ ...parts, store, wake: engine.wake }),
    redeliveries: createRedeliveries({ ...parts, store, wake: engine.wake }),
    erasing: createErasing({ ...parts, store, wake: engine.wake }),
    streams: createStreams({ ...parts, store: store.streams, wake: engine.wake }),
    consumers: createFeedConsumers({ ...parts, feeds: store.feeds, wake: engine.wake }),
    endpoints: createEndpoints({ ...parts, store: store.endpoints, changed }),
  };
}

function createAppRedelivering({ store, engine, ...parts }: Pick<App, "store" | "engine" | "clock" | "log">) {
  const leases = () => engine.leases();
  return createRedelivering({ ...parts, store: store.redeliveries, wake: engine.wake, leases });
}

type SubscribingParts = Omit<SubscriptionParts, "store" | "changed"> &
  Pick<ExpiringParts, "log"> & { readonly store: OpenedStore; readonly engine: Engine };

function createAppSubscribing({
  store,
  engine,
  ...parts
}: SubscribingParts): Pick<App, "subscriptions" | "expiring" | "mcp" | "cursors"> {
  const changed = (endpoint: Endpoint) => engine.endpointsChanged(endpoint.tenant);
  const subscriptions = createSubscriptions({ ...parts, store, changed });
  const cursors = createFeedCursors(parts.keyRing);
  const { feeds, subscribers } = store;
  return {
    subscriptions,
    cursors,
    expiring: createExpiring({ ...parts, store: subscribers, changed }),
    mcp: createMcpEvents({ ...parts, wake: engine.wake, feeds, cursors, subscribers, subscriptions }),
  };
}

type AskingParts = Pick<
  AskParts,
  "catalog" | "outbound" | "clock" | "newId" | "random" | "log" | "wake" | "asked" | "killed" | "told" | "renderFact"
> &
  Pick<AskParts, "secrets"> &
  Pick<Presence, "others"> &
  Pick<AppOptions<unknown>, "mode" | "allowTargets"> & {
    readonly store: OpenedStore;
  };

function createAppAsking({ store, ...rest }: AskingParts) {
  const parts = { ...rest, store: store.actions };
  const asks = createAsk(parts);
  return { asks, actions: createActions({ ...parts, asks }) };
}
