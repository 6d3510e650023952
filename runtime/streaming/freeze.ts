import type { StreamContract } from "../../catalog/contract.ts";
import type { WireContract } from "../contracts/wire-contract.ts";
import { typeFilterOf } from "../contracts/type-filter.ts";
import type { Stream, StreamRecord, StreamStore } from "../seams/stream-store.ts";
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

function askedOf(contract: WireContract<StreamContract>, stream: Stream, after: number) {
  const { tenant, settings } = stream;
  const limit = Math.min(settings.batchSize, contract.declaration.batch.recordsMax);
  return { tenant, contract: stream.contract, after, filter: typeFilterOf(contract, settings), limit };
}

/**
 * Reads what the next batch will have while the one before it is under way. Null unless that is as much as a batch may
 * have, so that nothing can be added to it any more, or when the database does not answer: then `freezeBatch` asks.
 */
export async function readAhead(
  store: Records,
  contract: WireContract<StreamContract>,
  { stream, loaded }: { readonly stream: Stream; readonly loaded: LoadedBatch },
): Promise<readonly StreamRecord[] | null> {
  const asked = askedOf(contract, stream, loaded.batch.upTo);
  if (loaded.records.length < asked.limit) return null;
  const records = await store.records({ ...asked, upTo: Number.MAX_SAFE_INTEGER }).catch(() => []);
  return records.length < asked.limit ? null : records;
}

/** The next batch, or none and how far the log holds nothing to send. */
export type Frozen =
  { readonly loaded: LoadedBatch; readonly passedTo: null } | { readonly loaded: null; readonly passedTo: number };

export interface ToFreeze {
  readonly stream: Stream;
  readonly after: number;
  /** What was read ahead of this stream. */
  readonly ahead: readonly StreamRecord[] | null;
  readonly now: number;
}

/**
 * Chooses the next batch after a position: the oldest events that pass the filter, as far as they are old enough and
 * fit. It ends at the first event that is too young, whatever comes after it, so none is ever passed over
 * (D-AUTHSIGNAL-04).
 */
export async function freezeBatch(
  store: Records,
  contract: WireContract<StreamContract>,
  { stream, after, ahead, now }: ToFreeze,
): Promise<Frozen> {
  const asked = askedOf(contract, stream, after);
  // Of as many as a batch may have, it does not matter where the log ends.
  const end = ahead === null ? Math.max(await store.end(stream), after) : after;
  const found = ahead ?? (await store.records({ ...asked, upTo: end }));
  const young = found.findIndex(({ time }) => time > now - stream.settings.delaySeconds * 1000);
  const records = young === -1 ? found : found.slice(0, young);
  const isWhole = young === -1 && found.length < asked.limit;
  const last = records.at(-1);
  if (last !== undefined) {
    const batch = { upTo: isWhole ? end : last.position, filter: asked.filter, attemptCount: 0 };
    return { loaded: { batch, records }, passedTo: null };
  }
  return { loaded: null, passedTo: isWhole ? end : (found[0]?.position ?? end + 1) - 1 };
}
