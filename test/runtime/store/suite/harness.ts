import { onTestFinished } from "vitest";
import { executorOf } from "../../../../runtime/store/executor.ts";
import { HookwrightError } from "../../../../runtime/errors.ts";
import { withCheckedAnswers } from "../answer-types.ts";
import type { OpenedStore } from "../../../../runtime/store/open-store.ts";
import type {
  Attempt,
  DeliveryKey,
  Endpoint,
  Events,
  Lease,
  NewEvent,
  PageRequest,
  Settled,
  Settlement,
  StoredEvent,
} from "../../../../runtime/seams/log-store.ts";

/** A database of its own for one test. */
export interface StoreHarness {
  /** Its methods see what was committed before they are called, as if a sequencer had been through. */
  readonly store: OpenedStore;
  /** The same database over another connection, as another process would open it. */
  readonly openAnother: () => Promise<OpenedStore>;
  /** How many more statements an append takes when a key had been used. */
  readonly statementsOfRepeat: 0 | 1;
  /** Closes all of them and removes the database. */
  readonly dispose: () => Promise<void>;
}

export type OpenHarness = () => Promise<StoreHarness>;

/** Opens it for the test that runs. */
export async function use(open: OpenHarness): Promise<StoreHarness> {
  const harness = await open();
  onTestFinished(harness.dispose);
  const openAnother = async () => withCheckedAnswers(await harness.openAnother());
  return { ...harness, store: withCheckedAnswers(harness.store), openAnother };
}

let counter = 0;
const nextNumber = (): number => (counter += 1);

export function newEvent(over: Partial<NewEvent> = {}): NewEvent {
  const number = nextNumber();
  return {
    id: `evt_${number}`,
    contract: "stech",
    type: "deployment.created",
    tenant: "org_1",
    time: 1_700_000_000_000 + number,
    body: `{"number":${number}}`,
    idempotencyKey: null,
    trace: null,
    ...over,
  };
}

export const newEvents = (count: number, over: Partial<NewEvent> = {}): NewEvent[] =>
  Array.from({ length: count }, () => newEvent(over));

export const fact = (over: Partial<NewEvent> = {}): NewEvent =>
  newEvent({ contract: "hookwright", type: "endpoint.updated", ...over });

/** The event that says of a change what it was, where a test is about something else. */
export const told = (): Events => [fact()];

export function newEndpoint(over: Partial<Endpoint> = {}) {
  return {
    id: `whe_${nextNumber()}`,
    contract: "stech",
    tenant: "org_1",
    sealedSecret: "sealed",
    previousSecret: null,
    createdAt: 1000,
    url: "https://example.com/hook",
    description: null,
    events: ["*"],
    enabled: true,
    ...over,
  };
}

export const createEndpoint = (store: OpenedStore, over: Partial<Endpoint> = {}): Promise<Endpoint> =>
  store.endpoints.create(newEndpoint(over), [fact(over.tenant === undefined ? {} : { tenant: over.tenant })]);

/** The lease of the shard that a tenant's events are in. */
export async function leaseOf(store: OpenedStore, owner: string, tenant = "org_1"): Promise<Lease> {
  const event = newEvent({ tenant });
  await store.log.append([event]);
  const { shard } = await store.database
    .selectFrom("hookwright_events")
    .select("shard")
    .where("id", "=", event.id)
    .executeTakeFirstOrThrow();
  const lease = (await leasesOf(store, owner)).find((each) => each.shard === shard);
  if (lease === undefined) throw new Error(`no lease for shard ${shard}`);
  return lease;
}

/** What an owner gets who asks for the first time, or renews. */
export async function leasesOf(store: OpenedStore, owner: string): Promise<readonly Lease[]> {
  return (await store.log.lease({ owner, leaseMs: 60_000, takes: "share" })).shards;
}

/** Gives all that one owner has to another, as when the one stops and the other starts. */
export async function handOver(store: OpenedStore, from: string, to: string): Promise<readonly Lease[]> {
  await store.log.release({ owner: from, shards: "all" });
  return leasesOf(store, to);
}

export const settlement = (lease: Lease, over: Partial<Settlement> = {}): Settlement => ({
  lease,
  cursor: null,
  diverted: [],
  rejoined: [],
  attempts: [],
  pending: [],
  finished: [],
  health: [],
  disabled: [],
  events: [],
  ...over,
});

export const attempt = (key: DeliveryKey, over: Partial<Attempt> = {}): Attempt => ({
  ...key,
  number: 1,
  startedAt: 5000,
  durationMs: 12,
  result: "delivered",
  status: 200,
  error: null,
  responseBody: null,
  ownHeaders: null,
  responseHeaders: null,
  ...over,
});

/** Writes a settlement by itself; a lost lease is an error here. */
export async function settleOne(store: Pick<OpenedStore, "log">, given: Settlement): Promise<Settled> {
  const settled = await store.log.settle([given]);
  if (settled.lost.length > 0) throw new HookwrightError("lease_lost", `Shard ${given.lease.shard} is lost.`);
  return settled;
}

/** Reads a page of one shard. */
export async function readPage(store: Pick<OpenedStore, "log">, page: PageRequest): Promise<readonly StoredEvent[]> {
  const [events = []] = await store.log.read([page]);
  return events;
}

export const claimOf = (lease: Lease, now: number) => ({
  shards: [lease.shard],
  now,
  endpointsMax: 100,
  perEndpointMax: 5,
  except: [],
});

/** Positions and ids of all that is in the log. */
export async function logRows(store: OpenedStore) {
  // A read of the seam, before which the harness lets the log catch up.
  await store.log.facts({ tenants: [], upTo: 0 });
  return store.database.selectFrom("hookwright_log").select(["position", "id"]).orderBy("position").execute();
}

/** An executor on a transaction that keeps the statements it was given. */
export function recordingExecutor(transaction: Parameters<typeof executorOf>[0]) {
  const statements: string[] = [];
  const executor = executorOf(transaction);
  return {
    statements,
    query: (sql: string, parameters: readonly unknown[]) => {
      statements.push(sql);
      return executor.query(sql, parameters);
    },
  };
}
