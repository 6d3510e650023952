import type { Recognise } from "./recognised.ts";
import { methodOf, rowsOf } from "./members.ts";
import { notTransaction } from "./refusal.ts";

/** `prisma.$transaction(async (tx) => …)`. */
export const prisma: Recognise = (tx) => {
  const query = methodOf(tx, "$queryRawUnsafe");
  if (query === null) return null;
  if (methodOf(tx, "$connect") !== null) {
    throw notTransaction(
      "a PrismaClient, whose statements each commit alone",
      "Pass the tx of prisma.$transaction(async (tx) => …).",
    );
  }
  return {
    library: "Prisma",
    executor: { query: async (sql, parameters) => rowsOf(await query(sql, ...parameters)) },
  };
};
