import type { KeyObject } from "node:crypto";
import type { Contract, HeaderSource, Signature } from "../../catalog/contract.ts";
import type { OutboundRequest } from "../seams/outbound.ts";
import { envelopeHeaders } from "./envelope.ts";
import { masked, type KeptHeaders } from "./kept-headers.ts";
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
  /** From 1 within its delivery. */
  readonly attemptNumber: number;
  /** Left out of a batch, a question and a test, which have no place in the log, and such a header is not sent. */
  readonly position?: number;
  /** What the endpoint's owner configured for it. Null: nothing, and such a header is not sent. */
  readonly authorization: string | null;
  readonly body: string;
  /** As of `OutboundRequest`. */
  readonly bodyBytes?: Uint8Array | undefined;
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
  const { url, body, bodyBytes, keys, ownHeaders, timeoutMs, responseBodyBytesMax, responseHeaders } = attempt;
  return {
    url,
    // What the owner added stands first: whatever the contract sends cannot be replaced.
    headers: { ...ownHeaders, ...requestHeaders(contract, attempt, keys) },
    body,
    bodyBytes,
    ownDomains: contract.url.ownDomains ?? [],
    timeoutMs,
    responseBodyBytesMax,
    ...(responseHeaders !== undefined && { responseHeaders }),
  } satisfies OutboundRequest;
}

type HeadersContract = Pick<Contract, "envelope" | "signature" | "headers" | "userAgent" | "contentType">;

const signedOf = ({ eventId, body, bodyBytes }: AttemptIdentity) => ({
  eventId: eventId ?? "",
  body: bodyBytes ?? body,
});

/** The headers of one attempt as the contract declares them, in its order; timestamp and signature are new each time. */
export function requestHeaders(
  contract: HeadersContract,
  attempt: AttemptIdentity,
  keys: readonly KeyObject[],
): Record<string, string> {
  const { signature } = contract;
  const [key] = keys;
  return headersOf(contract, attempt, {
    digest: () => contentDigest(attempt.body),
    input: (timestamp) => {
      const message = signature === null ? null : messageOf(signature);
      return message === null || key === undefined ? null : signatureInput(message, timestamp ?? "", key);
    },
    sign: (headers, timestamp) =>
      signature === null ? null : signatureOf(signature, headers, { attempt, timestamp, keys }),
  });
}

/** The headers that an attempt had, by the contract as it is now. In place of what is secret stands `masked`. */
export function shownHeaders(
  contract: HeadersContract,
  attempt: Omit<AttemptIdentity, "body" | "authorization">,
  ownHeaders: KeptHeaders | null,
): Record<string, string> {
  const isSigned = contract.signature !== null;
  const hidden = () => (isSigned ? masked : null);
  return {
    ...Object.fromEntries(ownHeaders?.fields ?? []),
    ...headersOf(contract, { ...attempt, authorization: null }, { digest: hidden, input: hidden, sign: hidden }),
    "accept-encoding": "identity",
  };
}

/** Makes what takes a body or a key. Null: such a header is not sent. */
interface Makers {
  readonly digest: () => string | null;
  readonly input: (timestamp: string | null) => string | null;
  readonly sign: (headers: Readonly<Record<string, string>>, timestamp: string | null) => string | null;
}

function headersOf(
  contract: HeadersContract,
  attempt: Omit<AttemptIdentity, "body">,
  makers: Makers,
): Record<string, string> {
  const { signature } = contract;
  const timestamp = signature === null ? null : timestampText(signature, attempt.now);
  const headers: Record<string, string> = {
    "content-type": attempt.contentType ?? contract.contentType ?? "application/json",
    "user-agent": contract.userAgent,
  };
  addCarried(headers, contract, attempt);
  let signed: string | null = null;
  for (const [name, source] of Object.entries(contract.headers)) {
    if (source === "signature") signed = name;
    // The signature is made last, for it may be over the others, and keeps its place.
    const value = source === "signature" ? "" : headerValue(source, attempt, { timestamp, makers });
    if (value !== null) headers[name] = value;
  }
  if (signed === null) return headers;
  const text = makers.sign(headers, timestamp);
  if (text === null) delete headers[signed];
  else headers[signed] = text;
  return headers;
}

function headerValue(
  source: Exclude<HeaderSource, "signature">,
  attempt: Omit<AttemptIdentity, "body">,
  { timestamp, makers }: { readonly timestamp: string | null; readonly makers: Makers },
): string | null {
  switch (source) {
    case "event.id":
      return attempt.eventId;
    case "event.type":
      return attempt.eventType;
    case "event.position":
      return attempt.position === undefined ? null : String(attempt.position);
    case "delivery.id":
      return attempt.deliveryId;
    case "attempt.id":
      return attempt.attemptId;
    case "attempt.number":
      return String(attempt.attemptNumber);
    case "endpoint.id":
      return attempt.endpointId;
    case "authorization":
      return attempt.authorization;
    case "timestamp":
      return timestamp;
    case "content-digest":
      return makers.digest();
    case "signature-input":
      return makers.input(timestamp);
  }
}

interface Signing {
  readonly attempt: AttemptIdentity;
  readonly timestamp: string | null;
  readonly keys: readonly KeyObject[];
}

function signatureOf(
  signature: Signature,
  headers: Readonly<Record<string, string>>,
  { attempt, timestamp, keys }: Signing,
): string {
  const message = messageOf(signature);
  if (message === null) return signatureText(signature, { ...attempt, ...signedOf(attempt), timestamp }, keys);
  const [key] = keys;
  // A message has one signature.
  return key === undefined ? "" : messageSignature(message, inLowerCase(headers), timestamp ?? "", key);
}

function inLowerCase(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

/** Adds what headers carry in place of the body; a batch has no such fields. */
function addCarried(
  headers: Record<string, string>,
  { envelope }: HeadersContract,
  attempt: Omit<AttemptIdentity, "body">,
): void {
  if (!hasCarried(envelope)) return;
  const { eventId: id, eventType: type, eventTime: time, tenant, endpointId } = attempt;
  if (id === null || type === null || time === undefined || tenant === undefined)
    throw new Error("A header carries a field of the envelope, and the request has no event of its own.");
  Object.assign(headers, envelopeHeaders(envelope, { id, type, time, tenant, endpointId, data: undefined }));
}

function hasCarried(envelope: Contract["envelope"]): boolean {
  for (const key in envelope) if (envelope[key]?.header !== undefined) return true;
  return false;
}
