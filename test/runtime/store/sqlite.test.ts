import { existsSync, statSync, writeFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  CamelCasePlugin,
  DummyDriver,
  Kysely,
  ParseJSONResultsPlugin,
  sql,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from "kysely";
import { describe, expect, onTestFinished, test } from "vitest";
import { sqlite } from "../../../runtime/store/dialects/sqlite.ts";
import { executorOf } from "../../../runtime/store/executor.ts";
import { createRedelivered } from "../../../runtime/store/migrations/0013-redelivered.ts";
import { openStore, type OpenedStore } from "../../../runtime/store/open-store.ts";
import { sqliteDialect } from "../../../runtime/store/sqlite.ts";
import { describeStore } from "../../store.suite.ts";
import {
  attempt,
  createEndpoint,
  leaseOf,
  logRows,
  newEvent,
  settlement,
  use,
  settleOne,
  told,
} from "./suite/harness.ts";
import { openSqliteHarness, temporaryFolder } from "./temporary-store.ts";

describeStore("SQLite", openSqliteHarness);

async function folder(): Promise<string> {
  const { path, dispose } = await temporaryFolder();
  onTestFinished(dispose);
  return path;
}

const schemaOf = async (database: OpenedStore["database"]) => {
  const { rows } = await sql<{
    sql: string;
  }>`select sql from sqlite_master where sql is not null order by rowid`.execute(database);
  return rows.map((row) => `${row.sql};\n`).join("\n");
};

describe("a SQLite file", () => {
  test("has the tables that are kept in test/golden", async () => {
    const { store } = await use(openSqliteHarness);
    await expect(await schemaOf(store.database)).toMatchFileSnapshot("../../golden/schema.sqlite.sql");
  });

  test("is made together with its folder", async () => {
    const path = join(await folder(), "a", "b", "store.db");
    const store = await openStore({ database: path });
    await store.close();
    expect(existsSync(path)).toBe(true);
  });

  test("keeps what it has when it is opened again, and is migrated once", async () => {
    const { store, openAnother } = await use(openSqliteHarness);
    const event = newEvent();
    await store.log.append([event]);
    const migrations = (each: OpenedStore) => sql`select * from hookwright_migrations`.execute(each.database);
    const before = [await schemaOf(store.database), (await migrations(store)).rows];
    const again = await openAnother();
    expect(await logRows(again)).toEqual([{ position: 1, id: event.id }]);
    expect([await schemaOf(again.database), (await migrations(again)).rows]).toEqual(before);
  });

  test("that had redeliveries before it noted when they were asked for takes that of those not yet tried", async () => {
    const { store } = await use(openSqliteHarness);
    const [endpoint, lease, event] = [await createEndpoint(store), await leaseOf(store, "one"), newEvent()];
    await store.log.append([event]);
    const key = { endpointKey: endpoint.key, position: 3, run: 0 };
    await settleOne(store, settlement(lease, { attempts: [attempt(key)] }));
    const of = { endpointKey: endpoint.key, eventId: event.id };
    for (const at of [700, 800]) await store.deliveries.redeliver({ ...of, at }, told);
    const failed = attempt({ ...key, run: 2 }, { result: "retry", startedAt: 810 });
    const waits = { ...key, run: 2, attemptCount: 1, dueAt: 900 };
    await settleOne(store, settlement(lease, { attempts: [failed], pending: [waits] }));
    await sql`drop table hookwright_redelivered`.execute(store.database);
    await createRedelivered(store.database, sqlite);
    const times = [1, 2].map(async (run) => (await store.deliveries.get({ ...of, run }))?.createdAt);
    expect(await Promise.all(times)).toEqual([700, 810]);
  });

  test("is its owner's alone, and so are the files beside it", async () => {
    const path = join(await folder(), "store.db");
    const before = process.umask(0);
    onTestFinished(() => void process.umask(before));
    const store = await openStore({ database: path });
    const modes = ["", "-wal", "-shm"].map((end) => statSync(path + end).mode & 0o777);
    await store.close();
    expect(modes).toEqual([0o600, 0o600, 0o600]);
  });

  test("that was there keeps the mode that it has", async () => {
    const path = join(await folder(), "store.db");
    writeFileSync(path, "", { mode: 0o640 });
    await (await openStore({ database: path })).close();
    expect(statSync(path).mode & 0o777).toBe(0o640);
  });

  test("loses no commit to a power failure, and waits for another writer", async () => {
    const { store } = await use(openSqliteHarness);
    const pragma = async (name: string) => (await sql`pragma ${sql.raw(name)}`.execute(store.database)).rows[0];
    expect(await pragma("journal_mode")).toEqual({ journal_mode: "wal" });
    expect(await pragma("synchronous")).toEqual({ synchronous: 2 });
    expect(await pragma("busy_timeout")).toEqual({ timeout: 5 });
    expect(await pragma("foreign_keys")).toEqual({ foreign_keys: 1 });
  });

  test("refuses to replace an event, which deletes without a DELETE", async () => {
    const { store } = await use(openSqliteHarness);
    await store.log.append([newEvent({ id: "evt_first" })]);
    const replacing =
      sql`insert or replace into hookwright_events (position, id, contract, type, tenant, shard, time, body)
      values (1, 'evt_second', 'stech', 'a', 'org_1', 0, 0, '{}')`.execute(store.database);
    await expect(replacing).rejects.toThrow(/append-only/);
    expect(await logRows(store)).toEqual([{ position: 1, id: "evt_first" }]);
  });

  test("that was migrated by a newer version is refused and left as it is", async () => {
    const { store, openAnother } = await use(openSqliteHarness);
    await sql`insert into hookwright_migrations values ('9999-future', '2100-01-01T00:00:00Z')`.execute(store.database);
    const before = await schemaOf(store.database);
    await expect(openAnother()).rejects.toMatchObject({
      code: "invalid_configuration",
      message: expect.stringMatching(/9999-future.*knows none after .*newer/),
    });
    expect(await schemaOf(store.database)).toBe(before);
  });

  test("is migrated wholly or not at all", async () => {
    const path = join(await folder(), "store.db");
    const product = new Kysely<unknown>({ dialect: sqliteDialect(path) });
    onTestFinished(() => product.destroy());
    await sql`create table hookwright_api_keys (id text)`.execute(product);
    await expect(openStore({ database: path })).rejects.toThrow(/hookwright_api_keys/);
    await expect(openStore({ database: product })).rejects.toThrow(/hookwright_api_keys/);
    expect((await product.introspection.getTables()).map((table) => table.name)).toEqual(["hookwright_api_keys"]);
  });

  test("that is no database is refused by its name", async () => {
    const path = join(await folder(), "notes.txt");
    await writeFile(path, "This is not a database. ".repeat(100));
    await expect(openStore({ database: path })).rejects.toMatchObject({
      code: "invalid_configuration",
      message: expect.stringContaining(`${path} does not answer as a SQLite database does: file is not a database`),
    });
  });

  test("can be kept in memory", async () => {
    const store = await openStore({ database: ":memory:" });
    await store.log.append([newEvent()]);
    expect(await logRows(store)).toHaveLength(1);
    await store.close();
  });
});

describe("the product's own Kysely instance", () => {
  interface Product {
    events: { id: number; startedAt: string };
  }

  async function openProduct() {
    const product = new Kysely<Product>({
      dialect: sqliteDialect(join(await folder(), "product.db")),
      plugins: [new CamelCasePlugin(), new ParseJSONResultsPlugin()],
    });
    onTestFinished(() => product.destroy());
    await sql`create table events (id integer primary key, started_at text)`.execute(product);
    return product;
  }

  test("takes an event in the transaction that changes the product's tables", async () => {
    const product = await openProduct();
    const store = await openStore({ database: product });
    const event = newEvent({ idempotencyKey: "key" });
    const work = (end: "commit" | "rollback") =>
      product.transaction().execute(async (transaction) => {
        await transaction.insertInto("events").values({ id: 1, startedAt: "now" }).execute();
        const appended = await store.log.append([event, newEvent({ idempotencyKey: "key" })], executorOf(transaction));
        if (end === "rollback") throw new Error("rolled back");
        return appended;
      });
    await expect(work("rollback")).rejects.toThrow("rolled back");
    expect(await logRows(store)).toEqual([]);
    expect((await work("commit")).map((each) => each.event)).toEqual([event, event]);
    expect(await logRows(store)).toEqual([{ position: 1, id: event.id }]);
    expect(await product.selectFrom("events").selectAll().execute()).toEqual([{ id: 1, startedAt: "now" }]);
    expect(await createEndpoint(store)).toMatchObject({ sealedSecret: "sealed" });
  });

  test("stays open when the store is closed", async () => {
    const product = await openProduct();
    await (await openStore({ database: product })).close();
    expect(await product.selectFrom("events").selectAll().execute()).toEqual([]);
  });

  test("of another database is refused", async () => {
    const other = new Kysely<unknown>({
      dialect: {
        createAdapter: () => new SqliteAdapter(),
        createDriver: () => new DummyDriver(),
        createIntrospector: (db) => new SqliteIntrospector(db),
        createQueryCompiler: () => new SqliteQueryCompiler(),
      },
    });
    await expect(openStore({ database: other })).rejects.toMatchObject({ code: "invalid_configuration" });
  });
});
