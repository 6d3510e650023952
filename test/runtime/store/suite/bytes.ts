import { describe, expect, test } from "vitest";
import { isCut } from "../../../../runtime/seams/page-bytes.ts";
import type { OpenedStore } from "../../../../runtime/store/open-store.ts";
import type { StoredEvent } from "../../../../runtime/seams/log-store.ts";
import {
  claimOf,
  createEndpoint,
  leaseOf,
  newEvent,
  newEvents,
  readPage,
  settlement,
  settleOne,
  use,
  type OpenHarness,
} from "./harness.ts";

const mebibyte = 1024 * 1024;
/** Two bytes for each letter, so that bytes and characters differ. */
const large = (letter: string) => JSON.stringify(letter.repeat(mebibyte / 2 - 1));
const largeEvents = (count: number) =>
  Array.from({ length: count }, (_, index) => newEvent({ body: large(String.fromCodePoint(0x400 + index)) }));

/** Reads to the end, a page at a time, and gives the pages. */
async function pagesOf(read: (after: number) => Promise<readonly Pick<StoredEvent, "position" | "body">[]>) {
  const pages = [];
  for (let after = 0; ;) {
    const page = await read(after);
    pages.push(page);
    if (page.length < 100 && !isCut(page)) return pages;
    after = page.at(-1)?.position ?? after;
  }
}

export function describeBytes(open: OpenHarness): void {
  describe("pages with large bodies", () => {
    async function prepare(store: OpenedStore) {
      const { shard } = await leaseOf(store, "one");
      const events = [...newEvents(2), ...largeEvents(6), ...newEvents(2), ...largeEvents(3)];
      await store.log.append(events);
      return { shard, events, bodies: events.map(({ body }) => body) };
    }

    test("end with the event with which these have come to 4 MiB, and nothing is left out by going on", async () => {
      const { store } = await use(open);
      const { bodies, shard } = await prepare(store);
      const [limit, upTo] = [100, 1_000_000];
      const of = { tenant: "org_1", contract: "stech", types: null };
      const within = { ...of, from: null, until: null, upTo };
      const readers: readonly ((after: number) => Promise<readonly Pick<StoredEvent, "position" | "body">[]>)[] = [
        (after) => readPage(store, { shard, after, limit }),
        (after) => store.log.readWithout({ shard, after, limit, tenants: [], upTo }),
        (after) => store.log.readTenant({ tenant: "org_1", after, upTo, limit }),
        (after) => store.feeds.read({ ...within, after, limit }),
        (after) => store.events.list({ ...of, after, limit }),
      ];
      for (const read of readers) {
        const pages = await pagesOf(read);
        // Before these there is the event of the lease.
        expect(pages.map((page) => page.length)).toEqual([7, 6, 1]);
        expect(
          pages
            .flat()
            .slice(1)
            .map(({ body }) => body),
        ).toEqual(bodies);
      }
    });

    test("of several shards, and of a stream, end where they are asked to", async () => {
      const { store } = await use(open);
      const { shard } = await prepare(store);
      const [page = [], other = []] = await store.log.read([
        { shard, after: 0, limit: 100, bytesMax: mebibyte },
        { shard, after: 4, limit: 100, bytesMax: 3 * mebibyte },
      ]);
      expect([page.length, other.length]).toEqual([4, 3]);
      const filter = { except: [] };
      const of = { tenant: "org_1", contract: "stech", after: 0, upTo: 1_000_000, filter, limit: 100 };
      expect(await store.streams.records({ ...of, bytesMax: 2 * mebibyte })).toHaveLength(5);
      expect(await store.streams.records({ ...of, bytesMax: 1 })).toHaveLength(4);
    });

    test("due deliveries of an event share it, and those whose events do not fit stay due", async () => {
      const { store } = await use(open);
      const endpoints = [await createEndpoint(store), await createEndpoint(store)];
      const lease = await leaseOf(store, "one");
      await store.log.append(largeEvents(6));
      const positions = [3, 4, 5, 6, 7, 8].map((position) => position + 1);
      const pending = positions.flatMap((position) =>
        endpoints.map(({ key }) => ({ endpointKey: key, position, run: 0, attemptCount: 1, dueAt: position })),
      );
      await settleOne(store, settlement(lease, { pending }));
      const claim = { ...claimOf(lease, 100), perEndpointMax: 10 };
      const found = await store.log.due(claim);
      expect(found.map(({ position }) => position)).toEqual([4, 4, 5, 5, 6, 6, 7, 7]);
      expect(new Set(found.map(({ event }) => event)).size).toBe(4);
      await settleOne(store, settlement(lease, { finished: found }));
      expect((await store.log.due(claim)).map(({ position }) => position)).toEqual([8, 8, 9, 9]);
    });
  });
}
