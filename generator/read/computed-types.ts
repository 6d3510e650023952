/** Which types only the compiler can work out: those with a condition or a `typeof` in them. */
import { ts } from "ts-morph";
import type { TypeDeclaration } from "./declarations.ts";
import type { Reading } from "./scope.ts";

const known = new WeakMap<ts.Node, boolean>();

/** Whether a generic declaration, or one that it uses, has a condition in it. */
export function isComputed(declaration: TypeDeclaration, reading: Reading): boolean {
  return ts.isTypeAliasDeclaration(declaration) && needsCompiler(declaration.type, reading);
}

export function needsCompiler(node: ts.Node, reading: Reading): boolean {
  const found = known.get(node);
  if (found !== undefined) return found;
  // A type that contains itself adds nothing to what it is made of.
  known.set(node, false);
  const isNeeded = isCondition(node) || usesComputed(node, reading) || hasComputedChild(node, reading);
  known.set(node, isNeeded);
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
