import { execFile, execFileSync } from "node:child_process";
import { promisify } from "node:util";
import { sql } from "kysely";
import pg from "pg";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { openStore, type OpenedStore } from "../../../runtime/store/open-store.ts";
import { createDatabase, execute, startCluster, urlOf, type Cluster } from "../../postgres/cluster.ts";
import { describePostgres } from "../../postgres/describe-postgres.ts";
import {
  connect,
  electedIn,
  expectComplete,
  expectInOrder,
  follow,
  openDatabase,
  readAfter,
  spendXids,
  type Logged,
} from "./sequencer-harness.ts";
import { startWriters } from "./sequencer-writers.ts";
import { newEvents } from "./suite/harness.ts";

/** More for a long run: HOOKWRIGHT_TEST_EVENTS=25000. */
const eventCount = Number(process.env.HOOKWRIGHT_TEST_EVENTS ?? 5000);
const timeout = 600_000;

const dumpOf = async (from: string): Promise<string> =>
  (await promisify(execFile)("pg_dump", [from], { maxBuffer: 2 ** 28 })).stdout;

async function restored(dump: string, to: string): Promise<string> {
  const { url } = await createDatabase(to);
  const options = ["-X", "-q", "-v", "ON_ERROR_STOP=1", url];
  execFileSync("psql", options, { input: dump, stdio: ["pipe", "ignore", "pipe"] });
  return url;
}

describePostgres(
  "a database that is restored into a new cluster",
  () => {
    let clusters: readonly Cluster[];
    beforeAll(async () => void (clusters = await Promise.all([startCluster(), startCluster()])), timeout);
    afterAll(() => Promise.all(clusters.map((cluster) => cluster.stop())), timeout);
    const urls = () => clusters.map(({ url }) => url) as [string, string];

    test(
      "goes on where it was: events of before the dump have one position, and so have those of after",
      { timeout },
      async () => {
        const [from, to] = urls();
        const old = await openDatabase(from);
        const lease = await electedIn(old.store);
        // In the old cluster many more transactions have been than in the new one.
        await spendXids(old.store, 3000);
        const positioned = newEvents(5);
        for (const event of positioned) await old.store.log.append([event]);
        expect(await old.store.log.sequence(lease, 1000)).toBe(5);
        const waiting = newEvents(5);
        for (const event of waiting) await old.store.log.append([event]);

        const url = await restored(await dumpOf(old.url), to);
        const store = await openStore({ database: url });
        onTestFinished(store.close);
        const [client, early] = [await connect(url), await connect(url)];
        // They began to write before the positions are put in order; the one writes its events after, the other before.
        await client.query("begin; create temporary table early (n int)");
        await early.query("begin");
        const open = newEvents(2);
        await store.log.append(open, early);
        const emitted = newEvents(5);
        for (const event of emitted) await store.log.append([event]);
        await store.log.release({ owner: "one", shards: "all" });
        const again = await electedIn(store);
        expect(await store.log.sequence(again, 1000)).toBe(10);
        const late = newEvents(2);
        await store.log.append(late, client);
        await client.query("commit");
        expect(await store.log.sequence(again, 1000)).toBe(2);
        await early.query("commit");
        expect(await store.log.sequence(again, 1000)).toBe(2);
        const last = await passOldXids(store, url, () => store.log.sequence(again, 1000));
        expect(await store.log.sequence(again, 1000)).toBe(0);
        const log = await expectComplete(store);
        const expected = [positioned, waiting, emitted, late, open, last].flat();
        expect(log.map(({ id }) => id)).toEqual(expected.map(({ id }) => id));
      },
    );

    /**
     * Emits while the new cluster gives the very xids that the old rows carry: the first ones to transactions that are open
     * during a look and have ended by the next, the others to transactions that come and go between two looks.
     */
    async function passOldXids(store: OpenedStore, url: string, look: () => Promise<number>) {
      const { rows } = await sql<{
        next: string;
        first: string;
      }>`select pg_snapshot_xmax(pg_current_snapshot()) as next,
        (select xid from hookwright_events where not xid < pg_snapshot_xmax(pg_current_snapshot()) order by xid limit 1)
        as first`.execute(store.database);
      await spendXids(store, Number(rows[0]?.first) - Number(rows[0]?.next) - 5);
      const clients: pg.Client[] = [];
      for (let count = 0; count < 10; count += 1) clients.push(await connect(url));
      for (const client of clients) await client.query("begin; select pg_current_xact_id()");
      const [during, after] = [newEvents(3), newEvents(3)];
      await store.log.append(during);
      expect(await look()).toBe(3);
      for (const client of clients) await client.query("commit");
      expect(await look()).toBe(0);
      await spendXids(store, 4000);
      await store.log.append(after);
      expect(await look()).toBe(3);
      return [...during, ...after];
    }

    test("in the middle of the work of 16 writers goes on from that moment", { timeout }, async () => {
      const [from, to] = urls();
      const old = await openDatabase(from);
      const before = await startWriters(old, eventCount / 2);
      const goesOn = (count: number) => before.areWriting() || count < before.committed.size;
      const following = follow(old.store, { lease: await electedIn(old.store), goesOn });
      await expect.poll(() => before.committed.size, { timeout, interval: 1 }).toBeGreaterThan(eventCount / 8);
      // Some transactions are open at that moment, some prepared, and some events have no position yet.
      const dump = await dumpOf(old.url);
      await before.done;
      await following;

      const url = await restored(dump, to);
      const store = await openStore({ database: url });
      onTestFinished(store.close);
      const positioned = await readAfter(store, 0);
      const { rows } = await sql`select from hookwright_events`.execute(store.database);
      expect(rows.length).toBeGreaterThanOrEqual(positioned.length);
      expect(rows.length).toBeLessThan(before.committed.size);
      await store.log.release({ owner: "one", shards: "all" });
      const lease = await electedIn(store);
      const after = await startWriters({ url, store }, eventCount / 2);
      const isAll = (count: number) => count === rows.length + after.committed.size;
      await follow(store, { lease, goesOn: (count) => after.areWriting() || !isAll(count) });
      const log = await expectComplete(store);
      expect(log.slice(0, positioned.length)).toEqual(positioned);
      expectInOrder(log, [...before.orders, ...after.orders]);
    });
  },
  "own cluster",
);

describePostgres(
  "a synchronous standby that is promoted while 16 writers work",
  () => {
    let primary: Cluster;
    let standby: Cluster;
    beforeAll(async () => {
      primary = await startCluster();
      standby = await startCluster({ standbyOf: primary });
      await execute(
        urlOf(primary.url, "postgres"),
        "alter system set synchronous_standby_names = '*'",
        "select pg_reload_conf()",
      );
    }, timeout);
    afterAll(() => standby.stop(), timeout);

    test(
      "has every event whose commit was answered, at the position it was seen at, and goes on",
      { timeout },
      async () => {
        const { url } = await createDatabase(primary.url);
        const old = { url, store: await openStore({ database: url }) };
        const watcher = await connect(url);
        const isSync = async () =>
          (await watcher.query("select from pg_stat_replication where sync_state = 'sync'")).rowCount;
        await expect.poll(isSync, { timeout }).toBe(1);
        const [open, prepared] = [await connect(url), await connect(url)];
        await open.query("begin");
        await old.store.log.append(newEvents(1), open);
        const own = newEvents(2);
        await prepared.query("begin");
        await old.store.log.append(own, prepared);
        await prepared.query("prepare transaction 'own'");
        const writers = await startWriters(old, 100 * eventCount);
        const seen: Logged[] = [];
        const following = follow(old.store, {
          lease: await electedIn(old.store),
          goesOn: () => true,
          onSeen: (events) => seen.push(...events),
        });
        const ended = Promise.allSettled([writers.done, following]);
        await expect.poll(() => writers.committed.size, { timeout, interval: 1 }).toBeGreaterThan(eventCount / 2);
        await primary.kill();
        expect((await ended).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
        await old.store.close();

        await execute(urlOf(standby.url, "postgres"), "select pg_promote()");
        const promoted = urlOf(standby.url, new URL(url).pathname.slice(1));
        const store = await openStore({ database: promoted });
        onTestFinished(store.close);
        expect((await readAfter(store, 0)).slice(0, seen.length)).toEqual(seen);
        const lease = await electedIn(store);
        while ((await store.log.sequence(lease, 100)) === 100);
        // What was prepared is still open, and nothing waits for it.
        const log = await expectComplete(store);
        expect(log.slice(0, seen.length)).toEqual(seen);
        const all = new Set(log.map(({ id }) => id));
        expect([...writers.committed].filter((id) => !all.has(id))).toEqual([]);
        expect([...all].filter((id) => !writers.committed.has(id) && !writers.doubtful.has(id))).toEqual([]);
        const client = await connect(promoted);
        const { rows } = await client.query<{ gid: string }>("select gid from pg_prepared_xacts");
        for (const { gid } of rows) await client.query(`commit prepared '${gid}'`);
        const further = await startWriters({ url: promoted, store }, eventCount / 2);
        const found = new Set<string>();
        await follow(store, {
          lease,
          goesOn: () => further.areWriting() || [...further.committed].some((id) => !found.has(id)),
          onSeen: (events) => events.forEach(({ id }) => found.add(id)),
        });
        const whole = await expectComplete(store);
        expect(whole.map(({ id }) => id)).toEqual(expect.arrayContaining(own.map(({ id }) => id)));
        expectInOrder(whole, [...writers.orders, ...further.orders]);
        // It is the same cluster to the sequencer: nothing was put in order anew.
        const { rows: places } = await client.query("select floor_seq from hookwright_sequencing");
        expect(places).toEqual([{ floor_seq: "0" }]);
      },
    );
  },
  "own cluster",
);
