import { randomUUID } from "node:crypto";
import pg from "pg";
import { median, openApp, openDatabase, openReceivers, printTable, type BenchDatabase } from "./setup.ts";

const rounds = 3;
const streamCount = 8;
const recordCount = 48_000;
const contract = "authsignal";
/** About 600 bytes as a record. */
const data = {
  ...{ tenantId: "org_0", userId: "usr_1", actionCode: "signIn", idempotencyKey: "a9b8c7" },
  ...{ createdAt: "2026-05-08T13:59:00.000Z", updatedAt: "2026-05-08T13:59:30.000Z", state: "ALLOW", outcome: "ALLOW" },
  ...{ stateUpdatedAt: "2026-05-08T13:59:30.000Z", custom: { note: "x".repeat(120) } },
};

/** Records a second that eight streams send in batches of 500, and how much of the WAL each costs. */
export async function benchStreaming(): Promise<void> {
  const rows = [];
  for (const name of ["SQLite", "PostgreSQL"] as const) {
    const results = [];
    for (let round = 0; round < rounds; round += 1) results.push(await measure(await openDatabase(name)));
    const wal = results.flatMap((each) => each.wal ?? []);
    const perSecond = median(results.map((each) => each.perSecond)).toFixed(0);
    rows.push([name, perSecond, wal.length === 0 ? "" : median(wal).toFixed(2)]);
  }
  printTable(
    `Streaming: ${recordCount} records in batches of 500 of ${streamCount} streams, median of ${rounds} rounds`,
    ["", "records/s", "WAL bytes a record"],
    rows,
  );
}

async function measure(database: BenchDatabase): Promise<{ perSecond: number; wal: number | null }> {
  const receivers = await openReceivers(streamCount);
  const app = await openApp(database);
  for (const [index, url] of receivers.urls.entries()) {
    const tenant = `org_${index}`;
    await app.signingKeys.create({ tenant, contract });
    await app.streams.create({ tenant, contract, settings: { url, challengeTokenDurationSeconds: 0 } });
  }
  const rendered = await app.emit(contract, "action.log_created", { tenant: "org_0", data });
  for (let first = 0; first < recordCount; first += 1000) {
    await app.store.log.append(
      Array.from({ length: 1000 }, (_, index) => {
        const { type, time, body } = rendered;
        const tenant = `org_${(first + index) % streamCount}`;
        return { id: randomUUID(), contract, type, tenant, time, body, idempotencyKey: null };
      }),
    );
  }
  // Positions are given, and the engine has been through, before the clock starts.
  await app.engine.start();
  await app.engine.idle();
  const before = await walBytes(database);
  const startedAt = performance.now();
  await app.streaming.settled();
  const seconds = (performance.now() - startedAt) / 1000;
  const after = await walBytes(database);
  await app.close();
  await database.drop();
  receivers.close();
  return {
    perSecond: recordCount / seconds,
    wal: before === null || after === null ? null : (after - before) / recordCount,
  };
}

/** How much PostgreSQL has written to its WAL. Null on SQLite. */
async function walBytes({ name, url }: BenchDatabase): Promise<number | null> {
  if (name === "SQLite") return null;
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query("select (pg_current_wal_lsn() - '0/0')::text as bytes");
  await client.end();
  return Number(rows[0].bytes);
}
