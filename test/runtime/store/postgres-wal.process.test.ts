import { sql } from "kysely";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { openStore, type OpenedStore } from "../../../runtime/store/open-store.ts";
import { createDatabase, startCluster, type Cluster } from "../../postgres/cluster.ts";
import { describePostgres } from "../../postgres/describe-postgres.ts";
import { attempt, leasesOf, newEvents, settlement, settleOne } from "./suite/harness.ts";

/** As a receiver on Node.js answers. Its headers are 9 bytes of it. */
const answer = {
  responseBody: Buffer.from("ok"),
  responseHeaders: {
    fields: [
      ["content-type", "text/plain; charset=utf-8"],
      ["date", "Tue, 14 Nov 2023 22:13:20 GMT"],
      ["connection", "keep-alive"],
      ["keep-alive", "timeout=5"],
      ["content-length", "19"],
    ],
    isCut: false,
  },
} as const;
const perSettle = 500;
const bytesMax = 300;
const timeout = 60_000;

// WAL is counted for a whole cluster, so this one is its own.
describePostgres(
  "what a delivery without failures writes",
  () => {
    let cluster: Cluster;
    beforeAll(async () => void (cluster = await startCluster()), timeout);
    afterAll(() => cluster.stop(), timeout);

    async function walPosition({ database }: OpenedStore): Promise<number> {
      const answer = await sql<{ at: string }>`select pg_current_wal_insert_lsn() - '0/0' as at`.execute(database);
      return Number(answer.rows[0]?.at);
    }

    test.each([1, 20, 500])(
      `is at most ${bytesMax} bytes of WAL, when %d endpoints get what is settled together`,
      { timeout },
      async (endpointCount) => {
        const database = await createDatabase(cluster.url);
        const store = await openStore({ database: database.url });
        onTestFinished(async () => {
          await store.close();
          await database.drop();
        });
        const [lease] = await leasesOf(store, "one");
        let position = 0;
        const settle = () => {
          const attempts = Array.from({ length: perSettle }, (_, index) => {
            if (index % endpointCount === 0) position += 1;
            const key = { endpointKey: 1 + (index % endpointCount), position, run: 0 };
            return attempt(key, { startedAt: 1_700_000_000_000 + position, durationMs: 35, ...answer });
          });
          return settleOne(store, settlement(lease!, { cursor: position, attempts }));
        };
        await sql`checkpoint`.execute(store.database);
        // The first change of a page after a checkpoint writes the whole page; these make that of all there are.
        for (let count = 0; count < 20; count += 1) await settle();
        const before = await walPosition(store);
        for (let count = 0; count < 40; count += 1) await settle();
        const bytes = ((await walPosition(store)) - before) / (40 * perSettle);
        expect(bytes).toBeLessThanOrEqual(bytesMax);
        expect(bytes).toBeGreaterThan(100);
      },
    );

    test("and a position at most 400, with all that giving it takes", { timeout }, async () => {
      const database = await createDatabase(cluster.url);
      const store = await openStore({ database: database.url });
      onTestFinished(async () => {
        await store.close();
        await database.drop();
      });
      const { sequencer } = await store.log.lease({ owner: "one", leaseMs: 600_000, takes: "share" });
      const bytesOfPage = async () => {
        await store.log.append(newEvents(perSettle));
        const before = await walPosition(store);
        expect(await store.log.sequence(sequencer!, 5000)).toBe(perSettle);
        return (await walPosition(store)) - before;
      };
      await sql`checkpoint`.execute(store.database);
      for (let count = 0; count < 10; count += 1) await bytesOfPage();
      let bytes = 0;
      for (let count = 0; count < 20; count += 1) bytes += await bytesOfPage();
      expect(bytes / (20 * perSettle)).toBeLessThanOrEqual(400);
    });
  },
  "own cluster",
);
