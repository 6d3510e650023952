import { describe, expect, test } from "vitest";
import type { Endpoint } from "../../../../runtime/seams/log-store.ts";
import type { OpenedStore } from "../../../../runtime/store/open-store.ts";
import { createEndpoint, fact, leaseOf, newEvents, settlement, settleOne, use, type OpenHarness } from "./harness.ts";

const max = 100;

/** Endpoints with so many deliveries that wait, of which the first is due at 5 and the others at 15. */
async function furnish(store: OpenedStore, counts: readonly number[]): Promise<readonly Endpoint[]> {
  const endpoints: Endpoint[] = [];
  for (const _ of counts) endpoints.push(await createEndpoint(store));
  const lease = await leaseOf(store, "one");
  await store.log.append(newEvents(9));
  const pending = endpoints.flatMap(({ key }, of) =>
    Array.from({ length: counts[of] ?? 0 }, (_, index) => {
      return {
        endpointKey: key,
        position: counts.length + 2 + index,
        run: 0,
        attemptCount: 1,
        dueAt: index === 0 ? 5 : 15,
      };
    }),
  );
  const failed = endpoints[0]?.key ?? 0;
  const health = [{ endpointKey: failed, failureCount: 3, lastFailedAt: 1, lastFailureStatus: 500 }];
  await settleOne(store, settlement(lease, { pending, health }));
  return endpoints;
}

const change = (store: OpenedStore, { id, tenant }: Endpoint, settings: { enabled?: boolean; paused?: boolean }) =>
  store.endpoints.update({ id, tenant, at: 9 }, settings, () => [fact()]);

export function describeCounts(open: OpenHarness): void {
  describe("counts", () => {
    test("tell what deliveries wait for", async () => {
      const { store } = await use(open);
      const [, second, third] = await furnish(store, [3, 2, 4]);
      if (second === undefined || third === undefined) return expect.unreachable();
      expect(await store.counts.waiting({ now: 4, max })).toEqual({ due: 0, later: 9, disabled: 0, paused: 0 });
      expect(await store.counts.waiting({ now: 10, max })).toEqual({ due: 3, later: 6, disabled: 0, paused: 0 });
      await change(store, second, { enabled: false });
      await change(store, third, { paused: true });
      expect(await store.counts.waiting({ now: 10, max })).toEqual({ due: 1, later: 2, disabled: 2, paused: 4 });
      await change(store, second, { enabled: true });
      expect(await store.counts.waiting({ now: 15, max })).toEqual({ due: 5, later: 0, disabled: 0, paused: 4 });
      expect(await store.counts.pending(max)).toBe(9);
    });

    test("stop at what is asked for", async () => {
      const { store } = await use(open);
      const [first, second, third] = await furnish(store, [3, 3, 3]);
      if (first === undefined || second === undefined || third === undefined) return expect.unreachable();
      expect(await store.counts.waiting({ now: 20, max: 2 })).toMatchObject({ due: 2, later: 0 });
      for (const each of [first, second]) await change(store, each, { enabled: false });
      expect(await store.counts.waiting({ now: 20, max: 2 })).toMatchObject({ due: 2, disabled: 2 });
      expect(await store.counts.endpoints({ max: 1 })).toMatchObject({ disabled: 1 });
      expect(await store.counts.pending(2)).toBe(2);
    });

    test("leave out what waits for another process, which is counted by its need", async () => {
      const { store } = await use(open);
      const { key } = await createEndpoint(store);
      const lease = await leaseOf(store, "one");
      await store.log.append(newEvents(1));
      const pending = [{ endpointKey: key, position: 3, run: 0, attemptCount: 0, dueAt: 5, need: "key:newer" }];
      await settleOne(store, settlement(lease, { pending }));
      expect(await store.counts.waiting({ now: 9, max })).toEqual({ due: 0, later: 0, disabled: 0, paused: 0 });
      expect(await store.log.unserved({ countMax: max })).toMatchObject([{ need: "key:newer", count: 1 }]);
    });

    test("tell how many endpoints fail, are disabled and are paused, but for deleted ones", async () => {
      const { store } = await use(open);
      const [failing, second, third] = await furnish(store, [1, 1, 1]);
      if (failing === undefined || second === undefined || third === undefined) return expect.unreachable();
      expect(await store.counts.endpoints({ max })).toEqual({ failing: 1, disabled: 0, paused: 0 });
      await change(store, second, { enabled: false, paused: true });
      await change(store, third, { paused: true });
      expect(await store.counts.endpoints({ max })).toEqual({ failing: 1, disabled: 1, paused: 1 });
      for (const { id, tenant } of [failing, second])
        await store.endpoints.remove({ id, tenant, at: 9 }, () => [fact()]);
      expect(await store.counts.endpoints({ max })).toEqual({ failing: 0, disabled: 0, paused: 1 });
    });
  });
}
