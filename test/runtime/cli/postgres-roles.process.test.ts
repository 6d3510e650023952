import { expect, onTestFinished, test } from "vitest";
import pg from "pg";
import { createDatabase, execute, sharedServer, type TestDatabase } from "../../postgres/cluster.ts";
import { describePostgres } from "../../postgres/describe-postgres.ts";
import { startPgBouncer, testWithPgBouncer } from "../../postgres/pgbouncer.ts";
import { openReceiver } from "../../receiver.ts";
import { emitTo, headers, startServer } from "./serve-harness.ts";

async function temporaryDatabase(): Promise<TestDatabase> {
  const database = await createDatabase(await sharedServer());
  onTestFinished(database.drop);
  return database;
}

/** A server on this database delivers what is emitted to it, and ends with status 0. */
async function expectDelivery(environment: Readonly<Record<string, string>>): Promise<void> {
  const delivered = Promise.withResolvers<void>();
  const receiver = await openReceiver(() => {
    delivered.resolve();
    return 200;
  });
  onTestFinished(receiver.close);
  const server = startServer({ ...environment, HOOKWRIGHT_ALLOW_TARGETS: `127.0.0.0/8:${receiver.port}` });
  const address = await server.ready();
  const made = await fetch(`${address}/v1/orgs/acme/webhook-endpoints`, {
    ...{ method: "POST", headers },
    body: JSON.stringify({ url: receiver.url, events: ["*"] }),
  });
  expect(made.status).toBe(201);
  expect((await emitTo(address)).status).toBe(202);
  await delivered.promise;
  server.child.kill("SIGTERM");
  expect(await server.ended).toBe(0);
}

async function run(url: string, ...args: readonly string[]) {
  const command = startServer({ HOOKWRIGHT_DATABASE_URL: url }, ["migrate", ...args]);
  const status = await command.ended;
  return { status, output: command.output() };
}

async function rowsOf<Row>(url: string, query: string): Promise<readonly Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(query)).rows;
  } finally {
    await client.end();
  }
}

const as = (url: string, role: string) => {
  const changed = new URL(url);
  changed.username = role;
  return changed.href;
};

async function makeRole(url: string): Promise<string> {
  const role = `hookwright_role_${crypto.randomUUID().replaceAll("-", "")}`;
  await execute(url, `create role ${role} login`);
  onTestFinished(() => execute(url, `drop owned by ${role}`, `drop role ${role}`));
  return role;
}

describePostgres("the server", () => {
  testWithPgBouncer("delivers behind a PgBouncer in transaction mode", async () => {
    const { url } = await temporaryDatabase();
    await expectDelivery({ HOOKWRIGHT_DATABASE_URL: await startPgBouncer(url, "transaction") });
  });

  testWithPgBouncer("delivers behind a PgBouncer in session mode, from a schema of its own", async () => {
    const { url } = await temporaryDatabase();
    await execute(url, `create schema "My hooks"`);
    const behind = await startPgBouncer(url, "session");
    await expectDelivery({ HOOKWRIGHT_DATABASE_URL: behind, HOOKWRIGHT_DATABASE_SCHEMA: "My hooks" });
  });

  testWithPgBouncer("delivers in transaction mode from a schema that PgBouncer's connect_query names", async () => {
    const { url } = await temporaryDatabase();
    await execute(url, "create schema hooks");
    const behind = await startPgBouncer(url, "transaction", "set search_path to hooks");
    await expectDelivery({ HOOKWRIGHT_DATABASE_URL: behind });
    const tables = await rowsOf(
      url,
      "select from pg_tables where schemaname = 'hooks' and tablename like 'hookwright_%'",
    );
    expect(tables.length).toBeGreaterThan(10);
  });

  test("tells operators for how many whole milliseconds somebody's transaction has been open", async () => {
    const { url } = await temporaryDatabase();
    const server = startServer({ HOOKWRIGHT_DATABASE_URL: url });
    const address = await server.ready();
    const stranger = new pg.Client({ connectionString: url });
    await stranger.connect();
    onTestFinished(() => stranger.end());
    await stranger.query("begin");
    await stranger.query("create table strangers (name text)");
    const answer = await fetch(`${address}/v1/overview`, { headers });
    const { oldestWriteAgeMs }: { oldestWriteAgeMs: unknown } = JSON.parse(await answer.text());
    expect([answer.status, Number.isInteger(oldestWriteAgeMs)]).toEqual([200, true]);
    await stranger.query("rollback");
  });

  test("keeps its tables in the schema that is named, beside those of another one", async () => {
    const { url } = await temporaryDatabase();
    await execute(url, `create schema "My hooks"`);
    expect((await run(url)).status).toBe(0);
    await expectDelivery({ HOOKWRIGHT_DATABASE_URL: url, HOOKWRIGHT_DATABASE_SCHEMA: "My hooks" });
    const events = (schema: string) =>
      rowsOf<{ count: number }>(url, `select count(*)::integer from "${schema}".hookwright_events`);
    expect([...(await events("public")), ...(await events("My hooks"))]).toEqual([
      { count: 0 },
      { count: expect.toSatisfy((count: number) => count > 0) },
    ]);
  });

  test("serves as a role that may neither create nor alter anything, with the rights that the guide names", async () => {
    const { url } = await temporaryDatabase();
    const role = await makeRole(url);
    await execute(
      url,
      "revoke all on schema public from public",
      "create schema hooks",
      `grant usage on schema hooks to ${role}`,
      `alter default privileges in schema hooks grant select, insert, update, delete on tables to ${role}`,
    );
    const inSchema = { HOOKWRIGHT_DATABASE_SCHEMA: "hooks" };
    const migrating = startServer({ HOOKWRIGHT_DATABASE_URL: url, ...inSchema }, ["migrate"]);
    expect(await migrating.ended).toBe(0);
    await expectDelivery({ HOOKWRIGHT_DATABASE_URL: as(url, role), ...inSchema });
  });
});

describePostgres("hookwright migrate", () => {
  test("names the right that lacks, and so does the server", async () => {
    const { url } = await temporaryDatabase();
    const role = await makeRole(url);
    await execute(url, "revoke create on schema public from public");
    const wanted = `permission is denied for schema public: the role ${role} lacks CREATE`;
    expect(await run(as(url, role))).toMatchObject({ status: 1, output: expect.stringContaining(wanted) });
    const server = startServer({ HOOKWRIGHT_DATABASE_URL: as(url, role) });
    expect(await server.ended).toBe(1);
    expect(server.output()).toContain(wanted);
  });

  test("names the role that owns the tables when another one is to change them", async () => {
    const { url } = await temporaryDatabase();
    const role = await makeRole(url);
    expect((await run(url)).status).toBe(0);
    await execute(
      url,
      "delete from hookwright_migrations where name = '0013-redelivered'",
      `grant create, usage on schema public to ${role}`,
      `grant select on all tables in schema public to ${role}`,
    );
    expect(await run(as(url, role))).toMatchObject({
      status: 1,
      output: expect.stringMatching(/belong to the role postgres, whose rights hookwright_role_\w+ lacks/),
    });
  });

  test("says that the database is read-only", async () => {
    const { url } = await temporaryDatabase();
    await execute(url, `alter database ${new URL(url).pathname.slice(1)} set default_transaction_read_only = on`);
    expect(await run(url)).toMatchObject({ status: 1, output: expect.stringContaining("The database is read-only") });
    const server = startServer({ HOOKWRIGHT_DATABASE_URL: url, HOOKWRIGHT_DATABASE_WAIT_SECONDS: "1" });
    expect(await server.ended).toBe(1);
    expect(server.output()).toMatch(/Waiting for the database, for 1 s at most: the database is read-only\./);
  });

  test("prints the SQL that makes the same tables, and says what is to be run", async () => {
    const [migrated, scripted] = [await temporaryDatabase(), await temporaryDatabase()];
    const { status, output } = await run(scripted.url, "--dry-run");
    expect(status).toBe(0);
    expect(await run(scripted.url, "--status")).toMatchObject({
      status: 1,
      output: expect.stringContaining("is to be run"),
    });
    await execute(scripted.url, output);
    expect(await run(migrated.url)).toMatchObject({ status: 0 });
    expect(await run(scripted.url, "--status")).toMatchObject({ status: 0 });
    expect((await run(scripted.url, "--dry-run")).output).toBe("-- The tables are up to date.\n");
    const columns = `select table_name, column_name, data_type, is_nullable, column_default from information_schema.columns
      where table_schema = 'public' order by 1, 2`;
    expect(await rowsOf(scripted.url, columns)).toEqual(await rowsOf(migrated.url, columns));
    expect(await rowsOf(scripted.url, "select shard from hookwright_shards order by 1")).toHaveLength(16);
  });

  test("of two processes at once makes the tables once, and after a crash meanwhile there are none or all", async () => {
    const { url } = await temporaryDatabase();
    const killed = startServer({ HOOKWRIGHT_DATABASE_URL: url }, ["migrate"]);
    const blocker = new pg.Client({ connectionString: url });
    await blocker.connect();
    await blocker.query("begin; select pg_advisory_xact_lock(1751873394, -1)");
    const waits = "select from pg_locks where locktype = 'advisory' and not granted";
    while ((await blocker.query(waits)).rowCount === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    killed.child.kill("SIGKILL");
    await killed.ended;
    const both = [run(url), run(url)];
    await blocker.query("commit");
    await blocker.end();
    expect((await Promise.all(both)).map(({ status }) => status)).toEqual([0, 0]);
    expect((await run(url, "--status")).status).toBe(0);
  });
});
