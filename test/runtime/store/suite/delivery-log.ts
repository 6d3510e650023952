import { describe, expect, test } from "vitest";
import { everyDelivery } from "../../../../runtime/endpoints/delivery-filter.ts";
import type { OpenedStore } from "../../../../runtime/store/open-store.ts";
import {
  attempt,
  createEndpoint,
  leaseOf,
  newEvents,
  settlement,
  settleOne,
  use,
  type OpenHarness,
} from "./harness.ts";

const all = { tenant: "org_1", before: Number.MAX_SAFE_INTEGER, looksMax: 100, filter: everyDelivery, text: null };

/** Two endpoints of a tenant, each with a delivery of five events, of which the second was refused by one of them. */
async function prepare(store: OpenedStore) {
  const endpoints = [await createEndpoint(store), await createEndpoint(store)] as const;
  const lease = await leaseOf(store, "one");
  const events = newEvents(5);
  await store.log.append(events);
  const first = (await store.feeds.event({ tenant: "org_1", id: events[0]?.id ?? "" }))?.position ?? 0;
  const key = (endpoint: 0 | 1, index: number) => ({
    endpointKey: endpoints[endpoint].key,
    position: first + index,
    run: 0,
  });
  const refused = attempt(key(0, 1), { result: "rejected", status: 404, startedAt: 5000 });
  const accepted = [0, 2, 3].map((index) => attempt(key(0, index), { startedAt: 1000 }));
  const retried = attempt(key(1, 1), { result: "retry", status: 503, startedAt: 5000 });
  await settleOne(
    store,
    settlement(lease, {
      attempts: [refused, ...accepted, retried],
      pending: [
        { ...key(1, 1), attemptCount: 1, dueAt: 900 },
        { ...key(1, 4), attemptCount: 0, dueAt: 800 },
      ],
    }),
  );
  return { endpoints, events, first };
}

export function describeDeliveryLog(open: OpenHarness): void {
  describe("the log of deliveries", () => {
    test("has those of all endpoints, newest event first, by state, and in parts that go on from each other", async () => {
      const { store } = await use(open);
      const { events, first } = await prepare(store);
      // Counted from the newest, as others came before.
      const look = { ...all, limit: 50 };
      const { lines, downTo } = await store.deliveryLog.page(look);
      const short = lines.map(({ position, attemptCount, dueAt }) => [position - first, attemptCount, dueAt !== null]);
      expect(short).toEqual([
        [4, 0, true],
        [3, 1, false],
        [2, 1, false],
        [1, 1, true],
        [1, 1, false],
        [0, 1, false],
      ]);
      expect(downTo).toBeNull();
      expect(lines.at(-1)).toMatchObject({ eventId: events[0]?.id, last: { result: "delivered", status: 200 } });
      const of = async (states: readonly ("pending" | "delivered" | "rejected" | "exhausted")[]) =>
        (await store.deliveryLog.page({ ...look, filter: { ...everyDelivery, states } })).lines.map(
          (line) => line.position - first,
        );
      expect([await of(["pending"]), await of(["rejected", "exhausted"]), await of(["delivered"])]).toEqual([
        [4, 1],
        [1],
        [3, 2, 0],
      ]);
      const part = await store.deliveryLog.page({ ...look, limit: 4 });
      expect(part.lines.map(({ position }) => position - first)).toEqual([4, 3, 2]);
      const rest = await store.deliveryLog.page({ ...look, limit: 4, before: part.downTo ?? 0 });
      expect(rest.lines.map(({ position }) => position - first)).toEqual([1, 1, 0]);
      // An event with more deliveries than a page has fills one by itself.
      const full = await store.deliveryLog.page({ ...look, limit: 1, before: first + 2 });
      expect(full.lines.map(({ position }) => position - first)).toEqual([1, 1]);
    });

    test("counts attempts by endpoint, piece and result", async () => {
      const { store } = await use(open);
      const { endpoints } = await prepare(store);
      const { counts } = await store.deliveryLog.counts({ ...all, since: 1000, pieceMs: 2000 });
      const [one, two] = endpoints.map(({ id }) => id);
      expect(counts.toSorted((a, b) => a.piece - b.piece || a.result.localeCompare(b.result))).toEqual([
        { endpointId: one, piece: 0, result: "delivered", count: 3 },
        { endpointId: one, piece: 2, result: "rejected", count: 1 },
        { endpointId: two, piece: 2, result: "retry", count: 1 },
      ]);
    });
  });
}
