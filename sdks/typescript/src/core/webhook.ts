import type { RawBody } from "./body.ts";
import { decodeRequest } from "./carried.ts";
import { type ChallengeAnswer, challengeAnswer, isChallenge } from "./challenge.ts";
import type { ReceiverContract } from "./contract.ts";
import { dispatcher, handledOnce, type HandlerOptions, type Handlers, type Parsed, withCarriedId } from "./dispatch.ts";
import { requestHandler, requireFallback, textResponse, type WebhookHandler } from "./handler.ts";
import type { HeaderSource } from "./headers.ts";
import { parseJson, textOf } from "./json.ts";
import { type Receiver, receiverOf, type Secrets, type SignOptions, type WebhookOptions } from "./receiver.ts";

export type { RawBody } from "./body.ts";
export type { ReceiverContract } from "./contract.ts";
export { dedupe, type DedupeStore, memoryStore, type Once } from "./dedupe.ts";
export type { HandlerOptions, Handlers, Parsed } from "./dispatch.ts";
export { WebhookError, type WebhookErrorCode } from "./errors.ts";
export type { WebhookHandler } from "./handler.ts";
export type { HeaderSource } from "./headers.ts";
export type { Secrets, SignOptions, WebhookOptions } from "./receiver.ts";
export type { WebhookRequest } from "./request.ts";

/** What an event of a type that the receiver does not know at least has. */
export interface UnknownType {
  rawType: string;
}

/** The receiver of a contract that sends each event in a request of its own. */
export interface Webhook<EventMap, Unknown, IdKey extends string = never> {
  /**
   * Checks a delivery and gives its event, with the id that a header carried where the event itself has none. An event
   * type, enum value or field that was added later is a value, never an error. Rejects with a `WebhookError`; see its codes.
   */
  verify(body: RawBody, headers: HeaderSource): Promise<EventMap[keyof EventMap] | Unknown>;
  /**
   * The event of a body that was verified before, by a queue's producer for instance. The headers of its request are
   * needed where they carry a part of the event. Throws a `WebhookError`.
   */
  parse(body: RawBody, headers?: HeaderSource): Parsed<EventMap[keyof EventMap] | Unknown, IdKey>;
  /** The headers that a sender with the first secret would send with this body; for tests. */
  sign(body: RawBody, options?: SignOptions): Promise<Record<string, string>>;
  /** Takes a Fetch `Request`, or what an adapter gives it: verifies it and calls the handler of its event, or the fallback. */
  handler(handlers: Handlers<EventMap>, options: HandlerOptions<EventMap[keyof EventMap] | Unknown>): WebhookHandler;
}

/** Throws a `WebhookError` with code secret_invalid, and a RangeError when an option is not a number or negative. */
export type WebhookConstructor<EventMap, Unknown, Credentials = Secrets, IdKey extends string = never> = new (
  credentials: Credentials,
  options?: WebhookOptions,
) => Webhook<EventMap, Unknown, IdKey>;

/**
 * The receiver of a contract. The types say what `contract` says; both are generated from one catalog. `EventMap` is an
 * interface from event type to event: looking a member up is cheap where narrowing a union is not. `IdKey` is the member
 * of an event that has its id from a header.
 */
export function defineWebhook<
  EventMap extends Record<keyof EventMap, object>,
  Unknown extends object = UnknownType,
  Credentials extends Secrets | null = Secrets,
  IdKey extends string = never,
>(contract: ReceiverContract): WebhookConstructor<EventMap, Unknown, Credentials, IdKey> {
  type Event = EventMap[keyof EventMap] | Unknown;

  return class implements Webhook<EventMap, Unknown, IdKey> {
    readonly #receiver: Receiver;

    constructor(credentials: Credentials, options?: WebhookOptions) {
      this.#receiver = receiverOf(contract, credentials, options);
    }

    async verify(body: RawBody, headers: HeaderSource): Promise<Event> {
      return withCarriedId(contract, eventOf(await this.#receiver.admit(body, headers), headers), headers);
    }

    parse(body: RawBody, headers: HeaderSource = {}): Parsed<Event, IdKey> {
      return eventOf(this.#receiver.bytesOf(body), headers) as Parsed<Event, IdKey>;
    }

    sign(body: RawBody, options?: SignOptions): Promise<Record<string, string>> {
      return this.#receiver.sign(body, options);
    }

    handler(handlers: Handlers<EventMap>, options: HandlerOptions<Event>): WebhookHandler {
      requireFallback(options);
      const handle = handledOnce(contract, dispatcher(contract, handlers, options.fallback), options.dedupe);
      return requestHandler<Event | ChallengeAnswer>({
        ...options,
        maxBodyBytes: this.#receiver.maxBodyBytes,
        verify: (body, headers) => this.#answerOrEvent(body, headers),
        respond: async (message, headers) => {
          if (isChallenge(message)) return Response.json(message.body);
          await handle(message, headers);
          return textResponse(200, "ok");
        },
      });
    }

    async #answerOrEvent(body: RawBody, headers: HeaderSource): Promise<Event | ChallengeAnswer> {
      if (contract.challenge === undefined) return this.verify(body, headers);
      const bytes = await this.#receiver.admit(body, headers);
      const answer = challengeAnswer(contract.challenge, parseJson(textOf(bytes)));
      return answer ?? withCarriedId(contract, eventOf(bytes, headers), headers);
    }
  };

  // The decoder checked the value against the descriptors, which are generated from the same model as the types.
  function eventOf(bytes: Uint8Array, headers: HeaderSource): Event {
    return decodeRequest(contract, parseJson(textOf(bytes)), headers) as unknown as Event;
  }
}
