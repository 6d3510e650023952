import { sql } from "kysely";
import { expect, test } from "vitest";
import type { OpenedStore } from "../../../runtime/store/open-store.ts";
import { describePostgres } from "../../postgres/describe-postgres.ts";
import { attempt, createEndpoint, leaseOf, logRows, newEvents, settlement, use, settleOne } from "./suite/harness.ts";
import { openPostgresHarness, postgresDatabase } from "./temporary-postgres.ts";

const horizon = 1_600_000_000_000;

async function fill(store: OpenedStore, eventCount: number) {
  const endpoint = await createEndpoint(store);
  const lease = await leaseOf(store, "one");
  await store.log.append(newEvents(eventCount, { time: horizon - 1 }));
  const keys = (await logRows(store)).map(({ position }) => ({ endpointKey: endpoint.key, position, run: 0 }));
  const cursor = keys.at(-1)?.position ?? null;
  await settleOne(store, settlement(lease, { cursor, attempts: keys.map((key) => attempt(key)) }));
  return { endpoint, lease };
}

const stepOf = (shard: number) =>
  ({ before: horizon, limit: 1000, from: { shard, after: 0 }, does: "drop", endpointOf: () => null }) as const;

describePostgres("retention on PostgreSQL", () => {
  const open = openPostgresHarness(postgresDatabase());

  test("nobody but the transaction that drops events may delete from the log, not even while it does", async () => {
    const { store, openAnother } = await use(open);
    await fill(store, 3);
    const { database } = await openAnother();
    await store.database.transaction().execute(async (transaction) => {
      await transaction.insertInto("hookwright_pruning").values({ only_row: 1 }).execute();
      for (const table of ["hookwright_events", "hookwright_positions", "hookwright_attempts"]) {
        await expect(sql`delete from ${sql.table(table)}`.execute(database)).rejects.toThrow(/refuses DELETE/);
        await sql`delete from ${sql.table(table)}`.execute(transaction);
      }
      for (const table of ["hookwright_events", "hookwright_positions"]) {
        await sql`savepoint before_truncate`.execute(transaction);
        const truncating = sql`truncate ${sql.table(table)}`.execute(transaction);
        await expect(truncating).rejects.toThrow(/refuses TRUNCATE/);
        await sql`rollback to savepoint before_truncate`.execute(transaction);
      }
      await transaction.deleteFrom("hookwright_pruning").execute();
    });
  });

  test("an event without a position stays", async () => {
    const { store } = await use(open);
    const { lease } = await fill(store, 3);
    const [late] = await store.log.append(newEvents(1, { time: horizon - 1 }));
    await settleOne(store, settlement(lease, { cursor: 100 }));
    await store.log.append(newEvents(1, { time: horizon - 1 }));
    await store.retention.prune(stepOf(lease.shard));
    const { rows } = await sql<{ id: string }>`select id from hookwright_events order by seq`.execute(store.database);
    expect(rows.map((row) => row.id)).toContain(late?.event.id);
  });

  test("a step waits for whoever changes what is pending in its shard", async () => {
    const { store, openAnother } = await use(open);
    const { lease } = await fill(store, 3);
    const other = await openAnother();
    const isWaiting = async () => {
      const { rows } = await sql`select from pg_locks where locktype = 'advisory' and not granted
        and database = (select oid from pg_database where datname = current_database())`.execute(store.database);
      return rows.length > 0;
    };
    const step = await store.database.transaction().execute(async (transaction) => {
      await sql`select pg_advisory_xact_lock(${0x686b7772}, ${lease.shard})`.execute(transaction);
      const pruned = other.retention.prune(stepOf(lease.shard));
      while (!(await isWaiting())) await new Promise((resolve) => setImmediate(resolve));
      return { pruned };
    });
    expect((await step.pruned).eventCount).toBeGreaterThan(0);
  });
});
