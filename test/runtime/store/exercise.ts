import { everyDelivery, undelivered } from "../../../runtime/endpoints/delivery-filter.ts";
import type { OpenedStore } from "../../../runtime/store/open-store.ts";
import type { PrunePlace } from "../../../runtime/seams/store.ts";
import {
  attempt,
  claimOf,
  createEndpoint,
  fact,
  leaseOf,
  newEvent,
  settlement,
  settleOne,
  readPage,
  told,
} from "./suite/harness.ts";

/** Calls each method of the seam once. */
export async function exercise(store: OpenedStore): Promise<void> {
  const endpoint = await createEndpoint(store);
  const lease = await leaseOf(store, "one");
  const event = newEvent({ idempotencyKey: "key" });
  await store.log.append([event, { ...event, id: "evt_repeat" }]);
  const key = { endpointKey: endpoint.key, position: 3, run: 0 };
  const { sequencer } = await store.log.lease({ owner: "one", leaseMs: 60_000, takes: "share" });
  if (sequencer !== null) await store.log.sequence(sequencer, 1000);
  await store.log.ends([lease.shard]);
  await readPage(store, { shard: lease.shard, after: 0, limit: 10 });
  await store.log.facts({ tenants: ["org_1"], upTo: 9 });
  await store.log.endpointsOf(["org_1"]);
  await settleOne(
    store,
    settlement(lease, {
      cursor: 3,
      attempts: [attempt(key)],
      pending: [{ ...key, attemptCount: 1, dueAt: 50 }],
      finished: [key],
      health: [{ endpointKey: endpoint.key, failureCount: 1, lastFailedAt: 1, lastFailureStatus: 500 }],
      disabled: [{ endpointKey: endpoint.key, at: 7, events: [fact()] }],
    }),
  );
  await store.log.due({ ...claimOf(lease, 50), except: [endpoint.key] });
  await store.log.nextDueAt({ shards: [lease.shard], except: [endpoint.key] });
  await store.log.release({ owner: "two", shards: [lease.shard] });
  await exerciseOwners(store, { ...endpoint, eventId: event.id });
  await exerciseProcesses(store);
}

async function exerciseProcesses({ actions, counts, log, processes }: OpenedStore): Promise<void> {
  await counts.waiting({ now: 60, max: 100 });
  await counts.endpoints({ max: 100 });
  await counts.pending(100);
  await log.unserved({ countMax: 100 });
  await processes.seen({ id: "one", host: "web-1", pid: 1, keyIds: ["one"] });
  await processes.leave("one");
  await actions.share([{ tenant: "org_1", id: "act_1", secretHash: "hash", sharedSecret: "sealed" }]);
  await actions.unshare();
}

async function exerciseOwners(store: OpenedStore, of: { key: number; id: string; eventId: string }): Promise<void> {
  const events = { tenant: "org_1", contract: "stech", after: 0, limit: 10 };
  await store.deliveries.redeliver({ endpointKey: of.key, eventId: of.eventId, at: 60 }, told);
  await store.deliveries.list({ endpointKey: of.key, before: null, limit: 10 });
  await store.deliveries.get({ endpointKey: of.key, eventId: of.eventId, run: 0 });
  await exerciseLooks(store);
  await exerciseRedeliveries(store, { endpointKey: of.key, endpointId: of.id });
  await store.events.list({ ...events, types: null });
  await store.events.list({ ...events, types: ["a"] });
  await store.endpoints.list({ tenant: "org_1", contract: "stech" });
  await store.endpoints.get({ tenant: "org_1", id: of.id });
  await store.endpoints.update({ tenant: "org_1", id: of.id, at: 7 }, { enabled: true }, () => [fact()]);
  await store.endpoints.remove({ tenant: "org_1", id: of.id, at: 8 }, () => [fact()]);
  await exerciseFeeds(store, of.eventId);
  await prune(store);
  await store.apiKeys.findByHashes(["hash"]);
  await store.apiKeys.list({ tenant: "org_1" });
  await store.apiKeys.remove({ tenant: "org_1", id: "key_1" }, [fact()]);
  await store.apiKeys.noteUse({ id: "key_1", at: 9, unlessAfter: 1 });
  const token = { id: "portal_1", tenant: "org_1", scope: "read", hash: "hash", expiresAt: 9 } as const;
  await store.portalTokens.create(token, { now: 8, facts: [fact()] });
  await store.portalTokens.findByHashes(["hash"]);
}

/** Over many endpoints, and over all tenants. */
export async function exerciseLooks(store: OpenedStore): Promise<void> {
  const filter = { ...everyDelivery, types: ["a"], from: 1, until: 2 };
  for (const tenant of ["org_1", null]) {
    const look = { tenant, before: Number.MAX_SAFE_INTEGER, looksMax: 1600 };
    for (const states of [null, ["pending"], ["delivered"], undelivered.states] as const)
      await store.deliveryLog.page({ ...look, filter: { ...filter, states }, text: "a", limit: 50 });
    await store.deliveryLog.counts({ ...look, looksMax: 4000, since: 0, pieceMs: 60_000 });
  }
  for (const states of [["pending"], undelivered.states] as const)
    await store.deliveries.list({ endpointKey: 1, before: null, filter: { ...everyDelivery, states }, limit: 10 });
  await store.operator.endpointCounts(1000);
  const endpoints = { beforeKey: Number.MAX_SAFE_INTEGER, looksMax: 2000, limit: 50 };
  await store.operator.endpoints({ ...endpoints, condition: "failing", text: "acme" });
  await store.operator.tenants({ after: "", limit: 50 });
}

async function exerciseRedeliveries(
  store: OpenedStore,
  of: { endpointKey: number; endpointId: string },
): Promise<void> {
  const lease = await leaseOf(store, "one");
  const filter = { ...undelivered, types: ["a"], from: 1, until: 2 };
  const given = { id: "rdl_1", endpointKey: of.endpointKey, filter, ratePerSecond: 5, createdAt: 60 };
  const { redeliveries } = store;
  const begun = await redeliveries.create(given, [fact()]);
  const { key } = begun;
  await redeliveries.list({ tenant: "org_1", endpointId: of.endpointId, before: 9, limit: 10 });
  await redeliveries.get({ tenant: "org_1", endpointId: of.endpointId, id: "rdl_1" });
  await redeliveries.due({ shards: [lease.shard], now: 60, limit: 9, except: [key] });
  for (let count = 0; count < 2; count += 1) await redeliveries.step({ lease, key, at: 60 });
  const again = { ...given, id: "rdl_2", filter: everyDelivery };
  const { key: second } = await redeliveries.create(again, [fact()]);
  for (let count = 0; count < 2; count += 1) await redeliveries.step({ lease, key: second, at: 60 });
  const made = { endpointKey: of.endpointKey, position: 3, run: 1 };
  await settleOne(store, settlement(lease, { attempts: [attempt(made)], finished: [made] }));
  await redeliveries.cancel(begun, 60, [fact()]);
}

async function exerciseFeeds({ feeds }: OpenedStore, id: string): Promise<void> {
  const range = { tenant: "org_1", contract: "stech", after: 0, upTo: 9, limit: 10 };
  const consumer = { tenant: "org_1", name: "billing" };
  await feeds.event({ tenant: "org_1", id });
  await feeds.read({ ...range, types: ["a"], from: 1, until: 2 });
  await feeds.read({ ...range, types: null, from: null, until: null });
  await feeds.end();
  await feeds.firstSince({ tenant: "org_1", contract: "stech", time: 1 });
  await feeds.createConsumer({ ...consumer, contract: "stech", position: 0, createdAt: 1, updatedAt: 1 }, told());
  await feeds.listConsumers(consumer);
  await feeds.getConsumer(consumer);
  await feeds.commitConsumer({ ...consumer, position: 1, at: 2 });
  await feeds.moveConsumer({ ...consumer, position: 0, at: 2 }, told);
  await feeds.removeConsumer(consumer, told);
}

/** A step over each shard: one that counts, and one that drops. */
async function prune(store: OpenedStore): Promise<void> {
  const step = { before: Number.MAX_SAFE_INTEGER, limit: 1000, endpointOf: () => null };
  for (const does of ["count", "drop"] as const) {
    for (let from: PrunePlace | null = { shard: 0, after: 0 }; from !== null;) {
      const { next }: { next: PrunePlace | null } = await store.retention.prune({ ...step, does, from });
      from = next;
    }
  }
}
