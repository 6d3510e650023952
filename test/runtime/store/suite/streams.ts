import { describe, expect, test } from "vitest";
import type { OpenedStore } from "../../../../runtime/store/open-store.ts";
import type { NewStream, Stream, StreamSettings, StreamStep } from "../../../../runtime/seams/stream-store.ts";
import { handOver, leaseOf, newEvents, use, type OpenHarness, told } from "./harness.ts";

const settings: StreamSettings = {
  ...{ url: "https://example.com/logs", schedule: null, delaySeconds: 0, batchSize: 100, sends: "batch" },
  ...{ concurrency: 5, startFrom: null, level: null, types: [], noticeOnSuccess: false, onExhausted: "hold" },
};

export const newStream = (over: Partial<NewStream> = {}): NewStream => ({
  ...{ id: "str_1", tenant: "org_1", contract: "stech", settings, createdAt: 1000, dueAt: 1000, position: 0 },
  ...{ sealedAuthorization: null, sealedNoticeUrl: null },
  ...over,
});

const batch = { upTo: 3, filter: { except: [] }, attemptCount: 0 };
const run: StreamStep["run"] & object = {
  ...{ startedAt: 1, endedAt: 2, result: "delivered", recordCount: 3, attemptCount: 1 },
  ...{ startCheckpoint: null, checkpoint: "evt", status: null, error: null, warning: null },
};

export const stepOf = (lease: StreamStep["lease"], stream: Stream, over: Partial<StreamStep> = {}): StreamStep => ({
  ...{ lease, stream, position: 3, checkpoint: "evt", batch: null, dueAt: 0, reportedAt: 0, run },
  ...over,
});

const everything = {
  tenant: "org_1",
  contract: "stech",
  after: 0,
  upTo: 1_000_000,
  filter: { except: [] },
  limit: 100,
  bytesMax: 1_000_000,
};
const again = (store: OpenedStore) => store.streams.get({ tenant: "org_1", id: "str_1" });

export function describeStreams(open: OpenHarness): void {
  describe("streams", () => {
    test("are made, listed, changed and removed by their tenant alone", async () => {
      const { store } = await use(open);
      const made = await store.streams.create(newStream({ sealedAuthorization: "sealed" }), told);
      expect(made).toMatchObject({ status: "active", settings, sealedAuthorization: "sealed" });
      expect(await store.streams.get({ tenant: "org_2", id: "str_1" })).toBeNull();
      expect(await store.streams.list({ tenant: "org_1" })).toEqual([made]);
      expect(
        await store.streams.update({ tenant: "org_2", id: "str_1", at: 2 }, { status: "paused" }, told),
      ).toBeNull();
      const after = await store.streams.update({ tenant: "org_1", id: "str_1", at: 2000 }, { status: "paused" }, told);
      expect(after).toEqual({ ...made, status: "paused", updatedAt: 2000 });
      expect(await store.streams.remove({ tenant: "org_2", id: "str_1", at: 3 }, told)).toBe(false);
      expect(await store.streams.remove({ tenant: "org_1", id: "str_1", at: 3 }, told)).toBe(true);
      expect(await again(store)).toBeNull();
      const rows = await store.database.selectFrom("hookwright_streams").selectAll().execute();
      expect(rows).toMatchObject([{ sealed_authorization: null, deleted_at: 3 }]);
    });

    test("R-AUTH0-09: a place in the log is found by an event's id, or by the id that a body has", async () => {
      const { store } = await use(open);
      const events = newEvents(3).map((event, index) => ({ ...event, body: `{"type":"a","_id":"90_${index}%"}` }));
      await store.log.append(events);
      await store.log.facts({ tenants: [], upTo: 0 });
      const place = (eventId: string, sentAs?: string) =>
        store.streams.positionOf({ tenant: "org_1", contract: "stech", eventId, sentAs });
      const all = await store.streams.records(everything);
      expect(await place(events[1]?.id ?? "")).toBe(all[1]?.position);
      expect(await place("90_1%", "_id")).toBe(all[1]?.position);
      expect(await place("90_1%")).toBeNull();
      expect(await place("90_%", "_id")).toBeNull();
      expect(await place("90x1%", "_id")).toBeNull();
    });

    test("R-AUTHSIGNAL-03: records are those of the tenant and contract that pass the filter, in order", async () => {
      const { store } = await use(open);
      const kept = newEvents(3);
      const removed = newEvents(2, { type: "deployment.removed" });
      await store.log.append([...newEvents(1, { tenant: "org_2" }), ...kept, ...newEvents(1, { contract: "authn" })]);
      await store.log.append(removed);
      const idsOf = async (over: object) =>
        (await store.streams.records({ ...everything, ...over })).map((record) => record.id);
      const [all, last] = [[...kept, ...removed].map((event) => event.id), removed.map((event) => event.id)];
      await store.log.facts({ tenants: [], upTo: 0 });
      expect(await idsOf({})).toEqual(all);
      expect(await idsOf({ filter: { only: ["deployment.removed"] } })).toEqual(last);
      expect(await idsOf({ filter: { except: ["deployment.created"] } })).toEqual(last);
      expect(await idsOf({ limit: 2 })).toEqual(all.slice(0, 2));
      const [first] = await store.streams.records(everything);
      expect(await idsOf({ after: first?.position })).toEqual(all.slice(1));
      expect(await idsOf({ upTo: first?.position })).toEqual(all.slice(0, 1));
      expect(first).toMatchObject({ body: kept[0]?.body, time: kept[0]?.time });
    });

    test("one step moves the cursor, freezes the next batch and keeps the run, all or nothing", async () => {
      const { store } = await use(open);
      const lease = await leaseOf(store, "a");
      const stream = await store.streams.create(newStream(), told);
      const after = await store.streams.step(stepOf(lease, stream, { batch: { ...batch, upTo: 5 }, dueAt: 7 }));
      expect(after?.cursor).toMatchObject({
        position: 3,
        checkpoint: "evt",
        batch: { upTo: 5 },
        dueAt: 7,
        runCount: 1,
      });
      expect(await again(store)).toEqual(after);
      const { runs, total } = await store.streams.runs({ streamKey: stream.key, only: "all", offset: 0, limit: 9 });
      expect([runs, total]).toEqual([[{ ...run, number: 1 }], 1]);
      // The same step a second time: the cursor has moved on.
      expect(await store.streams.step(stepOf(lease, stream))).toBeNull();
      expect(await again(store)).toEqual(after);
    });

    test("R-AUTHSIGNAL-06: a step without the lease of the tenant's shard writes nothing", async () => {
      const { store } = await use(open);
      const lease = await leaseOf(store, "a");
      const stream = await store.streams.create(newStream(), told);
      await handOver(store, "a", "b");
      await expect(store.streams.step(stepOf(lease, stream))).rejects.toMatchObject({ code: "lease_lost" });
      expect(await again(store)).toEqual(stream);
    });

    test("what comes of a batch from before a rewind, or of a stream that was deleted, is dropped", async () => {
      const { store } = await use(open);
      const lease = await leaseOf(store, "a");
      const stream = await store.streams.create(newStream(), told);
      const frozen = await store.streams.step(stepOf(lease, stream, { position: 0, batch, run: null }));
      if (frozen === null) throw new Error("The step was not written.");
      const rewound = await store.streams.update({ tenant: "org_1", id: "str_1", at: 2 }, { position: 0 }, told);
      expect(rewound?.cursor).toMatchObject({ position: 0, batch: null, generation: 1 });
      expect(await store.streams.step(stepOf(lease, frozen))).toBeNull();
      expect(await again(store)).toEqual(rewound);
      await store.streams.remove({ tenant: "org_1", id: "str_1", at: 3 }, told);
      expect(await store.streams.step(stepOf(lease, frozen))).toBeNull();
    });

    test("due are active streams with a batch, an event that is old enough, or a schedule that came round", async () => {
      const { store } = await use(open);
      const { shard } = await leaseOf(store, "a");
      const [event] = newEvents(1, { time: 5000 });
      if (event === undefined) throw new Error("There is no event.");
      const make = (id: string, over: Partial<NewStream> = {}) =>
        store.streams.create(newStream({ id, ...over }), told);
      // A read of the log, before which the harness lets it catch up.
      await store.log.facts({ tenants: [], upTo: 0 });
      const end = await store.streams.end({ tenant: "org_1" });
      await make("str_event", { position: end, dueAt: 0, settings: { ...settings, delaySeconds: 60 } });
      await make("str_schedule", { position: end, settings: { ...settings, schedule: "* * * * * *" }, dueAt: 9000 });
      const paused = await make("str_paused");
      await store.streams.update({ ...paused, at: 1 }, { status: "paused" }, told);
      const dueAt = async (now: number, except: readonly number[] = []) => {
        await store.log.facts({ tenants: [], upTo: 0 });
        return (await store.streams.due({ shards: [shard], now, limit: 9, except })).map(({ id }) => id);
      };
      await store.log.append([event]);
      expect(await dueAt(8999)).toEqual([]);
      expect(await dueAt(9000)).toEqual(["str_schedule"]);
      expect(await dueAt(64_999)).toEqual(["str_schedule"]);
      expect(await dueAt(65_000)).toEqual(["str_event", "str_schedule"]);
      expect(await store.streams.oldestDueAt({ shards: [shard], now: 64_999 })).toBe(5000);
      expect(await store.streams.due({ shards: [], now: 65_000, limit: 9, except: [] })).toEqual([]);
    });

    test("stand still when a batch was refused, or when they were not worked since they were due", async () => {
      const { store } = await use(open);
      const lease = await leaseOf(store, "a");
      const [event] = newEvents(1, { time: 5000 });
      await store.log.facts({ tenants: [], upTo: 0 });
      const end = await store.streams.end({ tenant: "org_1" });
      const stalled = (dueBefore: number) => store.streams.stalledCount({ shards: [lease.shard], dueBefore, max: 9 });
      const refused = await store.streams.create(newStream({ id: "str_1", position: end, dueAt: 9000 }), told);
      const late = { ...settings, delaySeconds: 2 };
      await store.streams.create(newStream({ id: "str_2", position: end, dueAt: 6000, settings: late }), told);
      if (event !== undefined) await store.log.append([event]);
      await store.log.facts({ tenants: [], upTo: 0 });
      expect([await stalled(6999), await stalled(7000)]).toEqual([0, 1]);
      const step = stepOf(lease, refused, {
        position: end,
        batch: { ...batch, upTo: end + 1 },
        dueAt: 9000,
        run: null,
      });
      const frozen = await store.streams.step(step);
      if (frozen === null) return expect.unreachable();
      expect(await stalled(6999)).toBe(0);
      const held = await store.streams.step({ ...step, stream: frozen, batch: { ...batch, attemptCount: 1 } });
      expect(await stalled(6999)).toBe(1);
      expect(await stalled(7000)).toBe(2);
      expect(await store.streams.stalledCount({ shards: [lease.shard], dueBefore: 7000, max: 1 })).toBe(1);
      expect(await store.streams.stalledCount({ shards: [], dueBefore: 7000, max: 9 })).toBe(0);
      if (held !== null) await store.streams.update({ ...held, at: 1 }, { status: "paused" }, told);
      expect(await stalled(6999)).toBe(0);
    });

    test("only so many runs are kept", async () => {
      const { store } = await use(open);
      const lease = await leaseOf(store, "a");
      let stream: Stream | null = await store.streams.create(newStream(), told);
      await store.database.updateTable("hookwright_stream_cursors").set({ run_count: 1098 }).execute();
      for (const number of [1, 99, 100, 101]) {
        const row = { stream_key: stream.key, number, started_at: 1, ended_at: 2, record_count: 1, attempt_count: 1 };
        const rest = { status: null, start_checkpoint: null, checkpoint: null, error: null, warning: null };
        await store.database
          .insertInto("hookwright_stream_runs")
          .values({ ...row, ...rest, result: "delivered" })
          .execute();
      }
      for (const position of [1, 2]) {
        if (stream !== null) stream = await store.streams.step(stepOf(lease, stream, { position }));
      }
      const { runs } = await store.streams.runs({ streamKey: stream?.key ?? 0, only: "all", offset: 0, limit: 9 });
      expect(runs.map(({ number }) => number)).toEqual([1100, 1099, 101]);
    });
  });

  describe("signing keys", () => {
    const key = { id: "sgk_1", tenant: "org_1", contract: "authsignal", sealed: "sealed", createdAt: 1000 };

    test("D-AUTHSIGNAL-07: are listed newest first, and are as many as there may be, also when two are made at once", async () => {
      const { store } = await use(open);
      expect(await store.signingKeys.create(key, { activeMax: 2, facts: told() })).toBe(true);
      const others = ["sgk_2", "sgk_3"].map((id) =>
        store.signingKeys.create({ ...key, id, createdAt: 2000 }, { activeMax: 2, facts: told() }),
      );
      expect((await Promise.all(others)).toSorted()).toEqual([false, true]);
      const listed = await store.signingKeys.list(key);
      expect(listed).toHaveLength(2);
      expect(listed[1]).toEqual(key);
      expect(await store.signingKeys.remove({ tenant: "org_2", id: "sgk_1" }, told)).toBe(false);
      expect(await store.signingKeys.remove(key, told)).toBe(true);
      expect(await store.signingKeys.list(key)).toHaveLength(1);
    });
  });
}
