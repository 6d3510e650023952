import { describe, expect, test } from "vitest";
import { plainOptions } from "../../../../runtime/endpoints/settings.ts";
import type { OpenedStore } from "../../../../runtime/store/open-store.ts";
import type { Endpoint } from "../../../../runtime/seams/log-store.ts";
import type { SubscribedEndpoint } from "../../../../runtime/seams/store.ts";
import {
  attempt,
  claimOf,
  createEndpoint,
  fact,
  leaseOf,
  logRows,
  newEvents,
  readPage,
  settlement,
  settleOne,
  use,
  type OpenHarness,
} from "./harness.ts";

const of = { tenant: "org_1", id: "sub_1" };
const subscription = { subscriber: "user_7", expiresAt: 5000, provenAt: 900 };
const made: SubscribedEndpoint = {
  contract: "stech",
  url: "https://example.com/hook",
  events: ["a.b"],
  filter: "data.a = 1",
  declaration: null,
  sealedSecret: "sealed",
  previousSecret: null,
  subscription,
};

async function subscribe(store: OpenedStore, over: Partial<SubscribedEndpoint> = {}, at = 1000, id = of.id) {
  return store.subscribers.subscribe(
    { ...of, id, at },
    () => ({ ...made, ...over }),
    () => [fact()],
  );
}

const remove = (store: OpenedStore, at: number) => store.subscribers.removeExpired({ ...of, at }, () => [fact()]);

export function describeSubscribers(open: OpenHarness): void {
  describe("subscribers", () => {
    test("one that is new is an endpoint like the others, with an end, and has its facts", async () => {
      const { store } = await use(open);
      const created = fact();
      const { before, after } = await store.subscribers.subscribe(
        { ...of, at: 1000 },
        () => made,
        () => [created],
      );
      const { key } = after;
      expect(before).toBeNull();
      expect(after).toEqual({
        ...{ ...plainOptions, ...made, ...of, key, enabled: true, description: null, publicKey: null },
        ...{ failureCount: 0, lastFailedAt: null, lastFailureStatus: null },
        subscription: { ...subscription, factId: created.id },
        ...{ createdAt: 1000, updatedAt: 1000, deletedAt: null },
      });
      expect(await store.endpoints.list({ tenant: "org_1", contract: "stech" })).toEqual([after]);
      expect(await logRows(store)).toEqual([{ position: 1, id: created.id }]);
    });

    test("one that is there is written over and enabled, and keeps its number and its owner's options", async () => {
      const { store } = await use(open);
      const first = (await subscribe(store)).after;
      await store.endpoints.update({ ...of, at: 1100 }, { enabled: false, paused: true }, () => [fact()]);
      const previousSecret = { sealed: "sealed", expiresAt: 1500 };
      const later = { sealedSecret: "other", previousSecret, subscription: { ...subscription, expiresAt: 9000 } };
      const { before, after } = await subscribe(store, later, 1200);
      expect(before).toMatchObject({ key: first.key, enabled: false });
      const kept = { ...later.subscription, factId: first.subscription?.factId };
      expect(after).toEqual({ ...first, ...later, subscription: kept, paused: true, updatedAt: 1200 });
    });

    test("one that was deleted begins anew under the same number", async () => {
      const { store } = await use(open);
      const first = (await subscribe(store)).after;
      await store.endpoints.update({ ...of, at: 1100 }, { paused: true, metadata: { a: "b" } }, () => [fact()]);
      await store.endpoints.remove({ ...of, at: 2000 }, () => [fact()]);
      const { before, after } = await subscribe(store, {}, 3000);
      expect(before).toBeNull();
      const anew = { ...subscription, factId: after.subscription?.factId };
      expect(after).toEqual({ ...first, subscription: anew, createdAt: 3000, updatedAt: 3000 });
      expect(anew.factId).not.toBe(first.subscription?.factId);
    });

    test("of two at the same time one is first, and the other sees it", async () => {
      const { store } = await use(open);
      const seen: (Endpoint | null)[] = [];
      const counts: number[] = [];
      const both = ["sub_1", "sub_1"].map((id) =>
        store.subscribers.subscribe(
          { ...of, id, at: 1000 },
          (before, { subscriptionCount }) => {
            seen.push(before);
            counts.push(subscriptionCount);
            return made;
          },
          () => [fact()],
        ),
      );
      await Promise.all(both);
      expect(seen.map((each) => each?.id ?? null)).toEqual([null, "sub_1"]);
      expect(counts).toEqual([0, 1]);
    });

    test("what is refused writes nothing; endpoints of owners, of others and deleted ones are not counted", async () => {
      const { store } = await use(open);
      await createEndpoint(store);
      await subscribe(store);
      await subscribe(store, {}, 1000, "sub_2");
      await store.endpoints.remove({ ...of, at: 2000 }, () => [fact()]);
      const rows = await logRows(store);
      let count = 0;
      const refused = store.subscribers.subscribe(
        { ...of, id: "sub_3", at: 2000 },
        (_before, { subscriptionCount }) => {
          count = subscriptionCount;
          throw new Error("refused");
        },
        () => [fact()],
      );
      await expect(refused).rejects.toThrow("refused");
      expect(count).toBe(1);
      expect(await logRows(store)).toEqual(rows);
      expect(await store.endpoints.get({ ...of, id: "sub_3" })).toBeNull();
    });

    test("a URL was proven by the same subscriber of the same tenant, last by the latest of its subscriptions", async () => {
      const { store } = await use(open);
      const { url } = made;
      const proven = (over: object = {}) =>
        store.subscribers.provenAt({ tenant: "org_1", subscriber: "user_7", url, ...over });
      expect(await proven()).toBeNull();
      await subscribe(store);
      await subscribe(store, { subscription: { ...subscription, provenAt: 700 } }, 1000, "sub_2");
      expect(await proven()).toBe(900);
      for (const other of [{ tenant: "org_2" }, { subscriber: "user_8" }, { url: `${url}/2` }])
        expect(await proven(other)).toBeNull();
      await store.endpoints.remove({ ...of, at: 2000 }, () => [fact()]);
      expect(await proven()).toBe(700);
    });

    test("those that have ended are found and removed, unless they were renewed meanwhile", async () => {
      const { store } = await use(open);
      await createEndpoint(store);
      await subscribe(store, { subscription: { ...subscription, expiresAt: 4000 } }, 1000, "sub_2");
      await subscribe(store);
      const found = async (now: number) => (await store.subscribers.expired({ now, limit: 10 })).map(({ id }) => id);
      expect(await found(3999)).toEqual([]);
      expect(await found(5000)).toEqual(["sub_2", "sub_1"]);
      expect(await store.subscribers.expired({ now: 5000, limit: 1 })).toHaveLength(1);
      expect(await remove(store, 4999)).toBe(false);
      await subscribe(store, { subscription: { ...subscription, expiresAt: 6000 } }, 4999);
      expect(await remove(store, 5000)).toBe(false);
      expect(await remove(store, 6000)).toBe(true);
      expect(await remove(store, 6000)).toBe(false);
      expect(await store.endpoints.get(of)).toBeNull();
    });

    test("events that came before it become due, but for those that wait or were attempted, and once", async () => {
      const { store } = await use(open);
      const lease = await leaseOf(store, "a");
      await store.log.append(newEvents(4));
      await readPage(store, { shard: lease.shard, after: 0, limit: 100 });
      const { key } = (await subscribe(store)).after;
      const of = (position: number) => ({ endpointKey: key, position, run: 0 });
      const waiting = { ...of(3), attemptCount: 2, dueAt: 90_000 };
      const attempts = [attempt(of(2), { result: "delivered" })];
      await settleOne(store, settlement(lease, { cursor: 5, attempts, pending: [waiting] }));
      for (let times = 0; times < 2; times += 1)
        await store.subscribers.replay({ tenant: "org_1", endpointKey: key, positions: [2, 3, 4, 5], at: 1000 });
      const due = await store.log.due(claimOf(lease, 100_000));
      expect(due.map(({ position, attemptCount, dueAt }) => [position, attemptCount, dueAt])).toEqual([
        [4, 0, 1000],
        [5, 0, 1000],
        [3, 2, 90_000],
      ]);
      expect(await store.log.nextDueAt({ shards: [lease.shard], except: [] })).toBe(1000);
      await store.endpoints.remove({ tenant: "org_1", id: "sub_1", at: 2000 }, () => [fact()]);
      await store.subscribers.replay({ tenant: "org_1", endpointKey: key, positions: [4], at: 3000 });
      expect(await store.counts.pending(10)).toBe(0);
    });

    test("everything is settled up to the shard's cursor, or to the first that waits, or to the tenant's own cursor", async () => {
      const { store } = await use(open);
      const { key } = (await subscribe(store)).after;
      const other = await createEndpoint(store);
      await store.log.append(newEvents(6));
      const lease = await leaseOf(store, "a");
      await readPage(store, { shard: lease.shard, after: 0, limit: 100 });
      const settledUpTo = () => store.subscribers.settledUpTo({ tenant: "org_1", endpointKey: key });
      expect(await settledUpTo()).toBe(0);
      const pending = (endpointKey: number, position: number, run = 0) => ({
        ...{ endpointKey, position, run, attemptCount: 1, dueAt: 10 },
      });
      const waiting = [pending(key, 5), pending(key, 4, 1), pending(other.key, 3)];
      await settleOne(store, settlement(lease, { cursor: 7, pending: waiting }));
      expect(await settledUpTo()).toBe(4);
      await settleOne(store, settlement(lease, { cursor: 8, finished: [{ endpointKey: key, position: 5, run: 0 }] }));
      expect(await settledUpTo()).toBe(8);
      await settleOne(store, settlement(lease, { diverted: [{ tenant: "org_1", cursor: 6 }] }));
      expect(await settledUpTo()).toBe(6);
    });
  });
}
