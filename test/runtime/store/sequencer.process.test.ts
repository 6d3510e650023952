import { execFileSync } from "node:child_process";
import { sql } from "kysely";
import pg from "pg";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { openStore, type OpenedStore } from "../../../runtime/store/open-store.ts";
import type { SequencerLease } from "../../../runtime/seams/log-store.ts";
import { createDatabase, sharedServer, startCluster, type Cluster } from "../../postgres/cluster.ts";
import { describePostgres } from "../../postgres/describe-postgres.ts";
import { logRows, newEvent, newEvents } from "./suite/harness.ts";

/** More for a long run: HOOKWRIGHT_TEST_EVENTS=25000. */
const eventCount = Number(process.env.HOOKWRIGHT_TEST_EVENTS ?? 5000);
const writerCount = 16;
const idleMax = 5000;
const timeout = 120_000;

async function openDatabase(server: string) {
  const database = await createDatabase(server);
  const store = await openStore({ database: database.url });
  onTestFinished(async () => {
    await store.close();
    await database.drop();
  });
  return { url: database.url, store };
}

async function electedIn(store: OpenedStore, owner = "one"): Promise<SequencerLease> {
  const { sequencer } = await store.log.lease({ owner, leaseMs: 600_000, takes: "share" });
  return sequencer ?? expect.unreachable("another owner has it");
}

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  onTestFinished(() => client.end());
  return client;
}

/** Sequences until all of these stand in the log; other databases of the cluster may hold it back for a moment. */
async function sequenceUntil(store: OpenedStore, lease: SequencerLease, end: number): Promise<void> {
  await expect.poll(() => store.log.sequence(lease, 1000).then(() => endOf(store)), { timeout }).toBe(end);
}

/** The last position there is. */
async function endOf(store: OpenedStore): Promise<number> {
  const ends = await store.log.ends(Array.from({ length: 16 }, (_, shard) => shard));
  return Math.max(0, ...ends.map(({ position }) => position));
}

describePostgres("the sequencer", () => {
  let server: string;
  beforeAll(async () => void (server = await sharedServer()));

  test(
    `${eventCount} events of ${writerCount} writers, some slow and some rolled back: none is passed over, none comes twice`,
    { timeout: 10 * timeout },
    async () => {
      const { url, store } = await openDatabase(server);
      const lease = await electedIn(store);
      const committed: string[] = [];
      let isWriting = true;
      const writers = Array.from({ length: writerCount }, async (_, writer) => {
        const client = await connect(url);
        for (let turn = 0; committed.length < eventCount; turn += 1)
          committed.push(...(await write(store, client, { writer, turn })));
      });
      const written = Promise.all(writers).finally(() => (isWriting = false));
      const seen = await follow(store, lease, (count) => isWriting || count < committed.length);
      await written;
      expect(seen.map(({ position }) => position)).toEqual(seen.map((_, index) => index + 1));
      expect(new Set(seen.map(({ id }) => id))).toEqual(new Set(committed));
      expect(seen).toHaveLength(committed.length);
    },
  );

  test("an event waits for those that an open transaction may still add below it", async () => {
    const { url, store } = await openDatabase(server);
    const lease = await electedIn(store);
    const [first, second] = [await connect(url), await connect(url)];
    // It begins to write first, and so has the lower id, but its event comes later and it commits last.
    await first.query("begin; create temporary table early (n int)");
    await second.query("begin");
    await store.log.append([newEvent({ id: "evt_second" })], second);
    await second.query("commit");
    expect(await store.log.sequence(lease, 10)).toBe(0);
    await store.log.append([newEvent({ id: "evt_first" })], first);
    await first.query("commit");
    await sequenceUntil(store, lease, 2);
    expect(await logRows(store)).toEqual([
      { position: 1, id: "evt_first" },
      { position: 2, id: "evt_second" },
    ]);
  });

  test("a page that ends within a transaction goes on there", async () => {
    const { store } = await openDatabase(server);
    const lease = await electedIn(store);
    const events = newEvents(25);
    await store.log.append(events);
    await expect.poll(() => store.log.sequence(lease, 10)).toBe(10);
    expect([await store.log.sequence(lease, 10), await store.log.sequence(lease, 10)]).toEqual([10, 5]);
    expect((await logRows(store)).map(({ id }) => id)).toEqual(events.map(({ id }) => id));
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
    await sequenceUntil(store, again, 3);
  });

  test("a lease that ended gives no position, even if nobody took it", async () => {
    const { store } = await openDatabase(server);
    const { sequencer } = await store.log.lease({ owner: "one", leaseMs: 0, takes: "share" });
    await store.log.append(newEvents(3));
    await expect(store.log.sequence(sequencer!, 10)).rejects.toMatchObject({ code: "lease_lost" });
    expect(await endOf(store)).toBe(0);
  });

  test("the age of the oldest transaction that writes tells what holds back the log", async () => {
    const { url, store } = await openDatabase(server);
    const lease = await electedIn(store);
    const client = await connect(url);
    await client.query("begin; create temporary table early (n int)");
    const began = await client.query<{ at: string }>("select extract(epoch from now()) * 1000 as at");
    await store.log.append(newEvents(1));
    expect(await store.log.sequence(lease, 10)).toBe(0);
    const age = await store.log.oldestWriteAgeMs();
    const { rows } = await client.query<{ now: string }>("select extract(epoch from clock_timestamp()) * 1000 as now");
    expect(age).toBeGreaterThan(0);
    // Another database of the cluster may have an older one.
    expect(age).toBeGreaterThanOrEqual(Number(rows[0]?.now) - Number(began.rows[0]?.at) - 10_000);
    await client.query("rollback");
    await sequenceUntil(store, lease, 1);
  });

  /** Reads on from the last position, as a reader of a shard does. */
  async function follow(store: OpenedStore, lease: SequencerLease, goesOn: (seen: number) => boolean) {
    const seen: { position: number; id: string }[] = [];
    const after = () => seen.at(-1)?.position ?? 0;
    const query = () => store.database.selectFrom("hookwright_log").select(["position", "id"]).orderBy("position");
    // What does not come while so many times nothing else comes is lost.
    for (let idle = 0; goesOn(seen.length) && idle < idleMax; idle += 1) {
      await store.log.sequence(lease, 500);
      const page = await query().where("position", ">", after()).execute();
      seen.push(...page);
      if (page.length > 0) idle = 0;
    }
    return seen;
  }
});

/** One transaction of the product's own. Gives the ids of its events if it was committed. */
async function write(
  store: OpenedStore,
  client: pg.Client,
  { writer, turn }: { writer: number; turn: number },
): Promise<readonly string[]> {
  const dice = (writer * 7919 + turn * 104_729) % 100;
  const events = newEvents(1 + (dice % 3));
  await client.query("begin");
  // A savepoint that is rolled back leaves a sequence number that no event has.
  if (dice % 10 === 3) {
    await client.query("savepoint s");
    await store.log.append([newEvent()], client);
    await client.query("rollback to s");
  }
  if (dice < 5) await client.query("select pg_current_xact_id(), pg_sleep(0.02)");
  await store.log.append(events, client);
  if (dice >= 95) await client.query("select pg_sleep(0.02)");
  await client.query(dice % 20 === 7 ? "rollback" : "commit");
  return dice % 20 === 7 ? [] : events.map(({ id }) => id);
}

describePostgres(
  "a database that is restored into a new cluster",
  () => {
    let clusters: readonly Cluster[];
    beforeAll(async () => void (clusters = await Promise.all([startCluster(), startCluster()])), timeout);
    afterAll(() => Promise.all(clusters.map((cluster) => cluster.stop())), timeout);

    test(
      "goes on where it was: every event gets one position, those of before the dump and those of after",
      { timeout },
      async () => {
        const [from, to] = clusters.map((cluster) => cluster.url) as [string, string];
        const old = await openDatabase(from);
        const lease = await electedIn(old.store);
        // In the old cluster many more transactions have been than in the new one.
        await sql`do $$ begin for i in 1..3000 loop perform pg_current_xact_id(); commit; end loop; end $$`.execute(
          old.store.database,
        );
        const positioned = newEvents(5);
        for (const event of positioned) await old.store.log.append([event]);
        await sequenceUntil(old.store, lease, 5);
        const waiting = newEvents(5);
        for (const event of waiting) await old.store.log.append([event]);

        const target = await createDatabase(to);
        const dump = execFileSync("pg_dump", [old.url], { maxBuffer: 2 ** 26 });
        execFileSync("psql", ["-X", "-q", "-v", "ON_ERROR_STOP=1", target.url], {
          input: dump,
          stdio: ["pipe", "ignore", "pipe"],
        });

        const store = await openStore({ database: target.url });
        onTestFinished(store.close);
        const client = await connect(target.url);
        // It began to write before the positions are put in order, and writes its event after.
        await client.query("begin; create temporary table early (n int)");
        const emitted = newEvents(5);
        for (const event of emitted) await store.log.append([event]);
        await store.log.release({ owner: "one", shards: "all" });
        const again = await electedIn(store);
        expect(await store.log.sequence(again, 1000)).toBe(10);
        const late = newEvents(2);
        await store.log.append(late, client);
        await client.query("commit");
        await sequenceUntil(store, again, 17);
        // Until the new cluster's transactions have passed those that the old rows carry.
        await sql`do $$ begin for i in 1..4000 loop perform pg_current_xact_id(); commit; end loop; end $$`.execute(
          store.database,
        );
        const last = newEvents(3);
        await store.log.append(last);
        await sequenceUntil(store, again, 20);
        expect(await store.log.sequence(again, 1000)).toBe(0);
        const rows = await logRows(store);
        expect(rows.map(({ id }) => id)).toEqual([positioned, waiting, emitted, late, last].flat().map(({ id }) => id));
        expect(rows.map(({ position }) => position)).toEqual(rows.map((_, index) => index + 1));
      },
    );
  },
  "own cluster",
);
