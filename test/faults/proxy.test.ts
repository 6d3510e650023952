import pg from "pg";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createDatabase, sharedServer, type TestDatabase } from "../postgres/cluster.ts";
import { describePostgres } from "../postgres/describe-postgres.ts";
import { openProxy, type CommitCut, type CuttingProxy } from "./proxy.ts";

describePostgres("a proxy that cuts", () => {
  let database: TestDatabase;
  let proxy: CuttingProxy;
  let client: pg.Client;

  beforeEach(async () => {
    database = await createDatabase(await sharedServer());
    proxy = await openProxy(database.url);
    client = new pg.Client({ connectionString: proxy.url });
    client.on("error", () => undefined);
    await client.connect();
    await client.query("create table facts (number integer)");
  });
  afterEach(async () => {
    await client.end().catch(() => undefined);
    await proxy.close();
    await database.drop();
  });

  async function storedCount(): Promise<number> {
    const past = new pg.Client({ connectionString: database.url });
    await past.connect();
    try {
      return (await past.query("select number from facts")).rows.length;
    } finally {
      await past.end();
    }
  }

  async function insert(): Promise<void> {
    await client.query("begin");
    await client.query("insert into facts values ($1)", [1]);
    await client.query("commit");
  }

  test("passes on what nobody cuts, whatever its size", async () => {
    await insert();
    const text = "x".repeat(1_000_000);
    expect((await client.query("select $1::text as text", [text])).rows).toEqual([{ text }]);
    expect(await storedCount()).toBe(1);
  });

  test.each<[CommitCut, number]>([
    ["withheld", 0],
    ["answered", 1],
  ])("a COMMIT whose end the client does not hear of: %s, %d rows are there", async (how, count) => {
    proxy.cutNextCommit(how);
    await expect(insert()).rejects.toThrow();
    expect(proxy.commitCuts()).toEqual([how]);
    expect(await storedCount()).toBe(count);
  });

  test("a cut ends a statement that is under way", async () => {
    const sleeping = expect(client.query("select pg_sleep(60)")).rejects.toThrow();
    expect(proxy.cutAll()).toBe(1);
    await sleeping;
  });
});
