import pg from "pg";
import { median, openApp, openDatabase, printTable } from "./setup.ts";

const endpointCount = 20_000;
const claims = 50;

/** A claim of due deliveries with 10 thousand and with 1 million pending, 80 % of them of one endpoint. */
export async function benchClaiming(): Promise<void> {
  const rows: string[][] = [];
  for (const pending of [10_000, 1_000_000])
    rows.push([pending.toLocaleString("en"), (await claimMs(pending)).toFixed(2)]);
  printTable("A claim on PostgreSQL: 64 endpoints, 16 deliveries of each", ["pending", "p50 ms"], rows);
}

async function claimMs(pending: number): Promise<number> {
  const database = await openDatabase("PostgreSQL");
  const app = await openApp(database);
  await fill(database.url, pending);
  const now = Date.now();
  const times: number[] = [];
  for (let count = 0; count < claims; count += 1) {
    const startedAt = performance.now();
    const due = await app.store.log.due({ shards: [0], now, endpointsMax: 64, perEndpointMax: 16, except: [] });
    times.push(performance.now() - startedAt);
    if (due.length === 0) throw new Error("Nothing was due.");
  }
  await app.close();
  await database.drop();
  return median(times);
}

/** Rows as the engine would have written them, by the database itself. Endpoint 1 has four fifths of what is pending. */
async function fill(url: string, pending: number): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  for (const statement of [
    `insert into hookwright_endpoints
       (id, contract, tenant, shard, url, events, enabled, sealed_secret, created_at, updated_at)
     select 'w' || n, 'stech', 'org', 0, 'https://x.example', '["*"]', 1, '', 0, 0
     from generate_series(1, ${endpointCount}) as n`,
    `insert into hookwright_events (id, contract, type, tenant, shard, time, body)
     select 'e' || n, 'stech', 't.u', 'org', 0, 0, repeat('x', 200) from generate_series(1, ${pending}) as n`,
    `insert into hookwright_positions (position, event, shard, contract, tenant)
     select seq, seq, 0, 'stech', 'org' from hookwright_events`,
    `insert into hookwright_pending (endpoint_key, position, due_at, run, attempt_count)
     select case when n % 5 = 0 then n / 5 % ${endpointCount} + 1 else 1 end, n, n, 0, 1
     from generate_series(1, ${pending}) as n`,
    `insert into hookwright_backlog (endpoint_key, head_at, shard)
     select endpoint_key, min(due_at), 0 from hookwright_pending group by endpoint_key`,
    "vacuum analyze",
  ]) {
    await client.query(statement);
  }
  await client.end();
}
