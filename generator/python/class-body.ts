import type { Piece } from "../lines.ts";
import type { Doc } from "../model.ts";
import { quote } from "../typescript-syntax.ts";
import { blockTuple, docstring, joinLines, method, tuple } from "./python-syntax.ts";

/** An attribute of a generated class. */
export interface Attribute {
  readonly name: string;
  readonly annotation: string;
  /** Null: it has to be given. */
  readonly fallback: string | null;
  readonly doc: Doc | null;
}

/** The slots of a class, and how its values are taken apart in a `case`. */
export function slots(attributes: readonly Attribute[]): Piece {
  const names = tuple(attributes.map(({ name }) => quote(name)));
  return joinLines([
    ["__slots__ = ", names],
    ["__match_args__ = ", names],
  ]);
}

/** `base`: of a class that others extend, whose tuples are longer. */
export function fieldsTuple(items: readonly Piece[], of: "base" | "leaf" = "leaf"): Piece {
  const annotation = of === "base" ? ": ClassVar[tuple[_model.Field, ...]]" : "";
  return [`FIELDS${annotation} = `, blockTuple(items)];
}

/** Annotations with a docstring below each, where editors look for it. */
export function annotations(attributes: readonly Attribute[]): Piece {
  return joinLines(
    attributes.flatMap(({ name, annotation, doc }) => {
      const said = docstring(doc);
      return said === null ? [`${name}: ${annotation}`] : [`${name}: ${annotation}`, said];
    }),
  );
}

export function parameter({ name, annotation, fallback }: Attribute): string {
  return fallback === null ? `${name}: ${annotation}` : `${name}: ${annotation} = ${fallback}`;
}

/** The constructor: everything by keyword, because fields may be added between others. */
export function constructor(parameters: readonly Attribute[], body: readonly Piece[]): Piece {
  return method({ name: "__init__", parameters: parameters.map(parameter), returns: "None", body });
}

export function assignment({ name }: Attribute): string {
  return `self.${name} = ${name}`;
}

/** `import Any, Literal` and the like: of the names those that stand in one of the texts. */
export function usedNames(names: readonly string[], texts: readonly string[]): readonly string[] {
  return names.filter((name) => texts.some((text) => text.split(/[^A-Za-z_]+/).includes(name)));
}
