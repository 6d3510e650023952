import { sql, type RawBuilder } from "kysely";
import type { DeliveryFilter, DeliveryState } from "../endpoints/delivery-filter.ts";
import { listOf } from "./row-source.ts";
import type { Source } from "./schema.ts";

/**
 * Conditions on `t`, a row of `hookwright_attempts` or `hookwright_pending`: that its delivery passes. Each is one look
 * into an index for each row, so a page costs what it has to pass over, and nothing without a filter.
 */
export function passing(source: Source, filter: DeliveryFilter): RawBuilder<unknown> {
  const conditions = [...ofEvent(source, filter), ...ofState(source, filter), ...ofRun(filter)];
  return sql`${sql.join([sql`1 = 1`, ...conditions], sql` and `)}`;
}

/** Whether only deliveries that ended as failures pass, which have an index of their own. */
export function isFailedAlone(states: DeliveryFilter["states"]): boolean {
  return states !== null && states.length > 0 && states.every((state) => state === "rejected" || state === "exhausted");
}

/**
 * The tables that a page of these states is read from, each with what its rows have to be. An attempt that ended a
 * delivery as a failure is that delivery's last, so the others need not be passed over one by one.
 */
export function tablesOf({ states }: DeliveryFilter): readonly (readonly [table: string, rows: RawBuilder<unknown>])[] {
  const every = sql`1 = 1`;
  if (isFailedAlone(states)) return [["hookwright_attempts", sql`t.result in ('rejected', 'exhausted')`]];
  if (states !== null && states.every((state) => state === "pending")) return [["hookwright_pending", every]];
  return [
    ["hookwright_attempts", every],
    ["hookwright_pending", every],
  ];
}

function ofEvent(source: Source, { types, from, until }: DeliveryFilter): readonly RawBuilder<unknown>[] {
  const conditions = [
    ...(types === null ? [] : [sql`l.type in ${listOf(source, "text", types)}`]),
    ...(from === null ? [] : [sql`l.time >= ${from}`]),
    ...(until === null ? [] : [sql`l.time < ${until}`]),
  ];
  if (conditions.length === 0) return [];
  const { dialect } = source;
  return [
    sql`exists (select 1 from (select 1 as one) as o ${dialect.joinLog(sql.ref("t.position"))}
      where ${sql.join(conditions, sql` and `)})`,
  ];
}

const sameDelivery = (alias: string) =>
  sql`${sql.ref(`${alias}.endpoint_key`)} = t.endpoint_key and ${sql.ref(`${alias}.position`)} = t.position`;

function ofState(source: Source, { states }: DeliveryFilter): readonly RawBuilder<unknown>[] {
  if (states === null) return [];
  const waits = sql`exists (select 1 from hookwright_pending as p where ${sameDelivery("p")} and p.run = t.run)`;
  const last = sql`(select a.result from hookwright_attempts as a where ${sameDelivery("a")} and a.run = t.run
    order by a.number desc limit 1)`;
  const ended = states.filter((state): state is Exclude<DeliveryState, "pending"> => state !== "pending");
  const either = [
    ...(states.includes("pending") ? [waits] : []),
    sql`(not ${waits} and ${last} in ${listOf(source, "text", ended)})`,
  ];
  return [sql`(${sql.join(either, sql` or `)})`];
}

function ofRun({ runs }: DeliveryFilter): readonly RawBuilder<unknown>[] {
  if (runs === "all") return [];
  const later = (table: string) =>
    sql`not exists (select 1 from ${sql.table(table)} as n where ${sameDelivery("n")} and n.run > t.run)`;
  return [later("hookwright_attempts"), later("hookwright_pending")];
}
