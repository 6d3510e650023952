import type { StreamContract } from "../../catalog/contract.ts";
import type { WireContract } from "../contracts/wire-contract.ts";
import { typeFilterOf } from "../contracts/type-filter.ts";
import type { Stream, StreamStore } from "../stream-store.ts";
import type { LoadedBatch } from "./send-batch.ts";

type Records = Pick<StreamStore, "end" | "records">;

/** The events of the batch that is under way: the same as ever, as the log is append-only and the filter was kept. */
export async function loadBatch(store: Records, { tenant, contract, cursor }: Stream): Promise<LoadedBatch | null> {
  const { batch, position } = cursor;
  if (batch === null) return null;
  const { upTo, filter } = batch;
  // Fewer than the log has positions: the range is the limit.
  const records = await store.records({ tenant, contract, after: position, upTo, filter, limit: upTo - position });
  return { batch, records };
}

/** The next batch, or none and how far the log holds nothing to send. */
export type Frozen =
  { readonly loaded: LoadedBatch; readonly passedTo: null } | { readonly loaded: null; readonly passedTo: number };

/**
 * Chooses the next batch after a position: the oldest events that pass the filter, as far as they are old enough and
 * fit. It ends at the first event that is too young, whatever comes after it, so none is ever passed over
 * (D-AUTHSIGNAL-04).
 */
export async function freezeBatch(
  store: Records,
  contract: WireContract<StreamContract>,
  { stream, after, now }: { readonly stream: Stream; readonly after: number; readonly now: number },
): Promise<Frozen> {
  const { tenant, settings } = stream;
  const filter = typeFilterOf(contract, settings);
  const limit = Math.min(settings.batchSize, contract.declaration.batch.recordsMax);
  const end = Math.max(await store.end({ tenant }), after);
  const found = await store.records({ tenant, contract: stream.contract, after, upTo: end, filter, limit });
  const young = found.findIndex(({ time }) => time > now - settings.delaySeconds * 1000);
  const records = young === -1 ? found : found.slice(0, young);
  const isWhole = young === -1 && found.length < limit;
  const last = records.at(-1);
  if (last !== undefined) {
    return {
      loaded: { batch: { upTo: isWhole ? end : last.position, filter, attemptCount: 0 }, records },
      passedTo: null,
    };
  }
  return { loaded: null, passedTo: isWhole ? end : (found[0]?.position ?? end + 1) - 1 };
}
