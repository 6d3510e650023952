/** The one way out of this process to a subscriber. `outbound/` implements it. */

/**
 * A right to send that may end before the exchange does. Once it is over, no byte of a request leaves any more; when it
 * aborts, the exchange under way is ended. Either is a `timeout`.
 */
export interface SendingRight {
  /** Asked right before the first byte leaves. */
  readonly isOver: () => boolean;
  readonly signal: AbortSignal;
}

export interface OutboundRequest {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The bytes of the body, where several requests share them. Left out: each makes its own. */
  readonly bodyBytes?: Uint8Array | undefined;
  /** Domains to which, and to what is below them, nothing is sent: the sender's own. None, unless given. */
  readonly ownDomains?: readonly string[];
  /** One deadline for all of it: name resolution, connection, request and response. */
  readonly timeoutMs: number;
  /** What it is sent by. Left out: nothing that could end. */
  readonly right?: SendingRight;
  /** How much of the response's body to hand back. */
  readonly responseBodyBytesMax: number;
  /** Names of headers of the response to hand back, in lower case, or all of them. Left out: none. */
  readonly responseHeaders?: readonly string[] | "all";
}

/**
 * What an exchange came to. A redirect is a response like any other and is never followed. `detail` is for the
 * operator's log alone: it may name addresses inside the network.
 */
export type Exchange = { readonly durationMs: number } & (
  | {
      readonly kind: "response";
      readonly status: number;
      readonly body: Uint8Array | null;
      /** Those that were asked for and came, by names in lower case; the values of one that came twice are joined by a comma and a space. */
      readonly headers?: Readonly<Record<string, string>>;
      /** How long it asks to wait, with 429 or 503. Left out: it does not ask. */
      readonly retryAfterMs?: number;
    }
  | { readonly kind: "timeout" | "network_error" | "address_blocked"; readonly detail: string }
);

export interface Outbound {
  /** POSTs and never throws. */
  readonly send: (request: OutboundRequest) => Promise<Exchange>;
  /** Closes idle connections and waits for what is under way. */
  readonly close: () => Promise<void>;
}
