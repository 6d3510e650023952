import { bodyBytes, type RawBody } from "./body.ts";
import type { ReceiverContract } from "./contract.ts";
import { decodeEvent } from "./decode.ts";
import { type HandlerOptions, requestHandler } from "./handler.ts";
import type { HeaderSource } from "./headers.ts";
import { keysOf } from "./secrets.ts";
import { signatureHeaders, verifySignature } from "./signature.ts";

export type { RawBody } from "./body.ts";
export type { ReceiverContract } from "./contract.ts";
export { WebhookError, type WebhookErrorCode } from "./errors.ts";
export type { HandlerOptions } from "./handler.ts";
export type { HeaderSource } from "./headers.ts";

export interface WebhookOptions {
  /** Seconds that the signed time may differ from the clock. Left out, what the contract declares. */
  readonly tolerance?: number;
  /** Larger bodies are refused before anything else is done with them. Left out, 1 MiB. */
  readonly maxBodyBytes?: number;
  /** The clock, in milliseconds since 1970-01-01T00:00:00Z. Left out, `Date.now`. */
  readonly now?: () => number;
}

export interface SignOptions {
  /** The signed identifier, where the contract has one. Left out, a new one. */
  readonly id?: string;
  /** The signed time, in milliseconds as `now` gives it. Left out, now. */
  readonly timestamp?: number;
}

/** Event type to its event, as an interface: looking a member up is cheap where narrowing a union is not. */
export type EventTypes<EventMap> = Record<keyof EventMap, { type: string }>;

/** What an event of a type that the receiver does not know at least has. */
export interface UnknownType {
  type: "$unknown";
  rawType: string;
}

/** Handlers by event type. What they return is ignored; a promise is awaited. */
export type Handlers<EventMap> = { readonly [Type in keyof EventMap]?: (event: EventMap[Type]) => unknown };

export interface Webhook<EventMap, Unknown> {
  /**
   * Checks a delivery and gives its event. An event type, enum value or field that was added later is a value, never an
   * error. Rejects with a `WebhookError`; see its codes.
   */
  verify(body: RawBody, headers: HeaderSource): Promise<EventMap[keyof EventMap] | Unknown>;
  /** The event of a body that was verified before, by a queue's producer for instance. Throws a `WebhookError`. */
  parse(body: RawBody): EventMap[keyof EventMap] | Unknown;
  /** The headers that a sender with the first secret would send with this body; for tests. */
  sign(body: RawBody, options?: SignOptions): Promise<Record<string, string>>;
  /** A Fetch API handler: verifies the request and calls the handler of its event, or the fallback. */
  handler(
    handlers: Handlers<EventMap>,
    options: HandlerOptions<EventMap[keyof EventMap] | Unknown>,
  ): (request: Request) => Promise<Response>;
}

/**
 * One secret, or several while one replaces another: a delivery is accepted when any of them signed it. Throws a
 * `WebhookError` with code secret_invalid, and a RangeError when an option is not a number or negative.
 */
export type WebhookConstructor<EventMap, Unknown> = new (
  secrets: string | undefined | readonly string[],
  options?: WebhookOptions,
) => Webhook<EventMap, Unknown>;

/** The receiver of a contract. The types say what `contract` says; both are generated from one catalog. */
export function defineWebhook<
  EventMap extends EventTypes<EventMap>,
  Unknown extends { type: "$unknown" } = UnknownType,
>(contract: ReceiverContract): WebhookConstructor<EventMap, Unknown> {
  type Event = EventMap[keyof EventMap] | Unknown;
  const scheme = contract.signature;

  return class implements Webhook<EventMap, Unknown> {
    readonly #keys: ReturnType<typeof keysOf>;
    readonly #options: Required<WebhookOptions>;

    constructor(secrets: string | undefined | readonly string[], options: WebhookOptions = {}) {
      this.#keys = keysOf(secrets, scheme);
      this.#options = {
        tolerance: notNegative("tolerance", options.tolerance ?? scheme.toleranceSeconds),
        maxBodyBytes: notNegative("maxBodyBytes", options.maxBodyBytes ?? 1024 * 1024),
        now: options.now ?? Date.now,
      };
    }

    async verify(body: RawBody, headers: HeaderSource): Promise<Event> {
      const { tolerance, maxBodyBytes, now } = this.#options;
      const bytes = bodyBytes(body, maxBodyBytes);
      await verifySignature(scheme, this.#keys, { body: bytes, headers, nowMs: now(), toleranceSeconds: tolerance });
      return eventOf(bytes);
    }

    parse(body: RawBody): Event {
      return eventOf(bodyBytes(body, this.#options.maxBodyBytes));
    }

    async sign(body: RawBody, options: SignOptions = {}): Promise<Record<string, string>> {
      const [key] = this.#keys;
      if (key === undefined) throw new Error("A webhook has at least one secret.");
      const id = options.id ?? `msg_${crypto.randomUUID()}`;
      const timestampMs = options.timestamp ?? this.#options.now();
      const request = { body: bodyBytes(body, Infinity), id, timestampMs };
      return signatureHeaders(scheme, key, request);
    }

    handler(handlers: Handlers<EventMap>, options: HandlerOptions<Event>): (request: Request) => Promise<Response> {
      if (typeof options?.fallback !== "function") {
        throw new TypeError("handler() expects { fallback } as its second argument: it gets what has no handler.");
      }
      const byType = new Map<string, unknown>(Object.entries(handlers));
      return requestHandler<Event>({
        ...options,
        verify: (body, headers) => this.verify(body, headers),
        // Handlers<EventMap> pairs each type with a handler of its event, which a lookup by `type` cannot express.
        handlerOf: (event) => byType.get(event.type) as ((event: Event) => unknown) | undefined,
        maxBodyBytes: this.#options.maxBodyBytes,
      });
    }
  };

  // The decoder checked the value against the descriptors, which are generated from the same model as the types.
  function eventOf(bytes: Uint8Array): Event {
    return decodeEvent(contract, bytes) as unknown as Event;
  }
}

// NaN, from an unset environment variable for instance, would switch a limit off without a word.
function notNegative(name: string, value: number): number {
  if (value >= 0) return value;
  throw new RangeError(`${name}: expected a number that is not negative, got ${value}.`);
}
