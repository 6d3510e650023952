import { chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, onTestFinished, test } from "vitest";
import { serverUser } from "../../postgres/binaries.ts";
import { createDatabase, execute, sharedServer, startCluster, urlOf } from "../../postgres/cluster.ts";
import { describePostgres } from "../../postgres/describe-postgres.ts";
import { openStallingProxy } from "../../postgres/stalling-proxy.ts";
import { makeCertificate, openTlsProxy } from "../../postgres/tls-proxy.ts";
import { emitTo, startServer, temporaryDirectory, until } from "./serve-harness.ts";

interface ErrorBody {
  readonly error: { readonly code: string; readonly message: string };
}

async function errorOf(answer: Response): Promise<ErrorBody["error"]> {
  const { error }: ErrorBody = JSON.parse(await answer.text());
  return error;
}

/** The statuses, codes and headers of an emit and of `/readyz` while the database cannot be used. */
async function expectUnavailable(address: string, reason: RegExp): Promise<void> {
  await until(async () => (await fetch(`${address}/readyz`)).status === 503);
  const ready = await errorOf(await fetch(`${address}/readyz`));
  expect(ready).toMatchObject({ code: "not_ready", message: expect.stringMatching(reason) });
  const emitted = await emitTo(address);
  expect([emitted.status, emitted.headers.get("retry-after")]).toEqual([503, "2"]);
  expect(await errorOf(emitted)).toMatchObject({ code: "database_unavailable" });
  expect((await fetch(`${address}/healthz`)).status).toBe(200);
}

async function expectService(address: string): Promise<void> {
  await until(async () => (await fetch(`${address}/readyz`)).status === 200);
  expect((await emitTo(address)).status).toBe(202);
}

test("a SQLite file that another process has locked is told as 503, and the event loop goes on", async () => {
  const database = join(temporaryDirectory(), "hookwright.db");
  const server = startServer({ HOOKWRIGHT_DATABASE_URL: database });
  const address = await server.ready();
  const other = new DatabaseSync(database);
  other.exec("begin immediate");
  // It waits for the lock as long as a statement may; the server answers others meanwhile, and not after it.
  let isEnded = false;
  const waiting = emitTo(address).finally(() => (isEnded = true));
  let answeredCount = 0;
  while (!isEnded && answeredCount < 10) {
    expect((await fetch(`${address}/healthz`)).status).toBe(200);
    answeredCount += 1;
  }
  expect(answeredCount).toBe(10);
  await expectUnavailable(address, /locked/);
  expect((await waiting).status).toBe(503);
  other.exec("rollback");
  await expectService(address);
  other.close();
});

test("a full disk is told as 503 with the reason, and service is back when there is room", async (context) => {
  const folder = join(temporaryDirectory(), "small");
  mkdirSync(folder);
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=12m", "none", folder]).status === 0;
  if (!mounted && process.env["HOOKWRIGHT_TEST_SKIP"] === "refuse") throw new Error("A small disk cannot be mounted.");
  if (!mounted) return context.skip("a small disk can be mounted by root alone");
  onTestFinished(() => void spawnSync("umount", ["-l", folder]));
  const server = startServer({ HOOKWRIGHT_DATABASE_URL: join(folder, "hookwright.db") });
  const address = await server.ready();
  const fill = join(folder, "fill");
  expect(() => writeFileSync(fill, Buffer.alloc(20 * 1024 * 1024))).toThrow("ENOSPC");
  await until(async () => (await emitTo(address, "x".repeat(500_000))).status === 503);
  await expectReason(address, /the disk is full/);
  rmSync(fill);
  await expectService(address);
  server.child.kill("SIGTERM");
  expect(await server.ended).toBe(0);
});

async function expectReason(address: string, reason: RegExp): Promise<void> {
  const answer = await fetch(`${address}/readyz`);
  expect(answer.status).toBe(503);
  expect((await errorOf(answer)).message).toMatch(reason);
}

describePostgres("a PostgreSQL database", () => {
  test("that is read-only is told as 503 with the reason, and service is back when it takes writes", async () => {
    const shared = await sharedServer();
    const database = await createDatabase(shared);
    onTestFinished(database.drop);
    const name = new URL(database.url).pathname.slice(1);
    const disconnect = `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}'`;
    const server = startServer({ HOOKWRIGHT_DATABASE_URL: database.url });
    const address = await server.ready();
    const admin = urlOf(shared, "postgres");
    await execute(admin, `alter database ${name} set default_transaction_read_only = on`, disconnect);
    await expectUnavailable(address, /read-only/);
    await execute(admin, `alter database ${name} reset default_transaction_read_only`, disconnect);
    await expectService(address);
  });

  test("that is read-only does not keep SIGTERM from ending the server, with status 1 as the leases stay", async () => {
    const shared = await sharedServer();
    const database = await createDatabase(shared);
    onTestFinished(database.drop);
    const name = new URL(database.url).pathname.slice(1);
    const server = startServer({ HOOKWRIGHT_DATABASE_URL: database.url, HOOKWRIGHT_GRACE_SECONDS: "5" });
    const address = await server.ready();
    const disconnect = `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}'`;
    const admin = urlOf(shared, "postgres");
    await execute(admin, `alter database ${name} set default_transaction_read_only = on`, disconnect);
    await until(async () => (await fetch(`${address}/readyz`)).status === 503);
    server.child.kill("SIGTERM");
    expect(await server.ended).toBe(1);
    await execute(admin, `alter database ${name} reset default_transaction_read_only`);
  });

  test("whose disk is full is told as 503 with the reason, and service is back when there is room", async (context) => {
    const folder = mkdtempSync(join(tmpdir(), "hookwright-tablespace-"));
    const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=40m", "none", folder]).status === 0;
    if (!mounted && process.env["HOOKWRIGHT_TEST_SKIP"] === "refuse")
      throw new Error("A small disk cannot be mounted.");
    if (!mounted) return context.skip("a small disk can be mounted by root alone");
    const user = serverUser();
    if (user !== null) chownSync(folder, user.uid, user.gid);
    const admin = urlOf(await sharedServer(), "postgres");
    const name = `crowded_disk_${process.pid}`;
    await execute(admin, `create tablespace ${name} location '${folder}'`);
    await execute(admin, `create database ${name} tablespace ${name}`);
    onTestFinished(async () => {
      await execute(admin, `drop database ${name} with (force)`, `drop tablespace ${name}`);
      spawnSync("umount", ["-l", folder]);
    });
    const url = urlOf(await sharedServer(), name);
    const server = startServer({ HOOKWRIGHT_DATABASE_URL: url });
    const address = await server.ready();
    await execute(url, "create table filling (text text)");
    const fill = () => execute(url, "insert into filling select md5(n::text) from generate_series(1, 20000) as n");
    await until(async () =>
      fill().then(
        () => false,
        () => true,
      ),
    );
    await until(async () => (await emitTo(address, "x".repeat(500_000))).status === 503);
    const refused = await emitTo(address, "x".repeat(500_000));
    expect([refused.status, await errorOf(refused)]).toMatchObject([
      503,
      { code: "database_unavailable", message: expect.stringMatching(/disk of the database is full/) },
    ]);
    await execute(url, "drop table filling");
    await expectService(address);
    server.child.kill("SIGTERM");
    expect(await server.ended).toBe(0);
  });

  test("that has no connections left is told as 503, and service is back when it has some", async () => {
    const shared = await sharedServer();
    const database = await createDatabase(shared);
    const role = `crowded_${process.pid}`;
    const admin = urlOf(shared, "postgres");
    await execute(admin, `create role ${role} login`);
    await execute(database.url, `grant all on schema public to ${role}`);
    onTestFinished(async () => {
      await database.drop();
      await execute(admin, `drop role ${role}`);
    });
    const url = new URL(database.url);
    url.username = role;
    const server = startServer({ HOOKWRIGHT_DATABASE_URL: url.href });
    const address = await server.ready();
    const disconnect = `select pg_terminate_backend(pid) from pg_stat_activity where usename = '${role}'`;
    await execute(admin, `alter role ${role} connection limit 0`, disconnect);
    await expectUnavailable(address, /no connections left/);
    await execute(admin, `alter role ${role} connection limit -1`);
    await expectService(address);
    server.child.kill("SIGTERM");
    expect(await server.ended).toBe(0);
  });

  test("that hangs is told as 503 once it has said nothing for 12 seconds, and service is back when it answers", async () => {
    const database = await createDatabase(await sharedServer());
    onTestFinished(database.drop);
    const proxy = await openStallingProxy(database.url);
    const server = startServer({ HOOKWRIGHT_DATABASE_URL: proxy.url });
    const address = await server.ready();
    proxy.stall();
    const emitted = await emitTo(address);
    expect(emitted.status).toBe(503);
    expect((await fetch(`${address}/readyz`)).status).toBe(503);
    expect((await fetch(`${address}/healthz`)).status).toBe(200);
    proxy.goOn();
    await expectService(address);
  });

  test("that hangs does not keep SIGTERM from ending the server within its grace, with status 1", async () => {
    const database = await createDatabase(await sharedServer());
    onTestFinished(database.drop);
    const proxy = await openStallingProxy(database.url);
    const server = startServer({ HOOKWRIGHT_DATABASE_URL: proxy.url, HOOKWRIGHT_GRACE_SECONDS: "2" });
    await server.ready();
    proxy.stall();
    server.child.kill("SIGTERM");
    expect(await server.ended).toBe(1);
  });

  test("that demands TLS is served with a certificate that is verified", async () => {
    const database = await createDatabase(await sharedServer());
    onTestFinished(database.drop);
    const certificate = makeCertificate(temporaryDirectory());
    const url = await openTlsProxy(database.url, certificate);
    const server = startServer({
      HOOKWRIGHT_DATABASE_URL: `${url}?sslmode=verify-full&sslrootcert=${certificate.certificate}`,
    });
    expect((await emitTo(await server.ready())).status).toBe(202);
    server.child.kill("SIGTERM");
    expect(await server.ended).toBe(0);
    const stranger = startServer({ HOOKWRIGHT_DATABASE_URL: `${url}?sslmode=verify-full` });
    expect(await stranger.ended).toBe(1);
    expect(stranger.output()).toMatch(/self-signed certificate/);
  });

  test("that is not there yet is waited for, with a line that says so", async () => {
    const shared = await sharedServer();
    const name = `hookwright_late_${process.pid}`;
    const server = startServer({ HOOKWRIGHT_DATABASE_URL: urlOf(shared, name) });
    await server.prints(/Waiting for the database, for 60 s at most: the database does not exist\./);
    await execute(urlOf(shared, "postgres"), `create database ${name}`);
    onTestFinished(() => execute(urlOf(shared, "postgres"), `drop database ${name} with (force)`));
    await server.ready();
  });

  test("that does not come is waited for as long as the variable says, and the server ends with status 1", async () => {
    const server = startServer({
      HOOKWRIGHT_DATABASE_URL: "postgres://postgres@127.0.0.1:1/none",
      HOOKWRIGHT_DATABASE_WAIT_SECONDS: "1",
    });
    expect(await server.ended).toBe(1);
    expect(server.output()).toContain("it cannot be reached (ECONNREFUSED)");
  });

  test("SIGTERM ends a server that waits for it, with status 0 as there is nothing to write", async () => {
    const server = startServer({ HOOKWRIGHT_DATABASE_URL: "postgres://postgres@127.0.0.1:1/none" });
    await server.prints(/Waiting for the database/);
    server.child.kill("SIGTERM");
    expect(await server.ended).toBe(0);
  });
});

describePostgres(
  "a PostgreSQL server",
  () => {
    test("that crashes is told as 503 until it answers again, and SIGTERM ends the server when it is gone", async () => {
      const cluster = await startCluster();
      onTestFinished(cluster.stop);
      await execute(urlOf(cluster.url, "postgres"), "create database life");
      const server = startServer({
        HOOKWRIGHT_DATABASE_URL: urlOf(cluster.url, "life"),
        HOOKWRIGHT_GRACE_SECONDS: "10",
      });
      const address = await server.ready();
      await cluster.crash();
      await expectService(address);
      await cluster.kill();
      await expectUnavailable(address, /cannot be reached|connection broke|shuts down/);
      server.child.kill("SIGTERM");
      // The leases could not be given back.
      expect(await server.ended).toBe(1);
      expect(server.output()).toContain("Not everything was written down");
    });
  },
  "own cluster",
);
