import type { Field, ScalarType, Slot, Type } from "../model.ts";
import { compareScalars } from "./compare-scalars.ts";
import type { Change } from "./compare-scalars.ts";

/** A change below the value that is compared: `[]` is its items, `.*` the values of its keys. */
export interface ChangeAt extends Change {
  readonly at: string;
}

/** Two shapes that stand in one place, to be compared as well. */
export interface Nested {
  readonly at: string;
  readonly before: string;
  readonly after: string;
}

export interface ComparedSlot {
  readonly changes: readonly ChangeAt[];
  readonly nested: readonly Nested[];
}

const none: ComparedSlot = { changes: [], nested: [] };

/** What changed in a field: whether it may be absent or null, and what it may hold. */
export function compareFields(before: Field, after: Field): ComparedSlot {
  const changes: Change[] = [];
  if (!before.optional && after.optional) changes.push({ rule: "field-made-optional", says: "it may be absent now" });
  if (before.optional && !after.optional) changes.push({ rule: "field-made-required", says: "it is always there now" });
  if (!before.nullable && after.nullable) changes.push({ rule: "field-made-nullable", says: "it may be null now" });
  if (before.nullable && !after.nullable) changes.push({ rule: "field-made-non-null", says: "it is never null now" });
  const inner = compareTypes(before.type, after.type);
  return { ...inner, changes: [...changes.map((change) => ({ ...change, at: "" })), ...inner.changes] };
}

export function compareTypes(before: Type, after: Type): ComparedSlot {
  if (before.kind === "unknown" || after.kind === "unknown") return compareUnknown(before, after);
  if (before.kind === "shape" && after.kind === "shape")
    return { changes: [], nested: [{ at: "", before: before.name, after: after.name }] };
  if (before.kind === "array" && after.kind === "array") return compareItems(before.items, after.items, "[]");
  if (before.kind === "record" && after.kind === "record") return compareValues(before.values, after.values);
  if (before.kind === "tuple" && after.kind === "tuple") return compareTuples(before.items, after.items);
  const [was, is] = [scalarsOf(before), scalarsOf(after)];
  if (was !== null && is !== null)
    return { changes: compareScalars(was, is).map((change) => ({ ...change, at: "" })), nested: [] };
  const rule = before.kind === "array" || after.kind === "array" ? "array-changed" : "type-changed";
  return { changes: [{ rule, at: "", says: `${nameOf(before)} is ${nameOf(after)} now` }], nested: [] };
}

function compareUnknown(before: Type, after: Type): ComparedSlot {
  if (before.kind === after.kind) return none;
  const rule = after.kind === "unknown" ? "type-widened" : "type-narrowed";
  return { changes: [{ rule, at: "", says: `${nameOf(before)} is ${nameOf(after)} now` }], nested: [] };
}

function compareItems(before: Slot, after: Slot, at: string): ComparedSlot {
  const inner = compareTypes(before.type, after.type);
  const own: ChangeAt[] = [];
  if (!before.nullable && after.nullable) own.push({ rule: "item-made-nullable", at, says: "it may be null now" });
  if (before.nullable && !after.nullable) own.push({ rule: "item-made-non-null", at, says: "it is never null now" });
  return {
    changes: [...own, ...inner.changes.map((change) => ({ ...change, at: at + change.at }))],
    nested: inner.nested.map((pair) => ({ ...pair, at: at + pair.at })),
  };
}

/** Receivers read the places that they know, and pass over what stands behind them. */
function compareTuples(before: readonly Slot[], after: readonly Slot[]): ComparedSlot {
  const places = before.flatMap((slot, index) => {
    const other = after[index];
    return other === undefined ? [] : [compareItems(slot, other, `[${index}]`)];
  });
  const rule = after.length < before.length ? "tuple-shortened" : "tuple-lengthened";
  const says = `it has ${after.length} places now, and had ${before.length}`;
  return {
    changes: [
      ...(after.length === before.length ? [] : [{ rule, at: "", says } as const]),
      ...places.flatMap(({ changes }) => changes),
    ],
    nested: places.flatMap(({ nested }) => nested),
  };
}

function compareValues(before: Slot, after: Slot): ComparedSlot {
  const { changes, nested } = compareItems(before, after, ".*");
  const ofRecord = (change: ChangeAt): ChangeAt =>
    change.rule === "type-changed" && change.at === ".*" ? { ...change, rule: "record-values-changed" } : change;
  return { changes: changes.map(ofRecord), nested };
}

function scalarsOf(type: Type): readonly ScalarType[] | null {
  switch (type.kind) {
    case "array":
    case "tuple":
    case "record":
    case "unknown":
    case "shape":
      return null;
    case "scalars":
      return type.of;
    default:
      return [type];
  }
}

function nameOf(type: Type): string {
  switch (type.kind) {
    case "array":
      return "a list";
    case "tuple":
      return `a list of ${type.items.length} places`;
    case "record":
    case "shape":
      return "an object";
    case "unknown":
      return "any JSON";
    case "scalars":
      return type.of.map((scalar) => scalar.kind).join(" or ");
    case "constant":
      return `a ${typeof type.value}`;
    case "enum":
      return `a ${typeof type.values[0]}`;
    default:
      return type.kind;
  }
}
