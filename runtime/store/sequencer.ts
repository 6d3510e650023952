import { HookwrightError } from "../errors.ts";
import type { PageRequest, Sequenced, SequencerLease } from "../seams/log-store.ts";
import { logColumns } from "./append.ts";
import type { SequencerDialect, SequencerLook } from "./dialects.ts";
import { askedPages, inPages, read, type PageRow } from "./events.ts";
import type { Source } from "./schema.ts";

interface Request {
  readonly lease: SequencerLease;
  readonly limit: number;
}

/** Gives the next events their positions. Throws `lease_lost` when another owner has the lease. */
export async function sequence(source: Source, request: Request): Promise<number> {
  const { sequencer } = source.dialect;
  if (sequencer === null) return 0;
  const look = async (limit: number) => {
    const statement = sequencer.sequence(request.lease, limit).$castTo<SequencerLook>();
    return (await statement.execute(source.db)).rows;
  };
  return (await lookThrough(source, { ...request, sequencer, look })).count;
}

/** Does so and reads the pages, both in one statement: at little traffic that is half of what a look costs. */
export async function sequenceAndRead(
  source: Source,
  { pages, ...request }: Request & { readonly pages: readonly PageRequest[] },
): Promise<Sequenced> {
  const { sequencer } = source.dialect;
  if (sequencer === null || pages.length === 0)
    return { count: await sequence(source, request), pages: await read(source, pages) };
  const asked = { asked: askedPages(source, pages), columns: logColumns };
  const look = async (limit: number) => {
    const statement = sequencer.sequenceAndRead(request.lease, limit, asked).$castTo<SequencerLook & MaybeFound>();
    return (await statement.execute(source.db)).rows;
  };
  const { count, rows } = await lookThrough(source, { ...request, sequencer, look });
  // After a restore the last look has read nothing of what was positioned then.
  if (rows === null) return { count, pages: await read(source, pages) };
  const found = rows.filter((row) => row.page !== null) as readonly (PageRow & SequencerLook)[];
  return { count, pages: await inPages(source, pages, found.map(withoutLook)) };
}

type MaybeFound = { readonly page: null } | PageRow;

const withoutLook = ({ outcome: _, positioned: __, ...row }: PageRow & SequencerLook): PageRow => row;

interface Looking<Row> extends Request {
  readonly sequencer: SequencerDialect;
  readonly look: (limit: number) => Promise<readonly Row[]>;
}

/** Looks until there is no more to be positioned. Gives the rows of the last look; null when that was none of these. */
async function lookThrough<Row extends SequencerLook>(
  source: Source,
  { sequencer, lease, limit, look }: Looking<Row>,
): Promise<{ readonly count: number; readonly rows: readonly Row[] | null }> {
  for (let count = 0; ;) {
    const rows = await look(limit - count);
    const [first] = rows;
    if (first === undefined || first.outcome === "lost") throw lost(lease);
    if (first.outcome === "restored") return { count: await rebase(source, sequencer, lease), rows: null };
    if (first.outcome === "overtaken") continue;
    count += first.positioned;
    if (first.outcome === "done") return { count, rows };
  }
}

async function rebase({ db }: Source, { rebase }: SequencerDialect, lease: SequencerLease): Promise<number> {
  const [done] = (await rebase(lease).$castTo<{ positioned: number }>().execute(db)).rows;
  if (done === undefined) throw lost(lease);
  return done.positioned;
}

const lost = ({ owner, epoch }: SequencerLease): HookwrightError =>
  new HookwrightError(
    "lease_lost",
    `${owner} no longer gives events their positions with epoch ${epoch}; none was given.`,
  );
