import type { SealedStore, SealedValue } from "../sealed-store.ts";
import type { Source } from "./schema.ts";

const columns = { current: "sealed_secret", previous: "previous_sealed_secret" } as const;

export function sealedStore({ db }: Source): SealedStore {
  return {
    page: async ({ after, limit }) => {
      const rows = await db
        .selectFrom("hookwright_endpoints")
        .select(["key", "tenant", "id", "sealed_secret", "previous_sealed_secret"])
        .where("key", ">", after)
        .orderBy("key")
        .limit(limit)
        .execute();
      return rows.flatMap(({ key: row, tenant, id, ...places }): readonly SealedValue[] => {
        const current = { row, tenant, id, which: "current", sealed: places.sealed_secret } as const;
        const previous = places.previous_sealed_secret;
        return previous === null ? [current] : [current, { ...current, which: "previous", sealed: previous }];
      });
    },
    // One statement of its own for each: no lock is held, and a rotation of the secret that comes between wins.
    replace: async ({ row, which, sealed: before }, sealed) => {
      const column = columns[which];
      const matching = db.updateTable("hookwright_endpoints").where("key", "=", row).where(column, "=", before);
      return (await matching.set({ [column]: sealed }).executeTakeFirst()).numUpdatedRows === 1n;
    },
  };
}
