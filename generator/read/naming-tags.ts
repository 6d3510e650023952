/** `@named`: what a field, an event type or a value is called in code, where its author wants another name. */
import type { ts } from "ts-morph";
import { tagsOf } from "./docs.ts";
import type { Report } from "./report.ts";
import type { Term } from "./term.ts";

export interface Naming {
  /** `@named orderNumber`: the name of the thing itself. Null without it. */
  readonly own: string | null;
  /** `@named "+1" thumbsUp`: of each value that is named. */
  readonly values: ReadonlyMap<string | number, string>;
}

interface Named {
  /** For messages. */
  readonly path: string;
  readonly node: ts.Node;
  /** Null where it has no values. */
  readonly term: Term | null;
}

/** The tags in the comment of a declaration, whose values `term` has. What is wrong with them is reported and left out. */
export function readNaming(declaration: ts.Node, { path, node, term }: Named, report: Report): Naming {
  const values = new Map<string | number, string>();
  let own: string | null = null;
  const known = term === null ? new Set<unknown>() : new Set(constantsIn(term));
  const refuse = (says: string) => report({ code: "HW046", at: node, message: `${path}: @named: ${says}` });
  for (const text of tagsOf(declaration).get("named") ?? []) {
    const [, literal, name = ""] = /^(?:("(?:[^"\\]|\\.)*"|-?[0-9.]+)\s+)?(.*)$/.exec(text) ?? [];
    const value = literal === undefined ? undefined : literalOf(literal);
    if (!/^[A-Za-z][A-Za-z0-9_]*$/.test(name))
      refuse(`expected a name of letters, digits and _, got ${text || "nothing"}`);
    else if (value === undefined && own !== null) refuse(`a second name, ${name}`);
    else if (value === undefined) own = name;
    else if (!known.has(value)) refuse(`${literal} is none of its values`);
    else if (values.has(value) || [...values.values()].includes(name)) refuse(`${text} is said twice`);
    else values.set(value, name);
  }
  return { own, values };
}

function literalOf(text: string): string | number | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "string" || typeof value === "number" ? value : undefined;
  } catch {
    return undefined;
  }
}

function constantsIn(term: Term): readonly unknown[] {
  switch (term.kind) {
    case "scalar":
      return term.type.kind === "constant" ? [term.type.value] : [];
    case "array":
      return constantsIn(term.items);
    case "record":
      return constantsIn(term.values);
    case "union":
      return term.of.flatMap(constantsIn);
    default:
      return [];
  }
}

/** The term with these names for its values. */
export function withValueNames(term: Term, values: Naming["values"]): Term {
  if (values.size === 0) return term;
  switch (term.kind) {
    case "scalar": {
      const named =
        term.type.kind === "constant" && typeof term.type.value !== "boolean" ? values.get(term.type.value) : undefined;
      return named === undefined ? term : { ...term, named };
    }
    case "array":
      return { ...term, items: withValueNames(term.items, values) };
    case "record":
      return { ...term, values: withValueNames(term.values, values) };
    case "union":
      return { ...term, of: term.of.map((member) => withValueNames(member, values)) };
    default:
      return term;
  }
}
