/** `NonNullable`, `Extract` and `Exclude`: some members of a union. */
import { innerScope, wrongArguments } from "./scope.ts";
import type { Application, Scope } from "./scope.ts";
import { invalid, membersIn, unionTerm } from "./term.ts";
import type { FieldTerm, Term } from "./term.ts";

export function readNonNullable(type: Application, scope: Scope): Term {
  const [target, ...others] = type.args;
  if (target === undefined || others.length > 0) return wrongArguments(type, scope, { expected: "NonNullable<Type>" });
  const term = scope.reading.termOf(target, scope);
  return keeping(term, ({ kind }) => kind !== "null" && kind !== "absent");
}

/** Null when the syntax does not say which members fit. */
export function readFiltered(type: Application, scope: Scope): Term | null {
  const [target, pattern, ...others] = type.args;
  if (target === undefined || pattern === undefined || others.length > 0)
    return wrongArguments(type, scope, { expected: `${type.name}<Union, Members>` });
  const [of, wanted] = [target, pattern].map((node) => scope.reading.termOf(node, innerScope(scope)));
  if (of === undefined || wanted === undefined || of.kind === "invalid" || wanted.kind === "invalid") return invalid;
  const fits = new Map(membersIn(of).map((member) => [member, fitsAny(member, membersIn(wanted))]));
  if ([...fits.values()].includes("unknown")) return null;
  const kept = type.name === "Extract" ? "yes" : "no";
  return keeping(of, (member) => fits.get(member) === kept);
}

/** The union keeps its openness, and loses its name: it is another one. */
function keeping(term: Term, isKept: (member: Term) => boolean): Term {
  if (term.kind !== "union") return term;
  const rest = membersIn(term).filter(isKept);
  return term.open ? { ...term, name: null, doc: null, of: rest } : unionTerm(rest, term.node);
}

type Fit = "yes" | "no" | "unknown";

function fitsAny(member: Term, wanted: readonly Term[]): Fit {
  const fits = wanted.map((each) => fit(member, each));
  if (fits.includes("yes")) return "yes";
  return fits.includes("unknown") ? "unknown" : "no";
}

/** Whether every value of the one is one of the other. */
function fit(one: Term, other: Term): Fit {
  if (other.kind === "unknown") return "yes";
  if (one.kind === "object" && other.kind === "object") return fieldsFit(one.fields, other.fields);
  if (one.kind === "scalar" && other.kind === "scalar") return scalarFits(one, other);
  const isPlain = (term: Term) => ["scalar", "null", "absent"].includes(term.kind);
  if (isPlain(one) || isPlain(other)) return one.kind === other.kind ? "yes" : "no";
  return "unknown";
}

function fieldsFit(fields: readonly FieldTerm[], wanted: readonly FieldTerm[]): Fit {
  const fits = wanted.map((want): Fit => {
    const field = fields.find(({ name }) => name === want.name);
    if (field === undefined) return want.optional ? "unknown" : "no";
    const of = membersIn(field.term).map((member) => fitsAny(member, membersIn(want.term)));
    if (of.includes("unknown")) return "unknown";
    return of.includes("no") || (field.optional && !want.optional) ? "no" : "yes";
  });
  if (fits.includes("no")) return "no";
  return fits.includes("unknown") ? "unknown" : "yes";
}

type ScalarTerm = Extract<Term, { kind: "scalar" }>;

function scalarFits({ type: one }: ScalarTerm, { type: other }: ScalarTerm): Fit {
  if (one.kind === "enum" || other.kind === "enum") return "unknown";
  if (other.kind === "constant") return one.kind === "constant" && one.value === other.value ? "yes" : "no";
  const jsonType = one.kind === "constant" ? typeof one.value : one.kind === "integer" ? "number" : one.kind;
  const isSame = jsonType === (other.kind === "integer" ? "number" : other.kind);
  if (other.kind === "string" && other.pattern !== undefined && isSame) return "unknown";
  return isSame ? "yes" : "no";
}
