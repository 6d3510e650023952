import { knex } from "./knex.ts";
import { kysely } from "./kysely.ts";
import { methodOf, isObject } from "./members.ts";
import type { Recognise } from "./recognised.ts";
import { notTransaction } from "./refusal.ts";

/** `em.transactional(async (em) => …)`: its context is a transaction of Kysely, or before version 7 of Knex. */
export const mikroOrm: Recognise = (tx) => {
  const contextOf = methodOf(tx, "getTransactionContext");
  if (contextOf === null) return null;
  const context = contextOf();
  const recognised = isObject(context) ? (kysely(context) ?? knex(context)) : null;
  if (recognised === null) {
    throw notTransaction(
      "an EntityManager of MikroORM that is in no transaction",
      "Pass the em of em.transactional(async (em) => …).",
    );
  }
  return { ...recognised, library: "MikroORM" };
};
