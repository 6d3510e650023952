/**
 * Whether the three types of one shape agree: `Strict`, which `emit` takes (Static of the TypeBox schema), `Published`,
 * which openapi-typescript makes of the OpenAPI document, and `Received`, the SDK's.
 *
 * They are as tolerant as their places ask for, so two things are compared. Each takes what the one before it takes:
 * Strict, then Published, then Received, where an enum that is open becomes any text, first to the one who reads the
 * document, and in the SDK every enum. And apart from that they are the same: every field, in the same of its four states,
 * with the same JSON type, down to the last. Kinds that an open union may get later are left out; the SDK alone has a
 * type for them.
 */
export type Agree<Strict, Published, Received> = [Strict] extends [Published]
  ? [Published] extends [Received]
    ? Same<Fields<Strict>, Fields<Published>> extends true
      ? Same<Fields<Published>, Fields<Received>> extends true
        ? true
        : "the fields of the document and of the SDK differ"
      : "the fields of the schema and of the document differ"
    : "the SDK does not take what the document says"
  : "the document does not take what the schema says";

/** A type with each literal as its JSON type, without the SDK's members for kinds that are added later. */
type Fields<Value> = 0 extends 1 & Value
  ? "any"
  : unknown extends Value
    ? unknown
    : Value extends string
      ? string
      : Value extends number
        ? number
        : Value extends boolean
          ? boolean
          : Value extends readonly (infer Item)[]
            ? Fields<Item>[]
            : true extends IsLater<Value>
              ? never
              : { [Key in keyof Value]: Fields<Value[Key]> };

type IsLater<Value> = { [Key in keyof Value]-?: [Value[Key]] extends ["$unknown"] ? true : false }[keyof Value];

/** Identical, not only assignable: a field that one of them lacks makes a difference. */
type Same<One, Other> = (<T>() => T extends One ? 1 : 2) extends <T>() => T extends Other ? 1 : 2 ? true : false;
