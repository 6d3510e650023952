import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { openStore, type OpenedStore } from "../../../runtime/store/open-store.ts";
import { createDatabase, sharedServer } from "../../postgres/cluster.ts";
import { describePostgres } from "../../postgres/describe-postgres.ts";
import { fact, newEvent } from "../store/suite/harness.ts";

const tenants = Array.from({ length: 40 }, (_, index) => `org_${index}`);
const leaseMs = 2400;
const timeout = 60_000;

/** A receiver that notes the tenants it got something for. */
async function openReceiver() {
  const received: string[] = [];
  const server = createServer((request, response) => {
    received.push((request.url ?? "").slice(1));
    request.resume().on("end", () => response.end());
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return { received, port: (server.address() as AddressInfo).port };
}

/** A process with an engine that lacks a contract, an event type or a key, or nothing. */
async function startReplica(database: string, owner: string, lacks = ""): Promise<ChildProcess> {
  const args = [join(import.meta.dirname, "replica.ts"), database, owner, String(leaseMs), lacks];
  const replica = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(async () => {
    if (replica.exitCode !== null || replica.signalCode !== null) return;
    replica.kill("SIGKILL");
    await once(replica, "exit");
  });
  const [said] = await once(replica.stdout!, "data");
  expect(String(said)).toBe("ready\n");
  return replica;
}

async function createEndpoints(store: OpenedStore, port: number): Promise<void> {
  for (const [index, tenant] of tenants.entries()) {
    const id = `whe_${index}`;
    const url = `http://127.0.0.1:${port}/${tenant}`;
    const data = { endpointId: id, contract: "stech", url, events: ["*"], enabled: true };
    const settings = { url, description: null, events: ["*"], enabled: true };
    await store.endpoints.create({ id, contract: "stech", tenant, sealedSecret: "sealed", createdAt: 1, ...settings }, [
      fact({ tenant, type: "endpoint.created", body: JSON.stringify({ data }) }),
    ]);
  }
}

const emit = async (store: OpenedStore) => {
  await store.log.append(tenants.map((tenant) => newEvent({ tenant })));
  store.log.signals?.notify("log");
};

const arrived = (received: readonly string[]) =>
  expect.poll(() => new Set(received).size, { timeout: 10_000, interval: 50 }).toBe(tenants.length);

const unservedOf = async (store: OpenedStore) =>
  (await store.log.unserved({ countMax: 1000 })).reduce((sum, { count }) => sum + count, 0);

/** Of a catalog, of one contract of it, and of the key that sealed the secrets. */
const lacking = [
  ["a contract", "stech"],
  ["an event type", "deployment.created"],
  ["a key", "sealed"],
] as const;

describePostgres("processes with different catalogs on PostgreSQL", () => {
  async function prepare() {
    const database = await createDatabase(await sharedServer());
    const store = await openStore({ database: database.url });
    onTestFinished(() => store.close().then(() => database.drop()));
    const { received, port } = await openReceiver();
    await createEndpoints(store, port);
    return { database: database.url, store, received };
  }

  describe.each(lacking)("one of which lacks %s", (_, lacks) => {
    test("all of 40 arrive, the one that lacks it being there first", { timeout }, async () => {
      const { database, store, received } = await prepare();
      await startReplica(database, "older", lacks);
      await emit(store);
      await expect.poll(() => unservedOf(store), { timeout: 10_000, interval: 20 }).toBe(tenants.length);
      expect(received).toEqual([]);
      await startReplica(database, "newer");
      await arrived(received);
      await emit(store);
      await expect.poll(() => received.length, { timeout: 10_000, interval: 50 }).toBe(2 * tenants.length);
    });

    test("all of 40 arrive, the other one being there first", { timeout }, async () => {
      const { database, store, received } = await prepare();
      await startReplica(database, "newer");
      await startReplica(database, "older", lacks);
      await expect
        .poll(
          async () =>
            new Set(
              (await store.database.selectFrom("hookwright_shards").select("owner").execute()).map(
                ({ owner }) => owner,
              ),
            ).size,
          { timeout: 10_000 },
        )
        .toBe(2);
      await emit(store);
      await arrived(received);
    });
  });
});

describe.each(lacking)("processes one after the other on SQLite, one of which lacks %s", (_, lacks) => {
  test("all of 40 arrive once the other one is there", { timeout }, async () => {
    const folder = mkdtempSync(join(tmpdir(), "hookwright-mixed-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const database = join(folder, "hookwright.db");
    const store = await openStore({ database });
    onTestFinished(() => store.close());
    const { received, port } = await openReceiver();
    await createEndpoints(store, port);
    const older = await startReplica(database, "older", lacks);
    await emit(store);
    await expect.poll(() => unservedOf(store), { timeout: 10_000, interval: 50 }).toBe(tenants.length);
    older.kill("SIGTERM");
    await once(older, "exit");
    expect(received).toEqual([]);
    await startReplica(database, "newer");
    await arrived(received);
  });
});
