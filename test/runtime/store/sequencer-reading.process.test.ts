import { beforeAll, expect, test } from "vitest";
import { shardOf } from "../../../runtime/store/shard.ts";
import { sharedServer } from "../../postgres/cluster.ts";
import { describePostgres } from "../../postgres/describe-postgres.ts";
import { electedIn, openDatabase } from "./sequencer-harness.ts";
import { newEvents } from "./suite/harness.ts";

const idsOf = (events: readonly { readonly id: string }[]): readonly string[] => events.map(({ id }) => id);

describePostgres("giving positions and reading in one", () => {
  let server: string;
  beforeAll(async () => void (server = await sharedServer()));

  test("a page has what stood there before, and then what was positioned with it", async () => {
    const { store } = await openDatabase(server);
    const lease = await electedIn(store);
    const [before, now] = [newEvents(3), newEvents(3)];
    const shard = shardOf(before[0]?.tenant ?? "", 16);
    const other = (shard + 1) % 16;
    await store.log.append(before);
    await store.log.sequence(lease, 10);
    await store.log.append(now);
    const { count, pages } = await store.log.sequenceAndRead(lease, {
      limit: 10,
      pages: [
        { shard: other, after: 0, limit: 10 },
        { shard, after: 1, limit: 4 },
        { shard, after: 3, limit: 2 },
      ],
    });
    expect(count).toBe(3);
    expect(pages.map(idsOf)).toEqual([[], idsOf([...before.slice(1), ...now.slice(0, 2)]), idsOf(now.slice(0, 2))]);
    // As a reader finds them afterwards, to the last column.
    expect(pages[1]).toEqual((await store.log.read([{ shard, after: 1, limit: 4 }]))[0]);
  });

  test("reads as well when nothing is new, and asks for no page", async () => {
    const { store } = await openDatabase(server);
    const lease = await electedIn(store);
    const events = newEvents(2);
    const pages = [{ shard: shardOf(events[0]?.tenant ?? "", 16), after: 0, limit: 10 }];
    expect(await store.log.sequenceAndRead(lease, { limit: 10, pages })).toEqual({ count: 0, pages: [[]] });
    await store.log.append(events);
    expect(await store.log.sequenceAndRead(lease, { limit: 10, pages: [] })).toEqual({ count: 2, pages: [] });
    const { count, pages: read } = await store.log.sequenceAndRead(lease, { limit: 10, pages });
    expect([count, ...read.map(idsOf)]).toEqual([0, idsOf(events)]);
  });

  test("goes on in the snapshot of a full page, and reads all that has a position then", async () => {
    const { store } = await openDatabase(server);
    const lease = await electedIn(store);
    const [early, late] = [newEvents(3), newEvents(2)];
    const pages = [{ shard: shardOf(early[0]?.tenant ?? "", 16), after: 0, limit: 10 }];
    await store.log.append(early);
    expect((await store.log.sequenceAndRead(lease, { limit: 2, pages })).pages.map(idsOf)).toEqual([
      idsOf(early.slice(0, 2)),
    ]);
    await store.log.append(late);
    const { count, pages: read } = await store.log.sequenceAndRead(lease, { limit: 10, pages });
    expect([count, ...read.map(idsOf)]).toEqual([3, idsOf([...early, ...late])]);
  });

  test("who lost the lease reads nothing either", async () => {
    const { store } = await openDatabase(server);
    const lease = await electedIn(store);
    await store.log.release({ owner: "one", shards: "all" });
    const pages = [{ shard: 0, after: 0, limit: 10 }];
    await expect(store.log.sequenceAndRead(lease, { limit: 10, pages })).rejects.toMatchObject({ code: "lease_lost" });
  });
});
