import { sql, type RawBuilder, type Selectable } from "kysely";
import type { EndpointCondition, EndpointCounts, OperatorStore } from "../seams/operator-store.ts";
import { endpointOf } from "./endpoint-row.ts";
import type { EndpointRow, Source } from "./schema.ts";

export function operatorStore(source: Source): OperatorStore {
  return {
    endpoints: (of) => endpoints(source, of),
    endpointCounts: (max) => endpointCounts(source, max),
    tenants: (of) => tenants(source, of),
  };
}

const conditions: Readonly<Record<EndpointCondition, RawBuilder<unknown>>> = {
  failing: sql`enabled = 1 and paused = 0 and failure_count > 0`,
  paused: sql`enabled = 1 and paused = 1`,
  disabled: sql`enabled = 0`,
};

type Asked = Parameters<OperatorStore["endpoints"]>[0];

async function endpoints({ db }: Source, of: Asked): ReturnType<OperatorStore["endpoints"]> {
  const { rows } = await sql<Selectable<EndpointRow> & { looked: number }>`select * from (
  select * from hookwright_endpoints where key < ${of.beforeKey} order by key desc limit ${of.looksMax}
) as page where ${wanted(of)} order by key desc limit ${of.limit + 1}`.execute(db);
  const found = rows.slice(0, of.limit).map((row) => endpointOf(row));
  if (rows.length > of.limit) return { endpoints: found, nextKey: found.at(-1)?.key ?? null };
  const { rows: last } = await sql<{ key: number }>`select key from hookwright_endpoints where key < ${of.beforeKey}
    order by key desc limit 1 offset ${of.looksMax - 1}`.execute(db);
  return { endpoints: found, nextKey: last[0]?.key ?? null };
}

function wanted({ condition, text }: Asked): RawBuilder<unknown> {
  const has = (column: string) => sql`replace(${sql.ref(column)}, ${text}, '') <> ${sql.ref(column)}`;
  const parts = [
    sql`deleted_at is null`,
    ...(condition === null ? [] : [conditions[condition]]),
    ...(text === null ? [] : [sql`(${sql.join(["url", "tenant", "id", "description"].map(has), sql` or `)})`]),
  ];
  return sql.join(parts, sql` and `);
}

async function endpointCounts({ db }: Source, max: number): Promise<EndpointCounts> {
  const count = (name: EndpointCondition) => sql`count(case when ${conditions[name]} then 1 end) as ${sql.ref(name)}`;
  const { rows } =
    await sql<EndpointCounts>`select count(*) as total, ${count("failing")}, ${count("paused")}, ${count("disabled")}
from (select * from hookwright_endpoints where key > 0 order by key desc limit ${max}) as page where deleted_at is null`.execute(
      db,
    );
  return rows[0] ?? { total: 0, failing: 0, paused: 0, disabled: 0 };
}

/** One look into the index for each tenant, whatever the number of its endpoints. */
async function tenants({ db }: Source, of: Parameters<OperatorStore["tenants"]>[0]): Promise<readonly string[]> {
  const next = (after: RawBuilder<unknown>) =>
    sql`(select tenant from hookwright_endpoints where tenant > ${after} order by tenant limit 1)`;
  const { rows } = await sql<{ tenant: string | null }>`with recursive page (tenant, number) as (
  select ${next(sql`${of.after}`)}, 1
  union all select ${next(sql.ref("page.tenant"))}, number + 1 from page where tenant is not null and number < ${sql.lit(of.limit)}
) select tenant from page where tenant is not null order by number`.execute(db);
  return rows.flatMap(({ tenant }) => (tenant === null ? [] : [tenant]));
}
