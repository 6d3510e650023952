import type pg from "pg";

/*
 * PostgreSQL plans a statement anew each time unless the connection has prepared it under a name. At 100 events a second
 * planning was two thirds of what it did: 1,550 µs an event in place of 700. From the sixth time on it also keeps one plan
 * for all parameters, where that is expected to be no dearer.
 */

/** The names of statements that are used again and again, for all connections of one pool. */
export interface PreparedNames {
  /** Null: the text is not known to come again, or there are too many. */
  readonly nameOf: (text: string) => string | null;
  /** The server no longer takes the statement under its name: it gets another one when it comes next. */
  readonly forget: (text: string) => void;
}

/** A connection keeps a plan for each, of 20 to 100 KB. Fixed texts are some 60; those of lists vary with their filters. */
const namesMax = 100;

/** Texts that came once. */
const onceMax = 1000;

export function createPreparedNames(): PreparedNames {
  const once = new Set<string>();
  const names = new Map<string, string>();
  let number = 0;
  return {
    nameOf: (text) => {
      const known = names.get(text);
      if (known !== undefined) return known;
      if (names.size >= namesMax || !planned.test(text)) return null;
      if (!once.delete(text)) {
        if (once.size >= onceMax) once.clear();
        once.add(text);
        return null;
      }
      number += 1;
      const name = `hookwright_${number}`;
      names.set(text, name);
      return name;
    },
    forget: (text) => void names.delete(text),
  };
}

/** The others have no plan. */
const planned = /^\s*(with|select|insert|update|delete)\b/i;

/**
 * Gives the same client with statements that are prepared. Where another process changed a table since, or somebody
 * discarded what the connection had prepared, a statement outside of a transaction is run again; inside of one it fails,
 * and the next transaction finds it under another name.
 */
export function preparing(client: pg.PoolClient, names: PreparedNames): pg.PoolClient {
  let isInTransaction = false;
  const query = async (text: string, values?: unknown[]): Promise<pg.QueryResult> => {
    if (begins.test(text)) isInTransaction = true;
    if (ends.test(text)) isInTransaction = false;
    const name = names.nameOf(text);
    if (name === null) return client.query(text, values);
    try {
      return await client.query({ name, text, values: values ?? [] });
    } catch (error) {
      if (!isOutOfDate(error)) throw error;
      names.forget(text);
      if (isInTransaction) throw error;
      return client.query(text, values);
    }
  };
  return Object.create(client, { query: { value: query } }) as pg.PoolClient;
}

const begins = /^(begin|start transaction)\b/i;
const ends = /^(commit|rollback(?! to))\b/i;

/** "cached plan must not change result type", after a migration; or there is no such statement, after DISCARD. */
function isOutOfDate(error: unknown): boolean {
  if (!(error instanceof Error) || !("code" in error)) return false;
  return error.code === "26000" || (error.code === "0A000" && error.message.includes("cached plan"));
}

/**
 * Whether the connection leads to one server process for good. A pooler between them that lends servers for a transaction
 * each, as PgBouncer does, gives a number of its own in place of the process's.
 */
export async function isDirect(client: pg.PoolClient): Promise<boolean> {
  const { rows } = await client.query("select pg_backend_pid() as pid");
  return "processID" in client && client.processID === rows[0]?.pid;
}
