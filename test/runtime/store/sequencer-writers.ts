import type pg from "pg";
import type { OpenedStore } from "../../../runtime/store/open-store.ts";
import { connect } from "./sequencer-harness.ts";
import { newEvent, newEvents } from "./suite/harness.ts";

const writerCount = 16;

/** All that the writers of one run know of their events. */
export interface Written {
  /** The commit was answered. */
  readonly committed: Set<string>;
  /** The commit was asked for, and not answered. */
  readonly doubtful: Set<string>;
  /** By writer, in the order of transactions that followed one another. */
  readonly orders: readonly string[][];
}

interface Writer {
  readonly written: Written;
  readonly number: number;
  readonly store: OpenedStore;
  readonly client: pg.Client;
  /** Transactions that are prepared and wait for some later turn. */
  readonly waiting: { readonly gid: string; readonly ids: readonly string[] }[];
}

export interface Writers extends Written {
  /** Whether one of them still writes. */
  readonly areWriting: () => boolean;
  /** Rejects when a connection is lost. */
  readonly done: Promise<unknown>;
}

/** Transactions of the product's own on 16 connections, until so many events are committed. */
export async function startWriters(
  { url, store }: { readonly url: string; readonly store: OpenedStore },
  eventCount: number,
): Promise<Writers> {
  const orders: string[][] = Array.from({ length: writerCount }, () => []);
  const written: Written = { committed: new Set(), doubtful: new Set(), orders };
  const clients = await Promise.all(orders.map(() => connect(url)));
  let isWriting = true;
  const running = clients.map(async (client, number) => {
    const writer: Writer = { written, number, store, client, waiting: [] };
    for (let turn = 0; written.committed.size < eventCount; turn += 1) await write(writer, turn);
    while (writer.waiting.length > 0) await commitPrepared(writer);
  });
  const done = Promise.all(running).finally(() => (isWriting = false));
  done.catch(() => {});
  return { ...written, areWriting: () => isWriting, done };
}

async function write(writer: Writer, turn: number): Promise<void> {
  const { client, store, number } = writer;
  const dice = (number * 7919 + turn * 104_729) % 100;
  const events = newEvents(1 + (dice % 3));
  const ids = events.map(({ id }) => id);
  await client.query("begin");
  // A savepoint that is rolled back leaves a sequence number that no event has.
  if (dice % 10 === 3) {
    await client.query("savepoint s");
    await store.log.append([newEvent()], client);
    await client.query("rollback to s");
  }
  if (dice < 5) await client.query("select pg_current_xact_id(), pg_sleep(0.02)");
  // What is written after a savepoint has an id of its own, within that of the transaction.
  if (dice % 10 === 5) await client.query("savepoint s");
  await store.log.append(events, client);
  if (dice % 10 === 5) await client.query("release s");
  if (dice >= 95) await client.query("select pg_sleep(0.02)");
  if (dice % 20 === 7) await client.query("rollback");
  else if (dice % 20 === 11) await prepare(writer, { gid: `${number}_${turn}`, ids, dice });
  else await commit(writer, { statement: "commit", ids, follows: true });
  if (writer.waiting.length > 2) await commitPrepared(writer);
}

/** Three of five stay prepared while their writer goes on. */
async function prepare(writer: Writer, of: Writer["waiting"][number] & { readonly dice: number }): Promise<void> {
  const { doubtful } = writer.written;
  for (const id of of.ids) doubtful.add(id);
  await writer.client.query(`prepare transaction '${of.gid}'`);
  if (of.dice === 11) {
    await writer.client.query(`rollback prepared '${of.gid}'`);
    for (const id of of.ids) doubtful.delete(id);
  } else if (of.dice === 31) {
    await commit(writer, { statement: `commit prepared '${of.gid}'`, ids: of.ids, follows: true });
  } else writer.waiting.push(of);
}

async function commitPrepared(writer: Writer): Promise<void> {
  const first = writer.waiting.shift();
  if (first === undefined) return;
  await commit(writer, { statement: `commit prepared '${first.gid}'`, ids: first.ids, follows: false });
}

async function commit(
  { written, number, client }: Writer,
  of: { readonly statement: string; readonly ids: readonly string[]; readonly follows: boolean },
): Promise<void> {
  for (const id of of.ids) written.doubtful.add(id);
  await client.query(of.statement);
  for (const id of of.ids) {
    written.committed.add(id);
    written.doubtful.delete(id);
  }
  if (of.follows) written.orders[number]?.push(...of.ids);
}
