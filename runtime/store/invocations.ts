import { sql } from "kysely";
import type { ActionStore, Invocation, Kept } from "../seams/action-store.ts";
import { invocationColumns, invocationOf, invocationRow } from "./action-row.ts";
import { append } from "./append.ts";
import { listOf, namesOf, rowsOf } from "./row-source.ts";
import type { Source } from "./schema.ts";
import { inTransaction } from "./transaction.ts";

type InputOf<Method extends keyof ActionStore> = Parameters<ActionStore[Method]>[0];

const names = namesOf(invocationColumns);

/** In one transaction; what an earlier try has written is left as it is. */
export function record(source: Source, { invocations: given, events, kept }: InputOf<"record">): Promise<void> {
  return inTransaction(source, async (inside) => {
    if (given.length > 0) await insert(inside, given);
    for (const each of kept) await prune(inside, each);
    await append(inside, events);
  });
}

async function insert(source: Source, given: readonly Invocation[]): Promise<void> {
  const rows = rowsOf(source, { action_id: "text", ...invocationColumns }, given.map(invocationRow));
  const columns = sql.join(names.map((name) => sql.ref(name)));
  const values = sql.join(names.map((name) => sql.ref(`r.${name}`)));
  await sql`insert into hookwright_invocations (action_key, ${columns})
select a.key, ${values} from ${rows} as r join hookwright_actions as a on a.id = r.action_id where true
on conflict do nothing`.execute(source.db);
}

/** An action has few more rows than are kept, as this runs after each insert; the rank looks at no others. */
async function prune(source: Source, { actionIds, keepMax }: Kept): Promise<void> {
  const keys = sql`select key from hookwright_actions where id in ${listOf(source, "text", actionIds)}`;
  await sql`delete from hookwright_invocations where (action_key, id) in (
  select action_key, id from (
    select action_key, id, row_number() over (partition by action_key order by id desc) as place
    from hookwright_invocations where action_key in (${keys})
  ) as ranked where place > ${keepMax}
)`.execute(source.db);
}

export async function invocations(
  { db }: Source,
  { actionId, limit }: InputOf<"invocations">,
): Promise<readonly Invocation[]> {
  const rows = await db
    .selectFrom("hookwright_invocations as i")
    .innerJoin("hookwright_actions as a", "a.key", "i.action_key")
    .selectAll("i")
    .where("a.id", "=", actionId)
    .orderBy("i.id", "desc")
    .limit(limit)
    .execute();
  return rows.map((row) => invocationOf(row, actionId));
}
