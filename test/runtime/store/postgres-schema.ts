import { sql } from "kysely";
import type { OpenedStore } from "../../../runtime/store/open-store.ts";

/**
 * All that the store has made in a database, as text: tables with their columns in order, what holds for them, and the
 * definitions of indexes, triggers, views and functions, as the server gives them.
 */
export async function schemaOf(database: OpenedStore["database"]): Promise<string> {
  const { rows } = await sql<{ text: string }>`
    with relations as (
      select c.oid, c.relname, c.relkind from pg_class as c
      where c.relnamespace = 'public'::regnamespace and c.relname like 'hookwright%'
    ), parts as (
      select 1 as section, relname as name, 0 as place, 'table ' || relname as text from relations where relkind = 'r'
      union all
      select 1, r.relname, a.attnum, '  ' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
        || case when a.attnotnull then ' not null' else '' end
        || case when a.attidentity = 'a' then ' generated always as identity' else '' end
        || coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '')
      from relations as r join pg_attribute as a on a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped
        left join pg_attrdef as d on d.adrelid = r.oid and d.adnum = a.attnum
      where r.relkind = 'r'
      union all
      select 1, r.relname, 1000 + row_number() over (order by c.conname), '  ' || c.conname || ' ' || pg_get_constraintdef(c.oid)
      from relations as r join pg_constraint as c on c.conrelid = r.oid where c.contype <> 'n'
      union all
      select 2, i.indexname, 0, i.indexdef from pg_indexes as i where i.schemaname = 'public' and i.tablename like 'hookwright%'
      union all
      select 3, r.relname || t.tgname, 0, pg_get_triggerdef(t.oid) from relations as r
        join pg_trigger as t on t.tgrelid = r.oid where not t.tgisinternal
      union all
      select 4, r.relname, 0, 'view ' || r.relname || ' as' || chr(10) || pg_get_viewdef(r.oid) from relations as r where r.relkind = 'v'
      union all
      select 5, p.proname, 0, pg_get_functiondef(p.oid) from pg_proc as p
      where p.pronamespace = 'public'::regnamespace and p.proname like 'hookwright%'
    )
    select text from parts order by section, name collate "C", place`.execute(database);
  return rows.map((row) => `${row.text.trimEnd()}\n`).join("");
}
