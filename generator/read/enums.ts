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

/** The value of a member; null where there is none that is a literal. */
export function enumMemberValue(parts: readonly ts.EnumDeclaration[], name: string): string | number | null {
  const members = parts.flatMap(valuesOf);
  return members.find(({ member }) => nameOf(member) === name)?.value ?? null;
}

interface MemberValue {
  readonly member: ts.EnumMember;
  readonly value: string | number | null;
}

function valuesOf({ members }: ts.EnumDeclaration): readonly MemberValue[] {
  let next: number | null = 0;
  return members.map((member) => {
    const value: string | number | null = member.initializer === undefined ? next : literalOf(member.initializer);
    next = typeof value === "number" ? value + 1 : null;
    return { member, value };
  });
}

function membersOf(declaration: ts.EnumDeclaration, scope: Scope): readonly Term[] {
  return valuesOf(declaration).map(({ member, value }): Term => {
    const named = nameOf(member);
    if (value !== null) return { kind: "scalar", type: { kind: "constant", value }, named };
    return refuse(scope, { code: "HW027", at: member, says: `${declaration.name.text}.${named} is no literal` });
  });
}

function nameOf({ name }: ts.EnumMember): string {
  return ts.isIdentifier(name) || ts.isStringLiteralLike(name) ? name.text : name.getText();
}

function literalOf(node: ts.Expression): string | number | null {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isParenthesizedExpression(node)) return literalOf(node.expression);
  if (ts.isNumericLiteral(node)) return faultOf(node, "in-a-type") === null ? Number(node.text) : null;
  const isNegative = ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.MinusToken;
  const value = isNegative ? literalOf(node.operand) : null;
  return typeof value === "number" ? -value : null;
}
