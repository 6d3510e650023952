/**
 * The words a catalog is written in. Each is a plain alias, so a payload stays a plain value in TypeScript;
 * the generator knows them by name and gives each its schema.
 */

/** An opaque identifier. Receivers compare it and never parse it. */
export type Id = string;

/** A UUID in its lower-case text form (RFC 9562 §4). */
export type Uuid = string;

/** An instant in UTC with milliseconds, `2026-05-08T14:02:11.482Z` (RFC 3339). */
export type Timestamp = string;

/** An instant as milliseconds since 1970-01-01T00:00:00Z. */
export type UnixMs = number;

/** An e-mail address (RFC 5321 addr-spec). */
export type Email = string;

/** An absolute URL (RFC 3986). */
export type Url = string;

/** A whole number that a double holds exactly: −(2^53−1) to 2^53−1. */
export type Int = number;

/** A number from `Min` to `Max`, both included. */
export type Range<Min extends number, Max extends number> = Min | Max extends number ? number : never;

/** Text of at most `Max` UTF-16 code units; longer text is refused at emit. */
export type Text<Max extends number> = Max extends number ? string : never;

/**
 * Text of at most `Max` UTF-16 code units; longer text is cut at emit and ends in `…`, which counts (R-STECH-27).
 * A surrogate pair is never split.
 */
export type Truncated<Max extends number> = Max extends number ? string : never;

/**
 * One of `Known`, and later others: a receiver gets a value it does not know as a value, never as an error. `emit` takes
 * the known ones alone, so that a value which is written wrongly is found. Where the catalog cannot know them all, as
 * others decide what there is, it takes any value of `Others`: `Open<"SMS" | "PASSKEY", string>`.
 */
export type Open<Known, Others = never> = Known | (Others & {});

/**
 * An object that others made and the product passes on, an entry of somebody else's log for instance: members that
 * `Known` does not name are kept and sent as they are. Those it names have their types where they are there, so most of
 * them are optional and nullable. A product's own data are never one, since what is not named might be a secret.
 */
export type OpenRecord<Known> = Known & { readonly [member: string]: unknown };

/** Accepted where a resource is written, never in a payload, a schema or an SDK. */
export type WriteOnly<Value> = Value;

/** An object of the customer's own making; its keys are not ours to describe. */
export type Metadata = Record<string, unknown>;

/**
 * The data of an event type that says something more, beside its data: what the envelope's field from `meta` carries.
 * Stands for the data of an event type and nowhere else.
 */
export interface WithMeta<Data, Meta> {
  readonly data: Data;
  readonly meta: Meta;
}
