import type { WithMeta } from "./vocabulary.ts";

/**
 * What a contract declares. A contract is one wire protocol as data: every way in which two systems differ is a field
 * here, and no code asks which contract it serves.
 */

/**
 * Where an envelope field takes its value from. `data` is the event's payload, inserted as rendered.
 *
 * `header` names the header that carries the field, in place of the body; receivers put its value into the event, under
 * the field's key, so that handlers do not see where it stood. What no header can hold (everything but visible ASCII),
 * the double quote and the percent sign are percent-encoded there (CloudEvents 1.0, HTTP binding §3.1.3.2). It is not
 * signed, unless it is the event's id and `content` names it. Not in mode `stream`: records have no headers.
 */
export type EnvelopeField = { readonly doc: string; readonly header?: string } & (
  | ({ readonly from: "event.id" | "event.type" | "tenant" } & GivenInData)
  | { readonly from: "endpoint.id" | "data" }
  | ({ readonly from: "event.time"; readonly format: "iso-8601-ms" | "unix-ms" | "unix-seconds" } & GivenInData)
  /** The members of the payload stand in the envelope itself, in place of this field, whose key is not sent. */
  | { readonly from: "data.members" }
  /** What an event type of `WithMeta<Data, Meta>` says beside its data; the other types do not have the field. */
  | { readonly from: "meta" }
  /**
   * Every event has this value. `others` is what a receiver makes of another one that comes later. Left out: an error.
   * `unknown`: an event that it does not know, as all of it may have another form. Where a batch is sent until it is
   * accepted, an error would hold up everything behind it for good.
   */
  | { readonly constant: string | number; readonly others?: "unknown" }
  | { readonly constant: boolean }
);

/**
 * What others made says of itself when it happened and what it is called. `given` names members of an `OpenRecord` that
 * stand in the envelope, and the first that is there is sent in place of Hookwright's own value. Of the type it has to
 * be the one that is emitted. Left out: data with a member of the field's name are refused.
 */
interface GivenInData {
  readonly given?: readonly string[];
}

/**
 * Texts that nobody gets to see. A member with one of these names, wherever in an event's data it stands and in whatever
 * case it is written, has `as` in place of its text before the event is stored; what is empty or made of asterisks alone
 * stays, and so does what is no text.
 */
export interface MaskRule {
  readonly members: readonly string[];
  readonly as: string;
}

/**
 * What a request header carries. `timestamp` and `signature` are made anew for every attempt; `authorization` is the
 * text that the endpoint's owner configured, and without one the header is not sent. `attempt.number` counts from 1 within
 * a delivery. `event.position` is the event's place in the log: by it a receiver sees which of two events was first, and how
 * many events all tenants have together, so only a contract whose receivers may know that should send it. Batches,
 * questions and test deliveries have no place in the log and go without it.
 */
export type HeaderSource =
  | "event.id"
  | "event.type"
  | "event.position"
  | "endpoint.id"
  | "delivery.id"
  | "attempt.id"
  | "attempt.number"
  | "timestamp"
  | "signature"
  /** What an `HttpMessage` says of its signature: the components, when it was made, and by which key. */
  | "signature-input"
  /** The SHA-256 of the body (RFC 9530). */
  | "content-digest"
  | "authorization";

/**
 * How a new identifier is made: the prefix, then a time-ordered UUID (RFC 9562 §5.7), a ULID, or 56 decimal digits that
 * grow with time.
 */
export interface IdFormat {
  readonly prefix: string;
  readonly format: "uuid" | "ulid" | "decimal-56";
}

/** A part of what is signed. `text` is signed as it is, `{ text: "v0" }`. */
export type SignedPart = "delivery.id" | "event.id" | "timestamp" | "body" | { readonly text: string };

/**
 * The request is signed as an HTTP message (RFC 9421): over header fields, and over the body by its digest. `label` names
 * the signature in its two headers; `components` are `@method`, which is always POST, and names of headers in small
 * letters, `content-digest` among them. A request has one such signature at a time.
 */
export interface HttpMessage {
  readonly label: string;
  readonly components: readonly string[];
}

/** What every signature declares, whatever its algorithm. */
type SignatureForm = SignatureText & SignedTime;

interface SignatureText {
  /** The parts that are signed, joined by `joint`, or the components of the message. */
  readonly content: readonly SignedPart[] | HttpMessage;
  /** Stands between the signed parts: `:`, or nothing at all. Left out: a full stop. */
  readonly joint?: string;
  /** Stands before each signature in the header and pins the algorithm, `sha256=`. */
  readonly prefix: string;
  /** Stands between the parts of the header when it has several. */
  readonly separator: "," | " ";
}

type SignedTime =
  | {
      /**
       * The signed time: in a header of its own, inside the signature header behind `prefix`, or as the parameter
       * `created` of an `HttpMessage`, which is in seconds.
       */
      readonly timestamp: { readonly unit: "seconds" | "milliseconds" } & (
        { readonly carrier: "header" | "message" } | { readonly carrier: "signature"; readonly prefix: string }
      );
      readonly toleranceSeconds: number;
      /** `past` refuses only what is too old; `both` also what is too far in the future. */
      readonly toleranceSides: "past" | "both";
    }
  /** No time is sent: a delivery that somebody kept verifies for ever, and only its id tells that it came before. */
  | { readonly timestamp: null };

/** Signed with a secret that sender and receiver share. */
export type HmacSignature = SignatureForm & {
  readonly algorithm: "hmac-sha256";
  /** `utf8`: the whole secret as text. `base64-after-prefix`: the bytes that follow the secret's prefix. */
  readonly key: "utf8" | "base64-after-prefix";
  readonly encoding: "hex" | "base64" | "base64-unpadded";
  /** A second signature over the same parts, with a key pair; a receiver takes either. */
  readonly beside?: BesideSignature;
};

/**
 * Signed with a key pair (RFC 8032). The secret is the private key and stays with the sender: its prefix, and the base64
 * of 32 random bytes and the 32 of the public key. Receivers verify with the public key, which is shown at any time.
 */
export type Ed25519Signature = SignatureForm & {
  readonly algorithm: "ed25519";
  readonly encoding: "base64";
  /** What a public key starts with, before its base64. */
  readonly publicKeyPrefix: string;
};

/** In base64, as an `Ed25519Signature` that stands alone; the private key begins with `secretPrefix`. */
export interface BesideSignature extends Pick<Ed25519Signature, "algorithm" | "prefix" | "publicKeyPrefix"> {
  readonly secretPrefix: string;
}

export type Signature = HmacSignature | Ed25519Signature;

/** With a shared secret and nothing beside it. */
export type SharedSignature = HmacSignature & { readonly beside?: never };

export interface Secret {
  readonly prefix: string;
  /** Random bytes in a new secret. */
  readonly bytes: number;
  /** The fewest that a receiver takes a secret with, so that one which is too short is found before it is used. Left out: any. */
  readonly bytesMin?: number;
  readonly encoding: "hex" | "base64" | "base64url";
  /** Whether each endpoint has secrets of its own, or all endpoints of a tenant share the tenant's keys. */
  readonly scope: "endpoint" | "tenant";
  readonly rotation: Rotation;
  /** What of a secret may be seen again after it was shown once, as a hash in hexadecimal digits. Left out: nothing. */
  readonly fingerprint?: "sha256";
}

/** What becomes of the secrets there were when a new one is made. Signatures stand newest first. */
export type Rotation =
  /** From the answer of the rotation on, every attempt is signed with the new secret alone. */
  | { readonly kind: "atomic" }
  /** For this long each attempt carries two signatures; `defaultSeconds` when the caller names no time. */
  | { readonly kind: "overlap"; readonly defaultSeconds: number; readonly maxSeconds: number }
  /** Every secret signs until it is revoked; there are at most so many. */
  | { readonly kind: "keys"; readonly activeMax: number };

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

export interface UrlRule {
  readonly schemes: readonly ("https" | "http")[];
  readonly lengthMax: number;
  /** Domains of the sender's own. To them and what is below them nothing is sent. */
  readonly ownDomains?: readonly string[];
}

export interface PushRetry {
  readonly waitsSeconds: readonly number[];
  /**
   * Each wait is up to so much of itself longer or shorter at random, 0.1 for a tenth, so that deliveries that failed
   * together do not come back together. Left out: the waits are exact.
   */
  readonly jitter?: number;
  /**
   * With an answer of 429 or 503 a receiver may ask for a longer wait, by `Retry-After` (RFC 9110 §10.2.3), up to so
   * many seconds; never for a shorter one. Null or left out: the waits are exact, whatever it asks for.
   */
  readonly retryAfter?: { readonly maxSeconds: number } | null;
}

/**
 * A circuit breaker for each endpoint. It opens when so many attempts in a row have failed, over all its deliveries, and
 * the last of them says that the endpoint itself is not well: no answer, 429, or a status from 500 on. While it is open
 * its deliveries wait, which uses up none of their attempts; after a pause one of them is tried. It closes as soon as the
 * endpoint answers otherwise, and what waited follows in the order in which it was due; or the pause doubles, up to the
 * longest.
 *
 * A wait of the retry plan is then the least and not the exact one, so that a contract whose table is exact has none.
 */
export interface BreakerRule {
  readonly consecutiveFailures: number;
  readonly firstSeconds: number;
  readonly maxSeconds: number;
}

/** What contracts of every mode declare. */
interface WireContract<Events> {
  /** Its name in code, in `hooks.<id>` and in the SDKs' paths. */
  readonly id: string;
  readonly title: string;
  /** Markdown. The first paragraph introduces the contract in every document. */
  readonly doc: string;
  /** Who emits its events: the product, or Hookwright itself, whose events nobody else can emit. */
  readonly producer: "product" | "hookwright";
  /**
   * `noun` names the tenant in documents; `example` is its id in examples. `member` is a member of the data that says it
   * too, wherever an event type has it: data of another tenant are refused. Left out: no member has to say it.
   */
  readonly tenant: { readonly noun: string; readonly example: string; readonly member?: string };
  /** Of `empty`, optional members of the data that are an empty list or object are left out at emit. Left out: nothing is. */
  readonly omits?: "empty";
  /** In the order of the wire. Of a batch, the envelope of each record. */
  readonly envelope: Readonly<Record<string, EnvelopeField>>;
  readonly ids: {
    readonly event: IdFormat;
    readonly endpoint: IdFormat;
    /** A delivery's id is its prefix and what identifies it: event, endpoint, and how often it was redelivered. */
    readonly delivery: { readonly prefix: string };
    /** An attempt's id is its prefix, its delivery and its number. */
    readonly attempt: { readonly prefix: string };
  };
  /** Left out: data are stored as they were emitted. */
  readonly masked?: MaskRule;
  readonly headers: Readonly<Record<string, HeaderSource>>;
  readonly userAgent: string;
  /** The media type of a body, `application/cloudevents+json`. Left out: that of JSON, or of JSON lines. */
  readonly contentType?: string;
  /** Null: requests are not signed. */
  readonly signature: Signature | null;
  /** Null when nothing is signed. */
  readonly secret: Secret | null;
  readonly url: UrlRule;
  /**
   * The most bytes that the body of a request has. An event that needs more is refused when it is emitted, and a batch
   * ends before the record that would not fit. Left out: what receivers take by default, 1 MiB, and 16 MiB of a batch.
   */
  readonly bodyBytesMax?: number;
  readonly examples: Examples<Events>;
}

/** A contract in mode `push`: one event in one request, tried again until it is accepted or given up. */
export interface PushContract<Events = unknown> extends WireContract<Events> {
  readonly mode: "push";
  readonly signature: Signature;
  readonly secret: Secret;
  /** One deadline for the whole exchange: name resolution, connection, request and response. */
  readonly timeoutSeconds: number;
  readonly outcomes: readonly OutcomeRule[];
  readonly states: DeliveryStates;
  /** The wait after each retryable failure; there is one attempt more than there are waits. */
  readonly retry: PushRetry;
  /** Left out: none. Every attempt is made when the retry plan says, to an endpoint that is dead as to any other. */
  readonly breaker?: BreakerRule;
  /** Attempts in a row, over all deliveries of an endpoint, that may fail before it is disabled. */
  readonly disable: { readonly consecutiveFailures: number } | null;
  /**
   * `wildcard` stands for every type, also those added later, and absorbs the others. With `prefixes`, `group.*` stands
   * for the types of a group. `default` is what an endpoint gets that names no events; left out: it has to name some.
   */
  readonly subscription: { readonly wildcard: "*"; readonly prefixes: boolean; readonly default?: "*" };
  readonly log: {
    /** How much of a response's body an attempt keeps. */
    readonly responseBodyBytesMax: number;
    readonly pageDefault: number;
    readonly pageMax: number;
  };
  /** Left out: an endpoint is not asked anything. */
  readonly challenge?: Challenge;
  /** Events that are appended together with others, in the same statement. */
  readonly companions?: readonly Companion[];
  /** Left out: endpoints are registered by their owner alone. */
  readonly subscribers?: SubscriberRule;
}

/**
 * Programs subscribe by themselves, over the Model Context Protocol: each subscription is an endpoint with one event type, a
 * secret that the subscriber brings, and an end, which it puts off by subscribing again. Nothing is sent to a URL before it
 * has answered a signed challenge.
 */
export interface SubscriberRule {
  /** Bounds of the time that a subscription is granted, and the time for a subscriber that asks for none. */
  readonly ttlSeconds: { readonly min: number; readonly default: number; readonly max: number };
  /** Bytes of a subscriber's secret; the fewest are the secret's `bytesMin`, or its `bytes`. */
  readonly secretBytesMax: number;
  /** How long a URL that has answered a challenge is asked for no other one by the same subscriber. */
  readonly provenSeconds: number;
  /** Subscriptions of a tenant at the same time. */
  readonly subscriptionsMax: number;
}

/**
 * An endpoint is made disabled, and asked for a challenge when it is enabled, and when it has another URL while it is: it
 * has to give a random text back, or the change is refused. The question is signed like any request, so that the receiver
 * has to have the secret first. Receivers' handlers answer it by themselves.
 */
export interface Challenge {
  /** The question's members in their order; by its constants a receiver tells it from an event. */
  readonly body: Readonly<Record<string, { readonly constant: string } | { readonly from: "challenge" }>>;
  /** The member of the answer, a JSON object, that has to be the text. The text alone is an answer too. */
  readonly answer: string;
}

/**
 * With each event of type `of`, and where `when` is given only if that field of its data has one of the values, an event
 * of type `emits` of this contract is appended as well: for the same tenant, at the same time, in the same statement,
 * and with an id of its own. A repeat of the first by its idempotency key is a repeat of this one too. A companion has
 * its own companions, and none leads back to a type that it comes from.
 *
 * `contract` names the contract of `of` where it is another one, so that what happens to an endpoint (contract
 * `hookwright`) is told in the words of the contract that the endpoint is of.
 */
export interface Companion {
  readonly of: string;
  readonly contract?: string;
  readonly when?: { readonly field: string; readonly in: readonly string[] };
  readonly emits: string;
  readonly data:
    /** The first event's data, byte for byte, and in front of them what `adds` says. */
    | { readonly kind: "same"; readonly adds: Readonly<Record<string, string | number | boolean>> }
    /**
     * These fields in this order: a constant each, or the value of that field of the first event's data, and `otherwise`
     * where that has none.
     */
    | { readonly kind: "made"; readonly fields: Readonly<Record<string, CompanionField>> };
}

export type CompanionField =
  | { readonly constant: string | number | boolean | null }
  | { readonly from: string; readonly otherwise?: string | number | boolean | null };

/**
 * A contract in mode `stream`: a cursor of the endpoint's own over the events of its tenant, sent in batches. A batch
 * is frozen once it was sent, one is under way at a time, and none is passed over.
 */
export interface StreamContract<Events = unknown> extends WireContract<Events> {
  readonly mode: "stream";
  /** Shared secrets alone: a tenant's signing keys are made and shown as such. */
  readonly signature: SharedSignature | null;
  readonly batch: {
    /** An object with the records in one member, a bare array, or one JSON text in each line. */
    readonly body: { readonly kind: "object"; readonly member: string } | { readonly kind: "array" | "lines" };
    /** Left out: a record stands in the body as it is. */
    readonly record?: RecordWrapper;
    readonly recordsMax: number;
    /** Whether the owner may have each record sent alone, as the body itself, and how many at once. Null: no. */
    readonly single: { readonly concurrencyDefault: number } | null;
  };
  /** How old an event has to be before it is sent; the owner sets it. */
  readonly delay: { readonly defaultSeconds: number };
  /** When batches are sent: `continuously`, or by a schedule with six fields, the first of which is seconds. */
  readonly schedule: { readonly kind: "continuously" } | { readonly kind: "cron"; readonly default: string };
  readonly timeoutSeconds: number;
  readonly outcomes: readonly OutcomeRule[];
  readonly retry: StreamRetry;
  /**
   * By what an owner may choose among the records. `levels-and-types`: of a level or above, or one of the types. A name
   * of `categories` stands for its types wherever an owner names types; left out: there are none.
   */
  readonly filter:
    | { readonly kind: "none" }
    | {
        readonly kind: "levels-and-types";
        readonly exceptByDefault: readonly string[];
        readonly categories?: Readonly<Record<string, readonly string[]>>;
      };
  /** The settings of a stream, by the name that this contract gives them. Names match without regard to case. */
  readonly settings: Readonly<Record<string, StreamSetting>>;
  /** What is told about runs, in a chat, to the setting `notice-url`. Left out: nothing. */
  readonly notice?: StreamNotice;
}

/**
 * Each record stands in an object of its own, in a batch and alone: the event's id in the member `id`, and the event in
 * the member `member`, `{"log_id":"…","data":{…}}`. The event itself, as it is kept and signed, is the same without it. A
 * receiver takes out the event and reads nothing else of the wrapper, so that its id is not compared with the event's.
 *
 * D-AUTH0-08 is the reason for it. The page it follows names both members and shows no line, so that the shape is this
 * project's reading of it.
 */
export interface RecordWrapper {
  readonly id: string;
  readonly member: string;
}

/** A notice is posted after a run that failed, and after every run where the owner wants it so. */
export interface StreamNotice {
  /** Who posts it. */
  readonly username: string;
  readonly icon: string;
  /** Stands before `Success`, `Error` or `Daily Report`. */
  readonly title: string;
  readonly colors: { readonly success: string; readonly error: string };
  /** The hour of the day, in UTC, from which the report of the day is posted, once. */
  readonly dailyReportHour: number;
}

export type StreamRetry =
  /** Without end: waits that double from the first to the longest, each with so much of itself more or less at random. */
  | { readonly kind: "endless"; readonly firstSeconds: number; readonly maxSeconds: number; readonly jitter: number }
  /**
   * At once, so many times in a run and while its budget of time lasts; `onExhausted` says whether the batch is then
   * passed over or sent again by the next run.
   */
  | {
      readonly kind: "per-run";
      readonly retriesMax: number;
      readonly budgetSeconds: number;
      readonly onExhausted: "skip" | "hold";
    };

export type StreamSetting =
  | "url"
  | "authorization"
  | "schedule"
  | "delay"
  | "batch-size"
  | "send-as-batch"
  | "concurrency"
  | "start-from"
  | "level"
  | "types"
  | "notice-url"
  | "notice-on-success";

/** A contract in mode `action`: a question that is asked once and answered with a verdict. */
export interface ActionContract<
  Events = Record<string, unknown>,
  Verdict = Record<string, unknown>,
> extends WireContract<Events> {
  readonly mode: "action";
  /** A shared secret: the receiver signs its answer with it. */
  readonly signature: SharedSignature;
  readonly secret: Secret;
  /** One deadline for the whole exchange; the owner of an action sets it within these bounds. */
  readonly timeoutMs: { readonly default: number; readonly min: number; readonly max: number };
  readonly triggers: { readonly [Type in keyof Events]: Trigger };
  readonly verdict: VerdictRule<Verdict>;
  /** How many actions of a project may be asked at one trigger. Left out: any number. */
  readonly activeMax?: number;
  /** The name of the example, of each trigger, that a test question asks with. Left out: there are none. */
  readonly testExample?: string;
  /** What holds when there is no verdict: `open` lets it go on, `closed` stops it. */
  readonly failMode: { readonly default: "open" | "closed" };
  /** The words this contract has for what a question came to. */
  readonly statuses: Readonly<Record<ActionStatus, string>>;
  readonly killSwitch: {
    /** Over the window, and looked at with every so many questions. */
    readonly errorRate: number;
    readonly timeoutRate: number;
    readonly windowSeconds: number;
    readonly evaluateEvery: number;
    /** In a row, whatever the time. */
    readonly serverErrorsMax: number;
  };
  /** Questions that the log of an action keeps, and gives at most. */
  readonly log: { readonly invocationsMax: number };
}

/** `informational`: the answer changes nothing. */
export interface Trigger {
  readonly answer: "decides" | "decides-and-overrides" | "informational";
}

/** How a verdict is read. The names are those of the verdict's members. */
export interface VerdictRule<Verdict> {
  readonly decision: keyof Verdict & string;
  /** The decision that stops it. Everything else, an empty body among it, lets it go on. */
  readonly denies: string;
  readonly code: keyof Verdict & string;
  readonly reason: keyof Verdict & string;
  /** What an answer may override, where the trigger takes overrides. */
  readonly overrides: { readonly [Member in keyof Verdict & string]?: OverrideRule };
  readonly bytesMax: number;
  /** Signed like the request, with the same secret, when the receiver sends this header. */
  readonly signatureHeader: string;
}

export interface OverrideRule {
  /** Keys of it that are dropped without a word. */
  readonly reserved: readonly string[];
  /** The tenant's setting without which it is dropped. */
  readonly setting?: string;
  /** The tenant's list of values that are known; others are dropped, and where none is left, the whole of it. */
  readonly known?: string;
}

/** In the order of precedence: of two that fit, the first. */
export type ActionStatus =
  | "killed"
  | "address_blocked"
  | "network_error"
  | "timeout"
  | "http_error"
  | "invalid_response"
  | "invalid_signature"
  | "denied"
  | "allowed";

/** Typed payloads by event type, each with a name. They are published, and every test of an SDK runs them. */
export type Examples<Events> = { readonly [Type in keyof Events]: Readonly<Record<string, ExampleOf<Events[Type]>>> };

/** An example of an event type with a meta is both: `{ data, meta }`. */
export type ExampleOf<Value> =
  Value extends WithMeta<infer Data, infer Meta>
    ? { readonly data: Given<Data>; readonly meta: Given<Meta> }
    : Given<Value>;

/** In TypeScript an object without the optional field `toString` has one all the same: the function it inherits. */
type Given<Value> = keyof Value & keyof Object extends never
  ? Value
  : { [Name in keyof Value]: Name extends keyof Object ? Value[Name] | Object[Name] : Value[Name] };

export type Contract<Events = unknown> = PushContract<Events> | StreamContract<Events> | ActionContract;

/** Ties a map of event types, `{ "noun.verb_past": Data }`, to the wire contract that carries them. */
export function contract<Events>(declaration: PushContract<Events>): PushContract<Events>;
export function contract<Events>(declaration: StreamContract<Events>): StreamContract<Events>;
export function contract<Events, Verdict>(
  declaration: ActionContract<Events, Verdict>,
): ActionContract<Events, Verdict>;
export function contract<Declaration>(declaration: Declaration): Declaration {
  return declaration;
}
