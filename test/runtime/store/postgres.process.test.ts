import { Kysely, PostgresDialect, sql } from "kysely";
import pg from "pg";
import { describe, expect, onTestFinished, test } from "vitest";
import { openStore, type OpenedStore } from "../../../runtime/store/open-store.ts";
import { describePostgres } from "../../postgres/describe-postgres.ts";
import { describeStore } from "../../store.suite.ts";
import { schemaOf } from "./postgres-schema.ts";
import {
  createEndpoint,
  leaseOf,
  leasesOf,
  logRows,
  newEvent,
  settlement,
  use,
  settleOne,
  told,
} from "./suite/harness.ts";
import { newStream, stepOf } from "./suite/streams.ts";
import { openPostgresHarness, postgresDatabase } from "./temporary-postgres.ts";

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  onTestFinished(() => client.end());
  return client;
}

describePostgres("a PostgreSQL database", () => {
  const database = postgresDatabase();
  const open = openPostgresHarness(database);

  describeStore("PostgreSQL", open);

  // Its driver gives 64-bit integers as text, and the store may not change how the product's driver reads them.
  describeStore(
    "the product's own Kysely instance on PostgreSQL",
    openPostgresHarness(database, (url) => {
      const product = new Kysely<unknown>({
        dialect: new PostgresDialect({ pool: new pg.Pool({ connectionString: url }) }),
      });
      return { database: product, close: () => product.destroy() };
    }),
  );

  test("has the tables that are kept in test/golden", async () => {
    const { store } = await use(open);
    await expect(await schemaOf(store.database)).toMatchFileSnapshot("../../golden/schema.postgres.sql");
  });

  test.each(["hookwright_events", "hookwright_positions", "hookwright_attempts"])(
    "%s is not truncated",
    async (table) => {
      const { store } = await use(open);
      await expect(sql`truncate ${sql.table(table)}`.execute(store.database)).rejects.toThrow(
        `${table} is append-only and refuses TRUNCATE`,
      );
    },
  );

  test("is migrated once by processes that start together", async () => {
    const { store, openAnother } = await use(open);
    await sql`drop schema public cascade`.execute(store.database);
    await sql`create schema public`.execute(store.database);
    await Promise.all([openAnother(), openAnother(), openAnother()]);
    const { rows } = await sql`select name from hookwright_migrations`.execute(store.database);
    expect(rows).toContainEqual({ name: "0001-tables" });
    expect(new Set(rows.map((row) => JSON.stringify(row))).size).toBe(rows.length);
  });

  test("that is no PostgreSQL database is refused by its name, without its password", async () => {
    const refused = openStore({ database: "postgres://someone:secret@127.0.0.1:1/product" });
    await expect(refused).rejects.toMatchObject({
      code: "invalid_configuration",
      message: expect.stringMatching(/^The database 127\.0\.0\.1:1\/product does not answer as a PostgreSQL database/),
    });
    await expect(refused).rejects.not.toThrow("secret");
  });

  describe("a pool of the product's own", () => {
    async function openPool() {
      await use(open);
      const pool = new pg.Pool({ connectionString: await database.url() });
      onTestFinished(() => pool.end());
      return { pool, store: await openStore({ database: pool }) };
    }

    test("is used, reads integers as before, and stays open when the store is closed", async () => {
      const { pool, store } = await openPool();
      expect(await createEndpoint(store)).toMatchObject({ key: 1, createdAt: 1000 });
      await store.close();
      expect((await pool.query("select 1::bigint as one")).rows).toEqual([{ one: "1" }]);
    });

    test("loses a connection in the middle of a transaction without ending the process", async () => {
      const { pool, store } = await openPool();
      const transaction = store.database.transaction().execute(async (inside) => {
        const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(inside);
        const victim = await pool.connect();
        await victim.query("select pg_terminate_backend($1)", [rows[0]?.pid]);
        victim.release();
        await expect
          .poll(async () => (await pool.query("select from pg_stat_activity where pid = $1", [rows[0]?.pid])).rowCount)
          .toBe(0);
        return sql`select 1`.execute(inside);
      });
      await expect(transaction).rejects.toThrow();
      await store.ping();
    });
  });

  describe("emit in a transaction of the product's own pg client", () => {
    test("adds one statement, delivers with the commit, and never after a rollback", async () => {
      const { store } = await use(open);
      const client = await connect(await database.url());
      const statements: string[] = [];
      const executor = {
        query: (text: string, values: readonly unknown[]) => {
          statements.push(text);
          return client.query(text, [...values]);
        },
      };
      for (const end of ["rollback", "commit"] as const) {
        await client.query("begin");
        const [appended] = await store.log.append([newEvent({ id: `evt_${end}`, idempotencyKey: "key" })], executor);
        expect(appended?.created).toBe(true);
        expect(await logRows(store)).toEqual([]);
        await client.query(end);
      }
      expect(statements).toHaveLength(2);
      expect(await logRows(store)).toEqual([{ position: 1, id: "evt_commit" }]);
    });

    test("with a key again, after a commit whose answer was lost, gives the first event", async () => {
      const { store } = await use(open);
      const client = await connect(await database.url());
      const first = newEvent({ idempotencyKey: "key" });
      await client.query("begin");
      await store.log.append([first], client);
      await client.query("commit");
      await client.query("begin");
      expect(await store.log.append([newEvent({ idempotencyKey: "key" })], client)).toEqual([
        { event: first, created: false },
      ]);
      await client.query("commit");
      expect(await logRows(store)).toHaveLength(1);
    });

    test.each(["commit", "rollback"])("waits for another one with the same key, and follows its %s", async (end) => {
      const { store } = await use(open);
      const [one, two] = [await connect(await database.url()), await connect(await database.url())];
      const [first, second] = [newEvent({ idempotencyKey: "key" }), newEvent({ idempotencyKey: "key" })];
      await one.query("begin");
      await two.query("begin");
      await store.log.append([first], one);
      let statementCount = 0;
      const counting = {
        query: (text: string, values: readonly unknown[]) => {
          statementCount += 1;
          return two.query(text, [...values]);
        },
      };
      const appended = store.log.append([second], counting);
      const isWaiting = async () => (await one.query("select from pg_locks where not granted")).rowCount === 1;
      await expect.poll(isWaiting).toBe(true);
      await one.query(end);
      expect(await appended).toEqual([
        end === "commit" ? { event: first, created: false } : { event: second, created: true },
      ]);
      expect(statementCount).toBe(1);
      await two.query("commit");
      expect(await logRows(store)).toHaveLength(1);
    });
  });

  describe("leases", () => {
    const take = (store: OpenedStore, owner: string, leaseMs = 60_000) =>
      store.log.lease({ owner, leaseMs, takes: "share" });

    test("of one that died are taken by the others once they have ended, and not before", async () => {
      const { store, openAnother } = await use(open);
      const other = await openAnother();
      const held = await take(store, "one");
      expect(held.shards).toHaveLength(16);
      expect(await take(other, "two")).toEqual({ shards: [], shardCount: 16, sequencer: null });
      const renewed = await take(store, "one", 0);
      expect(renewed.shards).toHaveLength(16);
      const taken = await take(other, "two");
      expect(taken.shards.map(({ shard, epoch }) => [shard, epoch])).toEqual(
        held.shards.map(({ shard, epoch }) => [shard, epoch + 1]),
      );
      expect(taken.sequencer).not.toBeNull();
    });

    test("that ended let their owner settle nothing, even if nobody took them", async () => {
      const { store } = await use(open);
      const [lease] = (await take(store, "one", 0)).shards;
      await expect(settleOne(store, settlement(lease!, { cursor: 5 }))).rejects.toMatchObject({ code: "lease_lost" });
      const [again] = (await take(store, "one")).shards;
      expect(again).toMatchObject({ epoch: lease!.epoch + 1, cursor: 0 });
      await expect(settleOne(store, settlement(lease!))).rejects.toMatchObject({ code: "lease_lost" });
      await settleOne(store, settlement(again!, { cursor: 5 }));
    });

    test("are shared: who has more than its share is told, and who has less gets what was given back", async () => {
      const { store } = await use(open);
      await take(store, "one");
      await take(store, "two");
      await take(store, "three");
      const { shards } = await take(store, "one");
      const surplus = shards.filter(({ isSurplus }) => isSurplus).map(({ shard }) => shard);
      expect(surplus).toHaveLength(16 - 6);
      for (const lease of shards) await settleOne(store, settlement(lease));
      await store.log.release({ owner: "one", shards: surplus });
      expect((await take(store, "two")).shards).toHaveLength(6);
      expect((await take(store, "three")).shards).toHaveLength(4);
      expect((await take(store, "one")).shards.every(({ isSurplus }) => !isSurplus)).toBe(true);
      await store.log.release({ owner: "two", shards: "all" });
      expect((await take(store, "three")).shards).toHaveLength(8);
    });

    test("that two processes ask for at the same time are given to one", async () => {
      const { store, openAnother } = await use(open);
      const stores = [store, await openAnother(), await openAnother()];
      for (let round = 0; round < 5; round += 1) {
        const answers = await Promise.all(stores.map((each, index) => take(each, `owner-${index}`)));
        const shards = answers.flatMap((answer) => answer.shards.map(({ shard }) => shard));
        expect(shards.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 16 }, (_, shard) => shard));
        expect(answers.filter(({ sequencer }) => sequencer !== null)).toHaveLength(1);
        for (const index of stores.keys()) await store.log.release({ owner: `owner-${index}`, shards: "all" });
      }
    });
  });

  test("a process that hangs in one of its transactions loses its locks within half a lease", async () => {
    const { store } = await use(open);
    await sql`create function hookwright_demand() returns trigger language plpgsql as $$ begin
      if current_setting('idle_in_transaction_session_timeout') <> '3s' then raise 'it would hang for ever'; end if;
      return new;
    end $$`.execute(store.database);
    await sql`create trigger demand before update on hookwright_shards for each row
      execute function hookwright_demand()`.execute(store.database);
    try {
      const [lease] = await leasesOf(store, "one");
      // With diversions it takes a transaction of several statements.
      await settleOne(store, settlement(lease!, { rejoined: ["org_1"] }));
      await store.log.release({ owner: "one", shards: "all" });
    } finally {
      await sql`drop function hookwright_demand cascade`.execute(store.database);
    }
  });

  test("a settlement that had to wait is written, also where transactions are REPEATABLE READ by default", async () => {
    const { store } = await use(open);
    const lease = await leaseOf(store, "a");
    const options = "-c default_transaction_isolation=repeatable\\ read";
    const pool = new pg.Pool({ connectionString: await database.url(), options });
    const strict = await openStore({ database: pool });
    onTestFinished(() => strict.close().then(() => pool.end()));
    const other = await connect(await database.url());
    await other.query("begin");
    await other.query("update hookwright_shards set cursor = cursor where shard = $1", [lease.shard]);
    const written = strict.log.settle([settlement(lease, { cursor: 1 })]);
    const waiting = sql`select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
    while ((await waiting.execute(store.database)).rows.length === 0);
    await other.query("commit");
    expect(await written).toEqual({ lost: [], disabled: [] });
  });

  test("a stream's step that had to wait is written, also where transactions are REPEATABLE READ by default", async () => {
    const { store } = await use(open);
    const lease = await leaseOf(store, "a");
    const stream = await store.streams.create(newStream(), told);
    const options = "-c default_transaction_isolation=repeatable\\ read";
    const pool = new pg.Pool({ connectionString: await database.url(), options });
    const strict = await openStore({ database: pool });
    onTestFinished(() => strict.close().then(() => pool.end()));
    const settling = await connect(await database.url());
    await settling.query("begin");
    await settling.query("update hookwright_shards set cursor = cursor where shard = $1", [lease.shard]);
    const written = strict.streams.step(stepOf(lease, stream));
    const waiting = sql`select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
    while ((await waiting.execute(store.database)).rows.length === 0);
    await settling.query("commit");
    expect((await written)?.cursor).toMatchObject({ position: 3, runCount: 1 });
  });
});
