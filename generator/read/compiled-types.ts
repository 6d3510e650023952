/** Types as the checker resolves them, to terms: what `typeof`, conditional types and other packages' types stand for. */
import { ts } from "ts-morph";
import { remedyOf } from "./built-in-types.ts";
import type { TypeDeclaration } from "./declarations.ts";
import { docOf } from "./docs.ts";
import { faultOfValue } from "./literals.ts";
import { fieldScope, innerScope, nestingMax, refuse } from "./scope.ts";
import type { Reading, Scope } from "./scope.ts";
import { patternTerm } from "./template-literals.ts";
import { constant, invalid } from "./term.ts";
import type { FieldTerm, Term } from "./term.ts";

/** Null when the checker does not know it either. */
export function compiledTerm(node: ts.TypeNode | ts.ExpressionWithTypeArguments, scope: Scope): Term | null {
  const checker = scope.reading.compiler.checker();
  const type: ts.Type | undefined = checker.getTypeAtLocation(node);
  // A file that could not be resolved is none of the checker's.
  if (type === undefined) return null;
  if (isError(type) || dependsOnParameter(type)) return null;
  return typeTerm(type, { checker, node, scope, active: [] });
}

const primitive =
  ts.TypeFlags.StringLike | ts.TypeFlags.NumberLike | ts.TypeFlags.BooleanLike | ts.TypeFlags.BigIntLike;

interface Place {
  readonly checker: ts.TypeChecker;
  /** The type in the catalog that all of it comes from. */
  readonly node: ts.Node;
  readonly scope: Scope;
  /** The object types around it. */
  readonly active: readonly ts.Type[];
}

/** A name that cannot be resolved has a type of the checker's own. */
function isError(type: ts.Type): boolean {
  return (type.flags & ts.TypeFlags.Any) !== 0 && Reflect.get(type, "intrinsicName") === "error";
}

function dependsOnParameter(type: ts.Type): boolean {
  return (type.flags & (ts.TypeFlags.TypeParameter | ts.TypeFlags.Conditional | ts.TypeFlags.IndexedAccess)) !== 0;
}

const plainText: Term = { kind: "scalar", type: { kind: "string", format: null, lengthMax: null, truncated: false } };

/** By flag, in the order in which they are looked at: a boolean is a union of its literals as well. */
const plainTerms: readonly (readonly [ts.TypeFlags, Term])[] = [
  [ts.TypeFlags.Unknown, { kind: "unknown" }],
  [ts.TypeFlags.Boolean, { kind: "scalar", type: { kind: "boolean" } }],
  [ts.TypeFlags.String, plainText],
  [ts.TypeFlags.StringMapping, plainText],
  [ts.TypeFlags.Number, { kind: "scalar", type: { kind: "number", minimum: null, maximum: null } }],
  [ts.TypeFlags.Null, { kind: "null" }],
];

function typeTerm(type: ts.Type, place: Place): Term {
  const plain = plainTerms.find(([flag]) => (type.flags & flag) !== 0)?.[1];
  if (plain !== undefined) return plain;
  const { node, scope } = place;
  if (place.active.length > nestingMax)
    return refuse(scope, { code: "HW006", at: node, says: `types are nested deeper than ${nestingMax}` });
  if ((type.flags & ts.TypeFlags.Undefined) !== 0) return { kind: "absent", node };
  if (type.isStringLiteral()) return constant(type.value);
  if (type.isNumberLiteral()) return numberTerm(type.value, place);
  if ((type.flags & ts.TypeFlags.BooleanLiteral) !== 0) return constant(place.checker.typeToString(type) === "true");
  if (type.isUnion()) {
    const of = type.types.map((member) => typeTerm(member, place));
    return { kind: "union", name: null, doc: null, of, open: false, node };
  }
  if ((type.flags & ts.TypeFlags.TemplateLiteral) !== 0) return templateTerm(type as ts.TemplateLiteralType, place);
  if (type.isIntersection()) {
    // A text with a brand is a text on the wire.
    const branded = type.types.find((part) => (part.flags & primitive) !== 0);
    if (branded !== undefined) return typeTerm(branded, place);
  }
  return (type.flags & ts.TypeFlags.StructuredType) !== 0 ? objectTerm(type, place) : refuseType(type, place);
}

function numberTerm(value: number, { node, scope }: Place): Term {
  const fault = faultOfValue(value);
  return fault === null ? constant(value) : refuse(scope, { code: "HW053", at: node, says: fault });
}

function templateTerm({ texts, types }: ts.TemplateLiteralType, place: Place): Term {
  const parts = types.map((part) => typeTerm(part, place));
  return patternTerm(texts, parts) ?? plainText;
}

function refuseType(type: ts.Type, { checker, node, scope }: Place): Term {
  const text = checker.typeToString(type).slice(0, 40);
  if ((type.flags & ts.TypeFlags.Any) !== 0)
    return refuse(scope, { code: "HW023", at: node, says: "any says nothing about the value" });
  if ((type.flags & ts.TypeFlags.Void) !== 0)
    return refuse(scope, { code: "HW024", at: node, says: "void has no JSON form" });
  if ((type.flags & (ts.TypeFlags.BigIntLike | ts.TypeFlags.ESSymbolLike)) !== 0)
    return refuse(scope, { code: "HW021", at: node, says: `${text} has no JSON form`, remedy: "use Int, or text" });
  return refuse(scope, { code: "HW030", at: node, says: `${text} has no values that could be described` });
}

function objectTerm(type: ts.Type, place: Place): Term {
  const { checker, node, scope } = place;
  if (place.active.includes(type))
    return refuse(scope, { code: "HW028", at: node, says: `${checker.typeToString(type)} contains itself` });
  const inside = { ...place, scope: innerScope(scope), active: [...place.active, type] };
  if (checker.isTupleType(type)) return tupleTerm(type as ts.TupleTypeReference, inside);
  if (checker.isArrayType(type)) {
    const [items] = checker.getTypeArguments(type as ts.TypeReference);
    return items === undefined ? invalid : { kind: "array", items: typeTerm(items, inside), node };
  }
  const name = type.symbol?.name ?? "";
  const remedy = isOfLanguage(type) ? remedyOf(name) : undefined;
  if (remedy !== undefined) return refuse(scope, { code: "HW021", at: node, says: `${name} has no JSON form`, remedy });
  if (type.getCallSignatures().length + type.getConstructSignatures().length > 0)
    return refuse(scope, { code: "HW022", at: node, says: "a function has no JSON form" });
  return membersTerm(type, { ...inside, scope });
}

function isOfLanguage(type: ts.Type): boolean {
  const file = type.symbol?.declarations?.[0]?.getSourceFile();
  return file?.hasNoDefaultLib === true || /\/lib\.[\w.]*d\.ts$/.test(file?.fileName ?? "");
}

function membersTerm(type: ts.Type, place: Place): Term {
  const { checker, node, scope } = place;
  const all = checker.getPropertiesOfType(type);
  const properties = all.filter(({ name }) => scope.select?.(name) ?? true);
  const index = checker.getIndexInfosOfType(type);
  const [first] = index;
  if (first !== undefined && all.length === 0) {
    const isText = (first.keyType.flags & ts.TypeFlags.String) !== 0;
    if (isText) return { kind: "record", values: typeTerm(first.type, { ...place, scope: innerScope(scope) }), node };
  }
  if (first !== undefined)
    return refuse(scope, { code: "HW026", at: node, says: "an index signature stands among its fields" });
  return { kind: "object", name: null, doc: null, fields: properties.map((each) => fieldTerm(each, place)), node };
}

function fieldTerm(property: ts.Symbol, place: Place): FieldTerm {
  const { checker, node, scope } = place;
  const inner = { ...place, scope: fieldScope(scope, property.name) };
  const type = checker.getTypeOfSymbolAtLocation(property, node);
  const [declaration] = property.declarations ?? [];
  const isOwn = declaration !== undefined && scope.reading.compiler.isOfCatalog(declaration.getSourceFile());
  const optional = (property.flags & ts.SymbolFlags.Optional) !== 0;
  const field = { name: property.name, optional, doc: isOwn ? docOf(declaration) : null };
  const written = isOwn && ts.isPropertySignature(declaration) ? declaration.type : undefined;
  const at = isOwn && ts.isPropertySignature(declaration) ? declaration.name : node;
  // As it is written it may have words of the vocabulary in it, which the checker does not tell from plain text.
  const isAsWritten = written !== undefined && checker.getTypeFromTypeNode(written) === type;
  const term = isAsWritten ? scope.reading.termOf(written, inner.scope) : typeTerm(type, inner);
  return { ...field, term, node: at };
}

function tupleTerm(type: ts.TupleTypeReference, place: Place): Term {
  const { checker, node, scope } = place;
  const items = checker.getTypeArguments(type);
  const isFixed = type.target.elementFlags.every((flag) => flag === ts.ElementFlags.Required);
  if (!isFixed || items.length === 0)
    return refuse(scope, { code: "HW025", at: node, says: "a place of a tuple may be missing" });
  return { kind: "tuple", items: items.map((item) => typeTerm(item, place)), node };
}

/** Whether a generic declaration, or one that it uses, has a condition in it. */
export function isComputed(declaration: TypeDeclaration, reading: Reading): boolean {
  return ts.isTypeAliasDeclaration(declaration) && needsCompiler(declaration.type, reading);
}

export function needsCompiler(node: ts.Node, reading: Reading): boolean {
  const { computed } = reading;
  const found = computed.get(node);
  if (found !== undefined) return found;
  // A type that contains itself adds nothing to what it is made of.
  computed.set(node, false);
  const isNeeded = isCondition(node) || usesComputed(node, reading) || hasComputedChild(node, reading);
  computed.set(node, isNeeded);
  return isNeeded;
}

function isCondition(node: ts.Node): boolean {
  return ts.isConditionalTypeNode(node) || ts.isInferTypeNode(node) || ts.isTypeQueryNode(node);
}

function usesComputed(node: ts.Node, { declarations, ...reading }: Reading): boolean {
  if (!ts.isTypeReferenceNode(node) || !ts.isIdentifier(node.typeName) || node.typeArguments === undefined)
    return false;
  const found = declarations.type(node.typeName.text, node.getSourceFile());
  return found.kind === "declared" && isComputed(found.first, { ...reading, declarations });
}

function hasComputedChild(node: ts.Node, reading: Reading): boolean {
  return ts.forEachChild(node, (child) => needsCompiler(child, reading) || undefined) ?? false;
}
