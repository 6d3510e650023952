import type { KeyObject } from "node:crypto";
import type { StreamContract } from "../../catalog/contract.ts";
import type { Clock } from "../seams/clock.ts";
import { batchBody, batchType, recordText } from "../contracts/batch-body.ts";
import { attemptIds } from "../contracts/delivery-id.ts";
import { judge } from "../contracts/outcome.ts";
import { attemptRequest } from "../contracts/request-headers.ts";
import type { Exchange, Outbound, SendingRight } from "../seams/outbound.ts";
import type { Batch, Stream, StreamRecord } from "../seams/stream-store.ts";

/** A frozen batch with its events. */
export interface LoadedBatch {
  readonly batch: Batch;
  readonly records: readonly StreamRecord[];
}

/** Opens what a stream's requests carry. Both may throw `secret_unreadable`. */
export interface StreamCredentials {
  readonly authorizationOf: (stream: Stream) => string | null;
  /** Newest first; as they are now, so that a new key signs the next attempt (D-AUTHSIGNAL-07). */
  readonly signingKeysOf: (stream: Stream) => Promise<readonly KeyObject[]>;
}

export interface SendParts {
  readonly outbound: Outbound;
  readonly clock: Clock;
  readonly credentials: StreamCredentials;
}

export interface BatchOutcome {
  readonly isAccepted: boolean;
  readonly status: number | null;
  /** Null when it was accepted. */
  readonly error: string | null;
}

interface ToSend {
  readonly stream: Stream;
  readonly loaded: LoadedBatch;
  readonly number: number;
  readonly right: SendingRight;
}

/**
 * One attempt at a batch: one request, or one for each record (F-AUTH0-02). Null: the right to send ended before it was
 * known what came of it, which is nobody's failure.
 */
export async function sendBatch(
  parts: SendParts,
  contract: StreamContract,
  { stream, loaded, number, right }: ToSend,
): Promise<BatchOutcome | null> {
  const keys = contract.signature === null ? [] : await parts.credentials.signingKeysOf(stream);
  if (contract.signature !== null && keys.length === 0) {
    return { isAccepted: false, status: null, error: "no_signing_key" };
  }
  const authorization = parts.credentials.authorizationOf(stream);
  const bodies = loaded.records.map((record) => recordText(contract, record));
  const ids = attemptIds(contract, { eventId: String(loaded.batch.upTo), endpointId: stream.id, run: 0, number });
  const send = async (body: string, type: string): Promise<BatchOutcome | null> => {
    const request = attemptRequest(contract, {
      url: new URL(stream.settings.url),
      eventId: null,
      eventType: null,
      endpointId: stream.id,
      ...ids,
      attemptNumber: number,
      authorization,
      body,
      now: parts.clock.now(),
      keys,
      contentType: type,
      timeoutMs: contract.timeoutSeconds * 1000,
      responseBodyBytesMax: 0,
    });
    const exchange = await parts.outbound.send({ ...request, right });
    return exchange.kind !== "response" && right.isOver() ? null : outcomeOf(contract, exchange);
  };
  return stream.settings.sends === "batch"
    ? send(batchBody(contract, bodies), batchType(contract))
    : eachAlone(bodies, stream.settings.concurrency, (body) => send(body, "application/json"));
}

function outcomeOf(contract: StreamContract, exchange: Exchange): BatchOutcome {
  const { then, error, status } = judge(contract.outcomes, exchange);
  if (then === "deliver") return { isAccepted: true, status, error: null };
  return { isAccepted: false, status, error: error ?? `status ${status}` };
}

/** So many at once. After the first that fails no other begins, and those under way are waited for (F-AUTH0-04). */
async function eachAlone(
  bodies: readonly string[],
  concurrency: number,
  send: (body: string) => Promise<BatchOutcome | null>,
): Promise<BatchOutcome | null> {
  const rest = bodies.values();
  let outcome: BatchOutcome | null = { isAccepted: true, status: null, error: null };
  const sendOnes = async (): Promise<void> => {
    while (outcome?.isAccepted) {
      const next = rest.next();
      if (next.done === true) return;
      const one = await send(next.value);
      if (one === null || outcome?.isAccepted) outcome = one;
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, bodies.length) }, sendOnes));
  return outcome;
}
