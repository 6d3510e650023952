import { sql, type RawBuilder } from "kysely";
import type { SealedPlace, SealedStore, SealedValue } from "../seams/sealed-store.ts";
import type { Source } from "./schema.ts";

interface Column {
  readonly table: string;
  readonly column: string;
  /** What its rows are known by, in the order of an index; `id`, unless given. Every table has `tenant`. */
  readonly key?: readonly string[];
}

const columns: Readonly<Record<SealedPlace, Column>> = {
  endpoint_secret: { table: "hookwright_endpoints", column: "sealed_secret" },
  previous_endpoint_secret: { table: "hookwright_endpoints", column: "previous_sealed_secret" },
  stream_authorization: { table: "hookwright_streams", column: "sealed_authorization" },
  stream_notice_url: { table: "hookwright_streams", column: "sealed_notice_url" },
  signing_key: { table: "hookwright_signing_keys", column: "sealed" },
  action_secret: { table: "hookwright_actions", column: "sealed_secret" },
  shared_action_secret: { table: "hookwright_actions", column: "shared_sealed_secret" },
  idempotent_answer: {
    table: "hookwright_idempotency",
    column: "sealed_answer",
    key: ["tenant", "actor_id", "key"],
  },
};

export function sealedStore({ db }: Source): SealedStore {
  return {
    page: async ({ place, after, limit }) => {
      const { table, column, key, names } = namesOf(place);
      const isAfter = after === null ? sql`true` : sql`(${key}) > (${sql.join(after)})`;
      // By other names: a column that is called `key` is taken for a number.
      const parts = names.map((name, index) => sql`${sql.ref(name)} as ${sql.ref(partOf(index))}`);
      type Row = Readonly<Record<string, string>> & Pick<SealedValue, "tenant" | "sealed">;
      const { rows } = await sql<Row>`select tenant, ${sql.join(parts)}, ${column} as sealed from ${table}
where ${isAfter} and ${column} is not null order by ${key} limit ${limit}`.execute(db);
      return rows.map(({ tenant, sealed, ...row }) => {
        return { tenant, place, row: names.map((_, index) => row[partOf(index)] ?? ""), sealed };
      });
    },
    // One statement of its own for each: no lock is held, and a rotation of the secret that comes between wins.
    replace: async ({ place, row, sealed: before }, sealed) => {
      const { table, column, key } = namesOf(place);
      const { rows } = await sql`update ${table} set ${column} = ${sealed}
where (${key}) = (${sql.join(row)}) and ${column} = ${before} returning 1 as replaced`.execute(db);
      return rows.length === 1;
    },
  };
}

const partOf = (index: number) => `part_${index}`;

function namesOf(place: SealedPlace) {
  const { table, column, key: names = ["id"] } = columns[place];
  const key: RawBuilder<unknown> = sql.join(names.map((name) => sql.ref(name)));
  return { table: sql.table(table), column: sql.ref(column), key, names };
}
