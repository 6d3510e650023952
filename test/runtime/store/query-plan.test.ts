import { Kysely } from "kysely";
import { expect, test } from "vitest";
import { executorOf } from "../../../runtime/store/executor.ts";
import { openStore, type OpenedStore } from "../../../runtime/store/open-store.ts";
import { sqliteDialect } from "../../../runtime/store/sqlite.ts";
import { exercise, exerciseLooks } from "./exercise.ts";
import { newEvent, readPage } from "./suite/harness.ts";

interface Plan {
  readonly text: string;
  readonly steps: readonly string[];
}

/** How SQLite carries out each statement that the work runs. */
async function plansOf(work: (store: OpenedStore) => Promise<unknown>): Promise<readonly Plan[]> {
  const statements = new Map<string, readonly unknown[]>();
  const database = new Kysely<unknown>({
    dialect: sqliteDialect(":memory:"),
    log: ({ query }) => void statements.set(query.sql, query.parameters),
  });
  const store = await openStore({ database });
  statements.clear();
  await work(store);
  const planned = [...statements].filter(([text]) => /^(select|insert|update|delete|with)\b/.test(text));
  const plans = planned.map(async ([text, parameters]) => {
    const { rows } = await executorOf(database).query(`explain query plan ${text}`, parameters);
    return { text, steps: (rows as readonly { readonly detail: string }[]).map((row) => row.detail) };
  });
  return Promise.all(plans).finally(() => database.destroy());
}

/** Indexes of what is rare, which are read whole. */
const isOfFew = (step: string) => /USING (COVERING )?INDEX hookwright_actions_shared$/.test(step);

/** Rows that the statement brought along, one alone or several, or found by an index; and shards, owners and processes, of which there are few. */
const isBounded = (step: string) =>
  isOfFew(step) ||
  /^SCAN (CONSTANT ROW|o|json_each|head|page|newest|ended|hookwright_shards|hookwright_owners|hookwright_processes|aside|some_heads|some_held|those)\b/.test(
    step,
  );

async function repeat(store: OpenedStore): Promise<void> {
  for (const event of [newEvent(), newEvent()]) await store.log.append([{ ...event, idempotencyKey: "key" }]);
}

test("no statement scans a table that grows", async () => {
  const plans = await plansOf(exercise);
  expect(plans.length).toBeGreaterThan(25);
  for (const { text, steps } of plans) {
    expect(
      steps.filter((step) => step.startsWith("SCAN") && !isBounded(step)),
      text,
    ).toEqual([]);
  }
});

test("reading on costs a page, whatever else is in the log: nothing is sorted", async () => {
  const plans = await plansOf(async (store) => {
    await readPage(store, { shard: 0, after: 0, limit: 10 });
    await store.log.nextDueAt({ shards: [0], except: [1] });
    await store.events.list({ tenant: "org_1", contract: "stech", types: ["a"], after: 0, limit: 10 });
  });
  expect(plans).toHaveLength(3);
  for (const { text, steps } of plans) {
    expect(
      steps.filter((step) => step.includes("TEMP B-TREE")),
      text,
    ).toEqual([]);
  }
});

test("a claim finds its heads, and what is due of each, in the order of an index", async () => {
  const [plan] = await plansOf((store) =>
    store.log.due({ shards: [0], now: 1, endpointsMax: 10, perEndpointMax: 5, except: [] }),
  );
  expect(plan?.steps).toContain(
    "SEARCH hookwright_backlog USING COVERING INDEX hookwright_backlog_head (shard=? AND head_at<?)",
  );
  expect(plan?.steps).toContain("SEARCH p USING PRIMARY KEY (endpoint_key=? AND position=? AND run=?)");
  expect(plan?.steps).toContain(
    "SEARCH hookwright_pending USING COVERING INDEX hookwright_pending_due (endpoint_key=? AND due_at<?)",
  );
  // The one that is left puts what was claimed in order, a few hundred rows.
  expect(plan?.steps.filter((step) => step.includes("TEMP B-TREE"))).toHaveLength(1);
});

test.each([
  [
    "the events of the contract hookwright",
    (store: OpenedStore) => store.log.facts({ tenants: ["org_1"], upTo: 9 }),
    "SEARCH hookwright_events USING INDEX hookwright_events_facts (tenant=? AND position<?)",
  ],
  [
    "the first events with these idempotency keys",
    (store: OpenedStore) => repeat(store),
    "SEARCH e USING INDEX hookwright_events_idempotency (contract=? AND tenant=? AND idempotency_key=?)",
  ],
])("%s are found by an index of their own", async (_, work, step) => {
  const plans = await plansOf(work);
  expect(plans.flatMap(({ steps }) => steps)).toContain(step);
});

test("attempts of old events are found by one range for each endpoint, not by looking up each event", async () => {
  const plans = await plansOf(exercise);
  const dropping = plans.filter(({ text }) => text.startsWith("delete from hookwright_attempts"));
  expect(dropping.map(({ steps }) => steps.filter((step) => step.startsWith("SEARCH a")))).toEqual([
    ["SEARCH a USING PRIMARY KEY (endpoint_key=? AND position>? AND position<?)"],
  ]);
});

test("a look over many endpoints finds what each has of an event by its key, and goes down no further than it looks", async () => {
  const plans = await plansOf(exerciseLooks);
  const looks = plans.filter(({ text }) => text.includes("as page"));
  expect(looks.length).toBeGreaterThan(5);
  for (const { text, steps } of looks) {
    const found = steps.filter((step) => /^SEARCH (f|p|a|hookwright_pending) USING/.test(step));
    for (const step of found) expect(step, text).toMatch(/\(endpoint_key=\? AND position=\?/);
    expect(text.match(/position >=? /g)?.length ?? 0, text).toBe(text.match(/position < /g)?.length ?? 0);
  }
});
