import { describe, expect, test } from "vitest";
import { everyDelivery, undelivered, type DeliveryFilter } from "../../../../runtime/endpoints/delivery-filter.ts";
import type { OpenedStore } from "../../../../runtime/store/open-store.ts";
import type { Redelivery } from "../../../../runtime/seams/redelivery-store.ts";
import type { AttemptResult, Lease } from "../../../../runtime/seams/log-store.ts";
import {
  attempt,
  claimOf,
  createEndpoint,
  fact,
  handOver,
  leaseOf,
  logRows,
  newEvents,
  settlement,
  use,
  settleOne,
  told,
} from "./harness.ts";
import type { OpenHarness } from "./harness.ts";

const failed: DeliveryFilter = { types: null, from: null, until: null, ...undelivered };

/** An endpoint with so many deliveries, one event after the other, that ended as told. */
async function prepare(store: OpenedStore, count: number, resultOf: (index: number) => AttemptResult) {
  const endpoint = await createEndpoint(store);
  const lease = await leaseOf(store, "one");
  await store.log.append(newEvents(count));
  await logRows(store);
  // Before these there are the endpoint's own event and that of the lease.
  const keyOf = (index: number, run = 0) => ({ endpointKey: endpoint.key, position: index + 3, run });
  const attempts = Array.from({ length: count }, (_, index) => attempt(keyOf(index), { result: resultOf(index) }));
  await settleOne(store, settlement(lease, { attempts }));
  return { endpoint, lease, keyOf };
}

let made = 0;
function start(store: OpenedStore, endpointKey: number, over: Partial<Redelivery> = {}): Promise<Redelivery> {
  const given = {
    id: `rdl_${(made += 1)}`,
    endpointKey,
    filter: failed,
    ratePerSecond: null,
    createdAt: 1000,
    ...over,
  };
  return store.redeliveries.create(given, [fact({ type: "redelivery.started" })]);
}

/** Steps until it has ended; all at one time, unless told how the time goes on. */
async function work(store: OpenedStore, lease: Lease, key: number, clock = { now: 1000 }): Promise<Redelivery[]> {
  const steps: Redelivery[] = [];
  for (;;) {
    const after = await store.redeliveries.step({ lease, key, at: clock.now });
    if (after === null) return steps;
    steps.push(after);
    clock.now = Math.max(clock.now, after.dueAt);
  }
}

const waiting = (store: OpenedStore, lease: Lease, now = 1000) =>
  store.log.due({ ...claimOf(lease, now), perEndpointMax: 5000 });

export function describeRedeliveries(open: OpenHarness): void {
  describe("bulk redeliveries", () => {
    test("count first, then make a new delivery of each event whose last one passes, the oldest first", async () => {
      const { store } = await use(open);
      const { endpoint, lease, keyOf } = await prepare(store, 6, (index) =>
        index % 2 === 0 ? "rejected" : "delivered",
      );
      // Redelivered since with success, and one that is on its way again.
      await settleOne(
        store,
        settlement(lease, {
          attempts: [attempt(keyOf(2, 1))],
          pending: [{ ...keyOf(4, 1), attemptCount: 0, dueAt: 5000 }],
        }),
      );
      const begun = await start(store, endpoint.key);
      expect(begun).toMatchObject({
        ...{ state: "running", foundCount: 0, redeliveredCount: 0, cursor: 0, finishedAt: null, filter: failed },
        ...{ tenant: "org_1", endpointId: endpoint.id, contract: "stech", upTo: 8 },
      });
      const [counted, ended, ...more] = await work(store, lease, begun.key);
      expect(more).toEqual([]);
      expect(counted).toMatchObject({ countedTo: 8, foundCount: 1, redeliveredCount: 0, state: "running" });
      expect(ended).toMatchObject({ redeliveredCount: 1, state: "finished", finishedAt: 1000 });
      expect(await waiting(store, lease)).toMatchObject([{ ...keyOf(0, 1), attemptCount: 0, dueAt: 1000 }]);
      const tried = attempt(keyOf(0, 1), { startedAt: 7000 });
      await settleOne(store, settlement(lease, { attempts: [tried], finished: [keyOf(0, 1)] }));
      const made = (await store.deliveries.list({ endpointKey: endpoint.key, before: null, limit: 20 })).find(
        ({ position, run }) => position === keyOf(0).position && run === 1,
      );
      expect(made).toMatchObject({ createdAt: 1000, dueAt: null });
    });

    test("make nothing again that waits, or of an event twice, whatever their filter says", async () => {
      const { store } = await use(open);
      const { endpoint, lease, keyOf } = await prepare(store, 3, () => "delivered");
      await settleOne(
        store,
        settlement(lease, {
          attempts: [attempt(keyOf(1, 1), { result: "retry" })],
          pending: [{ ...keyOf(1, 1), attemptCount: 1, dueAt: 9000 }],
        }),
      );
      const { key } = await start(store, endpoint.key, { filter: everyDelivery });
      const { key: none } = await start(store, endpoint.key, { filter: { ...everyDelivery, states: ["pending"] } });
      expect((await work(store, lease, key)).at(-1)).toMatchObject({ redeliveredCount: 2 });
      expect((await work(store, lease, none)).at(-1)).toMatchObject({ foundCount: 0, state: "finished" });
      expect(await waiting(store, lease)).toMatchObject([keyOf(0, 1), keyOf(2, 1)]);
    });

    test("end where the log ended when they were started", async () => {
      const { store } = await use(open);
      const { endpoint, lease, keyOf } = await prepare(store, 2, () => "exhausted");
      const { key } = await start(store, endpoint.key);
      await store.log.append(newEvents(1));
      await logRows(store);
      const late = { ...keyOf(0), position: (await logRows(store)).at(-1)?.position ?? 0 };
      await settleOne(store, settlement(lease, { attempts: [attempt(late, { result: "exhausted" })] }));
      expect((await work(store, lease, key)).at(-1)).toMatchObject({ redeliveredCount: 2, state: "finished" });
    });

    test("go through any number in pages, and lose or repeat none of them when another process goes on", async () => {
      const { store, openAnother } = await use(open);
      const { endpoint, lease } = await prepare(store, 2500, () => "rejected");
      const { key } = await start(store, endpoint.key);
      const at = 1000;
      const steps = [];
      for (let count = 0; count < 4; count += 1) steps.push(await store.redeliveries.step({ lease, key, at }));
      expect(steps.map((step) => [step?.foundCount, step?.redeliveredCount])).toEqual([
        ...[
          [1000, 0],
          [2000, 0],
          [2500, 0],
        ],
        [2500, 1000],
      ]);
      const other = await openAnother();
      const leases = await handOver(store, "one", "two");
      const taken = leases.find(({ shard }) => shard === lease.shard) ?? expect.unreachable();
      // Whoever lost the shard writes nothing any more.
      await expect(store.redeliveries.step({ lease, key, at })).rejects.toMatchObject({ code: "lease_lost" });
      const [due] = await other.redeliveries.due({ shards: [lease.shard], now: at, limit: 10, except: [] });
      expect(due).toMatchObject({ key, redeliveredCount: 1000 });
      expect((await work(other, taken, key)).at(-1)).toMatchObject({ redeliveredCount: 2500, state: "finished" });
      const all = await waiting(other, taken);
      expect(new Set(all.map(({ position, run }) => `${position}/${run}`)).size).toBe(2500);
      expect(all.every(({ run }) => run === 1)).toBe(true);
    });

    test("never make more than their rate, by the time given, with a tenth of a second's worth at once", async () => {
      const { store } = await use(open);
      const { endpoint, lease } = await prepare(store, 120, () => "rejected");
      const { key } = await start(store, endpoint.key, { ratePerSecond: 50 });
      const clock = { now: 1000 };
      const steps = await work(store, lease, key, clock);
      for (const [index, { redeliveredCount }] of steps.entries()) {
        const elapsed = (index === 0 ? 1000 : (steps[index - 1]?.dueAt ?? 0)) - 1000;
        expect(redeliveredCount).toBeLessThanOrEqual(5 + (elapsed * 50) / 1000);
      }
      expect(steps.at(-1)).toMatchObject({ redeliveredCount: 120, state: "finished" });
      expect(clock.now).toBeGreaterThanOrEqual(1000 + (120 / 50) * 1000);
    });

    test("count what became of the deliveries they made, once, however often a settlement is written", async () => {
      const { store } = await use(open);
      const { endpoint, lease, keyOf } = await prepare(store, 4, () => "rejected");
      const { key, id } = await start(store, endpoint.key);
      await work(store, lease, key);
      const of = { tenant: "org_1", endpointId: endpoint.id, id };
      // One goes on waiting, and one that somebody else redelivers is not theirs.
      const results = ["delivered", "exhausted", "retry"] as const;
      const attempts = results.map((result, index) => attempt(keyOf(index, 1), { result, startedAt: 9000 }));
      const ended = settlement(lease, {
        attempts,
        finished: [keyOf(0, 1), keyOf(1, 1)],
        pending: [{ ...keyOf(2, 1), attemptCount: 1, dueAt: 9900 }],
      });
      await settleOne(store, ended);
      await settleOne(store, ended);
      expect(await store.redeliveries.get(of)).toMatchObject({
        deliveredCount: 1,
        failedCount: 1,
        redeliveredCount: 4,
      });
      const last = attempt(keyOf(2, 1), { number: 2, startedAt: 9900 });
      await settleOne(store, settlement(lease, { attempts: [last], finished: [keyOf(2, 1)] }));
      const eventId = (await logRows(store)).find(({ position }) => position === keyOf(2).position)?.id ?? "";
      await store.deliveries.redeliver({ endpointKey: endpoint.key, eventId, at: 1000 }, told);
      await settleOne(store, settlement(lease, { attempts: [attempt(keyOf(2, 2))], finished: [keyOf(2, 2)] }));
      expect(await store.redeliveries.get(of)).toMatchObject({ deliveredCount: 2, failedCount: 1 });
    });

    test("make no more while 10,000 of theirs wait", async () => {
      const { store } = await use(open);
      const { endpoint, lease } = await prepare(store, 3, () => "rejected");
      const { key } = await start(store, endpoint.key);
      const counts = (redelivered: number) =>
        store.database.updateTable("hookwright_redeliveries").set({ redelivered_count: redelivered }).execute();
      await store.redeliveries.step({ lease, key, at: 1000 });
      await counts(10_000);
      expect(await store.redeliveries.step({ lease, key, at: 1000 })).toMatchObject({ cursor: 0, dueAt: 2000 });
      await counts(9_998);
      expect(await store.redeliveries.step({ lease, key, at: 2000 })).toMatchObject({
        redeliveredCount: 10_000,
        cursor: 4,
      });
      expect(await waiting(store, lease, 2000)).toHaveLength(2);
    });

    test("that were cancelled make no more, and say so once", async () => {
      const { store } = await use(open);
      const { endpoint, lease } = await prepare(store, 3, () => "rejected");
      const begun = await start(store, endpoint.key, { ratePerSecond: 10 });
      for (let count = 0; count < 2; count += 1) await store.redeliveries.step({ lease, key: begun.key, at: 1000 });
      const cancel = () => store.redeliveries.cancel(begun, 2000, [fact({ type: "redelivery.cancelled" })]);
      const cancelled = await cancel();
      expect(cancelled).toMatchObject({ state: "cancelled", finishedAt: 2000, redeliveredCount: 1 });
      const before = await logRows(store);
      expect(await cancel()).toEqual(cancelled);
      expect(await logRows(store)).toEqual(before);
      expect(await store.redeliveries.step({ lease, key: begun.key, at: 3000 })).toBeNull();
      expect(await store.redeliveries.due({ shards: [lease.shard], now: 9000, limit: 9, except: [] })).toEqual([]);
      expect(await waiting(store, lease, 9000)).toHaveLength(1);
    });

    test("fail when their endpoint is deleted, and are still told", async () => {
      const { store } = await use(open);
      const { endpoint, lease } = await prepare(store, 3, () => "rejected");
      const { key, id } = await start(store, endpoint.key);
      await store.endpoints.remove({ tenant: "org_1", id: endpoint.id, at: 1500 }, () => [fact()]);
      expect(await store.redeliveries.step({ lease, key, at: 2000 })).toMatchObject({
        state: "failed",
        finishedAt: 2000,
      });
      expect(await store.redeliveries.get({ tenant: "org_1", endpointId: endpoint.id, id })).not.toBeNull();
      expect(await store.database.selectFrom("hookwright_pending").selectAll().execute()).toEqual([]);
    });

    test("are listed newest first, to their tenant and of their endpoint alone", async () => {
      const { store } = await use(open);
      const endpoint = await createEndpoint(store);
      const other = await createEndpoint(store);
      const jobs = [];
      for (let count = 0; count < 3; count += 1) jobs.push(await start(store, endpoint.key));
      const of = { tenant: "org_1", endpointId: endpoint.id };
      const ids = async (before: number | null) =>
        (await store.redeliveries.list({ ...of, before, limit: 2 }))?.map(({ id }) => id);
      const [first, second, third] = jobs;
      expect(await ids(null)).toEqual([third?.id, second?.id]);
      expect(await ids(second?.key ?? 0)).toEqual([first?.id]);
      expect(await store.redeliveries.list({ ...of, endpointId: other.id, before: null, limit: 2 })).toEqual([]);
      expect(await store.redeliveries.list({ ...of, tenant: "org_2", before: null, limit: 2 })).toBeNull();
      const id = first?.id ?? "";
      expect(await store.redeliveries.get({ ...of, tenant: "org_2", id })).toBeNull();
      expect(await store.redeliveries.get({ ...of, endpointId: other.id, id })).toBeNull();
      const [lease] = [await leaseOf(store, "one")];
      const due = (except: readonly number[], now = 1000) =>
        store.redeliveries.due({ shards: [lease.shard], now, limit: 9, except });
      expect((await due([first?.key ?? 0])).map((each) => each.id)).toEqual([second?.id, third?.id]);
      expect(await due([], 999)).toEqual([]);
    });
  });
}
