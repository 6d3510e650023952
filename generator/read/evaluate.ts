/** Values from the syntax alone: the catalog is read and never run. Every value keeps its place. */
import { ts } from "ts-morph";
import { initializerOf } from "./declarations.ts";
import type { Declarations, ValueDeclaration } from "./declarations.ts";
import type { Entry, Evaluated } from "./evaluated.ts";
import { enumMemberValue } from "./enums.ts";
import { faultOf, signed } from "./literals.ts";
import type { Report } from "./report.ts";

export interface Evaluation {
  readonly report: Report;
  readonly declarations: Declarations;
  /** Constants that have been evaluated; null while one is. */
  readonly constants: Map<ValueDeclaration, Evaluated | null>;
  readonly depth: number;
}

/** As for types: deeper than any payload, and far from where the stack ends. */
const nestingMax = 100;

export function evaluate(node: ts.Expression, outer: Evaluation): Evaluated {
  const at = { ...outer, depth: outer.depth + 1 };
  if (at.depth > nestingMax) {
    at.report({ code: "HW006", at: node, message: `values are nested deeper than ${nestingMax}` });
    return { kind: "invalid", node };
  }
  if (ts.isStringLiteralLike(node)) return evaluateText(node, at);
  if (ts.isNumericLiteral(node)) return evaluateNumber(node, at);
  if (ts.isObjectLiteralExpression(node)) return evaluateObject(node, at);
  if (ts.isArrayLiteralExpression(node)) return evaluateArray(node, at);
  if (ts.isParenthesizedExpression(node) || ts.isSatisfiesExpression(node)) return evaluate(node.expression, at);
  if (ts.isAsExpression(node) && ts.isConstTypeReference(node.type)) return evaluate(node.expression, at);
  if (ts.isIdentifier(node)) return evaluateName(node, at);
  if (ts.isPropertyAccessExpression(node)) return evaluateProperty(node, at);
  if (ts.isPrefixUnaryExpression(node)) return evaluateSign(node, at);
  if (ts.isBinaryExpression(node)) return evaluateArithmetic(node, at);
  const word = words.get(node.kind);
  return word === undefined ? refuse(node, at) : { kind: "scalar", value: word, node };
}

const words: ReadonlyMap<ts.SyntaxKind, boolean | null> = new Map([
  [ts.SyntaxKind.TrueKeyword, true],
  [ts.SyntaxKind.FalseKeyword, false],
  [ts.SyntaxKind.NullKeyword, null],
]);

function evaluateText(node: ts.StringLiteralLike, at: Evaluation): Evaluated {
  if (node.text.isWellFormed()) return { kind: "scalar", value: node.text, node };
  at.report({ code: "HW054", at: node, message: `${textOf(node)} has half a surrogate pair` });
  return { kind: "invalid", node };
}

function evaluateNumber(node: ts.NumericLiteral, at: Evaluation): Evaluated {
  const message = faultOf(node, "anywhere");
  if (message === null) return { kind: "scalar", value: Number(node.text), node };
  at.report({ code: "HW053", at: node, message });
  return { kind: "invalid", node };
}

function evaluateArray(node: ts.ArrayLiteralExpression, at: Evaluation): Evaluated {
  const items = node.elements.flatMap((element): readonly Evaluated[] => {
    if (!ts.isSpreadElement(element)) return [evaluate(element, at)];
    const spread = evaluate(element.expression, at);
    if (spread.kind === "array") return spread.items;
    return [spread.kind === "invalid" ? spread : refuse(element, at)];
  });
  return { kind: "array", items, node };
}

function evaluateObject(node: ts.ObjectLiteralExpression, at: Evaluation): Evaluated {
  const entries = new Map<string, Entry>();
  let isValid = true;
  for (const property of node.properties) {
    const added = entriesOf(property, at);
    if (added === null) isValid = false;
    for (const [name, entry] of added ?? []) entries.set(name, entry);
  }
  return isValid ? { kind: "object", entries, node } : { kind: "invalid", node };
}

/** Null when it is no plain data, which is reported. */
function entriesOf(property: ts.ObjectLiteralElementLike, at: Evaluation): Iterable<readonly [string, Entry]> | null {
  if (ts.isSpreadAssignment(property)) {
    const spread = evaluate(property.expression, at);
    if (spread.kind === "object") return spread.entries;
    if (spread.kind !== "invalid") refuse(property, at);
    return null;
  }
  const name = property.name === undefined ? null : keyOf(property.name);
  if (name !== null && property.name !== undefined && !name.isWellFormed()) {
    at.report({ code: "HW054", at: property.name, message: `${textOf(property.name)} has half a surrogate pair` });
    return null;
  }
  if (name !== null && ts.isPropertyAssignment(property))
    return [[name, { key: property.name, value: evaluate(property.initializer, at) }]];
  if (name !== null && ts.isShorthandPropertyAssignment(property))
    return [[name, { key: property.name, value: evaluateName(property.name, at) }]];
  refuse(property, at);
  return null;
}

/** `__proto__` sets no field but what an object inherits from, so it is no data. */
function keyOf(name: ts.PropertyName): string | null {
  const isWritten = ts.isIdentifier(name) || ts.isStringLiteralLike(name) || ts.isNumericLiteral(name);
  return isWritten && name.text !== "__proto__" ? name.text : null;
}

function evaluateName(node: ts.Identifier, at: Evaluation): Evaluated {
  const found = at.declarations.value(node.text, node.getSourceFile());
  if (found.kind === "broken") return { kind: "invalid", node };
  if (found.kind !== "declared") return refuse(node, at, `${node.text} is not a constant of the catalog`);
  const declaration = found.first;
  const initializer = initializerOf(declaration);
  const isConst =
    ts.isExportAssignment(declaration) || (ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Const) !== 0;
  if (initializer === undefined || !isConst) return refuse(node, at, `${node.text} is not a constant`);
  const known = at.constants.get(declaration);
  if (known === null) return refuse(node, at, `${node.text} is made of itself`);
  if (known !== undefined) return known;
  at.constants.set(declaration, null);
  const value = evaluate(initializer, at);
  at.constants.set(declaration, value);
  return value;
}

function evaluateProperty(node: ts.PropertyAccessExpression, at: Evaluation): Evaluated {
  const member = enumValue(node, at);
  if (member !== null) return { kind: "scalar", value: member, node };
  const object = evaluate(node.expression, at);
  if (object.kind === "invalid") return { kind: "invalid", node };
  const entry = object.kind === "object" ? object.entries.get(node.name.text) : undefined;
  return entry?.value ?? refuse(node, at, `${textOf(node)} is not there`);
}

/** `Status.Active`. */
function enumValue({ expression, name }: ts.PropertyAccessExpression, at: Evaluation): string | number | null {
  if (!ts.isIdentifier(expression)) return null;
  const found = at.declarations.type(expression.text, expression.getSourceFile());
  return found.kind === "declared" ? enumMemberValue(found.all.filter(ts.isEnumDeclaration), name.text) : null;
}

function evaluateSign(node: ts.PrefixUnaryExpression, at: Evaluation): Evaluated {
  const isMinus = node.operator === ts.SyntaxKind.MinusToken;
  if (!isMinus && node.operator !== ts.SyntaxKind.PlusToken) return refuse(node, at);
  const value = evaluate(node.operand, at);
  if (value.kind === "invalid") return value;
  if (value.kind !== "scalar" || typeof value.value !== "number") return refuse(node, at);
  return { kind: "scalar", value: signed(value.value, isMinus ? -1 : 1), node };
}

type Operation = (left: number, right: number) => number;

const operations: ReadonlyMap<ts.SyntaxKind, Operation> = new Map<ts.SyntaxKind, Operation>([
  [ts.SyntaxKind.PlusToken, (left, right) => left + right],
  [ts.SyntaxKind.MinusToken, (left, right) => left - right],
  [ts.SyntaxKind.AsteriskToken, (left, right) => left * right],
  [ts.SyntaxKind.SlashToken, (left, right) => left / right],
]);

function evaluateArithmetic(node: ts.BinaryExpression, at: Evaluation): Evaluated {
  const operation = operations.get(node.operatorToken.kind);
  if (operation === undefined) return refuse(node, at);
  const left = evaluate(node.left, at);
  const right = evaluate(node.right, at);
  if (left.kind === "invalid" || right.kind === "invalid") return { kind: "invalid", node };
  if (left.kind !== "scalar" || right.kind !== "scalar") return refuse(node, at);
  const value = apply(operation, left.value, right.value);
  return value === null ? refuse(node, at) : { kind: "scalar", value, node };
}

function apply(operation: Operation, left: unknown, right: unknown): number | null {
  if (typeof left !== "number" || typeof right !== "number") return null;
  const value = operation(left, right);
  const isWhole = Number.isInteger(left) && Number.isInteger(right) && Number.isInteger(value);
  return Number.isFinite(value) && (!isWhole || Number.isSafeInteger(value)) ? value : null;
}

function refuse(node: ts.Node, at: Evaluation, message = `${textOf(node)} is not plain data`): Evaluated {
  at.report({ code: "HW012", at: node, message });
  return { kind: "invalid", node };
}

function textOf(node: ts.Node): string {
  const text = node.getText().replaceAll(/\s+/g, " ");
  return text.length <= 40 ? text : `${text.slice(0, 39)}…`;
}
