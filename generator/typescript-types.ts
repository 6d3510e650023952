import { either, group, indent, join, line, softLine } from "./lines.ts";
import type { Piece } from "./lines.ts";

/** A type as it is written in TypeScript, laid out by where it stands. */
export type TypeText =
  | { readonly kind: "name"; readonly text: string }
  | { readonly kind: "array"; readonly items: TypeText }
  /** `Record<string, …>` */
  | { readonly kind: "record"; readonly values: TypeText }
  | { readonly kind: "union"; readonly members: readonly TypeText[] };

export function typeName(text: string): TypeText {
  return { kind: "name", text };
}

/** One of several; a union among them is merged in. */
export function unionOf(members: readonly TypeText[]): TypeText {
  const flat = members.flatMap((member) => (member.kind === "union" ? member.members : [member]));
  return flat.length === 1 && flat[0] !== undefined ? flat[0] : { kind: "union", members: flat };
}

/** `name: type;`, where a long union stands below the name. */
export function typedMember(name: string, type: TypeText): Piece {
  return [
    name,
    ": ",
    type.kind === "union" && !isNullable(type) ? group(indent(members(type, line))) : inner(type),
    ";",
  ];
}

/** `export type name = type;` */
export function typeAlias(name: string, type: TypeText): Piece {
  const right = type.kind === "union" ? group(indent(members(type, line))) : inner(type);
  return [`export type ${name} = `, right, ";"];
}

function members(type: Extract<TypeText, { kind: "union" }>, start: Piece): Piece {
  const alternatives = type.members.map((member) => indent(inner(member)));
  return [either([start, "| "], ""), join([line, "| "], alternatives)];
}

function inner(type: TypeText): Piece {
  switch (type.kind) {
    case "name":
      return type.text;
    case "record":
      return group(["Record<", indent([softLine, join([",", line], ["string", inner(type.values)])]), softLine, ">"]);
    case "array":
      return [type.items.kind === "union" ? ["(", enclosed(type.items), ")"] : inner(type.items), "[]"];
    case "union":
      return isNullable(type) ? join(" | ", type.members.map(inner)) : group(members(type, ""));
  }
}

function enclosed(type: Extract<TypeText, { kind: "union" }>): Piece {
  return group([indent([softLine, members(type, "")]), softLine]);
}

/** A record or null is laid out as the record is. */
function isNullable(type: Extract<TypeText, { kind: "union" }>): boolean {
  const [first, second, ...others] = type.members;
  return first?.kind === "record" && second?.kind === "name" && second.text === "null" && others.length === 0;
}
