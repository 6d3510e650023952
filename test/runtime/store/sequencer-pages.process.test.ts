import fc from "fast-check";
import type pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { SequencerLease } from "../../../runtime/seams/log-store.ts";
import type { OpenedStore } from "../../../runtime/store/open-store.ts";
import { startCluster, type Cluster } from "../../postgres/cluster.ts";
import { describePostgres } from "../../postgres/describe-postgres.ts";
import { connect, electedIn, expectComplete, expectInOrder, openDatabase, readAfter } from "./sequencer-harness.ts";
import { newEvents } from "./suite/harness.ts";

/** More for a long run: HOOKWRIGHT_TEST_RUNS=5000. */
const numRuns = Number(process.env.HOOKWRIGHT_TEST_RUNS ?? 150);
const timeout = 600_000;
const writerCount = 5;

/** What one of the writers does next; it begins a transaction where none is open. */
type Step =
  | { readonly does: "emit"; readonly writer: number; readonly count: number }
  | { readonly does: "touch" | "undo" | "rollback" | "commit" | "prepare"; readonly writer: number }
  | { readonly does: "look"; readonly limit: number };

const writer = fc.nat({ max: writerCount - 1 });
const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({ does: fc.constant("emit" as const), writer, count: fc.integer({ min: 1, max: 5 }) }),
    },
    { weight: 1, arbitrary: fc.record({ does: fc.constantFrom("touch" as const, "undo" as const), writer }) },
    {
      weight: 4,
      arbitrary: fc.record({
        does: fc.constantFrom("commit" as const, "commit" as const, "rollback" as const, "prepare" as const),
        writer,
      }),
    },
    { weight: 4, arbitrary: fc.record({ does: fc.constant("look" as const), limit: fc.integer({ min: 1, max: 7 }) }) },
  ),
  { minLength: 20, maxLength: 80 },
);

interface Transaction {
  /** Commits that were done when it began to write: none of them may come after it. */
  readonly after: number;
  readonly ids: string[];
}

interface World {
  readonly store: OpenedStore;
  readonly lease: SequencerLease;
  readonly clients: readonly pg.Client[];
  readonly open: (Transaction | null)[];
  /** In the order of their commits. */
  readonly committed: Transaction[];
  readonly prepared: Map<string, Transaction>;
  start: number;
}

describePostgres(
  "pages of one to seven events",
  () => {
    let cluster: Cluster;
    beforeAll(async () => void (cluster = await startCluster()), timeout);
    afterAll(() => cluster.stop(), timeout);

    test("pass over nothing, give nothing twice, keep the order and wait for nobody", { timeout }, async () => {
      const { url, store } = await openDatabase(cluster.url);
      const clients: pg.Client[] = [];
      for (let count = 0; count < writerCount; count += 1) clients.push(await connect(url));
      const lease = await electedIn(store);
      const run = async (each: readonly Step[]) => {
        const start = (await readAfter(store, 0)).length;
        const world: World = { store, lease, clients, open: [], committed: [], prepared: new Map(), start };
        try {
          for (const step of each) await take(world, step);
        } finally {
          // The second time, what is prepared.
          for (const number of [...clients.keys(), ...clients.keys()]) {
            await take(world, { does: "commit", writer: number });
          }
        }
        while ((await store.log.sequence(lease, 3)) === 3);
        await expectAll(world);
      };
      await fc.assert(fc.asyncProperty(steps, run), { numRuns, seed: 11 });
      await expectComplete(store);
    });
  },
  "own cluster",
);

async function take(world: World, step: Step): Promise<void> {
  if (step.does === "look") return look(world, step.limit);
  const client = world.clients[step.writer]!;
  const isEnd = ["commit", "rollback", "prepare"].includes(step.does);
  if (isEnd) return end(world, step);
  if (!world.open[step.writer]) {
    await client.query("begin; select pg_current_xact_id()");
    world.open[step.writer] = { after: world.committed.length, ids: [] };
  }
  if (step.does === "undo") {
    await client.query("savepoint s");
    await world.store.log.append(newEvents(1), client);
    await client.query("rollback to s");
  } else if (step.does === "emit") {
    const events = newEvents(step.count);
    await world.store.log.append(events, client);
    world.open[step.writer]?.ids.push(...events.map(({ id }) => id));
  }
}

/** Ends the writer's transaction; where none is open, `commit` commits the one that it prepared. */
async function end(world: World, { does, writer: number }: Extract<Step, { readonly writer: number }>): Promise<void> {
  const client = world.clients[number]!;
  const gid = `writer_${number}`;
  const transaction = world.open[number];
  const prepared = world.prepared.get(gid);
  if (transaction && does === "prepare" && prepared === undefined) {
    await client.query(`prepare transaction '${gid}'`);
    world.prepared.set(gid, transaction);
  } else if (transaction) {
    await client.query(does === "rollback" ? "rollback" : "commit");
    if (does !== "rollback") world.committed.push(transaction);
  } else if (prepared !== undefined && does === "commit") {
    await client.query(`commit prepared '${gid}'`);
    world.prepared.delete(gid);
    world.committed.push(prepared);
  }
  world.open[number] = null;
}

/** Fewer than asked for: all that is committed has its position, whoever is open. */
async function look(world: World, limit: number): Promise<void> {
  const count = await world.store.log.sequence(world.lease, limit);
  if (count < limit) await expectAll(world);
}

/** All that is committed stands in the log once, and after whatever had been committed when it began. */
async function expectAll({ store, committed, start }: World): Promise<void> {
  const log = await readAfter(store, start);
  expect(log.map(({ id }) => id).toSorted()).toEqual(committed.flatMap(({ ids }) => ids).toSorted());
  expectInOrder(
    log,
    committed.flatMap((later) => committed.slice(0, later.after).map((earlier) => [...earlier.ids, ...later.ids])),
  );
}
