import { decodeBatch } from "./batch.ts";
import type { RawBody } from "./body.ts";
import type { ReceiverContract } from "./contract.ts";
import { dispatcher, handledOnce, type HandlerOptions, type Handlers } from "./dispatch.ts";
import { requestHandler, requireFallback, textResponse, type WebhookHandler } from "./handler.ts";
import type { HeaderSource } from "./headers.ts";
import { type Receiver, receiverOf, type Secrets, type SignOptions, type WebhookOptions } from "./receiver.ts";
import type { UnknownType } from "./webhook.ts";

export { WebhookError, type WebhookErrorCode } from "./errors.ts";
export type { Authorization } from "./authorization.ts";

/** The records of one request, in the order in which they were sent. A record that came alone is a batch of one. */
export interface Batch<Record> {
  readonly records: readonly Record[];
}

/** The receiver of a contract that sends its records in batches. */
export interface StreamWebhook<EventMap, Unknown> {
  /**
   * Checks a request and gives its records. A type, enum value or field that was added later is a value, never an error;
   * one malformed record refuses the batch. Rejects with a `WebhookError`; see its codes.
   */
  verify(body: RawBody, headers: HeaderSource): Promise<Batch<EventMap[keyof EventMap] | Unknown>>;
  /** The records of a body that was verified before. Throws a `WebhookError`. */
  parse(body: RawBody): Batch<EventMap[keyof EventMap] | Unknown>;
  /** The headers that a sender with the first secret would send with this body; for tests. */
  sign(body: RawBody, options?: SignOptions): Promise<globalThis.Record<string, string>>;
  /**
   * Takes a Fetch `Request`, or what an adapter gives it: verifies it and calls the handler of each record, or the
   * fallback, one after the other. When one throws, the answer is 500 and the whole batch is sent again: give `dedupe`,
   * or handle records so that a repetition does no harm.
   */
  handler(handlers: Handlers<EventMap>, options: HandlerOptions<EventMap[keyof EventMap] | Unknown>): WebhookHandler;
}

/** Throws a `WebhookError` with code secret_invalid, and a RangeError when an option is not a number or negative. */
export type StreamConstructor<EventMap, Unknown, Credentials = Secrets> = new (
  credentials: Credentials,
  options?: WebhookOptions,
) => StreamWebhook<EventMap, Unknown>;

/** The receiver of a contract in mode `stream`; see `defineWebhook`. */
export function defineStream<
  EventMap extends Record<keyof EventMap, object>,
  Unknown extends object = UnknownType,
  Credentials extends Secrets | null = Secrets,
>(contract: ReceiverContract): StreamConstructor<EventMap, Unknown, Credentials> {
  type Event = EventMap[keyof EventMap] | Unknown;

  return class implements StreamWebhook<EventMap, Unknown> {
    readonly #receiver: Receiver;

    constructor(credentials: Credentials, options?: WebhookOptions) {
      this.#receiver = receiverOf(contract, credentials, options);
    }

    async verify(body: RawBody, headers: HeaderSource): Promise<Batch<Event>> {
      return batchOf(await this.#receiver.admit(body, headers));
    }

    parse(body: RawBody): Batch<Event> {
      return batchOf(this.#receiver.bytesOf(body));
    }

    sign(body: RawBody, options?: SignOptions): Promise<Record<string, string>> {
      return this.#receiver.sign(body, options);
    }

    handler(handlers: Handlers<EventMap>, options: HandlerOptions<Event>): WebhookHandler {
      requireFallback(options);
      const handle = handledOnce(contract, dispatcher(contract, handlers, options.fallback), options.dedupe);
      return requestHandler<Batch<Event>>({
        ...options,
        maxBodyBytes: this.#receiver.maxBodyBytes,
        verify: (body, headers) => this.verify(body, headers),
        respond: async ({ records }, headers) => {
          for (const record of records) await handle(record, headers);
          return textResponse(200, "ok");
        },
      });
    }
  };

  // The decoder checked the values against the descriptors, which are generated from the same model as the types.
  function batchOf(bytes: Uint8Array): Batch<Event> {
    return { records: decodeBatch(contract, bytes) as unknown as Event[] };
  }
}
