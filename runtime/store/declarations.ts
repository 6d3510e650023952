import { sql } from "kysely";
import type { DeclarationNumbers } from "../contracts/needs.ts";
import type { Source } from "./schema.ts";
import { inTransaction } from "./transaction.ts";

/**
 * Numbers the declarations of contracts, by their hashes: one that is new gets the next number of its contract, one that
 * came before keeps its own. Gives the number of each.
 */
export function numberDeclarations(source: Source, hashes: ReadonlyMap<string, string>): Promise<DeclarationNumbers> {
  return inTransaction(source, async (inside) => {
    const { db } = inside;
    const numbers = new Map<string, number>();
    for (const statement of inside.dialect.leases.lock) await statement.execute(db);
    for (const [contract, hash] of hashes) {
      await sql`insert into hookwright_declarations (contract, hash, number)
select ${contract}, ${hash}, coalesce(max(number), 0) + 1 from hookwright_declarations where contract = ${contract}
on conflict (contract, hash) do nothing`.execute(db);
      const row = await db
        .selectFrom("hookwright_declarations")
        .select("number")
        .where("contract", "=", contract)
        .where("hash", "=", hash)
        .executeTakeFirstOrThrow();
      numbers.set(contract, row.number);
    }
    return numbers;
  });
}
