import { describe, expect, test } from "vitest";
import type { Lease } from "../../../../runtime/seams/log-store.ts";
import type { OpenedStore } from "../../../../runtime/store/open-store.ts";
import {
  attempt,
  claimOf,
  createEndpoint,
  leaseOf,
  newEvents,
  settlement,
  settleOne,
  use,
  type OpenHarness,
} from "./harness.ts";

const need = "contract:harbor";

/** A delivery that waits for a contract, written by the owner of its shard, who lacks it. */
async function prepare(store: OpenedStore) {
  const endpoint = await createEndpoint(store);
  const lease = await leaseOf(store, "one");
  await store.log.append(newEvents(2));
  const key = (position: number) => ({ endpointKey: endpoint.key, position, run: 0 });
  const pending = [
    { ...key(3), attemptCount: 0, dueAt: 5, need },
    { ...key(4), attemptCount: 0, dueAt: 6 },
  ];
  await settleOne(store, settlement(lease, { pending }));
  return { endpoint, lease, key };
}

async function leaseOfNeed(store: OpenedStore, serves: (given: string) => boolean): Promise<Lease | undefined> {
  const { shards } = await store.log.lease({ owner: "one", leaseMs: 60_000, takes: "share", serves });
  return shards.find((lease) => lease.need !== null);
}

export function describeNeeds(open: OpenHarness): void {
  describe("a delivery that waits for what its shard's owner lacks", () => {
    test("is due to nobody but the owner of the shard of that need", async () => {
      const { store } = await use(open);
      const { endpoint, lease, key } = await prepare(store);
      expect((await store.log.due(claimOf(lease, 10))).map(({ position }) => position)).toEqual([4]);
      expect(await leaseOfNeed(store, () => false)).toBeUndefined();
      const aside = await leaseOfNeed(store, (given) => given === need);
      expect(aside).toMatchObject({ owner: "one", need, diversions: [] });
      if (aside === undefined) return;
      expect(await store.log.nextDueAt({ shards: [aside.shard], except: [] })).toBe(5);
      const found = await store.log.due(claimOf(aside, 10));
      expect(found).toMatchObject([{ ...key(3), shard: aside.shard, attemptCount: 0, event: { position: 3 } }]);
      const delivery = await store.deliveries.list({ endpointKey: endpoint.key, before: null, limit: 9 });
      expect(delivery.map((each) => [each.position, each.need])).toEqual([
        [4, null],
        [3, need],
      ]);
    });

    test("stays with that shard while it is tried again, until it ends", async () => {
      const { store } = await use(open);
      const { lease, key } = await prepare(store);
      const aside = await leaseOfNeed(store, () => true);
      if (aside === undefined) return expect.unreachable();
      await settleOne(store, settlement(aside, { pending: [{ ...key(3), attemptCount: 1, dueAt: 7 }] }));
      expect((await store.log.due(claimOf(lease, 10))).map(({ position }) => position)).toEqual([4]);
      expect(await store.log.due(claimOf(aside, 10))).toMatchObject([{ position: 3, attemptCount: 1 }]);
      await settleOne(store, settlement(aside, { finished: [key(3)] }));
      expect(await store.log.due(claimOf(aside, 10))).toEqual([]);
      expect(await store.log.unserved({ countMax: 10 })).toEqual([]);
    });

    test("does not come back once it was attempted, when what made it wait is written again", async () => {
      const { store } = await use(open);
      const { lease, key } = await prepare(store);
      const aside = await leaseOfNeed(store, () => true);
      if (aside === undefined) return expect.unreachable();
      await settleOne(store, settlement(aside, { attempts: [attempt(key(3))], finished: [key(3)] }));
      await settleOne(store, settlement(lease, { pending: [{ ...key(3), attemptCount: 0, dueAt: 5, need }] }));
      expect(await store.log.due(claimOf(aside, 10))).toEqual([]);
      expect(await store.log.unserved({ countMax: 10 })).toEqual([]);
    });

    test("is counted by its need, and whether a process works it", async () => {
      const { store } = await use(open);
      await prepare(store);
      expect(await store.log.unserved({ countMax: 10 })).toEqual([{ need, count: 1, isServed: false }]);
      await leaseOfNeed(store, () => true);
      expect(await store.log.unserved({ countMax: 10 })).toEqual([{ need, count: 1, isServed: true }]);
    });

    test("comes back to its endpoint's shard when the endpoint changes", async () => {
      const { store } = await use(open);
      const { endpoint, lease } = await prepare(store);
      await store.endpoints.update(
        { tenant: endpoint.tenant, id: endpoint.id, at: 9 },
        { url: "https://b.example" },
        () => [newEvents(1)[0]!],
      );
      expect((await store.log.due(claimOf(lease, 10))).map(({ position }) => position)).toEqual([3, 4]);
    });
  });
}
