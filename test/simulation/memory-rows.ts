import { headOf, shardOfTenant, type Tables } from "./memory-tables.ts";

type Row = Readonly<Record<string, unknown>>;

/**
 * The model's tables under the names they have in the databases, with as much of a query builder as the store's suite
 * looks at them with.
 */
export function memoryRows(tables: Tables) {
  return {
    selectFrom: (table: string) => select(rowsOf(tables, table)),
    updateTable: (table: string) => ({ set: (change: Row) => update(tables, table, change) }),
    deleteFrom: (table: string) => ({ execute: () => refused(table) }),
  };
}

interface Query {
  readonly select: (columns: string | readonly string[]) => Query;
  readonly selectAll: () => Query;
  readonly where: (column: string, operator: "=", value: unknown) => Query;
  readonly orderBy: () => Query;
  readonly execute: () => Promise<readonly Row[]>;
  readonly executeTakeFirstOrThrow: () => Promise<Row>;
}

function select(rows: readonly Row[], columns: readonly string[] | null = null): Query {
  const pick = (row: Row): Row =>
    columns === null ? row : Object.fromEntries(columns.map((column) => [column, row[column]]));
  const query: Query = {
    select: (named) => select(rows, [named].flat()),
    selectAll: () => query,
    where: (column, _, value) =>
      select(
        rows.filter((row) => row[column] === value),
        columns,
      ),
    orderBy: () => query,
    execute: async () => rows.map(pick),
    executeTakeFirstOrThrow: async () => {
      const [first] = rows;
      if (first === undefined) throw new Error("no row");
      return pick(first);
    },
  };
  return query;
}

const fields: Readonly<Record<string, string>> = {
  failure_count: "failureCount",
  last_failed_at: "lastFailedAt",
  last_failure_status: "lastFailureStatus",
};

function update(tables: Tables, table: string, change: Row) {
  const write = async (key: unknown) => {
    if (table !== "hookwright_endpoints") return refused(table);
    const row = tables.endpoints.find((endpoint) => endpoint.key === key);
    const named = Object.entries(change).map(([column, value]) => [fields[column], value]);
    Object.assign(row ?? {}, Object.fromEntries(named));
  };
  return {
    execute: () => write(null),
    where: (_column: string, _operator: string, key: unknown) => ({ execute: () => write(key) }),
  };
}

function refused(table: string): Promise<never> {
  return Promise.reject(new Error(`${table} is append-only`));
}

function rowsOf(tables: Tables, name: string): readonly Row[] {
  switch (name) {
    case "hookwright_events":
      return [...tables.events.values()].map(({ event }) => ({
        ...event,
        shard: shardOfTenant(tables, event.tenant),
      }));
    case "hookwright_log":
      return tables.log.map(({ position, id }) => ({ position, id }));
    case "hookwright_shards":
      return tables.shards.map((row) => ({ ...row }));
    case "hookwright_endpoints":
      return tables.endpoints.map((row) => ({ ...row }));
    case "hookwright_attempts":
      return [...tables.attempts.values()].flatMap((runs) => [...runs.values()].flat().map((row) => ({ ...row })));
    case "hookwright_diversions":
      return [...tables.diversions.values()].map((row) => ({ ...row }));
    case "hookwright_pending":
      return [...tables.pending.values()].flatMap((waiting) => [...waiting.values()].map((row) => ({ ...row })));
    case "hookwright_backlog":
      return tables.endpoints.flatMap((row) => {
        const head = headOf(tables, row);
        return head === null ? [] : [{ endpoint_key: row.key, shard: row.shard, head_at: head }];
      });
    default:
      throw new Error(`The model has no table ${name}.`);
  }
}
