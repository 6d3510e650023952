import type { KeyObject } from "node:crypto";
import type { Contract, HeaderSource } from "../../catalog/contract.ts";
import type { OutboundRequest } from "../seams/outbound.ts";
import { envelopeHeaders } from "./envelope.ts";
import { contentDigest, messageOf, messageSignature, signatureInput } from "./message-signature.ts";
import { signatureText, timestampText } from "./signature.ts";

/** What the headers of one attempt are made from; `now` is the time of signing in milliseconds since 1970. */
export interface AttemptIdentity {
  /** Null of a batch, which has several, and such a header is not sent. */
  readonly eventId: string | null;
  readonly eventType: string | null;
  /** Milliseconds since 1970. With the tenant it is left out of a batch, of which no header carries a field. */
  readonly eventTime?: number;
  readonly tenant?: string;
  readonly endpointId: string;
  readonly deliveryId: string;
  readonly attemptId: string;
  /** What the endpoint's owner configured for it. Null: nothing, and such a header is not sent. */
  readonly authorization: string | null;
  readonly body: string;
  readonly now: number;
  /** Left out: what the contract says, or JSON. */
  readonly contentType?: string;
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
}

/**
 * The one maker of requests: whatever goes to a receiver, in any mode and also as a test, has its contract's headers,
 * every signature that counts, and its contract's own domains, to which nothing is sent.
 */
export function attemptRequest(contract: HeadersContract & Pick<Contract, "url">, attempt: AttemptRequest) {
  const { url, body, keys, ownHeaders, timeoutMs, responseBodyBytesMax, responseHeaders } = attempt;
  return {
    url,
    // What the owner added stands first: whatever the contract sends cannot be replaced.
    headers: { ...ownHeaders, ...requestHeaders(contract, attempt, keys) },
    body,
    ownDomains: contract.url.ownDomains ?? [],
    timeoutMs,
    responseBodyBytesMax,
    ...(responseHeaders !== undefined && { responseHeaders }),
  } satisfies OutboundRequest;
}

type HeadersContract = Pick<Contract, "envelope" | "signature" | "headers" | "userAgent" | "contentType">;

/** The headers of one attempt as the contract declares them, in its order; timestamp and signature are new each time. */
export function requestHeaders(
  contract: HeadersContract,
  attempt: AttemptIdentity,
  keys: readonly KeyObject[],
): Record<string, string> {
  const { signature } = contract;
  const timestamp = signature === null ? null : timestampText(signature, attempt.now);
  const message = signature === null ? null : messageOf(signature);
  const [key] = keys;
  const values: Record<Exclude<HeaderSource, "signature">, string | null> = {
    "event.id": attempt.eventId,
    "event.type": attempt.eventType,
    "delivery.id": attempt.deliveryId,
    "attempt.id": attempt.attemptId,
    "endpoint.id": attempt.endpointId,
    authorization: attempt.authorization,
    timestamp,
    "signature-input": message === null || key === undefined ? null : signatureInput(message, timestamp ?? "", key),
    "content-digest": Object.values(contract.headers).includes("content-digest") ? contentDigest(attempt.body) : null,
  };
  const headers: Record<string, string> = {
    "content-type": attempt.contentType ?? contract.contentType ?? "application/json",
    "user-agent": contract.userAgent,
    ...carriedFields(contract, attempt),
  };
  for (const [name, source] of Object.entries(contract.headers)) {
    // A signature comes last, for it may be over the others, and keeps its place.
    const value = source === "signature" ? (signature === null ? null : "") : values[source];
    if (value !== null) headers[name] = value;
  }
  if (signature === null) return headers;
  const signed =
    message === null
      ? signatureText(signature, { ...attempt, eventId: attempt.eventId ?? "", timestamp }, keys)
      : key === undefined
        ? ""
        : messageSignature(message, inLowerCase(headers), timestamp ?? "", key);
  for (const [name, source] of Object.entries(contract.headers)) if (source === "signature") headers[name] = signed;
  return headers;
}

function inLowerCase(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

/** What headers carry in place of the body; a batch has no such fields. */
function carriedFields({ envelope }: HeadersContract, attempt: AttemptIdentity): Readonly<Record<string, string>> {
  const { eventId: id, eventType: type, eventTime: time, tenant, endpointId } = attempt;
  if (Object.values(envelope).every(({ header }) => header === undefined)) return {};
  if (id === null || type === null || time === undefined || tenant === undefined)
    throw new Error("A header carries a field of the envelope, and the request has no event of its own.");
  return envelopeHeaders(envelope, { id, type, time, tenant, endpointId, data: undefined, meta: undefined });
}
