import { sql } from "kysely";
import type { SealedStore, SealedValue } from "../sealed-store.ts";
import type { Source } from "./schema.ts";

/** Where sealed values stand, by the place they are bound to; each table has `id` and `tenant`. */
const columns = {
  signing_secret: { table: "hookwright_endpoints", column: "sealed_secret" },
  previous_signing_secret: { table: "hookwright_endpoints", column: "previous_sealed_secret" },
  authorization: { table: "hookwright_streams", column: "sealed_authorization" },
  notice_url: { table: "hookwright_streams", column: "sealed_notice_url" },
  signing_key: { table: "hookwright_signing_keys", column: "sealed" },
} as const;

export function sealedStore({ db }: Source): SealedStore {
  return {
    places: Object.keys(columns),
    page: async ({ place, after, limit }) => {
      const [table, column] = namesOf(place);
      const { rows } = await sql<Omit<SealedValue, "place">>`select tenant, id, ${column} as sealed from ${table}
where id > ${after} and ${column} is not null order by id limit ${limit}`.execute(db);
      return rows.map((row) => ({ ...row, place }));
    },
    // One statement of its own for each: no lock is held, and a rotation of the secret that comes between wins.
    replace: async ({ place, id, sealed: before }, sealed) => {
      const [table, column] = namesOf(place);
      const { rows } = await sql`update ${table} set ${column} = ${sealed}
where id = ${id} and ${column} = ${before} returning id`.execute(db);
      return rows.length === 1;
    },
  };
}

function namesOf(place: string) {
  const found = Object.entries(columns).find(([name]) => name === place)?.[1];
  if (found === undefined) throw new Error(`Nothing is sealed in the place ${place}.`);
  return [sql.table(found.table), sql.ref(found.column)] as const;
}
