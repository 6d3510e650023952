/** The words of catalog/vocabulary.ts: what each means in the model. */
import type { StringFormat } from "../model.ts";
import { objectOf } from "./object-types.ts";
import { refuse, wrongArguments } from "./scope.ts";
import type { Application, Scope } from "./scope.ts";
import { invalid } from "./term.ts";
import type { Term } from "./term.ts";

type Reader = (word: Application, scope: Scope) => Term;

const words: Readonly<Record<string, Reader>> = {
  Id: plain(text("id")),
  Uuid: plain(text("uuid")),
  Timestamp: plain(text("date-time")),
  Email: plain(text("email")),
  Url: plain(text("uri")),
  Int: plain({ kind: "scalar", type: { kind: "integer", minimum: null, maximum: null } }),
  UnixMs: plain({ kind: "scalar", type: { kind: "integer", minimum: null, maximum: null } }),
  Metadata: (word, scope) =>
    withoutArguments(word, scope, { kind: "record", values: { kind: "unknown" }, node: word.node }),
  Range: readRange,
  Text: (word, scope) => readLength(word, scope, { truncated: false }),
  Truncated: (word, scope) => readLength(word, scope, { truncated: true }),
  Open: readOpen,
  OpenRecord: readOpenRecord,
  WriteOnly: readWriteOnly,
  WithMeta: (word, scope) =>
    refuse(scope, { code: "HW038", at: word.node, says: "WithMeta is not the type of a value" }),
};

export function isVocabularyWord(name: string): boolean {
  return Object.hasOwn(words, name);
}

export function vocabularyTerm(word: Application, scope: Scope): Term {
  return words[word.name]?.(word, scope) ?? invalid;
}

function text(format: StringFormat): Term {
  return { kind: "scalar", type: { kind: "string", format, lengthMax: null, truncated: false } };
}

function plain(term: Term): Reader {
  return (word, scope) => withoutArguments(word, scope, term);
}

function withoutArguments(word: Application, scope: Scope, term: Term): Term {
  return word.args.length === 0 ? term : wrongArguments(word, scope, { expected: word.name });
}

function readRange(word: Application, scope: Scope): Term {
  const given = numbers(word, scope);
  if (given === null) return invalid;
  const [minimum, maximum, ...others] = given;
  const isRange = typeof minimum === "number" && typeof maximum === "number" && minimum <= maximum;
  if (!isRange || others.length > 0)
    return wrongArguments(word, scope, {
      expected: "Range<Min, Max>, two numbers of which the first is not the greater",
    });
  return { kind: "scalar", type: { kind: "number", minimum, maximum } };
}

function readLength(word: Application, scope: Scope, { truncated }: { readonly truncated: boolean }): Term {
  const given = numbers(word, scope);
  if (given === null) return invalid;
  const [lengthMax, ...others] = given;
  if (typeof lengthMax !== "number" || !Number.isSafeInteger(lengthMax) || lengthMax < 1 || others.length > 0)
    return wrongArguments(word, scope, { expected: `${word.name}<Max>, one whole number from 1` });
  return { kind: "scalar", type: { kind: "string", format: null, lengthMax, truncated } };
}

/** Whether its argument can be open is known when the union is told apart. */
function readOpen(word: Application, scope: Scope): Term {
  const [known, others, ...more] = word.args;
  if (known === undefined || more.length > 0) return wrongArguments(word, scope, { expected: "Open<Known>" });
  const term = scope.reading.termOf(known, scope);
  const emitted = others === undefined ? {} : readOthers(scope.reading.termOf(others, scope));
  if (emitted === null) return wrongArguments(word, scope, { expected: "Open<Known, string>, or Open<Known, number>" });
  if (term.kind === "union") return { ...term, open: true, ...emitted };
  return { kind: "union", name: null, doc: null, of: [term], open: true, ...emitted, node: word.node };
}

/** Any text or number at all: of a narrower type nobody could tell the known values apart. */
function readOthers(term: Term): { readonly others: "string" | "number" } | null {
  if (term.kind !== "scalar") return null;
  const { type } = term;
  const isText =
    type.kind === "string" && type.format === null && type.lengthMax === null && type.pattern === undefined;
  if (isText) return { others: "string" };
  return type.kind === "number" && type.minimum === null && type.maximum === null ? { others: "number" } : null;
}

/** Named by the alias that it stands in, and else by where it stands: what it is made of is another type. */
function readOpenRecord(word: Application, scope: Scope): Term {
  const [known, ...others] = word.args;
  if (known === undefined || others.length > 0) return wrongArguments(word, scope, { expected: "OpenRecord<Known>" });
  const object = objectOf(known, scope, { of: "OpenRecord" });
  return object === null ? invalid : { ...object, name: null, open: true, node: word.node };
}

function readWriteOnly(word: Application, scope: Scope): Term {
  if (word.args.length !== 1) return wrongArguments(word, scope, { expected: "WriteOnly<Value>" });
  return { kind: "write-only", node: word.node };
}

/** The arguments as numbers, each null that is not a number. Null when something in them has been reported. */
function numbers(word: Application, scope: Scope): readonly (number | null)[] | null {
  const terms = word.args.map((arg) => scope.reading.termOf(arg, scope));
  if (terms.some(({ kind }) => kind === "invalid")) return null;
  return terms.map((term) => {
    const value = term.kind === "scalar" && term.type.kind === "constant" ? term.type.value : null;
    return typeof value === "number" ? value : null;
  });
}
