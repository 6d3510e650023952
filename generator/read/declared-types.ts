/** Types that the catalog declares: interfaces with their bases, and aliases. */
import { ts } from "ts-morph";
import { pascalCase } from "../names.ts";
import type { Found, TypeDeclaration } from "./declarations.ts";
import { docOf } from "./docs.ts";
import { readEnum } from "./enums.ts";
import { readNaming, withValueNames } from "./naming-tags.ts";
import { opennessOf, overlay, readFields } from "./object-types.ts";
import { refuse } from "./scope.ts";
import type { Application, Binding, Scope } from "./scope.ts";
import { invalid } from "./term.ts";
import type { FieldTerm, ObjectTerm, Term } from "./term.ts";

type Described = ts.InterfaceDeclaration | ts.TypeAliasDeclaration;
type Declared = Extract<Found<TypeDeclaration>, { kind: "declared" }>;

export function declaredTerm(found: Declared, type: Application, scope: Scope): Term {
  const { first } = found;
  const { terms } = scope.reading;
  if (ts.isEnumDeclaration(first)) return readEnum(found.all.filter(ts.isEnumDeclaration), type, scope);
  if (ts.isClassDeclaration(first))
    return refuse(scope, { code: "HW030", at: type.node, says: `${type.name} is a class`, remedy: "use an interface" });
  const known = scope.select === null ? terms.get(first) : undefined;
  if (known !== undefined) return known;
  const bindings = bind(first, type, scope);
  if (bindings === null) return invalid;
  if (scope.active.has(first))
    return refuse(scope, { code: "HW028", at: type.node, says: `${type.name} contains itself` });
  const term = readDeclaration(found, { ...scope, bindings, active: new Set([...scope.active, first]) });
  // What a generic declaration means depends on its arguments.
  if (bindings.size === 0 && scope.select === null) terms.set(first, term);
  return term;
}

/** The arguments by parameter. Null when there are too few or too many, which is reported. */
export function bind(declaration: Described, type: Application, scope: Scope): ReadonlyMap<string, Binding> | null {
  const bindings = new Map<string, Binding>();
  const parameters = declaration.typeParameters ?? [];
  for (const [index, parameter] of parameters.entries()) {
    const given = type.args[index];
    const node = given ?? parameter.default;
    if (node === undefined) continue;
    const outer = given === undefined ? { ...scope, bindings: new Map(bindings) } : scope;
    bindings.set(parameter.name.text, (select) => scope.reading.termOf(node, { ...outer, select }));
  }
  if (bindings.size === parameters.length && type.args.length <= parameters.length) return bindings;
  const names = parameters.map(({ name }) => name.text).join(", ");
  const remedy = parameters.length === 0 ? `write ${type.name}` : `write ${type.name}<${names}>`;
  refuse(scope, { code: "HW031", at: type.node, says: `${type.name} has the wrong type arguments`, remedy });
  return null;
}

function readDeclaration({ first, all }: Declared, scope: Scope): Term {
  // With arguments it is another type at every use, so it is named from where it stands.
  const name = scope.bindings.size === 0 ? pascalCase(first.name?.text ?? "") : null;
  if (ts.isTypeAliasDeclaration(first)) return readAlias(first, name, scope);
  const interfaces = all.filter(ts.isInterfaceDeclaration);
  const bases = interfaces.map((part) => basesOf(part, scope));
  const fields = interfaces.reduce<readonly FieldTerm[]>(
    (sum, part, index) => overlay(sum, interfaceFields(part, bases[index] ?? [], scope)),
    [],
  );
  const doc = interfaces.map(docOf).find((found) => found !== null) ?? null;
  return { kind: "object", name, doc, fields, ...opennessOf(bases.flat()), node: first.name ?? first };
}

/** An alias names what has no name yet. */
function readAlias(alias: ts.TypeAliasDeclaration, name: string | null, scope: Scope): Term {
  const read = scope.reading.termOf(alias.type, scope);
  const { values } = readNaming(alias, { path: alias.name.text, node: alias.name, term: read }, scope.reading.report);
  const term = withValueNames(read, values);
  const isNameless = (term.kind === "object" || term.kind === "union") && term.name === null;
  return isNameless ? { ...term, name, doc: docOf(alias) } : term;
}

function interfaceFields(
  declaration: ts.InterfaceDeclaration,
  bases: readonly ObjectTerm[],
  scope: Scope,
): readonly FieldTerm[] {
  const inherited = bases.reduce<readonly FieldTerm[]>((sum, base) => overlay(sum, base.fields), []);
  return overlay(inherited, readFields(declaration.members, scope));
}

function basesOf(declaration: ts.InterfaceDeclaration, scope: Scope): readonly ObjectTerm[] {
  const bases = (declaration.heritageClauses ?? []).flatMap((clause) => clause.types);
  return bases.flatMap((base) => {
    const term = scope.reading.termOf(base, scope);
    if (term.kind === "object") return [term];
    if (term.kind !== "invalid")
      refuse(scope, { code: "HW032", at: base, says: `${base.getText()} is extended and not an object type` });
    return [];
  });
}
