import { sql } from "kysely";
import pg from "pg";
import { expect, onTestFinished } from "vitest";
import type { SequencerLease } from "../../../runtime/seams/log-store.ts";
import { openStore, type OpenedStore } from "../../../runtime/store/open-store.ts";
import { createDatabase } from "../../postgres/cluster.ts";

/** An empty database on a server, for the test that runs. */
export async function openDatabase(server: string) {
  const database = await createDatabase(server);
  const store = await openStore({ database: database.url });
  onTestFinished(async () => {
    await store.close();
    await database.drop();
  });
  return { url: database.url, store };
}

export async function electedIn(store: OpenedStore, owner = "one"): Promise<SequencerLease> {
  const { sequencer } = await store.log.lease({ owner, leaseMs: 600_000, takes: "share" });
  return sequencer ?? expect.unreachable("another owner has it");
}

/** A connection for the test that runs. The server may end it. */
export async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => {});
  await client.connect();
  onTestFinished(() => client.end().catch(() => {}));
  return client;
}

export interface Logged {
  readonly position: number;
  readonly id: string;
}

/** Events after a position, as a reader finds them. */
export const readAfter = ({ database }: OpenedStore, position: number): Promise<readonly Logged[]> =>
  database
    .selectFrom("hookwright_log")
    .select(["position", "id"])
    .where("position", ">", position)
    .orderBy("position")
    .execute();

export const idsIn = async (store: OpenedStore): Promise<readonly string[]> =>
  (await readAfter(store, 0)).map(({ id }) => id);

const limits = [1, 7, 500, 5000];
const idleMax = 5000;

export interface Following {
  readonly lease: SequencerLease;
  /** Whether to look again, after so many events. */
  readonly goesOn: (seenCount: number) => boolean;
  readonly onSeen?: (events: readonly Logged[]) => void;
}

/** Sequences, with pages of different sizes, and reads on from the last position, as a reader of a shard does. */
export async function follow(store: OpenedStore, { lease, goesOn, onSeen }: Following): Promise<readonly Logged[]> {
  const seen: Logged[] = [];
  // What does not come while so many times nothing else comes is lost.
  for (let looks = 0, idle = 0; goesOn(seen.length) && idle < idleMax; looks += 1, idle += 1) {
    await store.log.sequence(lease, limits[looks % limits.length] ?? 1);
    const page = await readAfter(store, seen.at(-1)?.position ?? 0);
    seen.push(...page);
    if (page.length > 0) idle = 0;
    onSeen?.(page);
  }
  return seen;
}

/** Every event of the database stands in the log, once, and positions are dense. */
export async function expectComplete(store: OpenedStore): Promise<readonly Logged[]> {
  const log = await readAfter(store, 0);
  const events = await store.database.selectFrom("hookwright_events").select("id").execute();
  expect(log.map(({ position }) => position)).toEqual(log.map((_, index) => index + 1));
  expect(log.map(({ id }) => id).sort()).toEqual(events.map(({ id }) => id).sort());
  return log;
}

/** Each of these lists stands in the log in its own order, as far as it stands there. */
export function expectInOrder(log: readonly Logged[], lists: readonly (readonly string[])[]): void {
  const positions = new Map(log.map(({ id, position }) => [id, position]));
  for (const ids of lists) {
    const found = ids.flatMap((id) => positions.get(id) ?? []);
    expect(found).toEqual(found.toSorted((a, b) => a - b));
  }
}

/** Has so many transactions of the cluster pass. */
export const spendXids = (store: OpenedStore, count: number) =>
  sql`do $$ begin for i in 1..${sql.lit(count)} loop perform pg_current_xact_id(); commit; end loop; end $$`.execute(
    store.database,
  );
