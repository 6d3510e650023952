import { sql } from "kysely";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { openStore, type OpenedStore } from "../../../runtime/store/open-store.ts";
import { createDatabase, startCluster, type Cluster } from "../../postgres/cluster.ts";
import { describePostgres } from "../../postgres/describe-postgres.ts";
import { newEvents } from "./suite/harness.ts";

const bodyBytes = 1000;
/** The row with its record's head, and an entry in each of three indexes. */
const bytesMax = bodyBytes + 450;
const timeout = 60_000;

// WAL is counted for a whole cluster, so this one is its own.
describePostgres(
  "what an emit writes",
  () => {
    let cluster: Cluster;
    beforeAll(async () => void (cluster = await startCluster()), timeout);
    afterAll(() => cluster.stop(), timeout);

    async function walPosition({ database }: OpenedStore): Promise<number> {
      const answer = await sql<{ at: string }>`select pg_current_wal_insert_lsn() - '0/0' as at`.execute(database);
      return Number(answer.rows[0]?.at);
    }

    test(
      `is at most ${bytesMax} bytes of WAL for a body of ${bodyBytes}, when 16 share an insert`,
      { timeout },
      async () => {
        const database = await createDatabase(cluster.url);
        const store = await openStore({ database: database.url });
        onTestFinished(async () => {
          await store.close();
          await database.drop();
        });
        const like = { idempotencyKey: null, body: "x".repeat(bodyBytes), type: "agent_run.completed" };
        // As long as a UUID.
        const events = () => newEvents(16, like).map((event) => ({ ...event, id: event.id.padStart(36, "0") }));
        for (let count = 0; count < 20; count += 1) await store.log.append(events());
        const before = await walPosition(store);
        for (let count = 0; count < 100; count += 1) await store.log.append(events());
        const bytes = ((await walPosition(store)) - before) / 1600;
        expect(bytes).toBeLessThanOrEqual(bytesMax);
        expect(bytes).toBeGreaterThan(bodyBytes);
      },
    );
  },
  "own cluster",
);
