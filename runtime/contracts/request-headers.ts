import type { KeyObject } from "node:crypto";
import type { PushContract, HeaderSource } from "../../catalog/contract.ts";
import { signatureText, timestampText } from "./signature.ts";

/** What the headers of one attempt are made from; `now` is the time of signing in milliseconds since 1970. */
export interface AttemptIdentity {
  readonly eventId: string;
  readonly eventType: string;
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
  contract: Pick<PushContract, "signature" | "headers" | "userAgent">,
  attempt: AttemptIdentity,
  keys: readonly KeyObject[],
): Record<string, string> {
  const timestamp = timestampText(contract.signature, attempt.now);
  const values: Record<Exclude<HeaderSource, "signature">, string | null> = {
    "event.id": attempt.eventId,
    "event.type": attempt.eventType,
    "delivery.id": attempt.deliveryId,
    "attempt.id": attempt.attemptId,
    "endpoint.id": attempt.endpointId,
    authorization: attempt.authorization,
    timestamp,
  };
  const headers: Record<string, string> = {
    "content-type": "application/json",
    "user-agent": contract.userAgent,
  };
  for (const [name, source] of Object.entries(contract.headers)) {
    const value =
      source === "signature" ? signatureText(contract.signature, { ...attempt, timestamp }, keys) : values[source];
    if (value !== null) headers[name] = value;
  }
  return headers;
}
