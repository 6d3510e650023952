/** An enum: one of its values, each of which is called what its member is called. */
import { ts } from "ts-morph";
import { docOf } from "./docs.ts";
import { faultOf } from "./literals.ts";
import { refuse } from "./scope.ts";
import type { Application, Scope } from "./scope.ts";
import { invalid } from "./term.ts";
import type { Term } from "./term.ts";

export function readEnum(parts: readonly ts.EnumDeclaration[], type: Application, scope: Scope): Term {
  const of = parts.flatMap((part) => membersOf(part, scope));
  const [first] = parts;
  if (first === undefined || of.some(({ kind }) => kind === "invalid")) return invalid;
  return { kind: "union", name: null, doc: docOf(first), of, open: false, node: type.node };
}

/** The value of one member, `Status.Active`. */
export function readEnumMember(parts: readonly ts.EnumDeclaration[], name: string, scope: Scope): Term | null {
  const members = parts.flatMap((part) => [...part.members]);
  const index = members.findIndex((member) => nameOf(member) === name);
  return parts.flatMap((part) => membersOf(part, scope))[index] ?? null;
}

function membersOf(declaration: ts.EnumDeclaration, scope: Scope): readonly Term[] {
  let next: number | null = 0;
  return declaration.members.map((member): Term => {
    const value: string | number | null = member.initializer === undefined ? next : valueOf(member.initializer, scope);
    next = typeof value === "number" ? value + 1 : null;
    if (value !== null) return { kind: "scalar", type: { kind: "constant", value }, named: namedAs(member) };
    const says = `${declaration.name.text}.${nameOf(member)} is no literal`;
    return refuse(scope, { code: "HW027", at: member, says });
  });
}

function nameOf({ name }: ts.EnumMember): string {
  return ts.isIdentifier(name) || ts.isStringLiteralLike(name) ? name.text : name.getText();
}

function namedAs(member: ts.EnumMember): string {
  return nameOf(member);
}

function valueOf(node: ts.Expression, scope: Scope): string | number | null {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isParenthesizedExpression(node)) return valueOf(node.expression, scope);
  if (ts.isNumericLiteral(node)) return faultOf(node, "in-a-type") === null ? Number(node.text) : null;
  const isNegative = ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.MinusToken;
  if (!isNegative) return null;
  const value = valueOf(node.operand, scope);
  return typeof value === "number" ? -value : null;
}
