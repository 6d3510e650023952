import { randomUUID } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Logger } from "pino";
import { createClosing, type Closing } from "./closing.ts";
import { createActions, type Actions } from "./asking/actions.ts";
import type { AskUntyped } from "./asker.ts";
import { createAsk } from "./asking/ask.ts";
import type { AskParts } from "./asking/parts.ts";
import { systemClock, type Clock } from "./seams/clock.ts";
import { createNewId, createPooledRandom, type Random } from "./contracts/identifier.ts";
import { declarationHashes, serves } from "./contracts/needs.ts";
import type { WireCatalog } from "./contracts/wire-contract.ts";
import type { EmitUntyped } from "./emitter.ts";
import { createEndpoints, type EndpointParts, type Endpoints } from "./endpoints/endpoints.ts";
import type { EngineLimits } from "./engine/context.ts";
import { createEngine, engineLimits, exchangesMax, type Engine } from "./engine/engine.ts";
import { createEmitMany, type EmitMany, type EmitManyParts } from "./emit-many.ts";
import { createEmit, createRender, createRenderFact, type EventParts, type RenderEvent } from "./events.ts";
import { createFeedCursors, type FeedCursors } from "./feeds/cursors.ts";
import type { HttpServer } from "./http/parts.ts";
import type { RateLimits } from "./http/rate-limit.ts";
import { createHttpServer } from "./http/server.ts";
import type { AllowedTarget } from "./outbound/allowed-targets.ts";
import { createKeys, type Keys } from "./access/keys.ts";
import { createLogWatch } from "./feeds/log-watch.ts";
import { createIdempotency, type Idempotency } from "./access/idempotency.ts";
import { createMetrics, type Metrics, type MetricsParts } from "./metrics.ts";
import { createOperatorNotices, noNotices, type NoticeTarget, type OperatorNotices } from "./notices.ts";
import { createOutbound } from "./outbound/outbound.ts";
import { createRedelivering, type Redelivering } from "./endpoints/redelivering.ts";
import { createRedeliveries, type Redeliveries } from "./endpoints/redeliveries.ts";
import { createRetention, type Retention } from "./retention/retention.ts";
import { createSigningKeys, type SigningKeys } from "./streaming/signing-keys.ts";
import { createStreaming, type Streaming } from "./streaming/streaming.ts";
import { createStreams, type Streams } from "./streaming/streams.ts";
import type { KeyRing } from "./secrets/key-ring.ts";
import { createActionSecrets } from "./secrets/action-secret.ts";
import { missingKeyOf, openSecret } from "./secrets/signing-secret.ts";
import type { Endpoint, Executor } from "./seams/log-store.ts";
import { executorOf as storeExecutorOf } from "./store/executor.ts";
import {
  openMigrating,
  openStore,
  type Migrating,
  type OpenedStore,
  type OpenStoreOptions,
} from "./store/open-store.ts";
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
  /** Works under the engine's leases. */
  readonly redelivering: Redelivering;
  readonly retention: Retention;
  readonly metrics: Metrics;
  readonly cursors: FeedCursors;
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
  const metrics = createAppMetrics(store, { status: () => engine.status(), now: clock.now });
  const open = (endpoint: Endpoint, which: "current" | "previous") => openSecret(keyRing, endpoint, which);
  const engine = createEngine({
    store: store.log,
    ...{ catalog, outbound, clock, random },
    openSecret: open,
    missingKeyOf: (error, endpoint) => missingKeyOf(keyRing, error, endpoint),
    declarations,
    serves: (need) => serves({ catalog, declarations, hasKey: (id) => keyRing.ids.includes(id) }, need),
    renderFact: render,
    attempted: metrics.attempted,
    told: notices.told,
    owner: randomUUID(),
    limits,
    leaves: (shard) => streaming.leaves(shard),
    leasesEnd: store.leasesEnd,
    log,
  });
  const common = { catalog, declarations, keyRing, clock, newId, random, mode, allowTargets };
  const signingKeys = createSigningKeys({ ...common, store: store.signingKeys });
  const streaming = createStreaming({
    ...common,
    ...{ store: store.streams, outbound, signingKeys, log },
    leases: () => engine.leases(),
    leaseEndsAt: () => engine.leaseEndsAt(),
    leaseMs: limits.leaseMs,
    attempted: metrics.batchAttempted,
  });
  const redelivering = createRedelivering({
    ...{ store: store.redeliveries, clock, log, wake: engine.wake },
    leases: () => engine.leases(),
  });
  const closing = createClosing();
  const executorIn = executorInOf(options);
  const emits = createAppEmits({ ...common, store, executorIn, wake: engine.wake, metrics, closing }, render);
  const { asks, actions } = createAppAsking({
    ...common,
    ...{ store, outbound, log, renderFact, wake: engine.wake },
    ...{ asked: metrics.asked, killed: metrics.killed, told: notices.told },
  });
  return {
    ...{ catalog, log, clock, store, engine, actions },
    ...{ ...emits, ask: closing.refusing(asks.ask) },
    ...createAppResources({ ...common, store, renderFact, engine }),
    sendTest: createSendTest({ catalog, outbound, clock, newId, random, openSecret: open }),
    idempotency: createIdempotency({ store: store.idempotency, keyRing, clock }),
    streams: createStreams({ ...common, store: store.streams }),
    signingKeys,
    streaming,
    redelivering,
    metrics,
    cursors: createFeedCursors(keyRing),
    retention: createRetention({ store, catalog, clock, renderFact: render, wake: engine.wake }),
    start: async () => {
      await engine.start();
      // Both work under the leases that the engine has taken.
      streaming.start();
      redelivering.start();
    },
    close: closing.closing(() =>
      closeInTurn(
        // What these write is written under the engine's leases.
        redelivering.stop,
        () => streaming.stop(limits.graceMs),
        engine.stop,
        outbound.close,
        asks.close,
        notices.close,
        store.close,
      ),
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

function createAppMetrics(store: OpenedStore, of: Pick<MetricsParts, "status" | "now">): Metrics {
  return createMetrics({ ...of, store: store.log, pendingCount: store.pendingCount, streams: store.streams });
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
}: ResourceParts): Pick<App, "endpoints" | "keys" | "redeliveries"> {
  const changed = (endpoint: Endpoint) => engine.endpointsChanged(endpoint.tenant);
  return {
    keys: createKeys({ ...parts, store, wake: engine.wake }),
    redeliveries: createRedeliveries({ ...parts, store, wake: engine.wake }),
    endpoints: createEndpoints({ ...parts, store: store.endpoints, changed }),
  };
}

type AskingParts = Pick<
  AskParts,
  "catalog" | "outbound" | "clock" | "newId" | "random" | "log" | "wake" | "asked" | "killed" | "told" | "renderFact"
> &
  Pick<AppOptions<unknown>, "keyRing" | "mode" | "allowTargets"> & {
    readonly store: OpenedStore;
  };

function createAppAsking({ store, keyRing, ...rest }: AskingParts) {
  const parts = { ...rest, store: store.actions, secrets: createActionSecrets(keyRing) };
  const asks = createAsk(parts);
  return { asks, actions: createActions({ ...parts, asks }) };
}

/** What drops old events from a database, beside whatever else runs on it. */
export interface Pruner {
  readonly retention: Retention;
  readonly close: () => Promise<void>;
}

/** Retention alone: no engine, and so no leases, and no keys. */
export async function createPruner<DB>(
  options: Pick<AppOptions<DB>, "database" | "pool" | "catalog" | "clock" | "random">,
): Promise<Pruner> {
  const { catalog, clock = systemClock, random = createPooledRandom() } = options;
  const store = await openStore({ database: options.database, ...options.pool });
  const renderFact = createRender({ catalog, clock, newId: createNewId(random) });
  // Engines find `log.pruned` when they look at the log, which they do within a second.
  return { retention: createRetention({ store, catalog, clock, renderFact, wake: () => {} }), close: store.close };
}

/** What seals the secrets of a database anew, beside whatever else runs on it. */
export async function createResealer<DB>({ database, pool }: Pick<AppOptions<DB>, "database" | "pool">) {
  const { sealed, close } = await openStore({ database, ...pool });
  return { sealed, close };
}

/** What brings the tables of a database up to date. */
export function createMigrating(of: { readonly database: string; readonly pool: PoolSettings }): Promise<Migrating> {
  return openMigrating({ database: of.database, ...of.pool });
}

export interface ApiOptions {
  /** SHA-256 of the operator's key, in hexadecimal digits. */
  readonly adminKeyHash: string;
  /** Whether requests are served yet, and still. */
  readonly isReady: () => boolean;
  /** Left out, there are none. */
  readonly rateLimits?: RateLimits;
  /** How long answers under way may take once the API closes; 5 s, unless given. */
  readonly answersWithinMs?: number;
  /** Of web pages that may read answers. Left out: none. */
  readonly corsOrigins?: readonly string[];
  /** The folder of the generated documents; left out, the one beside these sources. */
  readonly generated?: string;
}

/** A bundle in CommonJS has no place of its own, and then the folder has to be given. */
const ownGenerated = () => join(import.meta.dirname ?? ".", "generated");

/** The HTTP API of an app, not listening yet. Close it before the app. */
export function createApi(app: App, { adminKeyHash, isReady, ...options }: ApiOptions): HttpServer {
  const { rateLimits = { perKey: null, perTenant: null }, answersWithinMs = 5000, corsOrigins = [] } = options;
  const folder = options.generated ?? ownGenerated();
  const recorded = join(folder, "api-examples.json");
  const documents = {
    openapi: JSON.parse(readFileSync(join(folder, "openapi.json"), "utf8")),
    llms: readFileSync(join(folder, "llms.txt"), "utf8"),
    examples: existsSync(recorded) ? JSON.parse(readFileSync(recorded, "utf8")) : {},
  };
  return createHttpServer({
    ...app,
    ...documents,
    ...{ adminKeyHash, isReady, rateLimits, answersWithinMs, corsOrigins },
    watch: createLogWatch({ end: app.store.feeds.end, clock: app.clock }),
    wake: app.engine.wake,
    logger: app.log,
  });
}
