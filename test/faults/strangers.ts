import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";

/** Somebody else's transactions on the same database, which write and are left open. */
export interface Strangers {
  /** One more, for so long. */
  readonly come: (of: { readonly how: "open" | "prepared"; readonly ms: number }) => void;
  /** Ends those that are left. */
  readonly leave: () => Promise<void>;
}

const againAfterMs = 100;

export function createStrangers(url: string): Strangers {
  const leaving = new AbortController();
  const visits = new Set<Promise<void>>();
  let number = 0;

  const rest = (ms: number) => sleep(ms, undefined, { signal: leaving.signal }).catch(() => undefined);

  async function withClient(work: (client: pg.Client) => Promise<void>): Promise<void> {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000 });
    client.on("error", () => undefined);
    try {
      await client.connect();
      await work(client);
    } finally {
      await client.end().catch(() => undefined);
    }
  }

  /** Ends with its connection, if the database crashes. */
  async function stayOpen(ms: number): Promise<void> {
    await withClient(async (client) => {
      await client.query("begin");
      await client.query("insert into strangers default values");
      await rest(ms);
      await client.query("commit");
    }).catch(() => undefined);
  }

  /** Outlives every crash of the database until it is committed. */
  async function stayPrepared(ms: number): Promise<void> {
    const name = `stranger_${(number += 1)}`;
    await withClient(async (client) => {
      await client.query("begin");
      await client.query("insert into strangers default values");
      await client.query(`prepare transaction '${name}'`);
    }).catch(() => undefined);
    await rest(ms);
    await until(async () => {
      await withClient(async (client) => {
        const { rowCount } = await client.query(`select from pg_prepared_xacts where gid = '${name}'`);
        if (rowCount === 1) await client.query(`commit prepared '${name}'`);
      });
    });
  }

  /** Tries again while the database is away. */
  async function until(work: () => Promise<void>): Promise<void> {
    for (;;) {
      try {
        return await work();
      } catch {
        await sleep(againAfterMs);
      }
    }
  }

  return {
    come: ({ how, ms }) => {
      const visit = (how === "open" ? stayOpen(ms) : stayPrepared(ms)).finally(() => visits.delete(visit));
      visits.add(visit);
    },
    leave: async () => {
      leaving.abort();
      await Promise.all(visits);
    },
  };
}
