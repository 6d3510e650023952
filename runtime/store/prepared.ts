import { createHash } from "node:crypto";
import type { Socket } from "node:net";
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
  /** How often statements were forgotten: what the server knows under the name of before is another one. */
  let generation = 0;
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
      // By the text: whoever else uses the connection, another store on the same pool, say, means the same by it.
      const hash = createHash("sha256").update(text).digest("hex").slice(0, 24);
      const name = `hookwright_${hash}_${generation}`;
      names.set(text, name);
      return name;
    },
    forget: (text) => {
      if (names.delete(text)) generation += 1;
    },
  };
}

/** The others have no plan. */
const planned = /^\s*(with|select|insert|update|delete)\b/i;

export interface ClientRules {
  /** Null: nothing is prepared. */
  readonly names: PreparedNames | null;
  /** How long a statement may take before its connection is given up. Null: as long as it takes. */
  readonly answersWithinMs: number | null;
}

/**
 * Gives the same client with statements that are prepared. Where another process changed a table since, or somebody
 * discarded what the connection had prepared, a statement outside of a transaction is run again; inside of one it fails,
 * and the next transaction finds it under another name. A connection that does not answer in time is closed: whatever
 * came after it would wait behind the statement.
 */
export function ruled(client: pg.PoolClient, { names, answersWithinMs }: ClientRules): pg.PoolClient {
  let isInTransaction = false;
  const limit = answersWithinMs === null ? {} : { query_timeout: answersWithinMs };

  async function run(given: pg.QueryConfig): Promise<pg.QueryResult> {
    try {
      return await client.query({ ...limit, ...given });
    } catch (error) {
      if (error instanceof Error && error.message === noAnswer) close(client);
      throw error;
    }
  }

  async function query(text: string, values: unknown[] = []): Promise<pg.QueryResult> {
    if (begins.test(text)) isInTransaction = true;
    if (ends.test(text)) isInTransaction = false;
    const name = names?.nameOf(text) ?? null;
    if (name === null || names === null) return run({ text, values });
    try {
      return await run({ name, text, values });
    } catch (error) {
      if (!isOutOfDate(error)) throw error;
      names.forget(text);
      if (isInTransaction) throw error;
      return run({ text, values });
    }
  }

  return Object.create(client, { query: { value: query } }) as pg.PoolClient;
}

/** What `pg` says when `query_timeout` is over. It would give the connection to the next one all the same. */
const noAnswer = "Query read timeout";

function close(client: pg.PoolClient): void {
  const { connection } = client as pg.PoolClient & { readonly connection?: { readonly stream?: Socket } };
  connection?.stream?.destroy();
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
