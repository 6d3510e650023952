import type { ScalarType } from "../model.ts";
import type { RuleId } from "./rules.ts";

/** A rule and what it says, without a place. */
export interface Change {
  readonly rule: RuleId;
  readonly says: string;
}

/** What changed between what two scalars may be; several scalars are a union of JSON types. */
export function compareScalars(before: readonly ScalarType[], after: readonly ScalarType[]): readonly Change[] {
  const [was] = before;
  const [is] = after;
  const [wasTypes, isTypes] = [typesOf(before), typesOf(after)];
  const becomes = `${wasTypes.join(" or ")} is ${isTypes.join(" or ")} now`;
  if (before.length === 1 && after.length === 1 && was !== undefined && is !== undefined) {
    if (wasTypes[0] === isTypes[0]) return compareAlike(was, is);
    if (wasTypes[0] === "integer" && isTypes[0] === "number") return [{ rule: "integer-to-number", says: becomes }];
    if (wasTypes[0] === "number" && isTypes[0] === "integer") return [{ rule: "number-to-integer", says: becomes }];
    return [{ rule: "type-changed", says: becomes }];
  }
  const isMore = wasTypes.every((type) => isTypes.includes(type));
  const isLess = isTypes.every((type) => wasTypes.includes(type));
  if (isMore && !isLess) return [{ rule: "type-widened", says: becomes }];
  if (isLess && !isMore) return [{ rule: "type-narrowed", says: becomes }];
  if (!isMore) return [{ rule: "type-changed", says: becomes }];
  return before.flatMap((scalar) => {
    const same = after.find((other) => jsonType(other) === jsonType(scalar));
    return same === undefined ? [] : compareAlike(scalar, same);
  });
}

function typesOf(scalars: readonly ScalarType[]): readonly string[] {
  return scalars.map(jsonType).sort();
}

function jsonType(scalar: ScalarType): string {
  if (scalar.kind !== "constant" && scalar.kind !== "enum") return scalar.kind;
  const values: readonly unknown[] = scalar.kind === "constant" ? [scalar.value] : scalar.values;
  if (values.every(Number.isInteger)) return "integer";
  return typeof values[0];
}

function compareAlike(before: ScalarType, after: ScalarType): readonly Change[] {
  if (before.kind === "constant" && after.kind === "constant") {
    const says = `${JSON.stringify(before.value)} is ${JSON.stringify(after.value)} now`;
    return before.value === after.value ? [] : [{ rule: "constant-changed", says }];
  }
  const [was, is] = [literals(before), literals(after)];
  if (was !== null && is !== null) return compareSets(was, is);
  if (was !== null) return [{ rule: "type-widened", says: `a set of values is any ${jsonType(after)} now` }];
  if (is !== null) return [{ rule: "type-narrowed", says: `any ${jsonType(before)} is a set of values now` }];
  if (before.kind === "string" && after.kind === "string") return compareTexts(before, after);
  const isNumber = before.kind === "integer" || before.kind === "number";
  return isNumber && (after.kind === "integer" || after.kind === "number") ? compareRanges(before, after) : [];
}

interface Literals {
  readonly values: readonly (string | number | boolean)[];
  readonly open: boolean;
  readonly others?: "emitted";
}

function literals(scalar: ScalarType): Literals | null {
  if (scalar.kind === "constant") return { values: [scalar.value], open: false };
  return scalar.kind === "enum" ? scalar : null;
}

function compareSets(before: Literals, after: Literals): readonly Change[] {
  const added = after.values.filter((value) => !before.values.includes(value)).map((value) => JSON.stringify(value));
  const removed = before.values.filter((value) => !after.values.includes(value)).map((value) => JSON.stringify(value));
  const grown = before.open ? "open-enum-value-added" : "closed-enum-value-added";
  return [
    ...added.map((value) => ({ rule: grown, says: `${value} is added to the set` }) as const),
    ...removed.map((value) => ({ rule: "enum-value-removed", says: `${value} is gone from the set` }) as const),
    ...(before.open || !after.open ? [] : [{ rule: "enum-opened", says: "other values may come" } as const]),
    ...(!before.open || after.open ? [] : [{ rule: "enum-closed", says: "no other values may come" } as const]),
    ...otherDifference(before.others, after.others),
  ];
}

/** Receivers of an open set take any value, whether it was sent before or not. */
function otherDifference(before: Literals["others"], after: Literals["others"]): readonly Change[] {
  if (before === after) return [];
  if (after === undefined) return [{ rule: "enum-value-removed", says: "no others than the known values are sent" }];
  return [{ rule: "open-enum-value-added", says: "others than the known values are sent too" }];
}

type Text = Extract<ScalarType, { kind: "string" }>;

function compareTexts(before: Text, after: Text): readonly Change[] {
  const changes = [
    formatRule(before, after),
    patternRule(before, after),
    ...lengthRules(before, after),
    truncationRule(before, after),
  ];
  return changes.filter((change) => change !== null);
}

function formatRule(before: Text, after: Text): Change | null {
  const [was, is] = [checkedFormat(before), checkedFormat(after)];
  if (was === is) return null;
  if (was === null) return { rule: "format-added", says: `text has the format ${is} now` };
  if (is === null) return { rule: "format-removed", says: `text has the format ${was} no more` };
  return { rule: "format-changed", says: `text of the format ${was} has the format ${is} now` };
}

function patternRule({ pattern: was }: Text, { pattern: is }: Text): Change | null {
  if (was === is) return null;
  if (was === undefined) return { rule: "pattern-added", says: `text matches ${is} now` };
  return {
    rule: "pattern-changed",
    says: `text that matched ${was} ${is === undefined ? "is any" : `matches ${is}`} now`,
  };
}

/** An identifier is opaque: it has the format of any text. */
function checkedFormat({ format }: Text): string | null {
  return format === "id" ? null : format;
}

function lengthRules(before: Text, after: Text): readonly Change[] {
  const [was, is] = [before.lengthMax ?? Infinity, after.lengthMax ?? Infinity];
  const says = `${lengthText(was)}, ${lengthText(is)} now`;
  if (was === is) return [];
  return [{ rule: is > was ? "max-length-raised" : "max-length-lowered", says }];
}

function lengthText(length: number): string {
  return length === Infinity ? "text of any length" : `text of at most ${length} characters`;
}

function truncationRule(before: Text, after: Text): Change | null {
  if (before.truncated === after.truncated) return null;
  if (after.truncated) return { rule: "truncation-added", says: "text that is too long is cut" };
  return { rule: "truncation-removed", says: "text that is too long is refused at emit" };
}

type Numeric = Extract<ScalarType, { kind: "integer" | "number" }>;

function compareRanges(before: Numeric, after: Numeric): readonly Change[] {
  const [wasMin, isMin] = [before.minimum ?? -Infinity, after.minimum ?? -Infinity];
  const [wasMax, isMax] = [before.maximum ?? Infinity, after.maximum ?? Infinity];
  if (wasMin === isMin && wasMax === isMax) return [];
  const says = `a number ${rangeText(wasMin, wasMax)}, ${rangeText(isMin, isMax)} now`;
  return [{ rule: isMin < wasMin || isMax > wasMax ? "range-widened" : "range-narrowed", says }];
}

function rangeText(minimum: number, maximum: number): string {
  if (minimum === -Infinity && maximum === Infinity) return "without limits";
  if (minimum === -Infinity) return `up to ${maximum}`;
  return maximum === Infinity ? `from ${minimum}` : `from ${minimum} to ${maximum}`;
}
