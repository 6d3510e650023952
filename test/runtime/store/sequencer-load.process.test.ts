import { afterAll, beforeAll, expect, test } from "vitest";
import type { OpenedStore } from "../../../runtime/store/open-store.ts";
import { createDatabase, startCluster, type Cluster } from "../../postgres/cluster.ts";
import { describePostgres } from "../../postgres/describe-postgres.ts";
import { connect, electedIn, expectComplete, expectInOrder, follow, idsIn, openDatabase } from "./sequencer-harness.ts";
import { startWriters } from "./sequencer-writers.ts";
import { newEvent } from "./suite/harness.ts";

/** Fewer for a quick look: HOOKWRIGHT_TEST_EVENTS=5000. */
const eventCount = Number(process.env.HOOKWRIGHT_TEST_EVENTS ?? 25_000);
const timeout = 600_000;

describePostgres(
  `${eventCount} events of 16 writers`,
  () => {
    let cluster: Cluster;
    beforeAll(async () => void (cluster = await startCluster()), timeout);
    afterAll(() => cluster.stop(), timeout);

    test("all come once and in order, while transactions are open that began before them", { timeout }, async () => {
      const { url, store } = await openDatabase(cluster.url);
      const lease = await electedIn(store);
      const strangers = await openStrangers();
      const held = await openOwn(url, store);
      const writers = await startWriters({ url, store }, eventCount);
      const goesOn = (seen: number) => writers.areWriting() || seen < writers.committed.size;
      const seen = await follow(store, { lease, goesOn });
      await writers.done;
      expect(seen.length).toBeGreaterThanOrEqual(eventCount);
      expect(new Set(seen.map(({ id }) => id))).toEqual(writers.committed);
      // All these were open for the whole time; what they wrote comes when they commit, and not before.
      const expected = [...seen.map(({ id }) => id), ...(await held.commit())];
      while ((await store.log.sequence(lease, 500)) > 0);
      expect(await idsIn(store)).toEqual(expected);
      await strangers.end();
      expect(await store.log.sequence(lease, 500)).toBe(0);
      expectInOrder(await expectComplete(store), [...writers.orders, held.ids]);
    });

    /** In another database of the cluster: one that is open and has written, and one that was prepared and forgotten. */
    async function openStrangers() {
      const { url, drop } = await createDatabase(cluster.url);
      const [open, prepared] = [await connect(url), await connect(url)];
      await open.query("begin; create table stranger_open (n int)");
      await prepared.query("begin; create table stranger_prepared (n int); prepare transaction 'stranger'");
      const end = async () => {
        await open.query("commit");
        await prepared.query("commit prepared 'stranger'");
        await drop();
      };
      return { end };
    }

    /** In the database itself: one that is open, with an event at its beginning and at its end, and one that is prepared. */
    async function openOwn(url: string, store: OpenedStore) {
      const [open, prepared] = [await connect(url), await connect(url)];
      const [first, second, last] = [newEvent(), newEvent(), newEvent()];
      await open.query("begin");
      await store.log.append([first], open);
      await prepared.query("begin");
      await store.log.append([second], prepared);
      await prepared.query("prepare transaction 'own'");
      const ids = [first.id, last.id];
      const commit = async () => {
        await store.log.append([last], open);
        await open.query("commit");
        await prepared.query("commit prepared 'own'");
        return [...ids, second.id];
      };
      return { ids, commit };
    }
  },
  "own cluster",
);
