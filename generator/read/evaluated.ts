import type { ts } from "ts-morph";
import type { Span } from "../model.ts";
import { spanOf } from "./report.ts";

/** A value of the catalog. It keeps its place, also where it is used under another name. */
export type Evaluated =
  | { readonly kind: "scalar"; readonly value: string | number | boolean | null; readonly node: ts.Node }
  | { readonly kind: "array"; readonly items: readonly Evaluated[]; readonly node: ts.Node }
  | EvaluatedObject
  /** What is wrong with it has been reported. */
  | { readonly kind: "invalid"; readonly node: ts.Node };

export interface EvaluatedObject {
  readonly kind: "object";
  readonly entries: ReadonlyMap<string, Entry>;
  readonly node: ts.Node;
}

export interface Entry {
  readonly key: ts.Node;
  readonly value: Evaluated;
}

/** The value without its places. */
export function plainValue(evaluated: Evaluated): unknown {
  switch (evaluated.kind) {
    case "scalar":
      return evaluated.value;
    case "array":
      return evaluated.items.map(plainValue);
    case "object":
      return Object.fromEntries([...evaluated.entries].map(([key, { value }]) => [key, plainValue(value)]));
    case "invalid":
      return null;
  }
}

export function isValid(evaluated: Evaluated): boolean {
  switch (evaluated.kind) {
    case "scalar":
      return true;
    case "array":
      return evaluated.items.every(isValid);
    case "object":
      return [...evaluated.entries.values()].every(({ value }) => isValid(value));
    case "invalid":
      return false;
  }
}

/** What stands at a path of keys; undefined when there is nothing. */
export function valueAt(evaluated: Evaluated | undefined, ...keys: readonly string[]): Evaluated | undefined {
  return keys.reduce<Evaluated | undefined>(
    (value, key) => (value?.kind === "object" ? value.entries.get(key)?.value : undefined),
    evaluated,
  );
}

export function textAt(evaluated: Evaluated | undefined, ...keys: readonly string[]): string | undefined {
  const value = valueAt(evaluated, ...keys);
  return value?.kind === "scalar" && typeof value.value === "string" ? value.value : undefined;
}

export function itemsOf(evaluated: Evaluated | undefined): readonly Evaluated[] {
  if (evaluated?.kind === "array") return evaluated.items;
  return evaluated === undefined ? [] : [evaluated];
}

/** The members of an object; none of anything else. */
export function entriesOf(evaluated: Evaluated | undefined): readonly Entry[] {
  return evaluated?.kind === "object" ? [...evaluated.entries.values()] : [];
}

export function isNull(value: Evaluated): boolean {
  return value.kind === "scalar" && value.value === null;
}

export function isUnread(value: Evaluated): boolean {
  return value.kind === "invalid";
}

/** Where the members of an object stand, to two levels: `headers`, `signature.encoding`. */
export function memberSpans({ entries }: EvaluatedObject, levels = 2, way = ""): Readonly<Record<string, Span>> {
  const spans = [...entries].map(([key, { key: node, value }]) => {
    const member = way + key;
    const inner = value.kind === "object" && levels > 1 ? memberSpans(value, levels - 1, `${member}.`) : {};
    return { [member]: spanOf(node), ...inner };
  });
  return Object.assign({}, ...spans);
}
