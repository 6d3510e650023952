import { Kysely, PostgresDialect, sql } from "kysely";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { executorOf } from "../../../runtime/store/executor.ts";
import { openStore, type OpenedStore } from "../../../runtime/store/open-store.ts";
import { createDatabase, sharedServer, type TestDatabase } from "../../postgres/cluster.ts";
import { describePostgres } from "../../postgres/describe-postgres.ts";
import { exercise, exerciseLooks } from "./exercise.ts";
import { attempt, claimOf, leaseOf, newEvents, settlement, settleOne, readPage } from "./suite/harness.ts";

/** More for a long run: HOOKWRIGHT_TEST_ROWS=1000000. */
const rowCount = Number(process.env.HOOKWRIGHT_TEST_ROWS ?? 100_000);
const timeout = 600_000;

/** Every table that grows, with as many rows: an endpoint for each tenant, and something pending for all of them. */
async function load(store: OpenedStore): Promise<void> {
  const rows = sql`generate_series(1, ${rowCount}::bigint) as n`;
  const statements = [
    sql`insert into hookwright_events (id, contract, type, tenant, shard, time, body, idempotency_key)
      select 'old_' || n, case when n % 2 = 0 then 'hookwright' else 'stech' end, 'deployment.created',
        'tenant_' || n / 2, n % 16, n, repeat('x', 200), case when n % 3 = 0 then 'key_' || n end from ${rows}`,
    sql`insert into hookwright_positions (position, event, shard, contract, tenant)
      select seq, seq, shard, contract, tenant from hookwright_events`,
    sql`update hookwright_sequencing set last_position = ${rowCount}, seen = pg_current_snapshot(), reading = null`,
    sql`insert into hookwright_endpoints
      (id, contract, tenant, shard, url, events, enabled, sealed_secret, created_at, updated_at)
      select 'old_' || n, 'stech', 'tenant_' || n / 2, n % 16, 'https://example.com', '["*"]', 1, 'sealed', 1, 1 from ${rows}`,
    sql`insert into hookwright_attempts
      (endpoint_key, position, started_at, run, number, duration_ms, status, result)
      select n, n, n, 0, 1, 5, 200, 'delivered' from ${rows}`,
    // A few for most endpoints, and half of all for one.
    sql`insert into hookwright_pending (endpoint_key, position, due_at, run, attempt_count)
      select case when n % 2 = 0 then 16 else 1 + n % 20000 end, n, n, 0, 1 from ${rows}`,
    sql`insert into hookwright_backlog (endpoint_key, head_at, shard)
      select endpoint_key, min(due_at), endpoint_key % 16 from hookwright_pending group by 1`,
    sql`insert into hookwright_redelivered (endpoint_key, position, created_at, run) select n, n, n, 1 from ${rows}`,
    sql`insert into hookwright_redeliveries
      (id, endpoint_key, shard, state, filter, up_to, due_at, created_at, finished_at)
      select 'rdl_old_' || n, n, n % 16, case when n % 100 = 0 then 'running' else 'finished' end, '{}', n, n, n, n
      from ${rows}`,
    sql`insert into hookwright_api_keys (id, tenant, role, hash, created_at)
      select 'key_' || n, 'tenant_' || n, 'admin', 'hash_' || n, n from ${rows}`,
    sql`insert into hookwright_feed_consumers (tenant, name, contract, position, created_at, updated_at)
      select 'tenant_' || n, 'billing', 'stech', n, n, n from ${rows}`,
    sql`insert into hookwright_actions (id, contract, tenant, trigger_name, url, timeout_ms, fail_mode, enabled,
      secret_storage, sealed_secret, secret_hash, counted_since, created_at, updated_at)
      select 'old_' || n, 'authio', 'tenant_' || n, 'pre_register', 'https://example.com', 1000, 'open', 1,
        'sealed', 'sealed', 'hash', n, n, n from ${rows}`,
    sql`insert into hookwright_portal_tokens (id, tenant, scope, hash, expires_at)
      select 'old_portal_' || n, 'tenant_' || n, 'read', 'old_hash_' || n, n from ${rows}`,
    sql`insert into hookwright_idempotency (tenant, actor_id, key, fingerprint, claimed_at)
      select 'tenant_' || n, 'operator', 'old_key_' || n, 'print_' || n, n from ${rows}`,
    sql`analyze`,
  ];
  for (const statement of statements) await statement.execute(store.database);
}

interface Statement {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

interface PlanNode {
  readonly "Node Type": string;
  readonly "Relation Name"?: string;
  readonly "Index Name"?: string;
  readonly "Index Cond"?: string;
  readonly Alias?: string;
  readonly Plans?: readonly PlanNode[];
}

interface Explained {
  readonly nodes: readonly PlanNode[];
  /** Compiling takes longer than any of these. */
  readonly isCompiled: boolean;
}

const nodesOf = (node: PlanNode): readonly PlanNode[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)];

/** There are few of these, whatever the load. */
const small = [
  "hookwright_shards",
  "hookwright_owners",
  "hookwright_processes",
  "hookwright_pruning",
  "hookwright_erasing",
  "hookwright_sequencing",
  "hookwright_diversions",
  "pg_authid",
  "pg_database",
  "hookwright_diversions",
];

describePostgres(`with ${rowCount} rows in every table`, () => {
  let database: TestDatabase;
  let pool: pg.Pool;
  let instance: Kysely<unknown>;
  let store: OpenedStore;
  const statements: Statement[] = [];

  beforeAll(async () => {
    database = await createDatabase(await sharedServer());
    pool = new pg.Pool({ connectionString: database.url });
    instance = new Kysely<unknown>({
      dialect: new PostgresDialect({ pool }),
      log: ({ query }) => void statements.push(query),
    });
    store = await openStore({ database: instance });
    await load(store);
  }, timeout);
  afterAll(async () => {
    await instance.destroy();
    await database.drop();
  });

  /** The plan of each statement that the work runs; one of a transaction is planned with that one's settings. */
  async function plansOf(work: () => Promise<unknown>) {
    statements.length = 0;
    await work();
    const plans = new Map<string, Explained>();
    let settings: Statement | null = null;
    for (const statement of [...statements]) {
      if (statement.sql.includes("enable_seqscan")) settings = statement;
      else if (/^(commit|rollback)/.test(statement.sql)) settings = null;
      else if (/^(select|insert|update|delete|with)\b/.test(statement.sql)) {
        plans.set(statement.sql, await explain(statement, settings));
      }
    }
    return [...plans].map(([text, explained]) => ({ text, ...explained }));
  }

  function explain(statement: Statement, settings: Statement | null): Promise<Explained> {
    return instance.transaction().execute(async (transaction) => {
      const executor = executorOf(transaction);
      if (settings !== null) await executor.query(settings.sql, settings.parameters);
      const { rows } = await executor.query(`explain (format json) ${statement.sql}`, statement.parameters);
      const [{ "QUERY PLAN": plan }] = rows as [{ "QUERY PLAN": readonly [{ Plan: PlanNode; JIT?: object }] }];
      return { nodes: nodesOf(plan[0].Plan), isCompiled: plan[0].JIT !== undefined };
    });
  }

  function expectNoScan(plans: Awaited<ReturnType<typeof plansOf>>): void {
    for (const { text, nodes, isCompiled } of plans) {
      expect(isCompiled, text).toBe(false);
      const scanned = nodes
        .filter((node) => node["Node Type"] === "Seq Scan")
        .map((node) => node["Relation Name"] ?? "");
      expect(
        scanned.filter((name) => !small.includes(name)),
        text,
      ).toEqual([]);
    }
  }

  test("no statement of the seam scans a table that grows", { timeout }, async () => {
    const plans = await plansOf(() => exercise(store));
    expect(plans.length).toBeGreaterThan(25);
    expectNoScan(plans);
  });

  test("nor does a look over the deliveries and endpoints of many tenants", { timeout }, async () => {
    const plans = await plansOf(() => exerciseLooks(store));
    expect(plans.length).toBeGreaterThan(10);
    expectNoScan(plans);
    const indexes = plans.flatMap(({ nodes }) => nodes.flatMap((node) => node["Index Name"] ?? []));
    expect(indexes).toEqual(expect.arrayContaining(["hookwright_attempts_failed", "hookwright_attempts_failed_of"]));
  });

  test("nor does one that is given a whole page", { timeout }, async () => {
    const lease = await leaseOf(store, "one");
    const numbers = Array.from({ length: 1000 }, (_, index) => index + 1);
    const tenants = numbers.map((n) => `tenant_${n * 7}`);
    const keys = numbers.map((n) => ({ endpointKey: n * 11, position: n * 13, run: 0 }));
    const plans = await plansOf(async () => {
      await store.log.append(newEvents(500, { idempotencyKey: null }));
      await store.log.append(numbers.map((n) => ({ ...newEvents(1)[0]!, idempotencyKey: `key_${n}` })));
      await readPage(store, { shard: lease.shard, after: 0, limit: 1000 });
      await store.log.facts({ tenants, upTo: rowCount });
      await store.log.endpointsOf(tenants);
      await store.log.due({ ...claimOf(lease, rowCount), endpointsMax: 64, perEndpointMax: 16, except: numbers });
      await store.log.nextDueAt({ shards: numbers.slice(0, 16), except: numbers });
      await settleOne(
        store,
        settlement(lease, {
          cursor: 1,
          attempts: keys.map((key) => attempt(key, { number: 2 })),
          pending: keys.slice(0, 500).map((key) => ({ ...key, attemptCount: 1, dueAt: 5 })),
          finished: keys.slice(500),
          health: keys.map(({ endpointKey }) => ({
            endpointKey,
            failureCount: 1,
            lastFailedAt: 1,
            lastFailureStatus: 500,
          })),
        }),
      );
      await store.deliveries.list({ endpointKey: 1, before: null, limit: 200 });
      await store.events.list({
        tenant: "tenant_7",
        contract: "stech",
        types: ["deployment.created"],
        after: 0,
        limit: 200,
      });
    });
    expect(plans.length).toBeGreaterThan(12);
    expectNoScan(plans);
  });

  test("a claim reads no more than it gives, whatever is pending", { timeout }, async () => {
    const lease = await leaseOf(store, "one");
    const [plan] = await plansOf(() =>
      store.log.due({ ...claimOf(lease, rowCount), endpointsMax: 64, perEndpointMax: 16 }),
    );
    expect(plan?.isCompiled).toBe(false);
    const indexes = plan?.nodes.flatMap((node) => node["Index Name"] ?? []);
    expect(indexes).toEqual(
      expect.arrayContaining([
        "hookwright_backlog_head",
        "hookwright_pending_due",
        "hookwright_positions_pkey",
        "hookwright_events_pkey",
      ]),
    );
  });

  test("a step of retention finds its events, and what belongs to them, by indexes", { timeout }, async () => {
    await sql`update hookwright_shards set cursor = ${rowCount} where shard in (8, 9)`.execute(store.database);
    const plans = await plansOf(async () => {
      // In one of these shards all events are facts about endpoints, in the other one none is.
      for (const shard of [8, 9]) {
        const { eventCount, keptCount } = await store.retention.prune({
          before: rowCount,
          limit: 1000,
          from: { shard, after: 0 },
          does: "drop",
          endpointOf: ({ position }) => (position % 32 === 8 ? null : `old_${position}`),
        });
        expect(eventCount).toBeGreaterThan(0);
        expect(eventCount + keptCount).toBe(1000);
      }
    });
    expect(plans.length).toBeGreaterThan(8);
    expectNoScan(plans);
    const nodes = plans.flatMap((plan) => plan.nodes);
    const reading = nodes.filter((node) =>
      ["hookwright_attempts a", "hookwright_pending p"].includes(`${node["Relation Name"]} ${node.Alias}`),
    );
    expect(reading).toHaveLength(2);
    const events = nodes.filter((node) => node["Relation Name"] === "hookwright_events" && node["Index Name"]);
    for (const node of events) expect(node["Index Cond"]).toBeDefined();
    // The history of an endpoint, and what waits for it, is not gone through for each step.
    for (const node of reading) expect(node["Index Cond"]).toMatch(/endpoint_key = e.key.*"position" >=/);
  });
});
