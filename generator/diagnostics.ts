/** What the generator has to say about a catalog: the table of its diagnostics, and their order. */
import type { Span } from "./model.ts";

export type Severity = "error" | "warning";

export interface DiagnosticRule {
  readonly severity: Severity;
  readonly title: string;
  /** Why it is refused. */
  readonly meaning: string;
  /** What to do, where the diagnostic itself knows nothing better. */
  readonly remedy: string;
}

/** By code. A code is never reused, and never changes its meaning. */
export const diagnosticTable = {
  HW001: error("a file cannot be read", "The catalog imports a file that is not there.", "correct the path"),
  HW002: error("a file is not TypeScript", "Nothing of a file with a syntax error is read.", "correct the syntax"),
  HW003: error(
    "the index has no catalog",
    "The catalog's index names every contract.",
    "write `export const catalog = [ … ] as const;`",
  ),
  HW004: error(
    "not a contract",
    "Each element of the catalog is the name of a contract.",
    "name a `const` that is made by `contract<Events>({ … })`",
  ),
  HW005: error("reading failed", "The reader met something it does not expect.", "write it more simply"),
  HW006: error("nested too deeply", "Nesting is read up to 100 levels.", "give the inner part a name, or flatten it"),

  HW010: error(
    "a contract without event types",
    "The type argument of `contract` says which events it carries.",
    "write `contract<Events>({ … })`",
  ),
  HW011: error(
    "not an interface of event types",
    "The keys of an event family are event names, its values are their data.",
    'write an interface of `"noun.verb_past": { … }`',
  ),
  HW012: error(
    "a declaration is not plain data",
    "The catalog is read, never run: only literals, and constants made of them, have a value.",
    "write the value itself",
  ),
  HW013: error("two contracts have one id", "The id names a contract in code and in paths.", "rename one of them"),
  HW014: error(
    "a malformed contract id",
    "The id becomes a name in code and a folder in every SDK.",
    "use letters and digits, and a small letter first",
  ),
  HW015: error(
    "a verdict in the wrong mode",
    "A question in mode `action` is answered with a verdict, and nothing else is answered with one.",
    "write `contract<Events, Verdict>({ … })` in mode `action`, and `contract<Events>({ … })` in the others",
  ),
  HW016: error("a verdict that is not an object", "New members can only be added to an object.", "name an interface"),
  HW017: error(
    "an incomplete declaration",
    "Every document and every SDK says what a contract declares.",
    "see catalog/contract.ts, or start from a preset of catalog/presets.ts",
  ),
  HW018: error(
    "two contracts whose names run together",
    "The components of all contracts stand in one document, each behind the id of its contract.",
    "give one of the contracts another id",
  ),

  HW020: error("an unknown type", "The name is neither declared nor imported.", "declare it, or import it"),
  HW021: error("no JSON form", "A payload is JSON; a value of this type cannot stand in it.", "use a type of JSON"),
  HW022: error("a function", "A payload is JSON, which has no functions.", "leave it out"),
  HW023: error("any", "`any` says nothing and checks nothing.", "use `unknown`, or say what it is"),
  HW024: error(
    "undefined",
    "JSON has no `undefined`: a field is null or absent.",
    "use `?` for a field that may be absent",
  ),
  HW025: error(
    "a tuple with places that may be missing",
    "A receiver could not tell which of its places are there.",
    "use an array, or an object with named fields",
  ),
  HW026: error(
    "an index signature",
    "Only keys of the sender's own, of any text, can be described.",
    "use `Record<string, …>`, or `OpenRecord<…>` for an object that others made",
  ),
  HW027: error(
    "an enum whose members are worked out",
    "What stands on the wire must be there to read.",
    "write each member as a literal",
  ),
  HW028: error("a recursive type", "A payload has a bounded depth.", "use an array of identifiers"),
  HW029: error(
    "a union that cannot be told apart",
    "A receiver must see from the value alone which member it has.",
    "give every member a field with a constant text of its own",
  ),
  HW030: error("a type that is not read", "It says of no JSON value that it is one of its own.", "write the type out"),
  HW031: error("wrong type arguments", "The type needs other arguments.", "see catalog/vocabulary.ts"),
  HW032: error("not an object type", "Fields can only be taken from an object type.", "name an interface"),
  HW033: error("a field twice", "The field would have two types.", "remove one of them"),
  HW034: error(
    "two shapes have one name",
    "Shapes of a contract share one name space in every SDK.",
    "rename one of them",
  ),
  HW035: error(
    "WriteOnly outside a field",
    "A field that is only written is left out; an item or a whole payload cannot be.",
    "use it as the type of a field",
  ),
  HW036: error("no such field", "The name is not a field of the object type.", "correct the name"),
  HW037: error("a computed field name", "The name of a field must be there to read.", "write the name out"),
  HW038: error(
    "WithMeta inside a payload",
    "What is said beside an event's data stands in the envelope, once.",
    "use it as the whole data of an event type, in the event family itself",
  ),
  HW039: error(
    "a field called __proto__",
    "In JavaScript an object literal with it has another prototype, and no such field.",
    "give it another name",
  ),

  HW040: error("an event type twice", "An event type has one declaration.", "remove or rename one of them"),
  HW041: error(
    "a malformed event name",
    "Names are `noun.verb_past`: parts of letters, digits and `_` that start with a small letter, joined by full stops or slashes.",
    'write it like "deployment.created"',
  ),
  HW042: error(
    "an event type without documentation",
    "Its comment is what receivers read.",
    "say when it is sent: `/** … */`",
  ),
  HW043: error("data that is not an object", "New fields can only be added to an object.", "use an object type"),
  HW044: error("not an event type", "An event family has only event types.", 'write `"noun.verb_past": { … };`'),
  HW045: error(
    "a malformed tag",
    "`@title` is a name, `@level` a digit from 0 (debug) to 4 (critical), `@since` a version in one word; each at most once.",
    "correct the tag",
  ),
  HW046: error(
    "a malformed naming tag",
    '`@named orderNumber` says what a field or an event type is called in code, `@named "+1" thumbsUp` what a value is.',
    'write `@named name`, or `@named "value" name` with one of its values',
  ),

  HW047: error(
    "a control character",
    "Documentation and names stand in sources, documents and databases, not all of which can hold it.",
    "remove it",
  ),

  HW050: error(
    "an event type without example",
    "Examples are published, and every SDK is tested with them.",
    "add one under `examples`",
  ),
  HW051: error(
    "an example that does not fit",
    "Examples are checked as strictly as what is emitted.",
    "correct the example",
  ),
  HW052: error(
    "an example of an unknown event type",
    "The contract has no event type of that name.",
    "correct the name",
  ),
  HW053: error(
    "a number that cannot be told",
    "JSON has no infinity, and whole numbers are exact up to 2^53 - 1 (RFC 8259 §6).",
    "write a smaller number, or use text",
  ),
  HW054: error(
    "half a surrogate pair",
    "It is no character, and UTF-8 has no form for it (RFC 3629 §3).",
    "write both halves, or neither",
  ),

  HW060: error(
    "an outcome without a rule",
    "Every way in which an attempt can end needs a rule.",
    "add rules for them to `outcomes`",
  ),
  HW061: error(
    "a signed part that is not sent",
    "A receiver can only verify what it gets in a header or in the body.",
    "add a header that carries it to `headers`",
  ),
  HW062: error(
    "no signature header",
    "A delivery is verified by its signature.",
    "add a header with the source `signature`",
  ),
  HW063: error(
    "an incomplete envelope",
    "Every body has the event's type and its data once each; its id stands in the body or in a header.",
    "see `EnvelopeField` in catalog/contract.ts",
  ),
  HW064: error(
    "a meta without a place",
    "What an event type says beside its data has to stand somewhere in the envelope.",
    'give the envelope a field `from: "meta"`, or leave `WithMeta` out',
  ),
  HW065: error(
    "a member in place of the envelope's",
    "Where the data's members stand in the envelope itself, one of them would hide a field of it.",
    "rename the field, or send the data as a field of its own",
  ),

  HW066: error(
    "signature and secret that do not agree",
    "What is signed is signed with a secret; without a signature no header carries one.",
    "declare both, or set both to null",
  ),
  HW067: error(
    "names that are not the event types",
    "Triggers name every event type of the contract and no other; a filter names some of them.",
    "name the event types of the contract",
  ),
  HW068: error(
    "not a member of the verdict",
    "The declaration says which members of the verdict have a meaning.",
    "name a member of the verdict's type",
  ),
  HW069: error(
    "a wrapper whose members are one",
    "Each record is wrapped in an object with two members: the event's id, and the event.",
    "give both a name, and another one each",
  ),

  HW070: error(
    "a companion of nothing",
    "It goes along with an event type of a contract of the catalog.",
    "correct the name",
  ),
  HW071: error("a companion that is no event", "It is an event type of its own contract.", "correct the name"),
  HW072: error(
    "a companion that asks for what is not there",
    "What it depends on, and what it takes over, is a field of the first event's data.",
    "name a field that these data have, and a value that it can have",
  ),
  HW073: error(
    "a companion that does not fit",
    "It is refused at emit, and the first event with it.",
    "make its data fit its type",
  ),
  HW074: error(
    "companions in a circle",
    "Each would be followed by the next one without end.",
    "let one of them go along with nothing",
  ),
  HW075: error(
    "an endpoint in the body",
    "An event is rendered once, and all its endpoints get the same bytes.",
    "carry `endpoint.id` in a header",
  ),
  HW076: error(
    "a time that is not signed",
    "Whoever replays a delivery can give it any time, so that its age says nothing.",
    'add "timestamp" to the signed `content`',
  ),
  HW077: error(
    "a signature that no receiver can verify",
    "Receivers put what is signed together again: the body, its time, and one identifier at most.",
    'sign `["timestamp", "body"]`, or one identifier as well',
  ),
  HW078: error(
    "a header that cannot carry a field",
    "A header of its own carries one text of one event, as receivers read it.",
    "give the field a header of its own, or leave `header` out so that it stands in the body",
  ),
  HW079: error(
    "a challenge that nobody could answer",
    "A receiver has to know the question by a constant, and to find one text in it.",
    'give one member `from: "challenge"` and at least one `constant`',
  ),
  HW085: error(
    "subscribers who could not subscribe",
    "A subscriber brings the secret that its endpoint signs with, and finds it by the endpoint's id in a header.",
    "sign with `hmac-sha256`, give each endpoint a secret of its own, and carry `endpoint.id` in a header",
  ),
  HW080: error("a target that cannot be made", "What the catalog says has no form there.", "say it in another way"),
} as const satisfies Readonly<Record<`HW${number}`, DiagnosticRule>>;

export type DiagnosticCode = keyof typeof diagnosticTable;

export interface Diagnostic {
  readonly code: DiagnosticCode;
  readonly severity: Severity;
  /** What is wrong with what, `deployment.created.data.avatar: Date has no JSON form`. */
  readonly message: string;
  readonly remedy: string;
  /** What is wrong; it is underlined. */
  readonly span: Span;
}

function error(title: string, meaning: string, remedy: string): DiagnosticRule {
  return { severity: "error", title, meaning, remedy };
}

/** By file, line and column; by message where these are equal. */
export function sortDiagnostics(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return diagnostics.toSorted(
    (a, b) =>
      byText(a.span.file, b.span.file) ||
      a.span.line - b.span.line ||
      a.span.column - b.span.column ||
      byText(a.message, b.message),
  );
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
