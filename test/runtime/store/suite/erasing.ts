import { describe, expect, test } from "vitest";
import { everyDelivery } from "../../../../runtime/endpoints/delivery-filter.ts";
import { isErased } from "../../../../runtime/seams/log-store.ts";
import type { OpenedStore } from "../../../../runtime/store/open-store.ts";
import {
  attempt,
  claimOf,
  createEndpoint,
  fact,
  leaseOf,
  logRows,
  newEvent,
  told,
  readPage,
  settlement,
  settleOne,
  use,
  type OpenHarness,
} from "./harness.ts";

const secret = "ada@acme.example";

/** An event that one endpoint got, with an answer that repeats it, and that waits for another one. */
async function prepare(store: OpenedStore) {
  const [got, waits] = [await createEndpoint(store), await createEndpoint(store)];
  const lease = await leaseOf(store, "one");
  const event = newEvent({ body: JSON.stringify({ email: secret }), idempotencyKey: "once" });
  await store.log.append([event, newEvent()]);
  await logRows(store);
  const position = 4;
  const responseBody = new TextEncoder().encode(`thanks, ${secret}`);
  const attempts = [attempt({ endpointKey: got.key, position, run: 0 }, { responseBody })];
  const pending = [{ endpointKey: waits.key, position, run: 0, attemptCount: 1, dueAt: 10 }];
  await settleOne(store, settlement(lease, { cursor: 5, attempts, pending }));
  return { event, lease, got, waits, position };
}

/** Everything that the database has of events and of what came of them. */
async function dump({ database }: OpenedStore): Promise<string> {
  const tables = ["hookwright_events", "hookwright_attempts", "hookwright_pending"] as const;
  const rows = await Promise.all(tables.map((table) => database.selectFrom(table).selectAll().execute()));
  const text = (value: unknown) => (value instanceof Uint8Array ? new TextDecoder().decode(value) : value);
  return JSON.stringify(rows, (_, value) =>
    value?.type === "Buffer" ? text(Uint8Array.from(value.data)) : text(value),
  );
}

export function describeErasing(open: OpenHarness): void {
  describe("erasing an event's payload", () => {
    const erase = (store: OpenedStore, id: string, tenant = "org_1") =>
      store.events.erase({ tenant, id }, () => [fact({ type: "event.erased" })]);

    test("takes it out everywhere, with what says so, and tells where it had gone", async () => {
      const { store } = await use(open);
      const { event, lease, got } = await prepare(store);
      expect(await dump(store)).toContain(secret);
      expect(await erase(store, event.id)).toEqual({
        ...{ id: event.id, contract: "stech", type: event.type, outcome: "erased", droppedCount: 1 },
        ...{ sentTo: [got.id], passedBy: [], frozenBy: [] },
      });
      expect(await dump(store)).not.toContain(secret);
      const rows = await logRows(store);
      expect(await store.log.due(claimOf(lease, 1000))).toEqual([]);
      expect(await store.log.nextDueAt({ shards: [lease.shard], except: [] })).toBeNull();
      expect(await erase(store, event.id)).toMatchObject({ outcome: "was_erased", droppedCount: 0, sentTo: [got.id] });
      expect(await logRows(store)).toEqual(rows);
      const facts = await store.events.list({
        tenant: "org_1",
        contract: "hookwright",
        types: ["event.erased"],
        after: 0,
        limit: 9,
      });
      expect(facts).toHaveLength(1);
    });

    test("is its tenant's alone to ask for", async () => {
      const { store } = await use(open);
      const { event } = await prepare(store);
      const before = await logRows(store);
      expect(await erase(store, event.id, "org_2")).toBeNull();
      expect(await erase(store, "evt_none")).toBeNull();
      expect(await logRows(store)).toEqual(before);
      expect(await dump(store)).toContain(secret);
    });

    test("leaves its place in the log, passed over by feeds, streams and redeliveries; its key makes no new event", async () => {
      const { store } = await use(open);
      const { event, lease, got, waits, position } = await prepare(store);
      await erase(store, event.id);
      const page = await readPage(store, { shard: lease.shard, after: position - 1, limit: 1 });
      expect(page.map((each) => [each.id, isErased(each)])).toEqual([[event.id, true]]);
      const of = { tenant: "org_1", contract: "stech", after: position - 1, upTo: position, limit: 9 };
      expect(await store.feeds.read({ ...of, types: null, from: null, until: null })).toEqual([]);
      expect(await store.streams.records({ ...of, filter: { except: [] }, bytesMax: 1000 })).toEqual([]);
      expect(await store.deliveries.redeliver({ endpointKey: got.key, eventId: event.id, at: 1 }, told)).toBeNull();
      const all = { after: 0, upTo: 1000, filter: everyDelivery };
      expect((await store.redeliveries.matching({ ...all, endpointKey: got.key })).keys).toEqual([]);
      const missed = { ...everyDelivery, states: [], missed: true as const };
      const { events } = await store.redeliveries.missed({ ...all, filter: missed, endpointKey: waits.key });
      expect(events.map((each) => each.id)).not.toContain(event.id);
      const [repeat] = await store.log.append([newEvent({ idempotencyKey: "once" })]);
      expect(repeat).toMatchObject({ created: false, event: { id: event.id, body: "" } });
    });

    test("ends what a bulk redelivery waits for", async () => {
      const { store } = await use(open);
      const { event, lease, got } = await prepare(store);
      const given = { id: "rdl_e", endpointKey: got.key, filter: everyDelivery, ratePerSecond: null, createdAt: 1 };
      const { key } = await store.redeliveries.create(given, [fact({ type: "redelivery.started" })]);
      for (let steps = 0; steps < 2; steps += 1) await store.redeliveries.step({ lease, key, at: 10 });
      expect(await erase(store, event.id)).toMatchObject({ droppedCount: 2 });
      expect(await store.redeliveries.get({ tenant: "org_1", endpointId: got.id, id: "rdl_e" })).toMatchObject({
        ...{ redeliveredCount: 1, failedCount: 1, deliveredCount: 0 },
      });
    });

    test("is the only change of an event, or of an attempt, that the log takes", async () => {
      const { store } = await use(open);
      const { event } = await prepare(store);
      const change = store.database.updateTable("hookwright_events").set({ body: "" }).where("id", "=", event.id);
      await expect(change.execute()).rejects.toThrow("append-only");
      await erase(store, event.id);
      await expect(change.execute()).rejects.toThrow("append-only");
      const attempts = store.database.updateTable("hookwright_attempts").set({ response_body: null });
      await expect(attempts.execute()).rejects.toThrow("append-only");
    });
  });
}
