import { sql } from "kysely";
import { afterAll } from "vitest";
import { openStore, type OpenedStore } from "../../../runtime/store/open-store.ts";
import { createDatabase, execute, sharedServer, type TestDatabase } from "../../postgres/cluster.ts";
import type { OpenHarness } from "./suite/harness.ts";

const appendOnly = ["hookwright_events", "hookwright_positions", "hookwright_attempts"];
const others = [
  "hookwright_pending",
  "hookwright_backlog",
  "hookwright_redelivered",
  "hookwright_diversions",
  "hookwright_api_keys",
  "hookwright_portal_tokens",
  "hookwright_owners",
  "hookwright_redeliveries",
  "hookwright_idempotency",
  "hookwright_invocations",
  "hookwright_actions",
  "hookwright_feed_consumers",
];

/** In the order in which they refer to each other. */
const streams = [
  "hookwright_stream_runs",
  "hookwright_stream_cursors",
  "hookwright_streams",
  "hookwright_signing_keys",
];

/** Makes the tables what they are after the migration: a quarter of what it costs to make them again. */
const emptyTables = [
  ...appendOnly.map((table) => `alter table ${table} disable trigger user`),
  ...[...appendOnly, ...others, "hookwright_endpoints", ...streams].map((table) => `delete from ${table}`),
  ...appendOnly.map((table) => `alter table ${table} enable trigger user`),
  "alter table hookwright_events alter column seq restart",
  "alter table hookwright_endpoints alter column key restart",
  "update hookwright_pruned_to set position = 0",
  "update hookwright_shards set cursor = 0, owner = null, epoch = 0, until = 0",
  `update hookwright_sequencing set owner = null, epoch = 0, until = 0, last_position = 0,
     seen = '1:1:', reading = null, last_xid = '0', last_seq = 0, floor_seq = 0`,
].join(";\n");

/** A database that the tests of a file share, one after the other; each finds it empty. */
export function postgresDatabase(server: () => Promise<string> = sharedServer) {
  let database: Promise<TestDatabase> | null = null;
  const url = async () => (await (database ??= server().then(createDatabase))).url;
  afterAll(async () => (await database)?.drop());
  return { url, empty: async () => execute(await url(), emptyTables) };
}

/** Opens it with `toDatabase`, which makes of its URL what is handed to `openStore`, and says how to close that. */
export function openPostgresHarness(
  database: ReturnType<typeof postgresDatabase>,
  toDatabase: (url: string) => { database: Parameters<typeof openStore>[0]["database"]; close: () => Promise<void> } = (
    url,
  ) => ({ database: url, close: async () => {} }),
): OpenHarness {
  return async () => {
    const url = await database.url();
    const closers: (() => Promise<void>)[] = [];
    const openAnother = async () => {
      const given = toDatabase(url);
      const store = await openStore({ database: given.database });
      let closing: Promise<void> | null = null;
      const close = () => (closing ??= store.close().then(given.close));
      closers.unshift(close);
      return { ...caughtUp(store), close };
    };
    const dispose = async () => {
      for (const close of closers) await close();
      await database.empty();
    };
    return { store: await openAnother(), openAnother, statementsOfRepeat: 0, dispose };
  };
}

/** The store with a sequencer that has always been through when something is read. */
function caughtUp(store: OpenedStore): OpenedStore {
  const { append, sequence, sequenceAndRead, lease, release, oldestWrite, signals, ...reading } = store.log;
  return {
    ...store,
    log: {
      append,
      sequence,
      sequenceAndRead,
      lease,
      release,
      oldestWrite,
      signals,
      ...afterCatchUp(store, reading),
    },
    events: afterCatchUp(store, store.events),
    deliveries: afterCatchUp(store, store.deliveries),
    deliveryLog: afterCatchUp(store, store.deliveryLog),
    feeds: afterCatchUp(store, store.feeds),
  };
}

function afterCatchUp<Methods extends object>(store: OpenedStore, methods: Methods): Methods {
  const wrapped = Object.entries(methods).map(([name, method]) => [
    name,
    async (...parameters: unknown[]) => {
      await catchUp(store);
      return method(...parameters);
    },
  ]);
  return Object.fromEntries(wrapped) as Methods;
}

const owner = "the tests' own sequencer";

let last = Promise.resolve();

/** Takes the sequencer's lease from whoever has it, and gives every event that was committed its position. */
export function catchUp(store: OpenedStore): Promise<void> {
  // One at a time: they would take the lease from each other.
  const next = last.then(() => sequenceAll(store));
  last = next.catch(() => undefined);
  return next;
}

async function sequenceAll(store: OpenedStore): Promise<void> {
  for (;;) {
    const { rows } = await sql<{ count: number }>`select count(*) from hookwright_events as e
      where not exists (select from hookwright_positions as p where p.event = e.seq)`.execute(store.database);
    if (rows[0]?.count === 0) return;
    const [taken] = (
      await sql<{ epoch: number }>`update hookwright_sequencing
        set owner = ${owner}, epoch = epoch + 1, until = ${Number.MAX_SAFE_INTEGER} returning epoch`.execute(
        store.database,
      )
    ).rows;
    await store.log.sequence({ owner, epoch: taken?.epoch ?? 0 }, 5000);
  }
}
