import { sql } from "kysely";
import type pg from "pg";
import { beforeAll, expect, test } from "vitest";
import { openStore, type OpenedStore } from "../../../runtime/store/open-store.ts";
import { sequencer } from "../../../runtime/store/dialects/postgres-sequencer.ts";
import { sharedServer } from "../../postgres/cluster.ts";
import { describePostgres } from "../../postgres/describe-postgres.ts";
import { connect, electedIn, idsIn, openDatabase, spendXids } from "./sequencer-harness.ts";
import { newEvent, newEvents } from "./suite/harness.ts";

const idsOf = (events: readonly { readonly id: string }[]): readonly string[] => events.map(({ id }) => id);

describePostgres("the sequencer", () => {
  let server: string;
  beforeAll(async () => void (server = await sharedServer()));

  test("an event waits for no transaction but its own", async () => {
    const { url, store } = await openDatabase(server);
    const lease = await electedIn(store);
    const [first, second] = [await connect(url), await connect(url)];
    // It begins to write first, and so has the lower id, but its event comes later and it commits last.
    await first.query("begin; create temporary table early (n int)");
    await second.query("begin");
    await store.log.append([newEvent({ id: "evt_second" })], second);
    await second.query("commit");
    expect(await store.log.sequence(lease, 10)).toBe(1);
    await store.log.append([newEvent({ id: "evt_first" })], first);
    expect(await store.log.sequence(lease, 10)).toBe(0);
    await first.query("commit");
    expect(await store.log.sequence(lease, 10)).toBe(1);
    expect(await idsIn(store)).toEqual(["evt_second", "evt_first"]);
  });

  test("a page that ends within a transaction goes on there", async () => {
    const { store } = await openDatabase(server);
    const lease = await electedIn(store);
    const events = newEvents(25);
    await store.log.append(events);
    const counts = [];
    for (let look = 0; look < 4; look += 1) counts.push(await store.log.sequence(lease, 10));
    expect(counts).toEqual([10, 10, 5, 0]);
    expect(await idsIn(store)).toEqual(idsOf(events));
  });

  test("who lost the lease gives no position any more", async () => {
    const { store } = await openDatabase(server);
    const lease = await electedIn(store);
    await store.log.append(newEvents(3));
    expect((await store.log.lease({ owner: "two", leaseMs: 600_000, takes: "share" })).sequencer).toBeNull();
    await store.log.release({ owner: "one", shards: "all" });
    await expect(store.log.sequence(lease, 10)).rejects.toMatchObject({ code: "lease_lost" });
    const again = await electedIn(store, "one");
    expect(again.epoch).toBeGreaterThan(lease.epoch);
    await expect(store.log.sequence(lease, 10)).rejects.toMatchObject({ code: "lease_lost" });
    expect(await store.log.sequence(again, 10)).toBe(3);
  });

  test("a lease that ended gives no position, even if nobody took it", async () => {
    const { store } = await openDatabase(server);
    const { sequencer: ended } = await store.log.lease({ owner: "one", leaseMs: 0, takes: "share" });
    await store.log.append(newEvents(3));
    await expect(store.log.sequence(ended!, 10)).rejects.toMatchObject({ code: "lease_lost" });
    expect(await idsIn(store)).toEqual([]);
  });

  test("who lost the lease finds out, and nobody else waits, while a transaction with events is open", async () => {
    const { url, store } = await openDatabase(server);
    const lease = await electedIn(store);
    const client = await connect(url);
    await client.query("begin");
    await store.log.append(newEvents(1), client);
    await store.log.release({ owner: "one", shards: "all" });
    await expect(store.log.sequence(lease, 10)).rejects.toMatchObject({ code: "lease_lost" });
    await store.log.append(newEvents(1));
    await client.query("rollback");
  });

  test("the oldest transaction that writes is told, with who has it", async () => {
    const { url, store } = await openDatabase(server);
    const client = await connect(url);
    await client.query("begin; create temporary table early (n int)");
    const began = await client.query<{ at: string }>("select extract(epoch from now()) * 1000 as at");
    await client.query("set application_name to 'billing'");
    const pid = await client.query<{ pid: number }>("select pg_backend_pid() as pid");
    const oldest = await store.log.oldestWrite();
    const age = oldest?.ageMs;
    const { rows } = await client.query<{ now: string }>("select extract(epoch from clock_timestamp()) * 1000 as now");
    expect(age).toBeGreaterThan(0);
    // Another database of the cluster may have an older one.
    expect(age).toBeGreaterThanOrEqual(Number(rows[0]?.now) - Number(began.rows[0]?.at) - 10_000);
    // Others use the cluster too: of those that are younger none is told.
    if (age !== undefined && age < Number(rows[0]?.now) - Number(began.rows[0]?.at) + 1)
      expect(oldest).toMatchObject({ pid: pid.rows[0]?.pid, application: "billing" });
    await client.query("rollback");
  });

  /** Has a look that found events wait for another transaction's change of the sequencer's row, until that commits. */
  async function lookBehind(change: (holder: OpenedStore) => Promise<unknown>) {
    const { url, store } = await openDatabase(server);
    const lease = await electedIn(store);
    expect(await store.log.sequence(lease, 10)).toBe(0);
    const events = newEvents(3);
    await store.log.append(events);
    const watcher = await connect(url);
    const look = await store.database.transaction().execute(async (transaction) => {
      await change({ ...store, database: transaction });
      const answers = Promise.allSettled([store.log.sequence(lease, 10)]);
      await untilBlocked(watcher);
      return { answers };
    });
    const [answer] = await look.answers;
    return { answer, ids: await idsIn(store), events };
  }

  async function untilBlocked(watcher: pg.Client): Promise<void> {
    const blocked = () =>
      watcher.query("select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'");
    await expect.poll(async () => (await blocked()).rowCount, { timeout: 30_000, interval: 5 }).toBe(1);
  }

  test("a lease that is renewed at that very moment is a good one", async () => {
    const { answer, ids, events } = await lookBehind(({ database }) =>
      sequencer.elect({ owner: "one", leaseMs: 600_000 }).execute(database),
    );
    expect(answer).toEqual({ status: "fulfilled", value: 3 });
    expect(ids).toEqual(idsOf(events));
  });

  test("a lease that goes at that very moment gives no position", async () => {
    const { answer, ids } = await lookBehind(({ database }) => sequencer.release("one").execute(database));
    expect(answer).toMatchObject({ status: "rejected", reason: { code: "lease_lost" } });
    expect(ids).toEqual([]);
  });

  test("two looks at once, as after a cut connection, give each event one position", async () => {
    const { answer, ids, events } = await lookBehind(({ database }) =>
      sequencer.sequence({ owner: "one", epoch: 1 }, 10).execute(database),
    );
    expect(answer).toEqual({ status: "fulfilled", value: 0 });
    expect(ids).toEqual(idsOf(events));
  });

  test("a look that finds nothing changes nothing, but for one in 10,000 transactions", async () => {
    const { url, store } = await openDatabase(server);
    const client = await connect(url);
    const lease = await electedIn(store);
    const row = async () => (await client.query("select *, ctid from hookwright_sequencing")).rows;
    await store.log.append(newEvents(3));
    expect(await store.log.sequence(lease, 10)).toBe(3);
    const before = await row();
    await store.log.sequence(lease, 10);
    expect(await row()).toEqual(before);
    await spendXids(store, 10_001);
    await store.log.sequence(lease, 10);
    const after = await row();
    expect(after).not.toEqual(before);
    await store.log.append(newEvents(2));
    expect(await store.log.sequence(lease, 10)).toBe(2);
    expect(await idsIn(store)).toHaveLength(5);
  });

  test.each([
    { what: "small and never analysed", count: 200, statement: "select" },
    { what: "analysed when one transaction had written all", count: 20_000, statement: "analyze" },
  ])("a look reads what it gives positions to, and nothing else, in a table $what", async ({ count, statement }) => {
    const { url, store } = await openDatabase(server);
    const [client, open] = [await connect(url), await connect(url)];
    const lease = await electedIn(store);
    await client.query("alter table hookwright_events set (autovacuum_enabled = off)");
    const insert = (count: number, xid = "pg_current_xact_id()") => `insert into hookwright_events
      (xid, id, contract, type, tenant, shard, time, body)
      select ${xid}, gen_random_uuid(), 'stech', 'deployment.created', 'org_1', 0, n, repeat('x', 300) from generate_series(1, ${count}) as n`;
    await client.query(insert(count));
    expect(await store.log.sequence(lease, 100_000)).toBe(count);
    await client.query(statement);
    // As after a restore: their transactions have yet to come here.
    await client.query(insert(1000, "'9000000000'"));
    await store.database.transaction().execute(async (transaction) => {
      const look = async (limit: number) => {
        const { rows } = await sequencer.sequence({ owner: "one", epoch: lease.epoch }, limit).execute(transaction);
        return rows[0];
      };
      const before = await countsIn(transaction);
      // Pages of a backlog, of a transaction that was open and of one that came later.
      await open.query(`begin; ${insert(15_000)}`);
      await client.query(insert(1));
      expect(await look(5000)).toMatchObject({ outcome: "done", positioned: 1 });
      await open.query("commit");
      await client.query(insert(15_000));
      for (let page = 0; page < 6; page += 1) expect(await look(5000)).toMatchObject({ positioned: 5000 });
      expect(await look(5000)).toMatchObject({ outcome: "finished", positioned: 0 });
      // More often than the five times that the function's own plan is made anew.
      for (let round = 0; round < 10; round += 1) {
        await open.query(`begin; ${insert(2)}`);
        await client.query(insert(1));
        expect(await look(5000)).toMatchObject({ outcome: "done", positioned: 1 });
        await open.query("commit");
        expect(await look(5000)).toMatchObject({ outcome: "done", positioned: 2 });
      }
      const after = await countsIn(transaction);
      expect(after.scans - before.scans).toBe(0);
      // 30,031 have got their positions; a page may read on by one event, or find one that is not committed.
      expect(after.read - before.read).toBeLessThanOrEqual(30_100);
    });
  });

  async function countsIn(database: OpenedStore["database"]) {
    const { rows } = await sql<{ scans: string; read: string }>`select seq_scan as scans, idx_tup_fetch as read
      from pg_stat_xact_user_tables where relname = 'hookwright_events'`.execute(database);
    return { scans: Number(rows[0]?.scans), read: Number(rows[0]?.read) };
  }

  test("an idle look writes nothing to the WAL, also while transactions are open and when they have ended", async () => {
    const { url, store } = await openDatabase(server);
    const lease = await electedIn(store);
    const open = await connect(url);
    const walOfLook = () =>
      store.database.transaction().execute(async (transaction) => {
        const look = sequencer.sequence({ owner: "one", epoch: lease.epoch }, 5000);
        const explained = await sql<{ "QUERY PLAN": readonly [{ Plan: { "WAL Bytes": number } }] }>`explain
          (analyze, wal, format json) ${look}`.execute(transaction);
        const { rows } = await sql<{ xid: string | null }>`select pg_current_xact_id_if_assigned() as xid`.execute(
          transaction,
        );
        return { bytes: explained.rows[0]?.["QUERY PLAN"][0].Plan["WAL Bytes"], xid: rows[0]?.xid };
      });
    await open.query("begin");
    await store.log.append(newEvents(1), open);
    await store.log.append(newEvents(1));
    expect((await walOfLook()).bytes).toBeGreaterThan(0);
    // The first one may tidy up the page that was written to.
    await walOfLook();
    expect(await walOfLook()).toEqual({ bytes: 0, xid: null });
    await open.query("rollback");
    expect(await walOfLook()).toEqual({ bytes: 0, xid: null });
  });

  test("a look goes on where another process left off", async () => {
    const { url, store } = await openDatabase(server);
    await store.log.append(newEvents(3));
    expect(await store.log.sequence(await electedIn(store), 2)).toBe(2);
    await store.log.release({ owner: "one", shards: "all" });
    const other = await openStore({ database: url });
    expect(await other.log.sequence(await electedIn(other, "two"), 10)).toBe(1);
    expect(await idsIn(other)).toHaveLength(3);
    await other.close();
  });
});
