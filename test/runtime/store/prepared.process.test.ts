import { Kysely, PostgresDialect, sql } from "kysely";
import pg from "pg";
import { expect, onTestFinished, test } from "vitest";
import { guard } from "../../../runtime/store/postgres.ts";
import { createDatabase, execute, sharedServer } from "../../postgres/cluster.ts";
import { describePostgres } from "../../postgres/describe-postgres.ts";
import { startPgBouncer, testWithPgBouncer } from "../../postgres/pgbouncer.ts";

/** A database with a table of one row, and its URL. */
async function openTable(): Promise<string> {
  const { url, drop } = await createDatabase(await sharedServer());
  onTestFinished(drop);
  await execute(url, "create table things (name text)");
  await execute(url, "insert into things values ('one')");
  return url;
}

/** One connection, so that each statement meets what those before it have prepared. */
function connect(url: string): Kysely<unknown> {
  const pool = new pg.Pool({ connectionString: url, max: 1 });
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool: guard(pool, { answersWithinMs: null }) }) });
  onTestFinished(() => db.destroy());
  return db;
}

const things = sql<Record<string, unknown>>`select * from things`;

async function readTwice(db: Kysely<unknown>): Promise<void> {
  for (let count = 0; count < 2; count += 1) await things.execute(db);
}

/** Texts of what the connection has prepared. */
async function preparedIn(db: Kysely<unknown>): Promise<readonly string[]> {
  const { rows } = await sql<{ statement: string }>`select statement from pg_prepared_statements`.execute(db);
  return rows.map(({ statement }) => statement);
}

describePostgres("a connection's statements", () => {
  test("are prepared when they come again", async () => {
    const db = connect(await openTable());
    await things.execute(db);
    expect(await preparedIn(db)).toEqual([]);
    await things.execute(db);
    expect(await preparedIn(db)).toContain("select * from things");
  });

  test("are run again when another process changed their table", async () => {
    const url = await openTable();
    const db = connect(url);
    await readTwice(db);
    await execute(url, "alter table things add column size integer");
    expect((await things.execute(db)).rows).toEqual([{ name: "one", size: null }]);
  });

  test("fail in a transaction when another process changed their table, and not in the next one", async () => {
    const url = await openTable();
    const db = connect(url);
    await readTwice(db);
    await execute(url, "alter table things add column size integer");
    const inTransaction = () => db.transaction().execute((tx) => things.execute(tx));
    await expect(inTransaction()).rejects.toThrow("cached plan must not change result type");
    expect((await inTransaction()).rows).toEqual([{ name: "one", size: null }]);
  });

  test("are run again when somebody discarded what was prepared", async () => {
    const db = connect(await openTable());
    await readTwice(db);
    await sql`discard all`.execute(db);
    expect((await things.execute(db)).rows).toEqual([{ name: "one" }]);
  });

  testWithPgBouncer("are not prepared behind a pooler, which lends another connection each time", async () => {
    const db = connect(await startPgBouncer(await openTable(), "transaction"));
    await readTwice(db);
    await readTwice(db);
    expect(await preparedIn(db)).toEqual([]);
  });
});
