import { describe, expect, test } from "vitest";
import type { DeliveryFilter } from "../../../../runtime/endpoints/delivery-filter.ts";
import type { OpenedStore } from "../../../../runtime/store/open-store.ts";
import {
  attempt,
  claimOf,
  createEndpoint,
  fact,
  leaseOf,
  logRows,
  newEvent,
  newEvents,
  settlement,
  settleOne,
  told,
  use,
  type OpenHarness,
} from "./harness.ts";

const missed: DeliveryFilter = { types: null, from: null, until: null, states: [], runs: "all", missed: true };
const all = { after: 0, upTo: Number.MAX_SAFE_INTEGER };

/** An endpoint, and events of which it got some, all of them settled. */
async function prepare(store: OpenedStore, over: Parameters<typeof createEndpoint>[1] = {}) {
  const endpoint = await createEndpoint(store, over);
  const lease = await leaseOf(store, "one");
  await store.log.append([...newEvents(4), newEvent({ type: "deployment.failed", body: '{"reason":"quota"}' })]);
  await store.log.append([newEvent({ contract: "authn" }), newEvent({ tenant: "org_2" })]);
  const rows = await logRows(store);
  // The endpoint's fact and the event of the lease stand before them.
  const key = (index: number, run = 0) => ({ endpointKey: endpoint.key, position: index + 3, run });
  const end = rows.at(-1)?.position ?? 0;
  const attempts = [attempt(key(1)), attempt(key(2), { result: "rejected", status: 400 })];
  await settleOne(
    store,
    settlement(lease, { cursor: end, attempts, pending: [{ ...key(3), attemptCount: 0, dueAt: 9 }] }),
  );
  return { endpoint, lease, key, end, idAt: (index: number) => rows[index + 2]?.id ?? "" };
}

export function describeMissed(open: OpenHarness): void {
  describe("what an endpoint missed", () => {
    const positions = async (store: OpenedStore, endpointKey: number, over: Partial<DeliveryFilter> = {}) => {
      const { events } = await store.redeliveries.missed({ endpointKey, filter: { ...missed, ...over }, ...all });
      return events.map(({ position }) => position);
    };

    test("is what it would get today and has no delivery of: neither attempted nor waiting, of its tenant and contract", async () => {
      const { store } = await use(open);
      const { endpoint } = await prepare(store);
      // The event of the lease, the first one, and the last one.
      expect(await positions(store, endpoint.key)).toEqual([2, 3, 7]);
      expect(await positions(store, endpoint.key, { types: ["deployment.failed"] })).toEqual([7]);
      const { events } = await store.redeliveries.missed({ endpointKey: endpoint.key, filter: missed, ...all });
      const [, second, last] = events;
      expect(await positions(store, endpoint.key, { from: second?.time ?? 0, until: last?.time ?? 0 })).toEqual([3]);
    });

    test("goes by its subscription and its filter as they are now", async () => {
      const { store } = await use(open);
      const { endpoint } = await prepare(store, { events: ["deployment.failed"] });
      expect(await positions(store, endpoint.key)).toEqual([7]);
      const change = async (filter: string) => {
        const of = { tenant: "org_1", id: endpoint.id, at: 1 };
        await store.endpoints.update(of, { events: ["deployment.*"], filter }, () => [fact()]);
        return positions(store, endpoint.key);
      };
      expect(await change('reason = "quota"')).toEqual([7]);
      expect(await change('reason = "timeout"')).toEqual([]);
      expect(await change("number exists")).toEqual([2, 3]);
    });

    test("is not known beyond what the engine has settled, of a diverted tenant beyond what it has settled of that", async () => {
      const { store } = await use(open);
      const { endpoint, lease, end } = await prepare(store);
      await store.log.append(newEvents(2));
      await logRows(store);
      expect(await positions(store, endpoint.key)).toEqual([2, 3, 7]);
      const look = () => store.redeliveries.missed({ endpointKey: endpoint.key, filter: missed, ...all });
      expect((await look()).passedTo).toBe(end);
      await settleOne(store, settlement(lease, { cursor: end + 2, diverted: [{ tenant: "org_1", cursor: 5 }] }));
      expect(await look()).toMatchObject({ passedTo: 5, events: [{ position: 2 }, { position: 3 }] });
    });

    test("is delivered for the first time by a bulk redelivery, once and counted once, whoever goes on with it", async () => {
      const { store, openAnother } = await use(open);
      const { endpoint, lease, key, idAt } = await prepare(store);
      const job = await store.redeliveries.create(
        { id: "rdl_m", endpointKey: endpoint.key, filter: missed, ratePerSecond: 10, createdAt: 1000 },
        [fact({ type: "redelivery.started" })],
      );
      const step = (on: OpenedStore, at: number) => on.redeliveries.step({ lease, key: job.key, at });
      // The redelivery's own fact is not settled yet: nothing is said of what comes after.
      const settledTo = job.upTo;
      await settleOne(store, settlement(lease, { cursor: settledTo }));
      expect(await step(store, 1000)).toMatchObject({ foundCount: 3, countedTo: settledTo });
      expect(await step(store, 1000)).toMatchObject({ redeliveredCount: 1, state: "running" });
      const other = await openAnother();
      expect(await step(other, 2000)).toMatchObject({ redeliveredCount: 2 });
      let last = await step(other, 3000);
      for (let at = 4000; last?.state === "running"; at += 1000) last = await step(other, at);
      expect(last).toMatchObject({ redeliveredCount: 3, state: "finished" });
      const due = await store.log.due({ ...claimOf(lease, 10_000), perEndpointMax: 50 });
      expect(due.map(({ position, run }) => [position, run])).toEqual(
        expect.arrayContaining([
          [2, 0],
          [3, 0],
          [7, 0],
        ]),
      );
      await settleOne(store, settlement(lease, { attempts: [attempt(key(0))], finished: [key(0)] }));
      const of = { tenant: "org_1", endpointId: endpoint.id, id: "rdl_m" };
      expect(await store.redeliveries.get(of)).toMatchObject({ deliveredCount: 1, failedCount: 0 });
      expect(await positions(store, endpoint.key)).toEqual([]);
      const made = await store.deliveries.get({ endpointKey: endpoint.key, eventId: idAt(0), run: 0 });
      expect(made).toMatchObject({ run: 0, createdAt: 2000, dueAt: null });
    });

    test("waits for the engine to settle what it is asked for, and looks again a second later", async () => {
      const { store } = await use(open);
      const { endpoint, lease } = await prepare(store);
      await store.log.append(newEvents(1));
      await logRows(store);
      const given = { id: "rdl_w", endpointKey: endpoint.key, filter: missed, ratePerSecond: null, createdAt: 1000 };
      const { key, upTo } = await store.redeliveries.create(given, [fact({ type: "redelivery.started" })]);
      const step = (at: number) => store.redeliveries.step({ lease, key, at });
      await step(1000);
      expect(await step(1000)).toMatchObject({ state: "running", foundCount: 3, dueAt: 2000 });
      await settleOne(store, settlement(lease, { cursor: upTo }));
      expect(await step(2000)).toMatchObject({ countedTo: upTo, foundCount: 4 });
    });

    test("is sent by its id, once; and it is said why another event is not", async () => {
      const { store } = await use(open);
      const { endpoint, lease, idAt } = await prepare(store, { events: ["deployment.failed"] });
      const send = (eventId: string, does: "send" | "count" = "send") =>
        store.deliveries.sendMissed({ endpointKey: endpoint.key, eventId, at: 5000, does }, told);
      expect(await send(idAt(0), "count")).toBe("missed");
      expect(await send(idAt(0))).toMatchObject({ run: 0, dueAt: 5000, createdAt: 5000, attempts: [] });
      expect(await send(idAt(0))).toBe("had");
      for (const index of [1, 2, 3]) expect(await send(idAt(index))).toBe("had");
      for (const index of [5, 6]) expect(await send(idAt(index))).toBeNull();
      expect(await send("evt_none")).toBeNull();
      const [late] = newEvents(1);
      await store.log.append(late === undefined ? [] : [late]);
      await logRows(store);
      expect(await send(late?.id ?? "")).toBe("unsettled");
      const due = await store.log.due({ ...claimOf(lease, 5000), perEndpointMax: 50 });
      expect(due.filter(({ position }) => position === 3)).toMatchObject([{ run: 0, attemptCount: 0 }]);
      await store.endpoints.remove({ tenant: "org_1", id: endpoint.id, at: 6000 }, () => [fact()]);
      expect(await send(idAt(4))).toBeNull();
    });
  });
}
