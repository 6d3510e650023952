import { sql } from "kysely";

/** The database's time as it is at this very moment, in milliseconds: `now()` is when the transaction began. */
export const now = sql`(extract(epoch from clock_timestamp()) * 1000)::bigint`;

export const leaseEnd = (leaseMs: number) => sql`${now} + ${leaseMs}::bigint`;
