import { describe, expect, test } from "vitest";
import type { OpenedStore } from "../../../../runtime/store/open-store.ts";
import type { Settlement } from "../../../../runtime/seams/log-store.ts";
import {
  attempt,
  claimOf,
  createEndpoint,
  fact,
  handOver,
  leaseOf,
  leasesOf,
  logRows,
  newEvent,
  newEvents,
  settlement,
  use,
  settleOne,
  readPage,
} from "./harness.ts";
import type { OpenHarness } from "./harness.ts";

/** Every row that a settle may write. */
async function snapshot({ database }: OpenedStore) {
  return {
    shards: await database.selectFrom("hookwright_shards").selectAll().execute(),
    endpoints: await database.selectFrom("hookwright_endpoints").selectAll().execute(),
    attempts: await database.selectFrom("hookwright_attempts").selectAll().execute(),
    diversions: await database.selectFrom("hookwright_diversions").selectAll().execute(),
    pending: await database.selectFrom("hookwright_pending").selectAll().execute(),
    backlog: await database.selectFrom("hookwright_backlog").selectAll().execute(),
    events: await database.selectFrom("hookwright_events").selectAll().execute(),
  };
}

/** A shard with a delivery that waits, and a settlement that touches every kind of row. */
async function prepare(store: OpenedStore) {
  const endpoint = await createEndpoint(store);
  const lease = await leaseOf(store, "one");
  await store.log.append(newEvents(5));
  const key = (position: number) => ({ endpointKey: endpoint.key, position, run: 0 });
  await settleOne(store, settlement(lease, { cursor: 2, pending: [{ ...key(1), attemptCount: 1, dueAt: 100 }] }));
  const companion = newEvent({ type: "endpoint.told" });
  const everything: Settlement = settlement(lease, {
    cursor: 4,
    diverted: [{ tenant: "org_1", cursor: 4 }],
    attempts: [attempt(key(1), { number: 2 }), attempt(key(3), { result: "retry", status: 503 })],
    pending: [{ ...key(3), attemptCount: 1, dueAt: 200 }],
    finished: [key(1)],
    health: [{ endpointKey: endpoint.key, failureCount: 50, lastFailedAt: 5000, lastFailureStatus: 503 }],
    events: [newEvent({ type: "delivery.rejected", idempotencyKey: "delivery.rejected dlv_1" })],
    disabled: [{ endpointKey: endpoint.key, at: 6000, events: [fact({ type: "endpoint.disabled" }), companion] }],
  });
  return { endpoint, lease, key, everything };
}

export function describeSettle(open: OpenHarness): void {
  describe("lease", () => {
    test("tells who is diverted and how far, until they rejoin", async () => {
      const { store } = await use(open);
      const lease = await leaseOf(store, "one");
      await settleOne(store, settlement(lease, { cursor: 9, diverted: [{ tenant: "org_1", cursor: 3 }] }));
      const two = [
        { tenant: "org_1", cursor: 5 },
        { tenant: "org_9", cursor: 7 },
      ];
      await settleOne(store, settlement(lease, { diverted: two }));
      const next = (await handOver(store, "one", "two")).find(({ shard }) => shard === lease.shard);
      expect(next?.cursor).toBe(9);
      expect(next?.diversions).toMatchObject(two);
      if (next === undefined) return;
      await settleOne(store, settlement(next, { rejoined: ["org_1"] }));
      const last = await leasesOf(store, "two");
      expect(last.flatMap(({ diversions }) => diversions)).toMatchObject([{ tenant: "org_9", cursor: 7 }]);
    });

    test("takes every shard that is free, each with the cursor it was settled up to", async () => {
      const { store } = await use(open);
      const first = await leasesOf(store, "one");
      expect(first.map(({ shard }) => shard)).toEqual(first.map((_, index) => index));
      expect(first.every(({ cursor, owner, isSurplus }) => cursor === 0 && owner === "one" && !isSurplus)).toBe(true);
      for (const lease of first) await settleOne(store, settlement(lease, { cursor: 7 }));
      const second = await handOver(store, "one", "two");
      expect(second).toEqual(first.map((lease) => ({ ...lease, owner: "two", epoch: lease.epoch + 1, cursor: 7 })));
    });

    test("is renewed by who holds it: the same epoch, and what it settled", async () => {
      const { store } = await use(open);
      const first = await leasesOf(store, "one");
      for (const lease of first) await settleOne(store, settlement(lease, { cursor: 7 }));
      expect(await leasesOf(store, "one")).toEqual(first.map((lease) => ({ ...lease, cursor: 7 })));
      for (const lease of first) await settleOne(store, settlement(lease, { cursor: 8 }));
    });

    test("of one that is about to stop takes nothing new and keeps what it has", async () => {
      const { store } = await use(open);
      const stopping = (owner: string) => store.log.lease({ owner, leaseMs: 60_000, takes: "nothing" });
      expect(await stopping("one")).toMatchObject({ shards: [], sequencer: null });
      const held = await leasesOf(store, "one");
      expect((await stopping("one")).shards).toEqual(held);
    });

    test("is given back by shard", async () => {
      const { store } = await use(open);
      const held = await leasesOf(store, "one");
      await store.log.release({ owner: "two", shards: [0] });
      await settleOne(store, settlement(held[0]!));
      await store.log.release({ owner: "one", shards: [0] });
      await expect(settleOne(store, settlement(held[0]!))).rejects.toMatchObject({ code: "lease_lost" });
      for (const lease of held.slice(1)) await settleOne(store, settlement(lease));
    });

    test("who held a shard before settles nothing any more", async () => {
      const { store, openAnother } = await use(open);
      const { everything } = await prepare(store);
      const other = await openAnother();
      await handOver(other, "one", "two");
      const before = await snapshot(store);
      await expect(settleOne(store, everything)).rejects.toMatchObject({ code: "lease_lost" });
      expect(await snapshot(store)).toEqual(before);
    });

    test("the same owner's earlier lease is fenced as well", async () => {
      const { store } = await use(open);
      const [earlier] = await leasesOf(store, "one");
      const [later] = await handOver(store, "one", "one");
      if (earlier === undefined || later === undefined) throw new Error("no shard");
      await expect(settleOne(store, settlement(earlier))).rejects.toMatchObject({ code: "lease_lost" });
      await settleOne(store, settlement(later));
    });

    test("the same epoch of another owner is fenced as well", async () => {
      const { store } = await use(open);
      const lease = await leaseOf(store, "one");
      const stranger = settlement({ ...lease, owner: "two" }, { cursor: 9 });
      await expect(settleOne(store, stranger)).rejects.toMatchObject({ code: "lease_lost" });
    });
  });

  describe("settle", () => {
    test("writes attempts, pending, finished, health, cursor and the disabling together", async () => {
      const { store } = await use(open);
      const { endpoint, key, everything } = await prepare(store);
      await settleOne(store, everything);
      expect(await store.endpoints.get(endpoint)).toEqual({
        ...endpoint,
        enabled: false,
        failureCount: 50,
        lastFailedAt: 5000,
        lastFailureStatus: 503,
        updatedAt: 6000,
      });
      const deliveries = await store.deliveries.list({ endpointKey: endpoint.key, before: null, limit: 10 });
      expect(deliveries.map(({ position, dueAt, attempts }) => ({ position, dueAt, attempts }))).toEqual([
        { position: 3, dueAt: 200, attempts: [attempt(key(3), { result: "retry", status: 503 })] },
        { position: 1, dueAt: null, attempts: [attempt(key(1), { number: 2 })] },
      ]);
      const appended = await readPage(store, { shard: everything.lease.shard, after: 0, limit: 99 });
      const types = ["endpoint.disabled", "endpoint.told", "delivery.rejected"];
      expect(appended.slice(-3).map(({ type }) => type)).toEqual(types);
      expect((await handOver(store, "one", "two")).find(({ shard }) => shard === everything.lease.shard)?.cursor).toBe(
        4,
      );
    });

    test("keeps an attempt as it was", async () => {
      const { store } = await use(open);
      const { lease, key, endpoint } = await prepare(store);
      const part = new Uint8Array([9, 0, 255, 10, 9]).subarray(1, 4);
      const kept = {
        fields: [
          ["date", "Thu, 01 Jan 1970 00:00:06 GMT"],
          ["x-own", "Köln\u0000"],
        ],
        isCut: false,
      } as const;
      const attempts = [
        attempt(key(2), { result: "retry", status: null, error: "timeout" }),
        attempt(key(2), { number: 2, result: "rejected", status: 410, responseBody: part }),
        attempt(key(2), { number: 3, result: "exhausted", responseBody: new Uint8Array() }),
        attempt(key(2), { number: 4, responseHeaders: kept, ownHeaders: { ...kept, isCut: true } }),
      ];
      await settleOne(store, settlement(lease, { attempts }));
      const [delivery] = await store.deliveries.list({ endpointKey: endpoint.key, before: key(3), limit: 1 });
      expect(delivery?.attempts).toEqual(attempts);
    });

    test("changes nothing the second time: the answer to the first may have got lost", async () => {
      const { store } = await use(open);
      const { everything } = await prepare(store);
      await settleOne(store, everything);
      const before = await snapshot(store);
      await settleOne(store, everything);
      expect(await snapshot(store)).toEqual(before);
    });

    test("an endpoint that was enabled again before the second time stays so", async () => {
      const { store } = await use(open);
      const { endpoint, everything } = await prepare(store);
      await settleOne(store, everything);
      await store.endpoints.update({ tenant: endpoint.tenant, id: endpoint.id, at: 7000 }, { enabled: true }, () => [
        fact(),
      ]);
      const before = await snapshot(store);
      await settleOne(store, everything);
      expect(await snapshot(store)).toEqual(before);
    });

    test("moves the cursor forward only", async () => {
      const { store } = await use(open);
      const { lease } = await prepare(store);
      for (const cursor of [4, 3, null, 0]) await settleOne(store, settlement(lease, { cursor }));
      expect((await handOver(store, "one", "two")).find(({ shard }) => shard === lease.shard)?.cursor).toBe(4);
    });

    test("goes on waiting: the later count and time replace the earlier ones", async () => {
      const { store } = await use(open);
      const { lease, key } = await prepare(store);
      await settleOne(store, settlement(lease, { pending: [{ ...key(1), attemptCount: 2, dueAt: 900 }] }));
      expect(await store.log.due(claimOf(lease, 899))).toEqual([]);
      expect(await store.log.due(claimOf(lease, 900))).toMatchObject([{ ...key(1), attemptCount: 2, dueAt: 900 }]);
    });

    test.each([
      ["a result that is none", '"retry"', '"perhaps"'],
      ["an event without a type", '"endpoint.disabled"', "null"],
    ])("writes nothing when one row is bad: %s", async (_, good, bad) => {
      const { store } = await use(open);
      const { everything } = await prepare(store);
      const before = await snapshot(store);
      const spoilt: Settlement = JSON.parse(JSON.stringify(everything).replace(good, bad));
      await expect(settleOne(store, spoilt)).rejects.toThrow();
      expect(await snapshot(store)).toEqual(before);
      expect((await settleOne(store, everything)).disabled).toHaveLength(1);
    });

    test("drops what is to wait for an endpoint that was deleted meanwhile, and keeps its attempts", async () => {
      const { store } = await use(open);
      const { endpoint, everything } = await prepare(store);
      await store.endpoints.remove({ tenant: endpoint.tenant, id: endpoint.id, at: 3000 }, () => [fact()]);
      await settleOne(store, { ...everything, disabled: [] });
      const { pending, backlog, attempts } = await snapshot(store);
      expect({ pending, backlog, attemptCount: attempts.length }).toEqual({
        pending: [],
        backlog: [],
        attemptCount: 2,
      });
    });

    test.each(["disabled", "deleted"])("does not disable an endpoint that is %s already", async (state) => {
      const { store } = await use(open);
      const { endpoint, everything } = await prepare(store);
      const of = { tenant: endpoint.tenant, id: endpoint.id, at: 3000 };
      if (state === "disabled") await store.endpoints.update(of, { enabled: false }, () => [fact()]);
      else await store.endpoints.remove(of, () => [fact()]);
      const before = await logRows(store);
      // Whose event is not in the log is not told of.
      expect(await settleOne(store, everything)).toEqual({ lost: [], disabled: [] });
      const [told] = everything.events;
      expect(await logRows(store)).toEqual([...before, { position: before.length + 1, id: told?.id }]);
      expect((await store.log.endpointsOf(["org_1"]))[0]?.updatedAt).toBe(3000);
    });

    test.each(["update", "delete"] as const)("an attempt is never changed: %s is refused", async (verb) => {
      const { store } = await use(open);
      const { everything } = await prepare(store);
      await settleOne(store, everything);
      const change =
        verb === "update"
          ? store.database.updateTable("hookwright_attempts").set({ status: 200 })
          : store.database.deleteFrom("hookwright_attempts");
      const before = await snapshot(store);
      await expect(change.execute()).rejects.toThrow(/hookwright_attempts is append-only/);
      expect(await snapshot(store)).toEqual(before);
    });
  });
}
