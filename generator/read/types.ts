/** Types as the parser gives them, to terms. What the syntax does not say is asked of the compiler. */
import { ts } from "ts-morph";
import { builtInTerm } from "./built-in-types.ts";
import { compiledTerm, isComputed, needsCompiler } from "./compiled-types.ts";
import { declaredTerm } from "./declared-types.ts";
import { readFields, readIntersection } from "./object-types.ts";
import type { Found, TypeDeclaration } from "./declarations.ts";
import { readEnumMember } from "./enums.ts";
import { readIndexedAccess, readKeyOf, readMappedType } from "./key-types.ts";
import { faultOf, signed } from "./literals.ts";
import { innerScope, nestingMax, refuse } from "./scope.ts";
import type { Application, Scope } from "./scope.ts";
import { constant, invalid } from "./term.ts";
import type { Term } from "./term.ts";
import { readTemplate } from "./template-literals.ts";
import { isVocabularyWord, vocabularyTerm } from "./vocabulary.ts";

export function termOf(node: ts.TypeNode, outer: Scope): Term {
  const scope = { ...outer, depth: outer.depth + 1 };
  if (scope.depth > nestingMax)
    return refuse(scope, { code: "HW006", at: node, says: `types are nested deeper than ${nestingMax}` });
  if (ts.isTypeReferenceNode(node)) return readReference(node, node.typeName, scope);
  if (ts.isExpressionWithTypeArguments(node)) return readReference(node, node.expression, scope);
  if (ts.isParenthesizedTypeNode(node)) return termOf(node.type, scope);
  if (ts.isTypeLiteralNode(node))
    return { kind: "object", name: null, doc: null, fields: readFields(node.members, scope), node };
  if (ts.isUnionTypeNode(node)) return readUnion(node, scope);
  if (ts.isArrayTypeNode(node)) return { kind: "array", items: termOf(node.elementType, innerScope(scope)), node };
  if (ts.isTypeOperatorNode(node) && node.operator === ts.SyntaxKind.ReadonlyKeyword) return termOf(node.type, scope);
  if (ts.isLiteralTypeNode(node)) return readLiteral(node, scope);
  if (ts.isTupleTypeNode(node)) return readTuple(node, scope);
  if (node.kind === ts.SyntaxKind.UndefinedKeyword) return { kind: "absent", node };
  if (refusedKinds.has(node.kind)) return refuseNode(node, scope);
  return keywords.get(node.kind) ?? readMade(node, scope) ?? compiledTerm(node, scope) ?? refuseNode(node, scope);
}

/** Reads a type that is made of others. Null: the syntax does not say what comes of it. */
function readMade(node: ts.TypeNode, scope: Scope): Term | null {
  if (ts.isIntersectionTypeNode(node)) return readIntersection(node, scope);
  if (needsCompiler(node, scope.reading)) return null;
  if (ts.isTypeOperatorNode(node) && node.operator === ts.SyntaxKind.KeyOfKeyword) return readKeyOf(node, scope);
  if (ts.isIndexedAccessTypeNode(node)) return readIndexedAccess(node, scope);
  if (ts.isMappedTypeNode(node)) return readMappedType(node, scope);
  return ts.isTemplateLiteralTypeNode(node) ? readTemplate(node, scope) : null;
}

/** Its places are required: of one that may be missing, and of a rest, nobody could tell how long the list is. */
function readTuple(node: ts.TupleTypeNode, scope: Scope): Term {
  const places = node.elements.map((element) => {
    if (ts.isNamedTupleMember(element)) return element.questionToken || element.dotDotDotToken ? null : element.type;
    return ts.isOptionalTypeNode(element) || ts.isRestTypeNode(element) ? null : element;
  });
  const items = places.flatMap((place) => (place === null ? [] : [termOf(place, innerScope(scope))]));
  if (items.length === places.length && items.length > 0) return { kind: "tuple", items, node };
  return refuse(scope, { code: "HW025", at: node, says: "a place of a tuple may be missing" });
}

const plainText: Term = { kind: "scalar", type: { kind: "string", format: null, lengthMax: null, truncated: false } };
const plainNumber: Term = { kind: "scalar", type: { kind: "number", minimum: null, maximum: null } };

const keywords: ReadonlyMap<ts.SyntaxKind, Term> = new Map<ts.SyntaxKind, Term>([
  [ts.SyntaxKind.StringKeyword, plainText],
  [ts.SyntaxKind.NumberKeyword, plainNumber],
  [ts.SyntaxKind.BooleanKeyword, { kind: "scalar", type: { kind: "boolean" } }],
  [ts.SyntaxKind.UnknownKeyword, { kind: "unknown" }],
]);

function readUnion(node: ts.UnionTypeNode, scope: Scope): Term {
  const of = node.types.map((member) => termOf(member, scope));
  return { kind: "union", name: null, doc: null, of, open: false, node };
}

function readLiteral(node: ts.LiteralTypeNode, scope: Scope): Term {
  const { literal } = node;
  if (ts.isStringLiteralLike(literal)) return readText(literal, scope);
  if (ts.isNumericLiteral(literal)) return readNumber(literal, 1, scope);
  if (literal.kind === ts.SyntaxKind.TrueKeyword) return constant(true);
  if (literal.kind === ts.SyntaxKind.FalseKeyword) return constant(false);
  if (literal.kind === ts.SyntaxKind.NullKeyword) return { kind: "null" };
  const isNegative = ts.isPrefixUnaryExpression(literal) && literal.operator === ts.SyntaxKind.MinusToken;
  if (isNegative && ts.isNumericLiteral(literal.operand)) return readNumber(literal.operand, -1, scope);
  return refuse(scope, { code: "HW021", at: node, says: "bigint has no JSON form", remedy: "use Int, or text" });
}

function readText(literal: ts.StringLiteralLike, scope: Scope): Term {
  if (literal.text.isWellFormed()) return constant(literal.text);
  return refuse(scope, { code: "HW054", at: literal, says: `${literal.getText()} has half a surrogate pair` });
}

function readNumber(literal: ts.NumericLiteral, sign: -1 | 1, scope: Scope): Term {
  const fault = faultOf(literal, "in-a-type");
  if (fault !== null) return refuse(scope, { code: "HW053", at: literal, says: fault });
  return constant(signed(Number(literal.text), sign));
}

function readReference(node: ts.NodeWithTypeArguments, name: ts.Node, scope: Scope): Term {
  const args = node.typeArguments ?? [];
  if (ts.isIdentifier(name)) return applicationTerm({ name: name.text, args, node }, scope);
  const [space, member] = spaceOf(name);
  const found = space === null ? null : scope.reading.declarations.typeIn(space, member, node.getSourceFile());
  if (found !== null && found.kind !== "unknown") return foundTerm(found, { name: member, args, node }, scope);
  const value = space === null ? null : enumMember(space, member, node, scope);
  if (value !== null) return value;
  const says = `${node.getText()} is reached through a name space`;
  const remedy = "import the type by its own name";
  return compiledTerm(typeNodeOf(node), scope) ?? refuse(scope, { code: "HW020", at: node, says, remedy });
}

/** `Status.Active`, of an enum that is declared or imported. */
function enumMember(space: string, member: string, node: ts.Node, scope: Scope): Term | null {
  const found = scope.reading.declarations.type(space, node.getSourceFile());
  return found.kind === "declared" ? readEnumMember(found.all.filter(ts.isEnumDeclaration), member, scope) : null;
}

/** A name with its arguments, wherever it is declared: type parameter, catalog, vocabulary, or the language. */
function applicationTerm(type: Application, scope: Scope): Term {
  const bound = scope.bindings.get(type.name);
  if (bound !== undefined) return bound(scope.select);
  return foundTerm(scope.reading.declarations.type(type.name, type.node.getSourceFile()), type, scope);
}

/** A name with arguments stands for a type wherever it stands. */
function typeNodeOf(node: ts.Node): ts.TypeNode {
  return node as ts.TypeNode;
}

/** `space.Name`, as two names; null for what is longer. */
function spaceOf(name: ts.Node): readonly [space: string | null, member: string] {
  if (ts.isQualifiedName(name) && ts.isIdentifier(name.left)) return [name.left.text, name.right.text];
  const isAccess = ts.isPropertyAccessExpression(name) && ts.isIdentifier(name.expression);
  return isAccess ? [name.expression.text, name.name.text] : [null, ""];
}

function foundTerm(found: Found<TypeDeclaration>, type: Application, scope: Scope): Term {
  switch (found.kind) {
    case "word":
      // A word that is imported under another name keeps its meaning.
      return vocabularyTerm({ ...type, name: found.name }, scope);
    case "declared":
      if (type.args.length > 0 && isComputed(found.first, scope.reading))
        return compiledTerm(typeNodeOf(type.node), scope) ?? declaredTerm(found, type, scope);
      return declaredTerm(found, type, scope);
    case "broken":
      return invalid;
    case "unknown":
      return builtInTerm(type, scope) ?? compiledTerm(typeNodeOf(type.node), scope) ?? refuseUnknown(type, scope);
  }
}

function refuseUnknown(type: Application, scope: Scope): Term {
  const remedy = isVocabularyWord(type.name) ? `import ${type.name} from vocabulary.ts` : "declare it, or import it";
  return refuse(scope, { code: "HW020", at: type.node, says: `the type ${type.name} is not known`, remedy });
}

/** Kinds without a JSON form, whatever the compiler says of them. */
const refusedKinds: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.AnyKeyword,
  ts.SyntaxKind.VoidKeyword,
  ts.SyntaxKind.BigIntKeyword,
  ts.SyntaxKind.SymbolKeyword,
  ts.SyntaxKind.FunctionType,
  ts.SyntaxKind.ConstructorType,
  ts.SyntaxKind.ObjectKeyword,
]);

function refuseNode(node: ts.TypeNode, scope: Scope): Term {
  switch (node.kind) {
    case ts.SyntaxKind.AnyKeyword:
      return refuse(scope, { code: "HW023", at: node, says: "any says nothing about the value" });
    case ts.SyntaxKind.VoidKeyword:
      return refuse(scope, { code: "HW024", at: node, says: `${node.getText()} has no JSON form` });
    case ts.SyntaxKind.BigIntKeyword:
      return refuse(scope, { code: "HW021", at: node, says: "bigint has no JSON form", remedy: "use Int, or text" });
    case ts.SyntaxKind.SymbolKeyword:
      return refuse(scope, { code: "HW021", at: node, says: "symbol has no JSON form", remedy: "use a literal" });
    case ts.SyntaxKind.FunctionType:
    case ts.SyntaxKind.ConstructorType:
      return refuse(scope, { code: "HW022", at: node, says: "a function has no JSON form" });
    case ts.SyntaxKind.ObjectKeyword:
      return refuse(scope, { code: "HW030", at: node, says: "object does not say which", remedy: "use Metadata" });
    default:
      return refuse(scope, { code: "HW030", at: node, says: `${kindOf(node)} is not read` });
  }
}

function kindOf(node: ts.TypeNode): string {
  const text = node.getText().replaceAll(/\s+/g, " ");
  return text.length <= 40 ? text : `${text.slice(0, 39)}…`;
}
