/** Template literal types: literals where all of their parts are, else texts of a pattern. */
import { ts } from "ts-morph";
import { innerScope } from "./scope.ts";
import type { Scope } from "./scope.ts";
import { constant, invalid, membersIn, unionTerm } from "./term.ts";
import type { Term } from "./term.ts";

/** More literals than this are a pattern. */
const literalsMax = 1_000;

/** Null when the syntax does not say what stands in a part. */
export function readTemplate(node: ts.TemplateLiteralTypeNode, scope: Scope): Term | null {
  const terms = node.templateSpans.map(({ type }) => scope.reading.termOf(type, innerScope(scope)));
  if (terms.some(({ kind }) => kind === "invalid")) return invalid;
  const texts = [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)];
  return literalsOf(texts, terms, node) ?? patternTerm(texts, terms);
}

/** The texts that it can be; null where they are not known, or too many. */
function literalsOf(texts: readonly string[], terms: readonly Term[], node: ts.Node): Term | null {
  let all: readonly string[] = [texts[0] ?? ""];
  for (const [index, term] of terms.entries()) {
    const parts = partsOf(term) ?? [];
    if (!parts.every(isLiteral) || parts.length === 0 || all.length * parts.length > literalsMax) return null;
    all = all.flatMap((start) => parts.map(({ literal }) => start + literal + (texts[index + 1] ?? "")));
  }
  return unionTerm([...new Set(all)].map(constant), node);
}

/** A text of the texts with what the terms stand for between them. Null when that is not known. */
export function patternTerm(texts: readonly string[], terms: readonly Term[]): Term | null {
  const parts = terms.map(partsOf);
  if (!parts.every((part) => part !== null)) return null;
  const rest = parts.map((part, index) => patternOf(part) + escaped(texts[index + 1] ?? ""));
  const pattern = `^${escaped(texts[0] ?? "")}${rest.join("")}$`;
  return { kind: "scalar", type: { kind: "string", format: null, lengthMax: null, truncated: false, pattern } };
}

type Part = { readonly literal: string } | { readonly pattern: string };

function isLiteral(part: Part): part is { readonly literal: string } {
  return "literal" in part;
}

function partsOf(term: Term): readonly Part[] | null {
  const parts = membersIn(term).map(partOf);
  return parts.every((part) => part !== null) ? parts.flat() : null;
}

function partOf(term: Term): readonly Part[] | null {
  if (term.kind === "null") return [{ literal: "null" }];
  if (term.kind === "absent") return [{ literal: "undefined" }];
  if (term.kind !== "scalar") return null;
  const { type } = term;
  switch (type.kind) {
    case "constant":
      return [{ literal: String(type.value) }];
    case "boolean":
      return [{ literal: "false" }, { literal: "true" }];
    case "number":
      return [{ pattern: "-?(?:0|[1-9]\\d*)(?:\\.\\d+)?(?:[eE][+-]?\\d+)?" }];
    case "integer":
      return [{ pattern: "-?(?:0|[1-9]\\d*)" }];
    case "string":
      return [{ pattern: type.pattern === undefined ? "[\\s\\S]*" : `(?:${type.pattern.slice(1, -1)})` }];
    case "enum":
      return null;
  }
}

function patternOf(part: readonly Part[]): string {
  const patterns = part.map((each) => ("literal" in each ? escaped(each.literal) : each.pattern));
  return patterns.length === 1 ? (patterns[0] ?? "") : `(?:${patterns.join("|")})`;
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\/]/g, "\\$&");
}

/** `Uppercase<"a">` and its like. Null for what is no literal. */
export function readCased(name: string, term: Term): Term | null {
  const change = cases[name];
  const members = membersIn(term).map((member) => {
    const isText = member.kind === "scalar" && member.type.kind === "constant" && typeof member.type.value === "string";
    return isText && change !== undefined ? constant(change(String(member.type.value))) : null;
  });
  if (!members.every((member) => member !== null) || term.kind === "invalid") return null;
  return term.kind === "union" ? { ...term, name: null, doc: null, of: members } : (members[0] ?? null);
}

const cases: Readonly<Record<string, (text: string) => string>> = {
  Uppercase: (text) => text.toUpperCase(),
  Lowercase: (text) => text.toLowerCase(),
  Capitalize: (text) => text.charAt(0).toUpperCase() + text.slice(1),
  Uncapitalize: (text) => text.charAt(0).toLowerCase() + text.slice(1),
};
