import { describe, expect, test } from "vitest";
import type { OpenedStore } from "../../../../runtime/store/open-store.ts";
import type { Endpoint, Pending } from "../../../../runtime/seams/log-store.ts";
import {
  claimOf,
  createEndpoint,
  fact,
  leaseOf,
  newEvents,
  settlement,
  use,
  type OpenHarness,
  settleOne,
  readPage,
} from "./harness.ts";

/** Endpoints with deliveries of the first events, due at the times given for each. */
async function prepare(store: OpenedStore, dueAt: readonly (readonly number[])[]) {
  const endpoints: Endpoint[] = [];
  for (const _ of dueAt) endpoints.push(await createEndpoint(store));
  const lease = await leaseOf(store, "one");
  const longest = Math.max(...dueAt.map((times) => times.length));
  await store.log.append(newEvents(longest));
  const pending = dueAt.flatMap((times, index) =>
    times.map((time, at): Pending => {
      return { endpointKey: endpoints[index]?.key ?? 0, position: at + 1, run: 0, attemptCount: 1, dueAt: time };
    }),
  );
  await settleOne(store, settlement(lease, { pending }));
  return { endpoints, keys: endpoints.map((endpoint) => endpoint.key), lease };
}

const summary = (found: readonly Pending[]) => found.map(({ endpointKey, dueAt }) => [endpointKey, dueAt]);

export function describeDue(open: OpenHarness): void {
  describe("due", () => {
    test("gives what is due with its event, the longest waiting first", async () => {
      const { store } = await use(open);
      const { keys, lease } = await prepare(store, [[30, 10], [20], [41]]);
      const found = await store.log.due(claimOf(lease, 40));
      expect(summary(found)).toEqual([
        [keys[0], 10],
        [keys[1], 20],
        [keys[0], 30],
      ]);
      const log = await readPage(store, { shard: lease.shard, after: 0, limit: 2 });
      expect(found.map((each) => each.event)).toEqual([log[1], log[0], log[0]]);
      expect(found[0]).toMatchObject({ position: 2, run: 0, attemptCount: 1 });
    });

    test("ten thousand due deliveries of one endpoint do not hide those of others", async () => {
      const { store } = await use(open);
      const hot = Array.from({ length: 10_000 }, (_, index) => index);
      const { keys, lease } = await prepare(store, [hot, [20_000], [20_001]]);
      const found = await store.log.due({ ...claimOf(lease, 30_000), perEndpointMax: 3 });
      expect(summary(found)).toEqual([
        [keys[0], 0],
        [keys[0], 1],
        [keys[0], 2],
        [keys[1], 20_000],
        [keys[2], 20_001],
      ]);
    });

    test("takes the endpoints that have waited longest when there are more than asked for", async () => {
      const { store } = await use(open);
      const { keys, lease } = await prepare(store, [[5], [3], [4], [1, 2]]);
      const found = await store.log.due({ ...claimOf(lease, 10), endpointsMax: 2, perEndpointMax: 1 });
      expect(summary(found)).toEqual([
        [keys[3], 1],
        [keys[1], 3],
      ]);
    });

    test("passes over the endpoints in `except`", async () => {
      const { store } = await use(open);
      const { keys, lease } = await prepare(store, [[1], [2], [3]]);
      const except = [keys[0] ?? 0, keys[2] ?? 0];
      expect(summary(await store.log.due({ ...claimOf(lease, 10), endpointsMax: 1, except }))).toEqual([[keys[1], 2]]);
    });

    test.each([
      ["disabled", { enabled: false }, { enabled: true }],
      ["paused", { paused: true }, { paused: false }],
    ])("%s endpoints have none until they are no longer", async (_, stop, go) => {
      const { store } = await use(open);
      const { endpoints, keys, lease } = await prepare(store, [[1], [2]]);
      const of = { tenant: "org_1", id: endpoints[0]?.id ?? "", at: 3000 };
      await store.endpoints.update(of, stop, () => [fact()]);
      expect(summary(await store.log.due(claimOf(lease, 10)))).toEqual([[keys[1], 2]]);
      const late = { endpointKey: keys[0] ?? 0, position: 2, run: 0, attemptCount: 0, dueAt: 0 };
      await settleOne(store, settlement(lease, { pending: [late] }));
      expect(summary(await store.log.due(claimOf(lease, 10)))).toEqual([[keys[1], 2]]);
      await store.endpoints.update(of, go, () => [fact()]);
      expect(summary(await store.log.due(claimOf(lease, 10)))).toEqual([
        [keys[0], 0],
        [keys[0], 1],
        [keys[1], 2],
      ]);
    });

    test("deleted endpoints have none, and nothing stays pending for them", async () => {
      const { store } = await use(open);
      const { endpoints, keys, lease } = await prepare(store, [[1], [2]]);
      await store.endpoints.remove({ tenant: "org_1", id: endpoints[0]?.id ?? "", at: 3000 }, () => [fact()]);
      expect(summary(await store.log.due(claimOf(lease, 10)))).toEqual([[keys[1], 2]]);
      expect(await store.database.selectFrom("hookwright_pending").selectAll().execute()).toHaveLength(1);
    });
  });

  test("nextDueAt is the earliest time of those that are not excepted", async () => {
    const { store } = await use(open);
    const { endpoints, keys, lease } = await prepare(store, [[50, 40], [30], [20]]);
    const shards = [lease.shard];
    expect(await store.log.nextDueAt({ shards, except: [] })).toBe(20);
    expect(await store.log.nextDueAt({ shards, except: [keys[2] ?? 0] })).toBe(30);
    await store.endpoints.update({ tenant: "org_1", id: endpoints[1]?.id ?? "", at: 1 }, { enabled: false }, () => [
      fact(),
    ]);
    expect(await store.log.nextDueAt({ shards, except: [keys[2] ?? 0] })).toBe(40);
    expect(await store.log.nextDueAt({ shards, except: keys })).toBeNull();
  });
}
