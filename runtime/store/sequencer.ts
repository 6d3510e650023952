import { HookwrightError } from "../errors.ts";
import type { SequencerLease } from "../seams/log-store.ts";
import type { SequencerDialect, SequencerLook } from "./dialects.ts";
import type { Source } from "./schema.ts";

/** Gives the next events their positions. Throws `lease_lost` when another owner has the lease. */
export async function sequence(
  source: Source,
  { lease, limit }: { readonly lease: SequencerLease; readonly limit: number },
): Promise<number> {
  const { sequencer } = source.dialect;
  if (sequencer === null) return 0;
  for (let positioned = 0; ;) {
    const statement = sequencer.sequence(lease, limit - positioned).$castTo<SequencerLook>();
    const [look] = (await statement.execute(source.db)).rows;
    if (look === undefined || look.outcome === "lost") throw lost(lease);
    if (look.outcome === "restored") return rebase(source, sequencer, lease);
    if (look.outcome === "overtaken") continue;
    positioned += look.positioned;
    if (look.outcome === "done") return positioned;
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
