import type { StreamContract } from "../../catalog/contract.ts";
import { bodyBytesMax, fittingCount } from "../contracts/body-size.ts";
import type { WireContract } from "../contracts/wire-contract.ts";
import { typeFilterOf } from "../contracts/type-filter.ts";
import { isCut } from "../seams/page-bytes.ts";
import type { Stream, StreamRecord, StreamStore } from "../seams/stream-store.ts";
import type { LoadedBatch } from "./send-batch.ts";

type Records = Pick<StreamStore, "end" | "records">;

/**
 * The events of the batch that is under way: the same as ever, as the log is append-only and the filter was kept. Of one
 * that is larger than receivers take, as none is frozen any more, only the first that fit: the rest is the next batch.
 */
export async function loadBatch(
  store: Records,
  { declaration }: WireContract<StreamContract>,
  { tenant, contract, cursor }: Stream,
): Promise<LoadedBatch | null> {
  const { batch, position } = cursor;
  if (batch === null) return null;
  const { upTo, filter } = batch;
  const bytesMax = bodyBytesMax(declaration);
  // Fewer than the log has positions: the range is the limit.
  const limit = upTo - position;
  const found = await store.records({ tenant, contract, after: position, upTo, filter, limit, bytesMax });
  const records = found.slice(0, fittingCount(declaration, found));
  // All that it had was erased: there is nothing to send of it.
  if (records.length === 0) return null;
  const isWhole = records.length === found.length && !isCut(found, bytesMax);
  return { batch: isWhole ? batch : { ...batch, upTo: records.at(-1)?.position ?? upTo }, records };
}

function askedOf(contract: WireContract<StreamContract>, stream: Stream, after: number) {
  const { tenant, settings } = stream;
  const limit = Math.min(settings.batchSize, contract.declaration.batch.recordsMax);
  const bytesMax = bodyBytesMax(contract.declaration);
  return { tenant, contract: stream.contract, after, filter: typeFilterOf(contract, settings), limit, bytesMax };
}

/** Of a batch that is larger the next one is not read ahead: it would be in memory twice. */
const aheadBytesMax = 1024 * 1024;

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
  if (loaded.records.length < asked.limit || isCut(loaded.records, aheadBytesMax)) return null;
  const records = await store.records({ ...asked, upTo: Number.MAX_SAFE_INTEGER }).catch(() => []);
  return records.length < asked.limit && !isCut(records, asked.bytesMax) ? null : records;
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
 * fit, by count and by bytes. It ends at the first event that is too young, whatever comes after it, so none is ever passed over
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
  const old = young === -1 ? found : found.slice(0, young);
  const records = old.slice(0, fittingCount(contract.declaration, old));
  const isWhole = records.length === found.length && found.length < asked.limit && !isCut(found, asked.bytesMax);
  const last = records.at(-1);
  if (last !== undefined) {
    const batch = { upTo: isWhole ? end : last.position, filter: asked.filter, attemptCount: 0 };
    return { loaded: { batch, records }, passedTo: null };
  }
  return { loaded: null, passedTo: isWhole ? end : (found[0]?.position ?? end + 1) - 1 };
}
