import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { everyDelivery, undelivered, type DeliveryFilter } from "../../../../runtime/endpoints/delivery-filter.ts";
import type { OpenedStore } from "../../../../runtime/store/open-store.ts";
import type { DeliveryKey } from "../../../../runtime/seams/log-store.ts";
import {
  attempt,
  claimOf,
  createEndpoint,
  fact,
  leaseOf,
  newEvents,
  settlement,
  use,
  settleOne,
  told,
} from "./harness.ts";
import type { OpenHarness } from "./harness.ts";

async function prepare(store: OpenedStore, eventCount: number) {
  const endpoint = await createEndpoint(store);
  const lease = await leaseOf(store, "one");
  const events = newEvents(eventCount);
  await store.log.append(events);
  // Before these there are the endpoint's own event and that of the lease.
  const key = (index: number, run = 0) => ({ endpointKey: endpoint.key, position: index + 3, run });
  return { endpoint, lease, events, key };
}

const keyOf = ({ endpointKey, position, run }: DeliveryKey): DeliveryKey => ({ endpointKey, position, run });

export function describeDeliveries(open: OpenHarness): void {
  describe("deliveries", () => {
    test("are the fold of their attempts and of what waits", async () => {
      const { store } = await use(open);
      const { endpoint, lease, events, key } = await prepare(store, 3);
      const failed = attempt(key(0), { result: "retry", status: 500, startedAt: 100 });
      const again = attempt(key(0), { number: 2, startedAt: 200 });
      const waiting = attempt(key(1), { result: "retry", status: null, error: "timeout" });
      await settleOne(
        store,
        settlement(lease, {
          attempts: [again, failed, waiting],
          pending: [
            { ...key(1), attemptCount: 1, dueAt: 900 },
            { ...key(2), attemptCount: 0, dueAt: 800 },
          ],
        }),
      );
      const delivery = (index: number, over: object) => {
        const { id, type, time } = events[index] ?? expect.unreachable();
        return { ...key(index), event: { id, type, time }, createdAt: time, need: null, ...over };
      };
      const expected = [
        delivery(2, { attempts: [], dueAt: 800 }),
        delivery(1, { attempts: [waiting], dueAt: 900 }),
        delivery(0, { attempts: [failed, again], dueAt: null }),
      ];
      expect(await store.deliveries.list({ endpointKey: endpoint.key, before: null, limit: 10 })).toEqual(expected);
      for (const one of expected) {
        expect(await store.deliveries.get({ endpointKey: endpoint.key, eventId: one.event.id, run: 0 })).toEqual(one);
      }
    });

    test("list gives those that pass a filter: by state, type and time, and of each event the last run alone", async () => {
      const { store } = await use(open);
      const endpoint = await createEndpoint(store);
      const lease = await leaseOf(store, "one");
      const times = [10, 20, 30, 40, 50];
      await store.log.append(times.flatMap((time) => newEvents(1, { time, type: time === 30 ? "b.c" : "a.b" })));
      const key = (index: number, run = 0) => ({ endpointKey: endpoint.key, position: index + 3, run });
      const retried = [attempt(key(1), { result: "retry" }), attempt(key(1), { result: "exhausted", number: 2 })];
      const rejected = [attempt(key(2), { result: "rejected" }), attempt(key(3), { result: "rejected" })];
      await settleOne(
        store,
        settlement(lease, {
          attempts: [
            attempt(key(0)),
            ...retried,
            ...rejected,
            attempt(key(3, 1)),
            attempt(key(4), { result: "retry" }),
          ],
          pending: [{ ...key(4), attemptCount: 1, dueAt: 900 }],
        }),
      );
      const found = async (over: Partial<DeliveryFilter>, limit = 10) => {
        const filter = { ...everyDelivery, ...over };
        const page = await store.deliveries.list({ endpointKey: endpoint.key, before: null, filter, limit });
        return page.map(({ event, run }) => (run === 0 ? event.time : [event.time, run]));
      };
      expect(await found({})).toEqual([50, [40, 1], 40, 30, 20, 10]);
      expect(await found({ states: ["pending"] })).toEqual([50]);
      expect(await found({ states: ["delivered"] })).toEqual([[40, 1], 10]);
      expect(await found({ states: ["pending", "exhausted"] })).toEqual([50, 20]);
      expect(await found({ states: ["rejected"] }, 1)).toEqual([40]);
      expect(await found({ ...undelivered })).toEqual([30, 20]);
      expect(await found({ types: ["b.c"] })).toEqual([30]);
      expect(await found({ from: 20, until: 40 })).toEqual([30, 20]);
      expect(await found({ types: ["a.b"], states: ["exhausted", "delivered"], until: 40 })).toEqual([20, 10]);
    });

    test("get gives null for a delivery, event or endpoint that is none", async () => {
      const { store } = await use(open);
      const { endpoint, lease, events, key } = await prepare(store, 2);
      await settleOne(store, settlement(lease, { attempts: [attempt(key(0))] }));
      const [first, second] = events.map((event) => event.id);
      const get = (endpointKey: number, eventId = "", run = 0) => store.deliveries.get({ endpointKey, eventId, run });
      expect(await get(endpoint.key, first)).not.toBeNull();
      expect(await get(endpoint.key, first, 1)).toBeNull();
      expect(await get(endpoint.key, second)).toBeNull();
      expect(await get(endpoint.key, "evt_none")).toBeNull();
      expect(await get(endpoint.key + 1, first)).toBeNull();
    });

    test("pages of any size give each delivery once, newest first", async () => {
      const { store } = await use(open);
      const { lease } = await prepare(store, 30);
      const row = fc.record({
        position: fc.integer({ min: 1, max: 30 }),
        run: fc.nat(3),
        attemptCount: fc.nat(3),
        state: fc.constantFrom("waits", "ended"),
      });
      const rows = fc.uniqueArray(row, { selector: ({ position, run }) => position * 10 + run, maxLength: 40 });
      const property = fc.asyncProperty(rows, fc.integer({ min: 1, max: 7 }), async (given, limit) => {
        const { key: endpointKey } = await createEndpoint(store);
        const known = given.filter(({ state, attemptCount }) => state === "waits" || attemptCount > 0);
        await settleOne(
          store,
          settlement(lease, {
            attempts: known.flatMap(({ attemptCount, ...key }) =>
              Array.from({ length: attemptCount }, (_, at) =>
                attempt(keyOf({ endpointKey, ...key }), { number: at + 1 }),
              ),
            ),
            pending: known
              .filter(({ state }) => state === "waits")
              .map(({ position, run, attemptCount }) => ({ endpointKey, position, run, attemptCount, dueAt: 1 })),
          }),
        );
        const expected = known.toSorted((a, b) => b.position - a.position || b.run - a.run);
        const found = await allPages(store, endpointKey, limit);
        expect(found.map(({ attempts, dueAt, ...of }) => [of.position, of.run, attempts.length, dueAt])).toEqual(
          expected.map((of) => [of.position, of.run, of.attemptCount, of.state === "waits" ? 1 : null]),
        );
      });
      await fc.assert(property, { numRuns: 25 });
    });
  });

  describe("redeliver", () => {
    test("makes a new delivery of the same event, due at once, after all runs there are", async () => {
      const { store } = await use(open);
      const { endpoint, lease, events, key } = await prepare(store, 1);
      await settleOne(store, settlement(lease, { attempts: [attempt(key(0), { result: "exhausted" })] }));
      const { id: eventId, type, time } = events[0] ?? expect.unreachable();
      const redeliver = (at: number) => store.deliveries.redeliver({ endpointKey: endpoint.key, eventId, at }, told);
      const made = {
        ...key(0, 1),
        event: { id: eventId, type, time },
        createdAt: 700,
        attempts: [],
        dueAt: 700,
        need: null,
      };
      expect(await redeliver(700)).toEqual(made);
      expect(await redeliver(800)).toMatchObject(key(0, 2));
      expect((await store.log.due(claimOf(lease, 750))).map(keyOf)).toEqual([key(0, 1)]);
      const tried = attempt(key(0, 2), { startedAt: 810 });
      await settleOne(store, settlement(lease, { attempts: [tried], finished: [key(0, 2), key(0, 1)] }));
      expect(await redeliver(900)).toMatchObject(key(0, 3));
    });

    test("was made when it was asked for, before it is tried, while it waits again, and once it has ended", async () => {
      const { store } = await use(open);
      const { endpoint, lease, events, key } = await prepare(store, 1);
      await settleOne(store, settlement(lease, { attempts: [attempt(key(0), { result: "exhausted" })] }));
      const of = { endpointKey: endpoint.key, eventId: events[0]?.id ?? "" };
      const seen = async () => {
        const { deliveries } = store;
        const listed = await deliveries.list({ endpointKey: endpoint.key, before: null, limit: 1 });
        return [await deliveries.get({ ...of, run: 1 }), ...listed].map((delivery) => [
          delivery?.run,
          delivery?.createdAt,
          delivery?.dueAt,
        ]);
      };
      await store.deliveries.redeliver({ ...of, at: 700 }, told);
      expect(await seen()).toEqual(Array(2).fill([1, 700, 700]));
      const failed = attempt(key(0, 1), { result: "retry", startedAt: 810 });
      const waits = { ...key(0, 1), attemptCount: 1, dueAt: 5000 };
      await settleOne(store, settlement(lease, { attempts: [failed], pending: [waits] }));
      expect(await seen()).toEqual(Array(2).fill([1, 700, 5000]));
      const tried = attempt(key(0, 1), { number: 2, startedAt: 5010 });
      await settleOne(store, settlement(lease, { attempts: [tried], finished: [key(0, 1)] }));
      expect(await seen()).toEqual(Array(2).fill([1, 700, null]));
    });

    test("can be asked for while the delivery still waits", async () => {
      const { store } = await use(open);
      const { endpoint, lease, events, key } = await prepare(store, 1);
      await settleOne(store, settlement(lease, { pending: [{ ...key(0), attemptCount: 0, dueAt: 5000 }] }));
      const eventId = events[0]?.id ?? "";
      expect(await store.deliveries.redeliver({ endpointKey: endpoint.key, eventId, at: 10 }, told)).toMatchObject(
        key(0, 1),
      );
      expect(await store.log.nextDueAt({ shards: [lease.shard], except: [] })).toBe(10);
    });

    test("gives null when the endpoint has no delivery of the event, or is deleted", async () => {
      const { store } = await use(open);
      const { endpoint, lease, events, key } = await prepare(store, 2);
      await settleOne(store, settlement(lease, { attempts: [attempt(key(0))] }));
      const [first = "", second = ""] = events.map((event) => event.id);
      const redeliver = (endpointKey: number, eventId: string) =>
        store.deliveries.redeliver({ endpointKey, eventId, at: 1 }, told);
      expect(await redeliver(endpoint.key, second)).toBeNull();
      expect(await redeliver((await createEndpoint(store, { tenant: "org_2" })).key, first)).toBeNull();
      await store.endpoints.remove({ tenant: "org_1", id: endpoint.id, at: 3000 }, () => [fact()]);
      expect(await redeliver(endpoint.key, first)).toBeNull();
      expect(await store.database.selectFrom("hookwright_pending").selectAll().execute()).toEqual([]);
    });

    test("of a disabled endpoint waits until it is enabled", async () => {
      const { store } = await use(open);
      const { endpoint, lease, events, key } = await prepare(store, 1);
      await settleOne(store, settlement(lease, { attempts: [attempt(key(0))] }));
      const of = { tenant: "org_1", id: endpoint.id, at: 3000 };
      await store.endpoints.update(of, { enabled: false }, () => [fact()]);
      await store.deliveries.redeliver({ endpointKey: endpoint.key, eventId: events[0]?.id ?? "", at: 10 }, told);
      expect(await store.log.due(claimOf(lease, 99))).toEqual([]);
      await store.endpoints.update(of, { enabled: true }, () => [fact()]);
      expect((await store.log.due(claimOf(lease, 99))).map(keyOf)).toEqual([key(0, 1)]);
    });
  });
}

async function allPages(store: OpenedStore, endpointKey: number, limit: number) {
  const found = [...(await store.deliveries.list({ endpointKey, before: null, limit }))];
  for (;;) {
    const before = found.at(-1);
    if (before === undefined) return found;
    const page = await store.deliveries.list({ endpointKey, before, limit });
    if (page.length === 0) return found;
    expect(page.length).toBeLessThanOrEqual(limit);
    found.push(...page);
  }
}
