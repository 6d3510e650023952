import type { WithMeta } from "./vocabulary.ts";

/**
 * What a contract declares. A contract is one wire protocol as data: every way in which two systems differ is a field
 * here, and no code asks which contract it serves.
 */

/** Where an envelope field takes its value from. `data` is the event's payload, inserted as rendered. */
export type EnvelopeField = { readonly doc: string } & (
  | { readonly from: "event.id" | "event.type" | "tenant" | "endpoint.id" | "data" }
  | { readonly from: "event.time"; readonly format: "iso-8601-ms" | "unix-ms" | "unix-seconds" }
  /** The members of the payload stand in the envelope itself, in place of this field, whose key is not sent. */
  | { readonly from: "data.members" }
  /** What an event type of `WithMeta<Data, Meta>` says beside its data; the other types do not have the field. */
  | { readonly from: "meta" }
  | { readonly constant: string | number }
);

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
  | "authorization";

/**
 * How a new identifier is made: the prefix, then a time-ordered UUID (RFC 9562 §5.7), a ULID, or 56 decimal digits that
 * grow with time.
 */
export interface IdFormat {
  readonly prefix: string;
  readonly format: "uuid" | "ulid" | "decimal-56";
}

/** What every signature declares, whatever its algorithm. */
interface SignatureForm {
  /** The parts that are signed, joined by a full stop. */
  readonly content: readonly ("delivery.id" | "event.id" | "timestamp" | "body")[];
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

/** Signed with a secret that sender and receiver share. */
export interface HmacSignature extends SignatureForm {
  readonly algorithm: "hmac-sha256";
  /** `utf8`: the whole secret as text. `base64-after-prefix`: the bytes that follow the secret's prefix. */
  readonly key: "utf8" | "base64-after-prefix";
  readonly encoding: "hex" | "base64" | "base64-unpadded";
  /** A second signature over the same parts, with a key pair; a receiver takes either. */
  readonly beside?: BesideSignature;
}

/**
 * Signed with a key pair (RFC 8032). The secret is the private key and stays with the sender: its prefix, and the base64
 * of 32 random bytes and the 32 of the public key. Receivers verify with the public key, which is shown at any time.
 */
export interface Ed25519Signature extends SignatureForm {
  readonly algorithm: "ed25519";
  readonly encoding: "base64";
  /** What a public key starts with, before its base64. */
  readonly publicKeyPrefix: string;
}

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
  /** `noun` names the tenant in documents; `example` is its id in examples. */
  readonly tenant: { readonly noun: string; readonly example: string };
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
  readonly headers: Readonly<Record<string, HeaderSource>>;
  readonly userAgent: string;
  /** Null: requests are not signed. */
  readonly signature: Signature | null;
  /** Null when nothing is signed. */
  readonly secret: Secret | null;
  readonly url: UrlRule;
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
   * for the types of a group.
   */
  readonly subscription: { readonly wildcard: "*"; readonly prefixes: boolean };
  readonly log: {
    /** How much of a response's body an attempt keeps. */
    readonly responseBodyBytesMax: number;
    readonly pageDefault: number;
    readonly pageMax: number;
  };
  /** Events that are appended together with others, in the same statement. */
  readonly companions?: readonly Companion[];
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
    /** These fields in this order: a constant each, or the value of that field of the first event's data. */
    | { readonly kind: "made"; readonly fields: Readonly<Record<string, CompanionField>> };
}

export type CompanionField = { readonly constant: string | number | boolean | null } | { readonly from: string };

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
  /** By what an owner may choose among the records. `levels-and-types`: of a level or above, or one of the types. */
  readonly filter:
    { readonly kind: "none" } | { readonly kind: "levels-and-types"; readonly exceptByDefault: readonly string[] };
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
