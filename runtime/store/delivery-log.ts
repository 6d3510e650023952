import { sql, type RawBuilder } from "kysely";
import type { DeliveryFilter } from "../endpoints/delivery-filter.ts";
import type { AttemptResult } from "../seams/log-store.ts";
import type { AttemptCount, DeliveryLine, DeliveryLogStore, Looked, LogLook } from "../seams/delivery-log-store.ts";
import { isFailedAlone } from "./delivery-filter.ts";
import { listOf } from "./row-source.ts";
import type { Source } from "./schema.ts";
import { inTransaction } from "./transaction.ts";

export function deliveryLogStore(source: Source): DeliveryLogStore {
  return {
    page: (of) => inTransaction(source, (inside) => page(inside, of)),
    counts: (of) => inTransaction(source, (inside) => counts(inside, of)),
  };
}

type Page = Parameters<DeliveryLogStore["page"]>[0];
type Counts = Parameters<DeliveryLogStore["counts"]>[0];

type Kind = "events" | "failures";

/**
 * Positions to look at: of the tenant's events, or of deliveries that ended as failures, which an index has. There is one
 * lower bound: of two, SQLite goes down to the first that it reads.
 */
function positions({ tenant, before }: LogLook, of: Kind, least = 1): RawBuilder<unknown> {
  const range = sql`position < ${before} and position >= ${least}`;
  if (of === "failures")
    return sql`select position from hookwright_attempts where result in ('rejected', 'exhausted') and ${range}`;
  const own = tenant === null ? sql`1 = 1` : sql`tenant = ${tenant}`;
  return sql`select position from hookwright_log where ${own} and ${range}`;
}

/** Where the look ends. */
async function endOf({ db, dialect }: Source, look: LogLook, of: Kind): Promise<Looked> {
  const { rows } = await sql<{ position: number; time: number }>`select l.position, l.time from (
    ${positions(look, of)} order by position desc limit 1 offset ${look.looksMax - 1}
  ) as head ${dialect.joinLog(sql.ref("head.position"))}`.execute(db);
  const end = rows[0];
  return { downTo: end?.position ?? null, downToTime: end?.time ?? null };
}

const looked = (look: LogLook, of: Kind, { downTo }: Looked) =>
  sql`(select distinct position from (
    ${positions(look, of, downTo ?? 1)} order by position desc limit ${2 * look.looksMax}
  ) as head) as page`;

interface Line extends Omit<DeliveryLine, "last"> {
  readonly startedAt: number | null;
  readonly durationMs: number | null;
  readonly result: AttemptResult | null;
  readonly status: number | null;
  readonly error: string | null;
}

async function page(source: Source, of: Page): ReturnType<DeliveryLogStore["page"]> {
  const kind = isFailedAlone(of.filter.states) ? "failures" : "events";
  const end = await endOf(source, of, kind);
  const statement = (
    limit: number,
  ) => sql<Line>`${tried(source, of, looked(of, kind, end))} union all ${untried(source, of, looked(of, kind, end))}
    order by position desc, ${sql.ref("endpointKey")} desc, run desc limit ${limit}`;
  const lines = (await statement(of.limit + 1).execute(source.db)).rows.map(lineOf);
  if (lines.length <= of.limit) return { ...end, lines };
  // The event at the cut comes whole with the next page, unless it fills one by itself.
  const [first, last] = [lines[0]?.position ?? 0, lines.at(-1)?.position ?? 0];
  const all = first === last ? (await statement(deliveriesMax).execute(source.db)).rows.map(lineOf) : lines;
  const downTo = first === last ? first : last + 1;
  const whole = all.filter(({ position }) => position >= downTo);
  return { downTo, downToTime: whole.at(-1)?.eventTime ?? null, lines: whole };
}

/** Of one event. */
const deliveriesMax = 10_000;

const eventColumns = sql`l.position as position, l.tenant as tenant, e.contract as contract, l.id as ${sql.ref("eventId")}, l.type as ${sql.ref("eventType")},
  l.time as ${sql.ref("eventTime")}, e.key as ${sql.ref("endpointKey")}, e.id as ${sql.ref("endpointId")}, e.url as url`;

/**
 * The events looked at, each with every endpoint of its tenant and contract, and what comes after. SQLite keeps to the order
 * of cross joins; by its own estimates it would begin with all that an endpoint has.
 */
const pairs = ({ dialect }: Source, part: RawBuilder<unknown>, table: string) => sql`from ${part}
  ${dialect.joinLog(sql.ref("page.position"))}
  cross join hookwright_endpoints as e cross join ${sql.raw(table)}`;

const ofPair = (alias: string) => sql`e.tenant = l.tenant and e.contract = l.contract
  and ${sql.ref(`${alias}.endpoint_key`)} = e.key and ${sql.ref(`${alias}.position`)} = l.position`;

const same = (one: string, other: string) =>
  sql`${sql.ref(`${one}.endpoint_key`)} = ${sql.ref(`${other}.endpoint_key`)}
    and ${sql.ref(`${one}.position`)} = ${sql.ref(`${other}.position`)} and ${sql.ref(`${one}.run`)} = ${sql.ref(`${other}.run`)}`;

/** Each with its last attempt: every delivery that was tried has a first one. */
function tried(source: Source, of: Page, part: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`select ${eventColumns}, f.run as run, a.number as ${sql.ref("attemptCount")}, p.due_at as ${sql.ref("dueAt")},
  a.started_at as ${sql.ref("startedAt")}, a.duration_ms as ${sql.ref("durationMs")}, a.result as result, a.status as status, a.error as error
${pairs(source, part, "hookwright_attempts as f")}
join hookwright_attempts as a on ${same("a", "f")} and a.number = (
  select max(m.number) from hookwright_attempts as m where ${same("m", "f")})
left join hookwright_pending as p on ${same("p", "f")}
where ${ofPair("f")} and f.number = 1 and ${sql.join([...ofEvent(source, of), ...ofState(source, of.filter)], sql` and `)}`;
}

function untried(source: Source, of: Page, part: RawBuilder<unknown>): RawBuilder<unknown> {
  const isWanted = of.filter.states === null || of.filter.states.includes("pending");
  return sql`select ${eventColumns}, p.run as run, p.attempt_count as ${sql.ref("attemptCount")}, p.due_at as ${sql.ref("dueAt")},
  cast(null as ${source.dialect.tables.types.integer}) as ${sql.ref("startedAt")},
  cast(null as ${source.dialect.tables.types.small}) as ${sql.ref("durationMs")},
  cast(null as ${source.dialect.tables.types.text}) as result,
  cast(null as ${source.dialect.tables.types.small}) as status,
  cast(null as ${source.dialect.tables.types.text}) as error
${pairs(source, part, "hookwright_pending as p")}
where ${ofPair("p")} and ${isWanted ? sql`1 = 1` : sql`1 = 0`} and ${sql.join(ofEvent(source, of), sql` and `)}
  and not exists (select 1 from hookwright_attempts as a where ${same("a", "p")})`;
}

function ofEvent(
  source: Source,
  { tenant, filter: { types, from, until }, text }: Page,
): readonly RawBuilder<unknown>[] {
  return [
    sql`1 = 1`,
    ...(tenant === null ? [] : [sql`l.tenant = ${tenant}`]),
    ...(types === null ? [] : [sql`l.type in ${listOf(source, "text", types)}`]),
    ...(from === null ? [] : [sql`l.time >= ${from}`]),
    ...(until === null ? [] : [sql`l.time < ${until}`]),
    // LIKE means different things to the databases; this one is the same to both, to the letter.
    ...(text === null ? [] : [sql`replace(l.body, ${text}, '') <> l.body`]),
  ];
}

function ofState(source: Source, { states }: DeliveryFilter): readonly RawBuilder<unknown>[] {
  if (states === null) return [];
  const ended = states.filter((state) => state !== "pending");
  const hasEnded = sql`(p.due_at is null and a.result in ${listOf(source, "text", ended)})`;
  return [states.includes("pending") ? sql`(p.due_at is not null or ${hasEnded})` : hasEnded];
}

function lineOf({ startedAt, durationMs, result, status, error, ...line }: Line): DeliveryLine {
  const isTried = startedAt !== null && durationMs !== null && result !== null;
  return { ...line, last: isTried ? { startedAt, durationMs, result, status, error } : null };
}

async function counts(source: Source, of: Counts): ReturnType<DeliveryLogStore["counts"]> {
  const end = await endOf(source, of, "events");
  const { rows } = await sql<AttemptCount>`select ${sql.ref("endpointId")}, piece, result, count(*) as count from (
  select e.id as ${sql.ref("endpointId")}, (a.started_at - ${of.since}) / ${sql.lit(of.pieceMs)} as piece, a.result
  ${pairs(source, looked(of, "events", end), "hookwright_attempts as a")}
  where ${ofPair("a")} and a.started_at >= ${of.since}
) as ended group by ${sql.ref("endpointId")}, piece, result`.execute(source.db);
  return { ...end, counts: rows };
}
