import type { KeyObject } from "node:crypto";
import type { Contract, HeaderSource } from "../../catalog/contract.ts";
import { signatureText, timestampText } from "./signature.ts";

/** What the headers of one attempt are made from; `now` is the time of signing in milliseconds since 1970. */
export interface AttemptIdentity {
  /** Null of a batch, which has several, and such a header is not sent. */
  readonly eventId: string | null;
  readonly eventType: string | null;
  readonly endpointId: string;
  readonly deliveryId: string;
  readonly attemptId: string;
  /** What the endpoint's owner configured for it. Null: nothing, and such a header is not sent. */
  readonly authorization: string | null;
  readonly body: string;
  readonly now: number;
}

/** The headers of one attempt as the contract declares them, in its order; timestamp and signature are new each time. */
export function requestHeaders(
  contract: Pick<Contract, "signature" | "headers" | "userAgent">,
  attempt: AttemptIdentity,
  keys: readonly KeyObject[],
): Record<string, string> {
  const { signature } = contract;
  const timestamp = signature === null ? null : timestampText(signature, attempt.now);
  const values: Record<Exclude<HeaderSource, "signature">, string | null> = {
    "event.id": attempt.eventId,
    "event.type": attempt.eventType,
    "delivery.id": attempt.deliveryId,
    "attempt.id": attempt.attemptId,
    "endpoint.id": attempt.endpointId,
    authorization: attempt.authorization,
    timestamp,
  };
  const signed = (): string | null =>
    signature === null || timestamp === null
      ? null
      : signatureText(signature, { ...attempt, eventId: attempt.eventId ?? "", timestamp }, keys);
  const headers: Record<string, string> = {
    "content-type": "application/json",
    "user-agent": contract.userAgent,
  };
  for (const [name, source] of Object.entries(contract.headers)) {
    const value = source === "signature" ? signed() : values[source];
    if (value !== null) headers[name] = value;
  }
  return headers;
}
