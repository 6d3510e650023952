import { settleOne } from "../store/suite/harness.ts";
import { createNewId } from "../../../runtime/contracts/identifier.ts";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Static } from "@sinclair/typebox";
import { sql } from "kysely";
import { pino } from "pino";
import { createActions } from "../../../runtime/asking/actions.ts";
import { createAsk } from "../../../runtime/asking/ask.ts";
import { keepHeaders } from "../../../runtime/contracts/kept-headers.ts";
import { createFeedConsumers } from "../../../runtime/feeds/consumers.ts";
import { createFeedCursors } from "../../../runtime/feeds/cursors.ts";
import { createLogWatch } from "../../../runtime/feeds/log-watch.ts";
import { createRender, createRenderFact, createEmit } from "../../../runtime/events.ts";
import type { WireCatalog } from "../../../runtime/contracts/wire-contract.ts";
import { createEndpoints } from "../../../runtime/endpoints/endpoints.ts";
import { catalog as generatedCatalog } from "../../../runtime/generated/catalog.ts";
import type { ApiKeyBody } from "../../../runtime/http/routes/api-keys.ts";
import type { DeliveryBody, WholeDelivery } from "../../../runtime/http/routes/deliveries.ts";
import type { EndpointBody } from "../../../runtime/http/routes/endpoints.ts";
import type { RedeliveryBody } from "../../../runtime/http/routes/redeliveries.ts";
import type { ErrorAnswer } from "../../../runtime/http/schemas.ts";
import { createIdempotency } from "../../../runtime/access/idempotency.ts";
import { createHttpServer, type HttpServer } from "../../../runtime/http/server.ts";
import { createOutbound } from "../../../runtime/outbound/outbound.ts";
import type { RouteExamples } from "../../../runtime/http/route-examples.ts";
import type { RateLimits } from "../../../runtime/http/rate-limit.ts";
import { createErasing } from "../../../runtime/retention/erasing.ts";
import { createMcpEvents } from "../../../runtime/mcp/mcp-events.ts";
import { createSubscriptions } from "../../../runtime/subscribers/subscriptions.ts";
import { createRedeliveries } from "../../../runtime/endpoints/redeliveries.ts";
import { createKeys } from "../../../runtime/access/keys.ts";
import type { AllowedTarget } from "../../../runtime/outbound/allowed-targets.ts";
import type { Exchange, OutboundRequest } from "../../../runtime/seams/outbound.ts";
import { keyHash } from "../../../runtime/secrets/api-key.ts";
import { createActionSecrets } from "../../../runtime/secrets/action-secret.ts";
import { createSigningKeys } from "../../../runtime/streaming/signing-keys.ts";
import { createStreams } from "../../../runtime/streaming/streams.ts";
import { openKeyRing } from "../../../runtime/secrets/key-ring.ts";
import { canOpenSecret, openSecret } from "../../../runtime/secrets/signing-secret.ts";
import type { Role } from "../../../runtime/seams/api-key-store.ts";
import { createEmitMany } from "../../../runtime/emit-many.ts";
import { executorOf } from "../../../runtime/store/executor.ts";
import { executorIn } from "../../../runtime/transactions/executor-in.ts";
import { openStore, type OpenedStore } from "../../../runtime/store/open-store.ts";
import { createSendTest } from "../../../runtime/endpoints/test-delivery.ts";
import { createFakeClock, type FakeClock } from "../../fake-clock.ts";

export const start = Date.parse("2026-05-08T14:00:00.000Z");
export const metricsKey = "metrics-key-of-the-tests-0123456789abcdef";
export const operatorKey = "operator-key-of-the-tests-0123456789abcdef";
export const deployment = {
  deploymentId: "dep_1",
  agentId: "dep_1",
  agentName: "support-triage",
  machineUrl: "https://a.example",
  deployedByUserId: null,
};

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
  readonly body: Body;
}

/** What any of the bodies may have; a test reads what its own answer has. */
export interface Body {
  readonly endpoint: Static<typeof EndpointBody>;
  readonly endpoints: readonly Static<typeof EndpointBody>[];
  readonly signingSecret: string;
  readonly delivery: Static<typeof WholeDelivery>["delivery"];
  readonly deliveries: readonly Static<typeof DeliveryBody>[];
  readonly hasMore: boolean;
  readonly redelivery: Static<typeof RedeliveryBody>;
  readonly redeliveries: readonly Static<typeof RedeliveryBody>[];
  readonly found: number;
  readonly isWhole: boolean;
  readonly examples: readonly Static<typeof DeliveryBody>[];
  readonly event: { readonly id: string };
  readonly events: readonly { readonly id: string; readonly type: string }[];
  readonly nextCursor: string;
  readonly apiKey: Static<typeof ApiKeyBody>;
  readonly apiKeys: readonly Static<typeof ApiKeyBody>[];
  readonly key: string;
  readonly token: string;
  readonly expiresAt: string;
  readonly entries: readonly { readonly id: string; readonly actorId: string | null; readonly action: string }[];
  readonly error: Static<typeof ErrorAnswer>["error"];
}

export interface Call {
  readonly method: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly path: string;
  /** The operator's, unless given. Null: none. */
  readonly key?: string | null;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as it is, in place of `body`. */
  readonly payload?: string | Buffer;
}

export interface HttpHarness {
  readonly app: HttpServer;
  readonly store: OpenedStore;
  readonly clock: FakeClock;
  /** Lines the logger wrote. */
  readonly logLines: string[];
  readonly wakeCount: () => number;
  /** Whose requests were refused as they were too many. */
  readonly limits: string[];
  /** Ids of the endpoints that were reported as changed. */
  readonly changed: string[];
  readonly call: (call: Call) => Promise<Answer>;
  /** A key of a tenant, written to the store. */
  readonly key: (tenant: string, role: Role) => Promise<string>;
  /** An endpoint of a tenant, made over HTTP. */
  readonly endpoint: (tenant: string, events?: readonly string[]) => Promise<{ id: string; signingSecret: string }>;
  readonly emit: (tenant: string) => Promise<string>;
  /** Every row of every table, as text. */
  readonly dump: () => Promise<string>;
  readonly close: () => Promise<void>;
}

export interface HarnessOptions {
  readonly mode?: "local" | "production";
  readonly allowTargets?: readonly AllowedTarget[];
  readonly isReady?: () => boolean;
  readonly rateLimits?: RateLimits;
  readonly corsOrigins?: readonly string[];
  readonly unreadMs?: number;
  readonly frameAncestors?: readonly string[];
  readonly examples?: RouteExamples;
  /** Of the generated one, with something changed. */
  readonly catalog?: WireCatalog;
  /** Answers what is sent to an endpoint while a request waits for it. */
  readonly receive?: (request: OutboundRequest) => Exchange;
}

const unreachable: Exchange = { kind: "network_error", detail: "", durationMs: 0 };

export async function openHttpHarness(options: HarnessOptions = {}): Promise<HttpHarness> {
  const folder = mkdtempSync(join(tmpdir(), "hookwright-http-"));
  const store = await openStore({ database: join(folder, "hookwright.db") });
  const catalog = options.catalog ?? generatedCatalog;
  const clock = createFakeClock(start);
  const random = seededRandom();
  const newId = createNewId(random);
  const logLines: string[] = [];
  const changed: string[] = [];
  const limits: string[] = [];
  let wakes = 0;
  const keyRing = openKeyRing([{ id: "test", key: createHash("sha256").update("test").digest() }]);
  const wake = () => void (wakes += 1);
  const render = createRender({ catalog, clock, newId });
  const emit = createEmit(
    { catalog, store: store.log, executorIn: (tx) => executorIn(tx, { opened: "node:sqlite" }), clock, newId, wake },
    render,
  );
  const emitMany = createEmitMany(
    {
      ...{ catalog, store: store.log, wake },
      inTransaction: (work) => store.database.transaction().execute((tx) => work(executorOf(tx))),
    },
    render,
  );
  const renderFact = createRenderFact(render);
  const common = {
    catalog,
    keyRing,
    clock,
    newId,
    random,
    mode: options.mode ?? "production",
    allowTargets: options.allowTargets ?? [],
  } as const;
  const { receive } = options;
  const endpoints = createEndpoints({
    ...common,
    outbound: received(receive ?? (() => unreachable)),
    store: store.endpoints,
    renderFact,
    changed: ({ id }) => void changed.push(id),
  });
  const asked = {
    ...common,
    ...{ store: store.actions, wake, told: () => {}, log: pino({ level: "silent" }) },
    renderFact,
    secrets: createActionSecrets(keyRing),
    others: async () => [],
    asked: () => {},
    killed: () => {},
    outbound: receive === undefined ? createOutbound({ allowTargets: common.allowTargets }) : received(receive),
  };
  const asks = createAsk(asked);
  const app = createHttpServer({
    erasing: createErasing({ store, renderFact, wake }),
    actions: createActions({ ...asked, asks }),
    ask: asks.ask,
    consumers: createFeedConsumers({ feeds: store.feeds, clock, renderFact, wake }),
    cursors: createFeedCursors(keyRing),
    watch: createLogWatch({ end: store.feeds.end, clock }),
    store,
    catalog,
    emit,
    emitMany,
    endpoints,
    keys: createKeys({ store, clock, newId, random, renderFact, wake }),
    redeliveries: createRedeliveries({ store, catalog, clock, newId, renderFact, wake }),
    rateLimits: options.rateLimits ?? { perKey: null, perTenant: null },
    answersWithinMs: 5000,
    unreadMs: options.unreadMs ?? 60_000,
    corsOrigins: options.corsOrigins ?? [],
    frameAncestors: options.frameAncestors ?? [],
    sendTest: createSendTest({
      catalog,
      outbound: received(receive ?? (() => unreachable)),
      clock,
      newId,
      random,
      openSecret: (endpoint, which) => openSecret(keyRing, endpoint, which),
    }),
    idempotency: createIdempotency({ store: store.idempotency, keyRing, clock }),
    mcp: createMcpEvents({
      ...{
        catalog,
        clock,
        wake,
        feeds: store.feeds,
        cursors: createFeedCursors(keyRing),
        subscribers: store.subscribers,
      },
      subscriptions: createSubscriptions({
        ...common,
        ...{ store, renderFact, changed: ({ id }) => void changed.push(id) },
        outbound: received(receive ?? (() => unreachable)),
      }),
    }),
    streams: createStreams({ ...common, store: store.streams, renderFact, wake }),
    signingKeys: createSigningKeys({ ...common, store: store.signingKeys, renderFact, wake }),
    wake,
    canOpen: (endpoint) => canOpenSecret(keyRing, endpoint),
    metrics: {
      answered: () => {},
      limited: (limit) => void limits.push(limit),
      text: async () => "a_metric 1\n",
      contentType: "text/plain; version=0.0.4; charset=utf-8",
    },
    isReady: options.isReady ?? (() => true),
    clock,
    adminKeyHash: keyHash(operatorKey),
    metricsKeyHash: keyHash(metricsKey),
    logger: pino({ level: "trace" }, { write: (line) => void logLines.push(line) }),
    openapi: JSON.parse(readFileSync(new URL("../../../runtime/generated/openapi.json", import.meta.url), "utf8")),
    examples: options.examples ?? {},
    llms: readFileSync(new URL("../../../runtime/generated/llms.txt", import.meta.url), "utf8"),
  });
  let keys = 0;

  const call = async ({ method, path, key = operatorKey, body, headers = {}, payload }: Call): Promise<Answer> => {
    const response = await app.inject({
      method,
      url: path,
      headers: {
        ...(key === null ? {} : { authorization: `Bearer ${key}` }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      ...(payload === undefined ? {} : { payload }),
      ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
    });
    const { statusCode, body: text } = response;
    return {
      status: statusCode,
      headers: response.headers,
      text,
      body: text !== "" && isJson(response) ? JSON.parse(text) : undefined,
    };
  };

  return {
    app,
    store,
    clock,
    logLines,
    changed,
    limits,
    wakeCount: () => wakes,
    call,
    key: async (tenant, role) => {
      const key = `hwk_${(keys += 1)}_of_${tenant}`;
      const id = `key_${keys}`;
      const made = { id, tenant, role, description: null, hash: keyHash(key), createdAt: clock.now(), expiresAt: null };
      const data = { apiKeyId: id, role, expiresAt: null, actorId: "operator" };
      await store.apiKeys.create(made, renderFact({ type: "api_key.created", tenant, data }));
      return key;
    },
    endpoint: async (tenant, events = ["*"]) => {
      const body = { url: "https://hooks.acme.example/in", events };
      const answer = await call({ method: "POST", path: `/v1/orgs/${tenant}/webhook-endpoints`, body });
      return { id: answer.body.endpoint.id, signingSecret: answer.body.signingSecret };
    },
    emit: async (tenant) => (await emit("stech", "deployment.created", { tenant, data: deployment })).id,
    dump: () => dump(store),
    close: async () => {
      await app.close();
      await store.close();
      rmSync(folder, { recursive: true });
    },
  };
}

const received = (receive: (request: OutboundRequest) => Exchange) => ({
  send: async (request: OutboundRequest) => receive(request),
  close: async () => {},
});

function isJson({ headers }: { readonly headers: Answer["headers"] }): boolean {
  return String(headers["content-type"]).startsWith("application/json") && headers["content-length"] !== "0";
}

async function dump({ database }: OpenedStore): Promise<string> {
  const tables = await sql<{ name: string }>`select name from sqlite_schema where type = 'table' order by name`.execute(
    database,
  );
  const contents = [];
  for (const { name } of tables.rows) {
    const { rows } = await sql`select * from ${sql.table(name)}`.execute(database);
    contents.push([name, rows]);
  }
  return JSON.stringify(contents);
}

/** Different on every call and the same in every run. */
function seededRandom() {
  let count = 0;
  return (bytes: number): Uint8Array => {
    const chunks = Array.from({ length: Math.ceil(bytes / 32) }, () =>
      createHash("sha256")
        .update(`seed ${(count += 1)}`)
        .digest(),
    );
    return Buffer.concat(chunks).subarray(0, bytes);
  };
}

/** Settles an attempt as the engine does: appended, with what waits after it. */
export async function settleAttempt(
  { store, clock }: HttpHarness,
  of: { readonly endpointKey: number; readonly position: number; readonly run?: number; readonly number?: number },
  outcome: {
    readonly result: "delivered" | "retry" | "rejected" | "exhausted";
    readonly status: number | null;
    readonly error?: string;
    readonly responseBody?: Uint8Array;
    readonly ownHeaders?: Readonly<Record<string, string>>;
    readonly responseHeaders?: Readonly<Record<string, string>>;
    readonly dueAt?: number;
    /** Of the endpoint, from then on. */
    readonly failureCount?: number;
  },
): Promise<void> {
  const { endpointKey, position, run = 0, number = 1 } = of;
  const { result, status, error = null, responseBody = null, dueAt, failureCount } = outcome;
  const key = { endpointKey, position, run };
  const attempt = {
    ...{ ...key, number, startedAt: clock.now(), durationMs: 120, result, status, error, responseBody },
    ownHeaders: keepHeaders(outcome.ownHeaders ?? {}),
    responseHeaders: keepHeaders(outcome.responseHeaders ?? {}),
  };
  const { shards } = await store.log.lease({ owner: "test", leaseMs: 60_000, takes: "share" });
  const [lease] = shards;
  if (lease === undefined) throw new Error("There is no shard.");
  await settleOne(store, {
    lease,
    cursor: null,
    diverted: [],
    rejoined: [],
    attempts: [attempt],
    pending: dueAt === undefined ? [] : [{ ...key, attemptCount: number, dueAt }],
    finished: dueAt === undefined ? [key] : [],
    health:
      failureCount === undefined
        ? []
        : [{ endpointKey, failureCount, lastFailedAt: clock.now(), lastFailureStatus: status }],
    disabled: [],
    events: [],
  });
}
