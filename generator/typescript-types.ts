import { either, group, indent, join, line, softLine } from "./lines.ts";
import type { Piece } from "./lines.ts";

/** A type as it is written in TypeScript, laid out by where it stands. */
export type TypeText =
  | { readonly kind: "name"; readonly text: string }
  | { readonly kind: "array"; readonly items: TypeText }
  /** `[A, B]` */
  | { readonly kind: "tuple"; readonly items: readonly TypeText[] }
  /** `Record<string, …>` */
  | { readonly kind: "record"; readonly values: TypeText }
  /** `Pick<of, names>` */
  | { readonly kind: "pick"; readonly of: string; readonly names: TypeText }
  | { readonly kind: "union"; readonly members: readonly TypeText[] };

type Union = Extract<TypeText, { kind: "union" }>;

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
  return [name, ":", below(type), ";"];
}

/** `export type name = type;` */
export function typeAlias(name: string, type: TypeText): Piece {
  return [`export type ${name} =`, below(type), ";"];
}

function below(type: TypeText): Piece {
  if (type.kind !== "union" || isNullable(type)) return [" ", inner(type)];
  return group(indent([line, members(type)]));
}

/** All on one line, or each on its own behind a bar. */
function members(type: Union): Piece {
  const alternatives = type.members.map((member) => indent(inner(member)));
  return group([either("| ", ""), join([line, "| "], alternatives)]);
}

function inner(type: TypeText): Piece {
  switch (type.kind) {
    case "name":
      return type.text;
    case "record":
      return group(["Record<", indent([softLine, join([",", line], ["string", inner(type.values)])]), softLine, ">"]);
    case "pick":
      return group(["Pick<", indent([softLine, join([",", line], [type.of, inner(type.names)])]), softLine, ">"]);
    case "array":
      return [type.items.kind === "union" ? ["(", enclosed(type.items), ")"] : inner(type.items), "[]"];
    case "tuple":
      return group(["[", indent([softLine, join([",", line], type.items.map(inner))]), either(",", ""), softLine, "]"]);
    case "union":
      return isNullable(type) ? join(" | ", type.members.map(inner)) : members(type);
  }
}

function enclosed(type: Union): Piece {
  return isNullable(type) ? inner(type) : group([indent([softLine, members(type)]), softLine]);
}

/** A record or null is laid out as the record is. */
function isNullable(type: Union): boolean {
  const [first, second, ...others] = type.members;
  return first?.kind === "record" && second?.kind === "name" && second.text === "null" && others.length === 0;
}
