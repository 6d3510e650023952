import type { KeyObject } from "node:crypto";
import type { Contract, HeaderSource } from "../../catalog/contract.ts";
import type { OutboundRequest } from "../seams/outbound.ts";
import { masked, type KeptHeaders } from "./kept-headers.ts";
import { signatureText, timestampText } from "./signature.ts";

/** What the headers of one attempt are made from; `now` is the time of signing in milliseconds since 1970. */
export interface AttemptIdentity {
  /** Null of a batch, which has several, and such a header is not sent. */
  readonly eventId: string | null;
  readonly eventType: string | null;
  readonly endpointId: string;
  readonly deliveryId: string;
  readonly attemptId: string;
  /** From 1 within its delivery. */
  readonly attemptNumber: number;
  /** Left out of a batch, a question and a test, which have no place in the log, and such a header is not sent. */
  readonly position?: number;
  /** What the endpoint's owner configured for it. Null: nothing, and such a header is not sent. */
  readonly authorization: string | null;
  readonly body: string;
  readonly now: number;
}

/** An attempt about to be made. */
export interface AttemptRequest
  extends
    AttemptIdentity,
    Pick<OutboundRequest, "url" | "timeoutMs" | "responseBodyBytesMax">,
    Partial<Pick<OutboundRequest, "responseHeaders">> {
  /** All that count now, newest first: a secret that was replaced signs beside the new one while the overlap lasts. */
  readonly keys: readonly KeyObject[];
  /** What the endpoint's owner added. Left out: nothing. */
  readonly ownHeaders?: Readonly<Record<string, string>>;
  /** Left out: JSON. */
  readonly contentType?: string;
}

/**
 * The one maker of requests: whatever goes to a receiver, in any mode and also as a test, has its contract's headers,
 * every signature that counts, and its contract's own domains, to which nothing is sent.
 */
export function attemptRequest(contract: HeadersContract & Pick<Contract, "url">, attempt: AttemptRequest) {
  const { url, body, keys, ownHeaders, contentType, timeoutMs, responseBodyBytesMax, responseHeaders } = attempt;
  return {
    url,
    // What the owner added stands first: whatever the contract sends cannot be replaced.
    headers: {
      ...ownHeaders,
      ...requestHeaders(contract, attempt, keys),
      ...(contentType !== undefined && { "content-type": contentType }),
    },
    body,
    ownDomains: contract.url.ownDomains ?? [],
    timeoutMs,
    responseBodyBytesMax,
    ...(responseHeaders !== undefined && { responseHeaders }),
  } satisfies OutboundRequest;
}

type HeadersContract = Pick<Contract, "signature" | "headers" | "userAgent">;

/** The headers of one attempt as the contract declares them, in its order; timestamp and signature are new each time. */
export function requestHeaders(
  contract: HeadersContract,
  attempt: AttemptIdentity,
  keys: readonly KeyObject[],
): Record<string, string> {
  const { signature } = contract;
  return headersOf(contract, attempt, (timestamp) =>
    signature === null || timestamp === null
      ? null
      : signatureText(signature, { ...attempt, eventId: attempt.eventId ?? "", timestamp }, keys),
  );
}

/** The headers that an attempt had, by the contract as it is now. In place of what is secret stands `masked`. */
export function shownHeaders(
  contract: HeadersContract,
  attempt: Omit<AttemptIdentity, "body" | "authorization">,
  ownHeaders: KeptHeaders | null,
): Record<string, string> {
  const isSigned = contract.signature !== null;
  return {
    ...Object.fromEntries(ownHeaders?.fields ?? []),
    ...headersOf(contract, { ...attempt, authorization: null }, () => (isSigned ? masked : null)),
    "accept-encoding": "identity",
  };
}

function headersOf(
  contract: HeadersContract,
  attempt: Omit<AttemptIdentity, "body">,
  sign: (timestamp: string | null) => string | null,
): Record<string, string> {
  const { signature } = contract;
  const timestamp = signature === null ? null : timestampText(signature, attempt.now);
  const values: Record<Exclude<HeaderSource, "signature">, string | null> = {
    "event.id": attempt.eventId,
    "event.type": attempt.eventType,
    "event.position": attempt.position === undefined ? null : String(attempt.position),
    "delivery.id": attempt.deliveryId,
    "attempt.id": attempt.attemptId,
    "attempt.number": String(attempt.attemptNumber),
    "endpoint.id": attempt.endpointId,
    authorization: attempt.authorization,
    timestamp,
  };
  const headers: Record<string, string> = {
    "content-type": "application/json",
    "user-agent": contract.userAgent,
  };
  for (const [name, source] of Object.entries(contract.headers)) {
    const value = source === "signature" ? sign(timestamp) : values[source];
    if (value !== null) headers[name] = value;
  }
  return headers;
}
