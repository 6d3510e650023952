/**
 * What a contract declares. A contract is one wire protocol as data: every way in which two systems differ is a field
 * here, and no code asks which contract it serves.
 */

/** Where an envelope field takes its value from. `data` is the event's payload, inserted as rendered. */
export type EnvelopeField = { readonly doc: string } & (
  | { readonly from: "event.id" | "event.type" | "tenant" | "data" }
  | { readonly from: "event.time"; readonly format: "iso-8601-ms" | "unix-ms" | "unix-seconds" }
  | { readonly constant: string }
);

/** What a request header carries. `timestamp` and `signature` are made anew for every attempt. */
export type HeaderSource = "event.id" | "event.type" | "delivery.id" | "attempt.id" | "timestamp" | "signature";

/** How a new identifier is made: the prefix, then a time-ordered UUID (RFC 9562 §5.7). */
export interface IdFormat {
  readonly prefix: string;
  readonly format: "uuid";
}

export interface Signature {
  readonly algorithm: "hmac-sha256";
  /** `utf8`: the whole secret as text. `base64-after-prefix`: the bytes that follow the secret's prefix. */
  readonly key: "utf8" | "base64-after-prefix";
  /** The parts that are signed, joined by a full stop. */
  readonly content: readonly ("delivery.id" | "event.id" | "timestamp" | "body")[];
  readonly encoding: "hex" | "base64" | "base64-unpadded";
  /** Stands before each signature in the header and pins the algorithm, `sha256=`. */
  readonly prefix: string;
  /** Stands between the parts of the header when it has several. */
  readonly separator: "," | " ";
  /** The signed time: in a header of its own, or inside the signature header behind `prefix`. */
  readonly timestamp: { readonly unit: "seconds" | "milliseconds" } & (
    { readonly carrier: "header" } | { readonly carrier: "signature"; readonly prefix: string }
  );
  readonly toleranceSeconds: number;
  /** `past` refuses only what is too old; `both` also what is too far in the future. */
  readonly toleranceSides: "past" | "both";
}

export interface Secret {
  readonly prefix: string;
  /** Random bytes in a new secret. */
  readonly bytes: number;
  readonly encoding: "hex" | "base64";
  /** `atomic`: from the answer of the rotation on, every attempt is signed with the new secret alone. */
  readonly rotation: "atomic";
}

/** Why an attempt ended without a response. */
export type AttemptFailure = "timeout" | "network_error" | "address_blocked";

/** A status, a class of statuses, or a failure without a response. */
export type OutcomeTrigger = number | "2xx" | "3xx" | "4xx" | "5xx" | AttemptFailure;

/**
 * One line of the outcome table; the first line that matches decides. `retry` goes on with the retry plan, `reject`
 * ends the delivery at once. `error` is the word for it in the delivery log.
 */
export interface OutcomeRule {
  readonly on: OutcomeTrigger | readonly OutcomeTrigger[];
  readonly then: "deliver" | "retry" | "reject";
  readonly error?: string;
}

/** The words this contract has for the states of a delivery. */
export interface DeliveryStates {
  readonly pending: string;
  readonly delivered: string;
  readonly rejected: string;
  readonly exhausted: string;
}

/** A contract in mode `push`: one event in one request, tried again until it is accepted or given up. */
export interface PushContract<Events = unknown> {
  /** Its name in code, in `hooks.<id>` and in the SDKs' paths. */
  readonly id: string;
  readonly title: string;
  /** Markdown. The first paragraph introduces the contract in every document. */
  readonly doc: string;
  readonly mode: "push";
  /** Who emits its events: the product, or Hookwright itself, whose events nobody else can emit. */
  readonly producer: "product" | "hookwright";
  /** `noun` names the tenant in documents; `example` is its id in examples. */
  readonly tenant: { readonly noun: string; readonly example: string };
  /** In the order of the wire. */
  readonly envelope: Readonly<Record<string, EnvelopeField>>;
  readonly ids: {
    readonly event: IdFormat;
    readonly endpoint: IdFormat;
    /** A delivery's id is its prefix and what identifies it: event, endpoint, and how often it was redelivered. */
    readonly delivery: { readonly prefix: string };
    /** An attempt's id is its prefix, its delivery and its number. */
    readonly attempt: { readonly prefix: string };
  };
  readonly headers: Readonly<Record<string, HeaderSource>>;
  readonly userAgent: string;
  readonly signature: Signature;
  readonly secret: Secret;
  /** One deadline for the whole exchange: name resolution, connection, request and response. */
  readonly timeoutSeconds: number;
  readonly outcomes: readonly OutcomeRule[];
  readonly states: DeliveryStates;
  /** The wait after each retryable failure; there is one attempt more than there are waits. */
  readonly retry: { readonly waitsSeconds: readonly number[] };
  /** Attempts in a row, over all deliveries of an endpoint, that may fail before it is disabled. */
  readonly disable: { readonly consecutiveFailures: number } | null;
  /** `wildcard` stands for every type, also those added later, and absorbs the others. */
  readonly subscription: { readonly wildcard: "*" };
  readonly url: { readonly schemes: readonly ("https" | "http")[]; readonly lengthMax: number };
  readonly log: {
    /** How much of a response's body an attempt keeps. */
    readonly responseBodyBytesMax: number;
    readonly pageDefault: number;
    readonly pageMax: number;
  };
  readonly examples: Examples<Events>;
}

/** Typed payloads by event type, each with a name. They are published, and every test of an SDK runs them. */
export type Examples<Events> = { readonly [Type in keyof Events]: Readonly<Record<string, Events[Type]>> };

export type Contract<Events = unknown> = PushContract<Events>;

/** Ties a map of event types, `{ "noun.verb_past": Data }`, to the wire contract that carries them. */
export function contract<Events>(declaration: Contract<Events>): Contract<Events> {
  return declaration;
}
