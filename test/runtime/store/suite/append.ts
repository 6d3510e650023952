import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { executorOf } from "../../../../runtime/store/executor.ts";
import type { OpenedStore } from "../../../../runtime/store/open-store.ts";
import type { NewEvent } from "../../../../runtime/seams/log-store.ts";
import {
  leaseOf,
  logRows,
  newEvent,
  newEvents,
  recordingExecutor,
  use,
  type OpenHarness,
  readPage,
} from "./harness.ts";

class RolledBack extends Error {}

/** Appends in a transaction of the product's own, which then commits or does not. */
async function appendInTransaction(store: OpenedStore, events: readonly NewEvent[], end: "commit" | "rollback") {
  const work = store.database.transaction().execute(async (transaction) => {
    const appended = await store.log.append(events, executorOf(transaction));
    if (end === "rollback") throw new RolledBack();
    return appended;
  });
  return work.catch((error: unknown) => (error instanceof RolledBack ? [] : Promise.reject(error)));
}

const first = (over: Partial<NewEvent> = {}) => newEvent({ idempotencyKey: "key", ...over });
const companionOf = (event: NewEvent, idempotencyKey: string | null = "companion of key") =>
  newEvent({ idempotencyKey, companionOf: event });
const withCompanion = (event: NewEvent) => [event, companionOf(event)];

/** An implementation without transactions of the product has these rules too. */
export function describeCompanions(open: OpenHarness): void {
  describe("companions", () => {
    test("stand after their event, and a repeat is a repeat of both", async () => {
      const { store } = await use(open);
      const events = withCompanion(first());
      expect((await store.log.append(events)).map(({ created }) => created)).toEqual([true, true]);
      const repeated = await store.log.append(withCompanion(first()));
      expect(repeated.map(({ event: { id }, created }) => ({ id, created }))).toEqual(
        events.map(({ id }) => ({ id, created: false })),
      );
      expect((await logRows(store)).map(({ id }) => id)).toEqual(events.map(({ id }) => id));
    });

    test("are left out when the key was used for an event without them", async () => {
      const { store } = await use(open);
      const before = first({ type: "deployment.failed" });
      await store.log.append([before]);
      const appended = await store.log.append(withCompanion(first()));
      expect(appended.map(({ created }) => created)).toEqual([false, false]);
      expect((await logRows(store)).map(({ id }) => id)).toEqual([before.id]);
    });

    test("of an event without a key are appended whenever it is", async () => {
      const { store } = await use(open);
      const events = [1, 2].flatMap(() => {
        const event = newEvent();
        return [event, companionOf(event, null)];
      });
      await store.log.append(events);
      expect((await logRows(store)).map(({ id }) => id)).toEqual(events.map(({ id }) => id));
    });
  });
}

export function describeAppend(open: OpenHarness): void {
  describe("append", () => {
    test("keeps the order of its input, in the log and in the answer", async () => {
      const { store } = await use(open);
      const events = newEvents(200).map((event, index) => ({ ...event, id: `evt_${(index * 7919) % 200}` }));
      const appended = await store.log.append(events);
      expect(appended).toEqual(events.map((event) => ({ event, created: true })));
      const expected = events.map((event, index) => ({ position: index + 1, id: event.id }));
      expect(await logRows(store)).toEqual(expected);
    });

    test("stores a body to the byte", async () => {
      const { store } = await use(open);
      const body = `{"text":"tab\\t, \\"quotes\\", \\u0000, é, 😀, ${"\u2028"}, <>&'"}`;
      const [appended] = await store.log.append([newEvent({ body, tenant: "org_é" })]);
      const [stored] = await store.events.list({ tenant: "org_é", contract: "stech", types: null, after: 0, limit: 1 });
      expect(stored).toEqual({ ...appended?.event, position: 1 });
      expect(stored?.body).toBe(body);
    });

    test("replaces half a surrogate pair, which has no form in UTF-8", async () => {
      const { store } = await use(open);
      const half = { tenant: "org_\ud83d", idempotencyKey: "key_\ude00", body: '"\ud83d"' };
      const [first] = await store.log.append([newEvent(half)]);
      const [stored] = await readPage(store, {
        shard: (await leaseOf(store, "one", half.tenant)).shard,
        after: 0,
        limit: 1,
      });
      expect(stored).toMatchObject({ tenant: "org_\ufffd", idempotencyKey: "key_\ufffd", body: '"\ufffd"' });
      const [repeat] = await store.log.append([newEvent(half)]);
      expect(repeat).toMatchObject({ created: false, event: { id: first?.event.id } });
    });

    test("of nothing does nothing", async () => {
      const { store } = await use(open);
      expect(await store.log.append([])).toEqual([]);
    });

    test("refuses an id that is taken, together with all that was appended with it", async () => {
      const { store } = await use(open);
      const first = newEvent();
      await store.log.append([first]);
      await expect(store.log.append([newEvent(), { ...newEvent(), id: first.id }])).rejects.toThrow();
      expect(await logRows(store)).toEqual([{ position: 1, id: first.id }]);
    });
  });

  describe("idempotency keys", () => {
    test("a repeat returns the first event", async () => {
      const { store } = await use(open);
      const first = newEvent({ idempotencyKey: "key" });
      await store.log.append([first]);
      const [other, repeat] = await store.log.append([newEvent(), newEvent({ idempotencyKey: "key", type: "other" })]);
      expect(other?.created).toBe(true);
      expect(repeat).toEqual({ event: first, created: false });
      expect((await logRows(store)).map((row) => row.position)).toEqual([1, 2]);
    });

    test("a repeat within one call returns the first of the call", async () => {
      const { store } = await use(open);
      const first = newEvent({ idempotencyKey: "key" });
      const second = newEvent({ idempotencyKey: "key" });
      const last = newEvent();
      expect(await store.log.append([first, second, last])).toEqual([
        { event: first, created: true },
        { event: first, created: false },
        { event: last, created: true },
      ]);
      expect(await logRows(store)).toEqual([
        { position: 1, id: first.id },
        { position: 2, id: last.id },
      ]);
    });

    test("the same event twice is created once", async () => {
      const { store } = await use(open);
      const event = newEvent({ idempotencyKey: "key" });
      const appended = await store.log.append([event, event]);
      expect(appended.map((each) => each.created)).toEqual([true, false]);
      const [again] = await store.log.append([event]);
      expect(again).toEqual({ event, created: false });
    });

    test("are of a tenant and a contract", async () => {
      const { store } = await use(open);
      const keyed = (over: Partial<NewEvent>) => newEvent({ idempotencyKey: "key", ...over });
      const events = [keyed({}), keyed({ tenant: "org_2" }), keyed({ contract: "authn" })];
      expect(await store.log.append(events)).toEqual(events.map((event) => ({ event, created: true })));
    });

    test("used at the same time by two connections, one of them creates", async () => {
      const { store, openAnother } = await use(open);
      const other = await openAnother();
      const appended = await Promise.all(
        Array.from({ length: 20 }, async (_, index) => {
          const event = newEvent({ idempotencyKey: "key" });
          const [outcome] = await (index % 2 === 0 ? store : other).log.append([event]);
          return outcome;
        }),
      );
      const created = appended.filter((each) => each?.created);
      expect(created).toHaveLength(1);
      expect(new Set(appended.map((each) => each?.event.id))).toEqual(new Set([created[0]?.event.id]));
      expect(await logRows(store)).toHaveLength(1);
    });
  });

  describe("append in the product's transaction", () => {
    test("adds exactly one statement to it", async () => {
      const { store } = await use(open);
      await store.database.transaction().execute(async (transaction) => {
        const executor = recordingExecutor(transaction);
        await store.log.append(newEvents(50, { idempotencyKey: null }), executor);
        await store.log.append(newEvents(2, { idempotencyKey: null }), executor);
        await store.log.append([newEvent({ idempotencyKey: "a" })], executor);
        await store.log.append(
          [...newEvents(2, { idempotencyKey: null }), newEvent({ idempotencyKey: "b" })],
          executor,
        );
        expect(executor.statements).toHaveLength(4);
        // Its text depends on whether there are keys, and not on the number of events.
        expect(new Set(executor.statements.slice(0, 2)).size).toBe(1);
        expect(new Set(executor.statements.slice(2)).size).toBe(1);
      });
      expect(await logRows(store)).toHaveLength(56);
    });

    test("finds the first event when a key was used", async () => {
      const { store, statementsOfRepeat } = await use(open);
      const first = newEvent({ idempotencyKey: "key" });
      await store.database.transaction().execute(async (transaction) => {
        const executor = recordingExecutor(transaction);
        await store.log.append([first], executor);
        const [repeat] = await store.log.append([newEvent({ idempotencyKey: "key" })], executor);
        expect(repeat).toEqual({ event: first, created: false });
        expect(executor.statements).toHaveLength(2 + statementsOfRepeat);
      });
    });

    test("leaves nothing when it rolls back", async () => {
      const { store } = await use(open);
      await appendInTransaction(store, newEvents(3, { idempotencyKey: "key" }), "rollback");
      expect(await logRows(store)).toEqual([]);
      const [appended] = await store.log.append([newEvent({ idempotencyKey: "key" })]);
      expect(appended?.created).toBe(true);
    });
  });

  describeCompanions(open);

  test("companions come with their event in one statement of the product's transaction", async () => {
    const { store } = await use(open);
    const statements = await store.database.transaction().execute(async (transaction) => {
      const executor = recordingExecutor(transaction);
      await store.log.append(withCompanion(first()), executor);
      return executor.statements;
    });
    expect(statements).toHaveLength(1);
    await appendInTransaction(store, withCompanion(first({ idempotencyKey: "other" })), "rollback");
    expect(await logRows(store)).toHaveLength(2);
  });

  test("positions are dense whatever was turned away or rolled back", async () => {
    const { store } = await use(open);
    const key = fc.option(fc.integer({ min: 0, max: 30 }).map(String), { nil: null });
    const step = fc.record({
      keys: fc.array(key, { minLength: 1, maxLength: 6 }),
      end: fc.constantFrom("none", "commit", "rollback"),
    });
    const property = fc.asyncProperty(fc.array(step, { maxLength: 8 }), async (steps) => {
      for (const { keys, end } of steps) {
        const events = keys.map((idempotencyKey) => newEvent({ idempotencyKey }));
        await (end === "none" ? store.log.append(events) : appendInTransaction(store, events, end));
      }
      const positions = (await logRows(store)).map((row) => row.position);
      expect(positions).toEqual(positions.map((_, index) => index + 1));
    });
    await fc.assert(property, { numRuns: 25 });
  });

  describe("the log is append-only", () => {
    test.each(["update", "delete"] as const)("%s is refused", async (verb) => {
      const { store } = await use(open);
      await store.log.append([newEvent()]);
      const before = await store.database.selectFrom("hookwright_events").selectAll().execute();
      const change =
        verb === "update"
          ? store.database.updateTable("hookwright_events").set({ body: "{}" })
          : store.database.deleteFrom("hookwright_events");
      await expect(change.execute()).rejects.toThrow(/hookwright_events is append-only/);
      expect(await store.database.selectFrom("hookwright_events").selectAll().execute()).toEqual(before);
    });
  });
}
