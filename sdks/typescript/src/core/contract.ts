/** What the static core has to know of a contract to verify and decode its events. The generator writes one per contract. */

/** How a JSON value has to look for code that was compiled against the types. Enums are open, so they are plain strings or numbers. */
export type Descriptor =
  | "string"
  | "integer"
  | "number"
  | "boolean"
  | "unknown"
  | { readonly constant: string | number | boolean }
  | { readonly scalars: readonly Descriptor[] }
  | { readonly array: Slot }
  | { readonly record: Slot }
  /** A list with so many places, each of its own type; what stands behind them was added later. */
  | { readonly tuple: readonly Slot[] }
  /** A name in `ReceiverContract.shapes`. */
  | { readonly shape: string };

export interface Slot {
  readonly type: Descriptor;
  readonly nullable?: true;
}

export interface FieldDescriptor extends Slot {
  readonly optional?: true;
}

export type ShapeDescriptor =
  | { readonly fields: Readonly<Record<string, FieldDescriptor>> }
  /**
   * One of several shapes, by the value of a field. A value that is not listed becomes
   * `{ [discriminator]: "$unknown", rawKind, raw }` when `open`, and is an error when not.
   */
  | { readonly discriminator: string; readonly variants: Readonly<Record<string, string>>; readonly open: boolean };

export interface SignatureAlgorithm {
  readonly name: "hmac-sha256" | "ed25519";
  /** The secret as text in UTF-8, or the bytes that its base64 gives once `secretPrefix` is taken off. */
  readonly key: "utf8" | "base64-after-prefix";
  /** What a secret of this algorithm starts with; of ed25519 a public key. */
  readonly secretPrefix: string;
  /** Stands before each signature in the header. A signature with another prefix is passed over. */
  readonly prefix: string;
  readonly encoding: "hex" | "base64" | "base64-unpadded";
  /** The fewest bytes that a key may have. Left out: any. */
  readonly secretBytesMin?: number;
}

/**
 * In a header of its own, behind `prefix` as one part of the signature header (`t=1700000000`), or as the parameter
 * `created` of a signed message.
 */
export type SignedTime = { readonly unit: "seconds" | "milliseconds" } & (
  | { readonly carrier: "header"; readonly header: string }
  | { readonly carrier: "signature"; readonly prefix: string }
  | { readonly carrier: "message" }
);

/** A request that is signed as an HTTP message (RFC 9421): its headers, and its body by a digest (RFC 9530). */
export interface MessageScheme {
  /** Names the signature in its two headers. */
  readonly label: string;
  /** Names of headers in small letters, and `@method`, which is POST: just these are covered, in this order. */
  readonly components: readonly string[];
  /** Says what is covered and when it was signed. */
  readonly inputHeader: string;
  readonly contentType: string;
}

export interface SignatureScheme {
  /** A receiver has a secret of one of them at least. */
  readonly algorithms: readonly SignatureAlgorithm[];
  /** The signed parts, joined by `joint`. `id` is the value of `idHeader`, and `text` is signed as it is. */
  readonly content: readonly ("id" | "timestamp" | "body" | { readonly text: string })[];
  /** Absent: a full stop. */
  readonly joint?: string;
  /** In place of `content`, which is then empty. */
  readonly message?: MessageScheme;
  readonly signatureHeader: string;
  readonly separator: "," | " ";
  /** Null when no time is sent; then none is checked, and the tolerance is of nothing. */
  readonly timestamp: SignedTime | null;
  /** Null when no identifier is signed. */
  readonly idHeader: string | null;
  readonly toleranceSeconds: number;
  readonly toleranceSides: "past" | "both";
}

export interface ChallengeRule {
  /** The members that say that it is one. */
  readonly constants: Readonly<Record<string, string>>;
  /** The member with the text that is given back. */
  readonly member: string;
  /** The member of the answer. */
  readonly answer: string;
}

/** How the records of a batch stand in a body. */
export interface BatchBody {
  readonly body: { readonly kind: "object"; readonly member: string } | { readonly kind: "array" | "lines" };
  /** Each record is an object with the event in this member, and nothing else of it is read. Absent: it is the event. */
  readonly recordMember?: string;
  /** Whether a record may come alone, as the body itself. */
  readonly single: boolean;
}

/** What the answer to a trigger may do. `informational`: the answer changes nothing. */
export type TriggerAnswer = "decides" | "decides-and-overrides" | "informational";

/** How the verdict of an action is written; the names are those of the wire. */
export interface VerdictRule {
  readonly shape: string;
  readonly decision: string;
  readonly allows: string;
  readonly denies: string;
  readonly code: string;
  readonly reason: string;
  readonly overrides: readonly string[];
  /** What a verdict may say beside decision and overrides, whatever the trigger. */
  readonly others: readonly string[];
  readonly triggers: Readonly<Record<string, TriggerAnswer>>;
  readonly bytesMax: number;
  /** Carries the signature of an answer, made like that of a request. */
  readonly signatureHeader: string;
}

export interface ReceiverContract {
  readonly id: string;
  readonly mode: "push" | "stream" | "action";
  /** Null: requests are not signed. */
  readonly signature: SignatureScheme | null;
  /** Carries text that the endpoint's owner configured; null where there is none. */
  readonly authorizationHeader: string | null;
  /** The envelope's keys that carry the event's type, its data, and what some types say beside their data. */
  readonly typeKey: string;
  /** Where the event's id is, by which receivers deduplicate: in a member of the envelope, or in a header. */
  readonly eventId:
    | { readonly in: "envelope"; readonly name: string }
    /** `as`: the member of the event that `verify` puts it into. */
    | { readonly in: "header"; readonly name: string; readonly as?: string }
    | null;
  /** Null: the data's members stand in the envelope itself. */
  readonly dataKey: string | null;
  readonly metaKey: string | null;
  /** The envelope without data and meta. */
  readonly envelope: Readonly<Record<string, FieldDescriptor>>;
  /**
   * What members of the envelope hold in events that are known. With another value, of a later version, all of an event
   * may have another form, so that it is an unknown one. Left out: there are none.
   */
  readonly knownWith?: Readonly<Record<string, string | number>>;
  /** The envelope's keys that headers carry in place of the body, with the header of each. Absent: none. */
  readonly carried?: Readonly<Record<string, string>>;
  /** Event type to the name of its data's shape. */
  readonly events: Readonly<Record<string, string>>;
  /** Event type to the name of its meta's shape, where it has one. */
  readonly metas: Readonly<Record<string, string>>;
  /** How the question for a challenge is known: it is answered and is no event. Absent: none is asked. */
  readonly challenge?: ChallengeRule;
  /** Null but in mode `stream`. */
  readonly batch: BatchBody | null;
  /** Null but in mode `action`. */
  readonly verdict: VerdictRule | null;
  readonly shapes: Readonly<Record<string, ShapeDescriptor>>;
}
