import { HookwrightError } from "../errors.ts";
import type { SequencerLease } from "../seams/log-store.ts";
import type { SequencerDialect } from "./dialects.ts";
import type { Source } from "./schema.ts";
import { inTransaction } from "./transaction.ts";

/** Gives the next events their positions. Throws `lease_lost` when another owner has the lease. */
export async function sequence(
  source: Source,
  { lease, limit }: { readonly lease: SequencerLease; readonly limit: number },
): Promise<number> {
  const { sequencer } = source.dialect;
  if (sequencer === null) return 0;
  const statement = sequencer.sequence(lease, limit).$castTo<{ held: number; positioned: number | null }>();
  for (;;) {
    const [look] = (await statement.execute(source.db)).rows;
    if (look?.held !== 1) return rebase(source, sequencer, lease);
    if (look.positioned !== null) return look.positioned;
  }
}

async function rebase(source: Source, { rebase }: SequencerDialect, lease: SequencerLease): Promise<number> {
  return inTransaction(source, async ({ db }) => {
    const answers = [];
    for (const statement of rebase(lease)) {
      answers.push(await statement.$castTo<{ positioned: number }>().execute(db));
    }
    const done = answers.at(-1)?.rows[0];
    if (done !== undefined) return done.positioned;
    throw new HookwrightError(
      "lease_lost",
      `${lease.owner} no longer gives events their positions with epoch ${lease.epoch}; none was given.`,
    );
  });
}
