import { randomUUID } from "node:crypto";
import pg from "pg";
import { processorTime } from "./processor-time.ts";
import { median, openApp, openDatabase, openReceivers, printTable, type BenchDatabase } from "./setup.ts";

const rounds = 3;
const streamCount = 8;
const recordCount = 96_000;
const contract = "authsignal";
/** About 600 bytes as a record. */
const data = {
  ...{ tenantId: "org_0", userId: "usr_1", actionCode: "signIn", idempotencyKey: "a9b8c7" },
  ...{ createdAt: "2026-05-08T13:59:00.000Z", updatedAt: "2026-05-08T13:59:30.000Z", state: "ALLOW", outcome: "ALLOW" },
  ...{ stateUpdatedAt: "2026-05-08T13:59:30.000Z", custom: { note: "x".repeat(120) } },
};

/** Records a second that eight streams send in batches of 500, and what each costs of the WAL and of the processors' time. */
export async function benchStreaming(): Promise<void> {
  const rows: string[][] = [];
  for (const name of ["SQLite", "PostgreSQL"] as const) {
    const results: Measured[] = [];
    for (let round = 0; round < rounds; round += 1) results.push(await measure(await openDatabase(name)));
    const of = (pick: (measured: Measured) => number, digits: number) => median(results.map(pick)).toFixed(digits);
    const server = name === "SQLite" ? ["", ""] : [of((each) => each.server, 1), of((each) => each.wal, 2)];
    rows.push([name, of((each) => each.perSecond, 0), of((each) => each.sender, 1), ...server]);
  }
  printTable(
    `Streaming: ${recordCount} records in batches of 500 of ${streamCount} streams, median of ${rounds} rounds`,
    ["", "records/s", "sender CPU µs", "server CPU µs", "WAL bytes"],
    rows,
  );
}

/** All but the first for each record. */
interface Measured {
  readonly perSecond: number;
  readonly sender: number;
  readonly server: number;
  readonly wal: number;
}

async function measure(database: BenchDatabase): Promise<Measured> {
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
  const [walBefore, before] = [await walBytes(database), processorTime()];
  const startedAt = performance.now();
  await app.streaming.settled();
  const seconds = (performance.now() - startedAt) / 1000;
  const [after, walAfter] = [processorTime(), await walBytes(database)];
  await app.close();
  await database.drop();
  receivers.close();
  return {
    perSecond: recordCount / seconds,
    sender: (after.sender - before.sender) / recordCount,
    server: (after.server - before.server) / recordCount,
    wal: (walAfter - walBefore) / recordCount,
  };
}

/** How much PostgreSQL has written to its WAL. */
async function walBytes({ name, url }: BenchDatabase): Promise<number> {
  if (name === "SQLite") return 0;
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query("select (pg_current_wal_lsn() - '0/0')::text as bytes");
  await client.end();
  return Number(rows[0].bytes);
}
