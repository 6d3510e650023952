import type { RawBody } from "./body.ts";
import { decodeRequest } from "./carried.ts";
import type { ReceiverContract } from "./contract.ts";
import { dispatcher, ownText, type Parsed, withCarriedId } from "./dispatch.ts";
import { type ErrorOptions, requestHandler, requireFallback, type WebhookHandler } from "./handler.ts";
import type { HeaderSource } from "./headers.ts";
import { parseJson, textOf } from "./json.ts";
import { type Receiver, receiverOf, type Secrets, type SignOptions, type WebhookOptions } from "./receiver.ts";
import { type Allow, type AnyVerdict, type Deny, verdictBody, verdictRule } from "./verdict.ts";
import type { UnknownType } from "./webhook.ts";

export { WebhookError, type WebhookErrorCode } from "./errors.ts";
export { type Allow, type Deny, type Override, verdicts, type Verdicts } from "./verdict.ts";

/** Handlers by trigger. Each gives a verdict of those that its trigger takes; nothing at all means `allow()`. */
export type ActionHandlers<EventMap, VerdictMap extends Record<keyof EventMap, unknown>> = {
  readonly [Type in keyof EventMap]?: (
    event: EventMap[Type],
  ) => VerdictMap[Type] | void | Promise<VerdictMap[Type] | void>;
};

export interface ActionOptions<Event> extends ErrorOptions {
  /** Answers what has no handler, triggers that were added later among it. */
  readonly fallback: (event: Event) => Allow | Deny | void | Promise<Allow | Deny | void>;
  /** `true` signs each answer with the first secret, so that nothing in between can change it. Left out, none is signed. */
  readonly signResponses?: boolean;
}

/** What to answer with status 200. */
export interface Answer {
  readonly body: string;
  readonly headers: Record<string, string>;
}

/** The receiver of a contract that asks and waits for the verdict. */
export interface ActionWebhook<EventMap, VerdictMap, Unknown, IdKey extends string = never> {
  /** Checks a request and gives what is asked. Rejects with a `WebhookError`; see its codes. */
  verify(body: RawBody, headers: HeaderSource): Promise<EventMap[keyof EventMap] | Unknown>;
  /**
   * What is asked by a body that was verified before. The headers of its request are needed where they carry a part of
   * it. Throws a `WebhookError`.
   */
  parse(body: RawBody, headers?: HeaderSource): Parsed<EventMap[keyof EventMap] | Unknown, IdKey>;
  /** The headers that a sender with the first secret would send with this body; for tests. */
  sign(body: RawBody, options?: SignOptions): Promise<Record<string, string>>;
  /**
   * The answer that says a verdict, for servers that do not use `handler`. Its body has to be sent as it is: a line break
   * behind it breaks its signature. Rejects with a `WebhookError`, verdict_invalid, when the trigger does not allow it.
   */
  answer<Type extends keyof EventMap & keyof VerdictMap & string>(
    trigger: Type,
    verdict: VerdictMap[Type],
    options?: { readonly sign?: boolean },
  ): Promise<Answer>;
  /** Takes a Fetch `Request`, or what an adapter gives it: verifies it and answers with the verdict of its handler. */
  handler(
    handlers: ActionHandlers<EventMap, VerdictMap & Record<keyof EventMap, unknown>>,
    options: ActionOptions<EventMap[keyof EventMap] | Unknown>,
  ): WebhookHandler;
}

/** Throws a `WebhookError` with code secret_invalid, and a RangeError when an option is not a number or negative. */
export type ActionConstructor<
  EventMap,
  VerdictMap,
  Unknown,
  Credentials = Secrets,
  IdKey extends string = never,
> = new (credentials: Credentials, options?: WebhookOptions) => ActionWebhook<EventMap, VerdictMap, Unknown, IdKey>;

/** The receiver of a contract in mode `action`; see `defineWebhook`. `VerdictMap` is what each trigger takes. */
export function defineAction<
  EventMap extends Record<keyof EventMap, object>,
  VerdictMap extends Record<keyof EventMap, AnyVerdict>,
  Unknown extends object = UnknownType,
  Credentials extends Secrets | null = Secrets,
  IdKey extends string = never,
>(contract: ReceiverContract): ActionConstructor<EventMap, VerdictMap, Unknown, Credentials, IdKey> {
  type Event = EventMap[keyof EventMap] | Unknown;
  const { signatureHeader } = verdictRule(contract);

  return class implements ActionWebhook<EventMap, VerdictMap, Unknown, IdKey> {
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

    answer(trigger: string, verdict: AnyVerdict, options: { readonly sign?: boolean } = {}): Promise<Answer> {
      return this.#answer(trigger, verdict, options.sign === true);
    }

    handler(
      handlers: ActionHandlers<EventMap, VerdictMap & Record<keyof EventMap, unknown>>,
      options: ActionOptions<Event>,
    ): WebhookHandler {
      requireFallback(options);
      const decide = dispatcher<Event, unknown>(contract, handlers, options.fallback);
      return requestHandler<Event>({
        ...options,
        maxBodyBytes: this.#receiver.maxBodyBytes,
        verify: (body, headers) => this.verify(body, headers),
        respond: async (event) => {
          const verdict = ((await decide(event)) ?? { decision: "allow" }) as AnyVerdict;
          const trigger = ownText(event, "rawType") ?? ownText(event, contract.typeKey) ?? "";
          const { body, headers } = await this.#answer(trigger, verdict, options.signResponses === true);
          return new Response(body, { headers });
        },
      });
    }

    async #answer(trigger: string, verdict: AnyVerdict, sign: boolean): Promise<Answer> {
      const body = verdictBody(contract, trigger, verdict);
      const signed = sign ? await this.#receiver.signAnswer(body, signatureHeader) : {};
      return { body, headers: { "content-type": "application/json", ...signed } };
    }
  };

  // The decoder checked the value against the descriptors, which are generated from the same model as the types.
  function eventOf(bytes: Uint8Array, headers: HeaderSource): Event {
    return decodeRequest(contract, parseJson(textOf(bytes)), headers) as unknown as Event;
  }
}
