import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { OpenedStore } from "../../../../runtime/store/open-store.ts";
import type { Endpoint, Lease, NewEvent, StoredEvent } from "../../../../runtime/seams/log-store.ts";
import type { PruneCounts, PruneStep } from "../../../../runtime/seams/store.ts";
import {
  attempt,
  fact,
  leaseOf,
  leasesOf,
  logRows,
  newEndpoint,
  newEvent,
  newEvents,
  settlement,
  use,
  settleOne,
  readPage,
  told,
} from "./harness.ts";
import type { OpenHarness, StoreHarness } from "./harness.ts";

const horizon = 1_600_000_000_000;
const old = horizon - 1;

const endpointOf = ({ body }: StoredEvent): string | null => JSON.parse(body).endpointId ?? null;

const oldFact = (endpointId: string, type = "endpoint.updated"): NewEvent =>
  fact({ type, time: old, body: JSON.stringify({ endpointId }) });

async function createEndpoint(store: OpenedStore): Promise<Endpoint> {
  const endpoint = newEndpoint();
  return store.endpoints.create(endpoint, [oldFact(endpoint.id, "endpoint.created")]);
}

const deleteEndpoint = (store: OpenedStore, { tenant, id }: Endpoint, at: number) =>
  store.endpoints.remove({ tenant, id, at }, () => [oldFact(id, "endpoint.deleted")]);

/** Appends events and moves the cursor of their shard over all there is. */
async function appendSettled(store: OpenedStore, lease: Lease, events: readonly NewEvent[]): Promise<void> {
  await store.log.append(events);
  await settleOne(store, settlement(lease, { cursor: (await logRows(store)).length }));
}

/** One step after the other until the last. */
async function pruneAll(store: OpenedStore, over: Partial<PruneStep> = {}) {
  const counts = { eventCount: 0, attemptCount: 0, keptCount: 0 };
  const steps: PruneCounts[] = [];
  const step = { before: horizon, limit: 1000, does: "drop", endpointOf, ...over } as const;
  for (let from: PruneStep["from"] = null; from !== null || steps.length === 0;) {
    const { next, ...of } = await store.retention.prune({ ...step, from });
    counts.eventCount += of.eventCount;
    counts.attemptCount += of.attemptCount;
    counts.keptCount += of.keptCount;
    steps.push(of);
    from = next;
  }
  return { steps, counts };
}

function sum(steps: readonly PruneCounts[]) {
  const of = (name: keyof PruneCounts) => steps.reduce((total, step) => total + step[name], 0);
  return { eventCount: of("eventCount"), payloadCount: of("payloadCount") };
}

/** Another process; on a database for one, whose driver blocks the thread while it waits, that would never go on. */
const another = ({ store, openAnother }: StoreHarness): Promise<OpenedStore> =>
  store.log.signals === null ? Promise.resolve(store) : openAnother();

async function leaseOfEvent(store: OpenedStore, id: string): Promise<Lease> {
  const { shard } = await store.database
    .selectFrom("hookwright_events")
    .select("shard")
    .where("id", "=", id)
    .executeTakeFirstOrThrow();
  const lease = (await leasesOf(store, "one")).find((each) => each.shard === shard);
  return lease ?? expect.unreachable();
}

const ids = async (store: OpenedStore) => (await logRows(store)).map((row) => row.id);

const attemptRows = (store: OpenedStore) =>
  store.database
    .selectFrom("hookwright_attempts")
    .select(["endpoint_key", "position", "run", "number"])
    .orderBy("position")
    .orderBy("endpoint_key")
    .execute();

const pendingPositions = async (store: OpenedStore) =>
  (await store.database.selectFrom("hookwright_pending").select("position").execute()).map((row) => row.position);

/** An endpoint, then the event of the lease, then old events of which each was delivered at the second attempt. */
async function prepare(store: OpenedStore, eventCount: number) {
  const endpoint = await createEndpoint(store);
  const lease = await leaseOf(store, "one");
  const events = newEvents(eventCount, { time: old });
  await appendSettled(store, lease, events);
  const key = (index: number, run = 0) => ({ endpointKey: endpoint.key, position: index + 3, run });
  const attempts = events.flatMap((_, index) => [1, 2].map((number) => attempt(key(index), { number })));
  await settleOne(store, settlement(lease, { attempts }));
  return { endpoint, lease, events, key };
}

export function describeRetention(open: OpenHarness): void {
  describe("prune", () => {
    test("drops old events together with their attempts, the oldest first, a bounded number in each step", async () => {
      const { store } = await use(open);
      const { events, lease, endpoint, key } = await prepare(store, 8);
      const gone = await createEndpoint(store);
      await settleOne(store, settlement(lease, { attempts: [attempt({ ...key(0), endpointKey: gone.key })] }));
      await deleteEndpoint(store, gone, horizon);
      const kept = newEvents(3);
      await appendSettled(store, lease, kept);
      await settleOne(store, settlement(lease, { attempts: [attempt({ ...key(10), endpointKey: endpoint.key })] }));
      const before = await ids(store);
      const [first] = (await pruneAll(store, { limit: 4 })).steps.filter(({ eventCount }) => eventCount > 0);
      expect(first).toMatchObject({ eventCount: 2, attemptCount: 5, keptCount: 1 });
      const dropped = events.map((event) => event.id);
      expect(await ids(store)).toEqual(before.filter((id) => !dropped.includes(id)));
      expect(await attemptRows(store)).toEqual([{ endpoint_key: endpoint.key, position: 13, run: 0, number: 1 }]);
    });

    test("a step changes no more events than it may look at", async () => {
      const { store } = await use(open);
      await prepare(store, 9);
      await appendSettled(store, await leaseOf(store, "one"), []);
      const { steps, counts } = await pruneAll(store, { limit: 4 });
      expect(Math.max(...steps.map(({ eventCount, keptCount }) => eventCount + keptCount))).toBe(4);
      expect(counts).toEqual({ eventCount: 9, attemptCount: 18, keptCount: 1 });
    });

    test("keeps exactly what is young, pending, not passed by the cursor, or the newest", async () => {
      const { store } = await use(open);
      const event = fc.record({ attemptCount: fc.nat(2), isPending: fc.boolean() });
      const log = fc.record({
        old: fc.array(event, { maxLength: 12 }),
        young: fc.array(event, { maxLength: 4 }),
        settledCount: fc.nat(16),
        limit: fc.integer({ min: 1, max: 8 }),
      });
      let runs = 0;
      const property = fc.asyncProperty(log, async (given) => {
        // What was young in the run before is old in this one, so that nothing young comes before what is old.
        const before = horizon + (runs += 1) * 1000;
        const tenant = `org_${runs}`;
        const endpoint = newEndpoint({ tenant });
        const created = { ...oldFact(endpoint.id), tenant };
        const { key: endpointKey } = await store.endpoints.create(endpoint, [created]);
        const all = [
          ...given.old.map((of) => ({ ...of, time: before - 1 })),
          ...given.young.map((of) => ({ ...of, time: before })),
        ];
        const events = all.map(({ time }) => newEvent({ tenant, time }));
        await store.log.append(events);
        const places = new Map((await logRows(store)).map(({ id, position }) => [id, position]));
        const rows = all.map((of, index) => ({
          ...of,
          endpointKey,
          position: places.get(events[index]?.id ?? "") ?? 0,
          run: 0,
        }));
        const lease = await leaseOfEvent(store, created.id);
        const cursor = rows[Math.min(given.settledCount, rows.length) - 1]?.position ?? null;
        await settleOne(
          store,
          settlement(lease, {
            cursor,
            attempts: rows.flatMap(({ attemptCount, time: _, isPending: __, ...key }) =>
              Array.from({ length: attemptCount }, (_, at) => attempt(key, { number: at + 1 })),
            ),
            pending: rows.filter(({ isPending }) => isPending).map((row) => ({ ...row, dueAt: 1 })),
          }),
        );
        await pruneAll(store, { before, limit: given.limit });
        const newest = Math.max(...places.values());
        const stays = rows.filter(
          ({ time, isPending, position }) =>
            time >= before || isPending || position > Math.max(cursor ?? 0, lease.cursor) || position === newest,
        );
        const left = new Set((await logRows(store)).map((row) => row.position));
        expect(rows.map((row) => row.position).filter((position) => left.has(position))).toEqual(
          stays.map((row) => row.position),
        );
        const attempts = (await attemptRows(store)).filter((row) => row.endpoint_key === endpointKey);
        expect(attempts.map((row) => row.position)).toEqual(
          stays.flatMap(({ attemptCount, position }) => Array.from({ length: attemptCount }, () => position)),
        );
      });
      await fc.assert(property, { numRuns: 12 });
    });

    test("keeps what the cursor passed over for a tenant that is diverted", async () => {
      const { store } = await use(open);
      const { lease, events } = await prepare(store, 4);
      await settleOne(store, settlement(lease, { diverted: [{ tenant: "org_1", cursor: 4 }] }));
      await appendSettled(store, lease, newEvents(2));
      await pruneAll(store);
      const left = await ids(store);
      expect(events.map(({ id }) => left.includes(id))).toEqual([false, false, true, true]);
      await settleOne(store, settlement(lease, { rejoined: ["org_1"] }));
      await pruneAll(store);
      const rest = await ids(store);
      expect(events.some(({ id }) => rest.includes(id))).toBe(false);
    });

    test("keeps what has no place in the log yet, and gives no place a second time", async () => {
      const { store } = await use(open);
      const { lease } = await prepare(store, 3);
      await appendSettled(store, lease, newEvents(2, { time: old }));
      const late = newEvent({ time: old });
      await store.log.append([late]);
      await pruneAll(store);
      const places = await logRows(store);
      expect(places.at(-1)).toEqual({ position: 8, id: late.id });
      await appendSettled(store, lease, []);
      await settleOne(store, settlement(lease, { cursor: 8 }));
      await pruneAll(store);
      expect((await logRows(store)).at(-1)).toEqual({ position: 8, id: late.id });
      await store.log.append([newEvent()]);
      expect((await logRows(store)).at(-1)?.position).toBe(9);
    });

    test("count gives what drop would, and changes nothing", async () => {
      const { store } = await use(open);
      await prepare(store, 7);
      const before = [await logRows(store), await attemptRows(store)];
      const { counts } = await pruneAll(store, { does: "count", limit: 3 });
      expect([await logRows(store), await attemptRows(store)]).toEqual(before);
      // The endpoint's fact and the newest event are kept.
      expect(counts).toEqual({ eventCount: 6, attemptCount: 12, keptCount: 2 });
      expect((await pruneAll(store, { limit: 3 })).counts).toEqual(counts);
    });

    test("is told of by the last position that was dropped, which counting and a later step of less do not change", async () => {
      const { store } = await use(open);
      const lease = await leaseOf(store, "a");
      const dropped = newEvents(3, { time: old });
      await appendSettled(store, lease, dropped);
      await appendSettled(store, lease, newEvents(2));
      const last = (await logRows(store)).find(({ id }) => id === dropped.at(-1)?.id)?.position;
      const before = await store.feeds.prunedTo();
      await pruneAll(store, { does: "count" });
      expect(await store.feeds.prunedTo()).toBe(before);
      await pruneAll(store);
      expect(await store.feeds.prunedTo()).toBe(last);
      await pruneAll(store);
      expect(await store.feeds.prunedTo()).toBe(last);
    });

    test("ends at a page without an old event, and goes on past one whose clock was ahead", async () => {
      const { store } = await use(open);
      const { lease } = await prepare(store, 1);
      await appendSettled(store, lease, [
        newEvent(),
        ...newEvents(2, { time: old }),
        ...newEvents(7),
        newEvent({ time: old }),
        newEvent(),
      ]);
      const { counts } = await pruneAll(store, { limit: 4 });
      expect(counts.eventCount).toBe(3);
    });

    test("from two processes at the same time, each event is dropped once", async () => {
      const harness = await use(open);
      const { store } = harness;
      await prepare(store, 40);
      await appendSettled(store, await leaseOf(store, "one"), []);
      const other = await another(harness);
      const runs = await Promise.all([pruneAll(store, { limit: 3 }), pruneAll(other, { limit: 5 })]);
      expect(runs.map(({ counts }) => counts.eventCount).reduce((a, b) => a + b)).toBe(40);
    });

    test("while deliveries are asked for again: what is pending has its event", async () => {
      const harness = await use(open);
      const { store } = harness;
      const { endpoint, events } = await prepare(store, 40);
      const other = await another(harness);
      const redelivered = events.map((event) =>
        other.deliveries.redeliver({ endpointKey: endpoint.key, eventId: event.id, at: 1 }, told),
      );
      const [, ...made] = await Promise.all([pruneAll(store, { limit: 1 }), ...redelivered]);
      const places = new Set((await logRows(store)).map((row) => row.position));
      const pending = await pendingPositions(store);
      expect(pending.filter((position) => !places.has(position))).toEqual([]);
      expect(pending).toHaveLength(made.filter((each) => each !== null).length);
    });
  });

  describe("facts about endpoints", () => {
    test("stay while the endpoint does, and for as long after it as events do", async () => {
      const { store } = await use(open);
      const [alive, dead, fresh] = [
        await createEndpoint(store),
        await createEndpoint(store),
        await createEndpoint(store),
      ];
      const lease = await leaseOf(store, "one");
      await store.log.append([alive, dead, fresh].map(({ id }) => oldFact(id)));
      await deleteEndpoint(store, dead, old);
      await deleteEndpoint(store, fresh, horizon);
      await appendSettled(store, lease, [oldFact("whe_unknown"), fact({ type: "log.pruned", time: old }), newEvent()]);
      const { counts } = await pruneAll(store, { limit: 2 });
      const left = await store.log.facts({ tenants: ["org_1"], upTo: 99 });
      expect(left.map((event) => [event.type, endpointOf(event)])).toEqual([
        ["endpoint.created", alive.id],
        ["endpoint.created", fresh.id],
        ["endpoint.updated", alive.id],
        ["endpoint.updated", fresh.id],
        ["endpoint.deleted", fresh.id],
        ["endpoint.updated", "whe_unknown"],
      ]);
      expect(counts).toEqual({ eventCount: 4, attemptCount: 0, keptCount: 6 });
    });

    test("are not asked of events of other contracts", async () => {
      const { store } = await use(open);
      const { endpoint, lease } = await prepare(store, 0);
      await appendSettled(store, lease, [
        newEvent({ time: old, body: JSON.stringify({ endpointId: endpoint.id }) }),
        newEvent(),
      ]);
      expect((await pruneAll(store)).counts.eventCount).toBe(1);
    });
  });

  describe("after events were dropped", () => {
    test("their idempotency keys are forgotten", async () => {
      const { store } = await use(open);
      const lease = await leaseOf(store, "one");
      await appendSettled(store, lease, [newEvent({ time: old, idempotencyKey: "key" }), newEvent()]);
      await pruneAll(store);
      const again = newEvent({ idempotencyKey: "key" });
      expect(await store.log.append([again])).toEqual([{ event: again, created: true }]);
    });

    test("a feed whose cursor lies before goes on at the first that was kept", async () => {
      const { store } = await use(open);
      const { lease } = await prepare(store, 5);
      const kept = newEvents(3);
      await appendSettled(store, lease, kept);
      await pruneAll(store);
      const list = (after: number) =>
        store.events.list({ tenant: "org_1", contract: "stech", types: null, after, limit: 2 });
      expect((await list(2)).map(({ id }) => id)).toEqual(kept.slice(0, 2).map(({ id }) => id));
      expect((await list(5)).map(({ id }) => id)).toEqual(kept.slice(0, 2).map(({ id }) => id));
      expect(await readPage(store, { shard: lease.shard, after: 4, limit: 9 })).toHaveLength(3);
    });

    test("when redeliveries were asked for goes with their events, and stays with those that stay", async () => {
      const { store } = await use(open);
      const { endpoint, events, lease, key } = await prepare(store, 3);
      const [young] = newEvents(1);
      await appendSettled(store, lease, [young ?? expect.unreachable()]);
      await settleOne(store, settlement(lease, { attempts: [attempt(key(3))] }));
      for (const { id: eventId } of [events[0], events[2], young].map((event) => event ?? expect.unreachable()))
        await store.deliveries.redeliver({ endpointKey: endpoint.key, eventId, at: 700 }, told);
      await settleOne(store, settlement(lease, { finished: [key(0, 1), key(3, 1)] }));
      await pruneAll(store);
      const asked = await store.database.selectFrom("hookwright_redelivered").selectAll().orderBy("position").execute();
      expect(asked).toEqual([2, 3].map((index) => ({ endpoint_key: endpoint.key, ...at(index), created_at: 700 })));

      function at(index: number) {
        const { position, run } = key(index, 1);
        return { position, run };
      }
    });

    test("their deliveries are gone: pages hold the others, none is found or redelivered", async () => {
      const { store } = await use(open);
      const { endpoint, events, lease, key } = await prepare(store, 5);
      await settleOne(store, settlement(lease, { pending: [{ ...key(2), run: 1, attemptCount: 0, dueAt: 9 }] }));
      const young = newEvents(2);
      await appendSettled(store, lease, young);
      await settleOne(store, settlement(lease, { attempts: [attempt(key(5)), attempt(key(6))] }));
      await pruneAll(store);
      const all = await store.deliveries.list({ endpointKey: endpoint.key, before: null, limit: 3 });
      expect(all.map(({ position, run }) => [position, run])).toEqual([
        [9, 0],
        [8, 0],
        [5, 1],
      ]);
      const rest = await store.deliveries.list({ endpointKey: endpoint.key, before: all[2] ?? null, limit: 3 });
      expect(rest.map(({ position, run, attempts }) => [position, run, attempts.length])).toEqual([[5, 0, 2]]);
      const eventId = events[0]?.id ?? "";
      expect(await store.deliveries.get({ endpointKey: endpoint.key, eventId, run: 0 })).toBeNull();
      expect(await store.deliveries.redeliver({ endpointKey: endpoint.key, eventId, at: 1 }, told)).toBeNull();
    });
  });

  describe("the log stays append-only", () => {
    const tables = ["hookwright_events", "hookwright_attempts"] as const;
    const everyDeleteIsRefused = async ({ database }: OpenedStore) => {
      for (const table of tables) {
        await expect(database.deleteFrom(table).execute()).rejects.toThrow(/is append-only and refuses DELETE/);
      }
      expect(await database.selectFrom("hookwright_pruning").selectAll().execute()).toEqual([]);
    };

    test("right after events were dropped", async () => {
      const { store, openAnother } = await use(open);
      await prepare(store, 4);
      await pruneAll(store);
      expect(await attemptRows(store)).not.toEqual([]);
      await everyDeleteIsRefused(store);
      await everyDeleteIsRefused(await openAnother());
    });

    test("after a step that failed, which drops nothing", async () => {
      const { store } = await use(open);
      await prepare(store, 4);
      const before = [await logRows(store), await attemptRows(store)];
      const fail = () => {
        throw new Error("no body");
      };
      await expect(pruneAll(store, { endpointOf: fail })).rejects.toThrow("no body");
      const dropping = store.database.transaction().execute(async (transaction) => {
        await transaction.insertInto("hookwright_pruning").values({ only_row: 1 }).execute();
        for (const table of tables) await transaction.deleteFrom(table).execute();
        return fail();
      });
      await expect(dropping).rejects.toThrow("no body");
      expect([await logRows(store), await attemptRows(store)]).toEqual(before);
      await everyDeleteIsRefused(store);
    });

    test("but for DELETE: a transaction that may drop events cannot change one", async () => {
      const { store } = await use(open);
      await prepare(store, 1);
      for (const change of [
        (db: OpenedStore["database"]) => db.updateTable("hookwright_events").set({ body: "{}" }).execute(),
        (db: OpenedStore["database"]) => db.updateTable("hookwright_attempts").set({ status: 1 }).execute(),
      ]) {
        const changing = store.database.transaction().execute(async (transaction) => {
          await transaction.insertInto("hookwright_pruning").values({ only_row: 1 }).execute();
          await change(transaction);
        });
        await expect(changing).rejects.toThrow(/is append-only and refuses UPDATE/);
      }
      await everyDeleteIsRefused(store);
    });

    describe("by what it is and what became of it", () => {
      const none = { events: null, payloads: null, failed: null };
      const dayMs = 24 * 3600 * 1000;
      const ago = (days: number) => horizon - days * dayMs;

      /** An event that is so many days older than the horizon. */
      const aged = (days: number, over: Partial<NewEvent> = {}) => newEvent({ time: ago(days), ...over });

      async function bodies(store: OpenedStore): Promise<Readonly<Record<string, string>>> {
        const rows = await store.database.selectFrom("hookwright_log").select(["id", "body"]).execute();
        return Object.fromEntries(rows.map(({ id, body }) => [id, body]));
      }

      test("payloads go before their events do, once, and of each contract when that says so", async () => {
        const { store } = await use(open);
        const lease = await leaseOf(store, "one");
        const young = aged(10);
        const bare = aged(40);
        const gone = aged(100);
        const other = aged(40, { contract: "authn" });
        await appendSettled(store, lease, [young, bare, gone, other, newEvent()]);
        const horizonsOf = (contract: string) =>
          contract === "stech" ? { ...none, events: ago(90), payloads: ago(30) } : { ...none, events: ago(365) };
        const count = await pruneAll(store, { before: ago(30), horizonsOf, does: "count" });
        expect(sum(count.steps)).toMatchObject({ eventCount: 1, payloadCount: 1 });
        expect((await bodies(store))[bare.id]).toBe(bare.body);
        const dropped = await pruneAll(store, { before: ago(30), horizonsOf });
        expect(sum(dropped.steps)).toMatchObject({ eventCount: 1, payloadCount: 1 });
        expect(await bodies(store)).toMatchObject({ [young.id]: young.body, [bare.id]: "", [other.id]: other.body });
        expect(await bodies(store)).not.toHaveProperty(gone.id);
        const again = await pruneAll(store, { before: ago(30), horizonsOf });
        expect(sum(again.steps)).toMatchObject({ eventCount: 0, payloadCount: 0 });
      });

      test("what failed is kept for longer, with its payload", async () => {
        const { store } = await use(open);
        const endpoint = await createEndpoint(store);
        const lease = await leaseOf(store, "one");
        const [failed, delivered, long] = [aged(40), aged(40), aged(200)];
        await appendSettled(store, lease, [failed, delivered, long, newEvent()]);
        const rows = await logRows(store);
        const positionOf = ({ id }: NewEvent) => rows.find((row) => row.id === id)?.position ?? 0;
        const key = (event: NewEvent) => ({ endpointKey: endpoint.key, position: positionOf(event), run: 0 });
        const attempts = [
          attempt(key(failed), { result: "exhausted" }),
          attempt(key(delivered)),
          attempt(key(long), { result: "rejected" }),
        ];
        await settleOne(store, settlement(lease, { attempts }));
        const horizonsOf = () => ({ events: ago(30), payloads: ago(20), failed: ago(180) });
        await pruneAll(store, { before: ago(20), horizonsOf });
        const left = await bodies(store);
        expect([failed, delivered, long].map(({ id }) => left[id])).toEqual([failed.body, undefined, undefined]);
      });

      test("the payload of what is still owed stays, and that of a fact", async () => {
        const { store } = await use(open);
        const endpoint = await createEndpoint(store);
        const lease = await leaseOf(store, "one");
        const owed = aged(40);
        await appendSettled(store, lease, [owed, newEvent()]);
        const position = (await logRows(store)).find(({ id }) => id === owed.id)?.position ?? 0;
        const pending = [{ endpointKey: endpoint.key, position, run: 0, attemptCount: 1, dueAt: 9 }];
        await settleOne(store, settlement(lease, { pending }));
        const horizonsOf = () => ({ ...none, payloads: ago(-1) });
        expect(sum((await pruneAll(store, { before: ago(-1), horizonsOf })).steps)).toMatchObject({ eventCount: 0 });
        expect(Object.entries(await bodies(store)).filter(([id, body]) => id === owed.id && body !== "")).toHaveLength(
          1,
        );
        const facts = await store.log.facts({ tenants: ["org_1"], upTo: 1000 });
        expect(facts.every(({ body }) => body !== "")).toBe(true);
        await settleOne(store, settlement(lease, { finished: [{ endpointKey: endpoint.key, position, run: 0 }] }));
        await pruneAll(store, { before: ago(-1), horizonsOf });
        expect((await bodies(store))[owed.id]).toBe("");
      });
    });
  });
}
