import type { KeyObject } from "node:crypto";
import type { Contract, HeaderSource } from "../../catalog/contract.ts";
import { signatureText, timestampText } from "./signature.ts";

/** What the headers of one attempt are made from; `now` is the time of signing in milliseconds since 1970. */
export interface AttemptIdentity {
  readonly eventId: string;
  readonly eventType: string;
  readonly deliveryId: string;
  readonly attemptId: string;
  readonly body: string;
  readonly now: number;
}

/** The headers of one attempt as the contract declares them, in its order; timestamp and signature are new each time. */
export function requestHeaders(
  contract: Contract,
  attempt: AttemptIdentity,
  keys: readonly KeyObject[],
): Record<string, string> {
  const timestamp = timestampText(contract.signature, attempt.now);
  const values: Record<Exclude<HeaderSource, "signature">, string> = {
    "event.id": attempt.eventId,
    "event.type": attempt.eventType,
    "delivery.id": attempt.deliveryId,
    "attempt.id": attempt.attemptId,
    timestamp,
  };
  const headers: Record<string, string> = {
    "content-type": "application/json",
    "user-agent": contract.userAgent,
  };
  for (const [name, source] of Object.entries(contract.headers)) {
    headers[name] =
      source === "signature"
        ? signatureText(contract.signature, { ...values, body: attempt.body }, keys)
        : values[source];
  }
  return headers;
}
