import { sha256 } from "./receivers.ts";
import type { Index, OneStream } from "./history.ts";

const isAccepted = (answered: number | null) => answered !== null && answered >= 200 && answered < 300;

/** What was sent for the first time continues the log where the batch before it ended, once that one was accepted. */
function* inOrder({ streams }: Index): Iterable<string> {
  for (const { stream, log, receipts } of streams) {
    const seen = new Set<string>();
    const accepted = new Set<string>();
    let last: string | null = null;
    let next = 0;
    for (const { recordIds, bodyHash, answered } of receipts) {
      if (!seen.has(bodyHash)) {
        const due = log.slice(next, next + recordIds.length).map(({ id }) => id);
        if (recordIds.length === 0 || recordIds.join() !== due.join())
          yield `stream ${stream.id} sent ${recordIds.join()} where ${due.join()} came next`;
        if (last !== null && !accepted.has(last))
          yield `stream ${stream.id} went on to ${recordIds[0]} before what comes before it was accepted`;
        next += recordIds.length;
        last = bodyHash;
        seen.add(bodyHash);
      }
      if (isAccepted(answered)) accepted.add(bodyHash);
    }
  }
}

/** The bytes of a batch are those that were stored of its records, and the receiver's SDK accepts them. */
function* storedBytes({ streams, eventsById }: Index): Iterable<string> {
  for (const { stream, receipts } of streams) {
    for (const { recordIds, bodyHash, problem } of receipts) {
      const name = `the batch of stream ${stream.id} from ${recordIds[0]}`;
      if (problem !== null) yield `${name} was refused: ${problem}`;
      const bodies = recordIds.map((id) => eventsById.get(id)?.body);
      if (sha256(`{"records":[${bodies.join()}]}`) !== bodyHash) yield `${name} has other bytes than were stored`;
    }
  }
}

/** Whenever the cursor was looked at, all up to it had been accepted by then. */
function* neverAhead({ streams }: Index): Iterable<string> {
  for (const one of streams) {
    for (const { position, receivedCount } of one.samples) {
      const accepted = acceptedOf(one, receivedCount);
      const missing = one.log.find((event) => (event.position ?? 0) <= position && !accepted.has(event.id));
      if (missing !== undefined)
        yield `the cursor of stream ${one.stream.id} was at ${position}, and ${missing.id} at ${missing.position} was not accepted`;
    }
  }
}

function acceptedOf({ receipts }: OneStream, count = receipts.length): ReadonlySet<string> {
  const accepted = receipts.slice(0, count).filter(({ answered }) => isAccepted(answered));
  return new Set(accepted.flatMap(({ recordIds }) => recordIds));
}

/** What was accepted comes again at most once, and no more than one batch, for each fault and each change of hands. */
function* repeatedOnce({ streams, disturbances, truth }: Index): Iterable<string> {
  const epochs = new Map(truth.shards.map(({ shard, epoch }) => [shard, epoch]));
  for (const { stream, receipts } of streams) {
    const count = batchRepeats(receipts);
    const max = disturbances + Math.max((epochs.get(stream.shard) ?? 0) - 1, 0);
    if (count > max) yield `stream ${stream.id} sent ${count} batches again that had been accepted: at most ${max}`;
  }
}

/** How many batches came that had been accepted before. */
export function batchRepeats(receipts: OneStream["receipts"]): number {
  const accepted = new Set<string>();
  let count = 0;
  for (const { bodyHash, answered } of receipts) {
    if (accepted.has(bodyHash)) count += 1;
    if (isAccepted(answered)) accepted.add(bodyHash);
  }
  return count;
}

/** Every record of a tenant was accepted, and its stream knows. */
function* whole({ streams }: Index): Iterable<string> {
  for (const one of streams) {
    const accepted = acceptedOf(one);
    const missing = one.log.filter(({ id }) => !accepted.has(id));
    if (missing.length > 0) yield `${missing.length} records of stream ${one.stream.id} were not accepted`;
    const end = one.log.at(-1)?.position ?? 0;
    if (one.stream.hasBatch || one.stream.position < end)
      yield `stream ${one.stream.id} is at ${one.stream.position}, and its log ends at ${end}`;
  }
}

export const streamRules = {
  "a stream sends the log in its order, one batch after the other, without a gap": inOrder,
  "a batch has the bytes that were stored, whenever it is sent": storedBytes,
  "a stream's cursor is never ahead of what was accepted": neverAhead,
  "a fault, or a change of hands, repeats at most one batch of a stream": repeatedOnce,
  "every record of a stream was accepted": whole,
} as const;
