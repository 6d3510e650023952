import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { openStore, type OpenedStore } from "../../../runtime/store/open-store.ts";
import { createDatabase, sharedServer, type TestDatabase } from "../../postgres/cluster.ts";
import { describePostgres } from "../../postgres/describe-postgres.ts";
import { fact, newEvent } from "../store/suite/harness.ts";

interface Received {
  readonly replica: string;
  readonly tenant: string;
  readonly body: string;
}

/** Long enough for a machine that has more to do; short where the test waits for one to end. */
const leaseMs = { whole: 6000, short: 2400 };
const timeout = 60_000;
const tenants = Array.from({ length: 64 }, (_, index) => `org_${index}`);

/** Replicas are processes of their own, on one database and with one receiver; this one emits and watches. */
describePostgres("replicas on PostgreSQL", () => {
  let database: TestDatabase;
  let store: OpenedStore;
  let server: Server;
  let received: Received[];
  /** What the receiver waits for before it answers. */
  let answers: (request: Received) => Promise<void>;
  let replicas: ChildProcess[];

  beforeAll(async () => {
    server = createServer((request, response) => void receive(request).then(() => response.end())).listen(
      0,
      "127.0.0.1",
    );
    await once(server, "listening");
  });
  afterAll(() => void server.close());

  beforeEach(async () => {
    database = await createDatabase(await sharedServer());
    store = await openStore({ database: database.url });
    received = [];
    replicas = [];
    answers = async () => {};
    for (const [index, tenant] of tenants.entries()) await createEndpoint(tenant, index);
  });
  afterEach(async () => {
    for (const replica of replicas.filter((each) => each.exitCode === null && each.signalCode === null)) {
      replica.kill("SIGKILL");
      await once(replica, "exit");
    }
    await store.close();
    await database.drop();
  });

  async function receive(request: IncomingMessage): Promise<void> {
    const chunks = await request.toArray();
    const seen = {
      replica: String(request.headers["x-replica"]),
      tenant: (request.url ?? "").slice(1),
      body: Buffer.concat(chunks).toString(),
    };
    received.push(seen);
    await answers(seen);
  }

  async function createEndpoint(tenant: string, index: number): Promise<void> {
    const { port } = server.address() as AddressInfo;
    const id = `whe_${index}`;
    const url = `http://127.0.0.1:${port}/${tenant}`;
    const data = { endpointId: id, contract: "stech", url, events: ["*"], enabled: true };
    const settings = { url, description: null, events: ["*"], enabled: true };
    await store.endpoints.create({ id, contract: "stech", tenant, sealedSecret: "sealed", createdAt: 1, ...settings }, [
      fact({ tenant, type: "endpoint.created", body: JSON.stringify({ data }) }),
    ]);
  }

  async function startReplica(owner: string, lease: keyof typeof leaseMs = "short"): Promise<ChildProcess> {
    const script = join(import.meta.dirname, "replica.ts");
    const args = [script, database.url, owner, String(leaseMs[lease])];
    const replica = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
    replicas.push(replica);
    const [said] = await once(replica.stdout!, "data");
    expect(String(said)).toBe("ready\n");
    return replica;
  }

  /** Gives the bodies of what it emitted. */
  async function emit(count: number): Promise<ReadonlySet<string>> {
    const events = Array.from({ length: count }, (_, index) => newEvent({ tenant: tenants[index % tenants.length]! }));
    await store.log.append(events);
    store.log.signals?.notify("work");
    return new Set(events.map(({ body }) => body));
  }

  const until = (condition: () => boolean | Promise<boolean>) =>
    expect.poll(async () => condition(), { timeout, interval: 20 }).toBe(true);

  const attempts = async () => {
    const rows = store.database.selectFrom("hookwright_attempts").select(["endpoint_key", "position", "number"]);
    return (await rows.execute()).length;
  };
  const bodies = () => new Set(received.map(({ body }) => body));
  const owners = async () => {
    const rows = await store.database.selectFrom("hookwright_shards").select("owner").execute();
    return rows.map(({ owner }) => owner);
  };
  const shardsOf = async (owner: string) => (await owners()).filter((each) => each === owner).length;

  test("share the shards as they come and go, and every event is sent once", { timeout }, async () => {
    const first = await startReplica("one", "whole");
    expect(await shardsOf("one")).toBe(16);
    await emit(500);
    await startReplica("two", "whole");
    await emit(500);
    await until(async () => (await shardsOf("one")) === 8 && (await shardsOf("two")) === 8);
    const shared = await emit(500);
    await until(() => bodies().size === 1500);
    const senders = received.filter(({ body }) => shared.has(body)).map(({ replica }) => replica);
    expect(new Set(senders)).toEqual(new Set(["one", "two"]));
    first.kill("SIGTERM");
    await emit(500);
    await once(first, "exit");
    await until(async () => (await shardsOf("two")) === 16);
    await until(async () => (await attempts()) === 2000);
    expect(bodies().size).toBe(2000);
    expect(received).toHaveLength(2000);
  });

  test("one that is killed is followed by the others, which send what it had not settled", { timeout }, async () => {
    await startReplica("one");
    await startReplica("two");
    await until(async () => (await shardsOf("two")) === 8);
    const doomed = replicas[0]!;
    let isKilled = false;
    answers = ({ replica }) => (replica === "one" && !isKilled ? new Promise(() => {}) : Promise.resolve());
    await emit(200);
    await until(() => received.some(({ replica }) => replica === "one"));
    isKilled = true;
    doomed.kill("SIGKILL");
    await until(async () => (await attempts()) === 200);
    expect(bodies().size).toBe(200);
    expect(await shardsOf("two")).toBe(16);
  });

  test(
    "one that was paused for longer than its lease settles nothing when it wakes, and gets its share again",
    { timeout },
    async () => {
      await startReplica("one");
      await startReplica("two");
      await until(async () => (await shardsOf("two")) === 8);
      const [paused] = replicas;
      const { promise: woken, resolve: wake } = Promise.withResolvers<void>();
      let isPaused = true;
      answers = ({ replica }) => (replica === "one" && isPaused ? woken : Promise.resolve());
      await emit(200);
      await until(() => received.some(({ replica }) => replica === "one"));
      const held = received.filter(({ replica }) => replica === "one").map(({ body }) => body);
      paused?.kill("SIGSTOP");
      await until(async () => (await shardsOf("two")) === 16);
      await until(async () => (await attempts()) === 200);
      isPaused = false;
      wake();
      paused?.kill("SIGCONT");
      await until(async () => (await shardsOf("one")) === 8);
      await emit(200);
      await until(async () => (await attempts()) === 400);
      expect(bodies().size).toBe(400);
      // Sent by both, and written down by the one that had the shard.
      for (const body of held) expect(received.filter((each) => each.body === body)).toHaveLength(2);
    },
  );
});
