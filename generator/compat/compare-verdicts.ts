import { shapeOf } from "../model.ts";
import type { ContractModel, Field, Shape } from "../model.ts";
import { compareTypes } from "./compare-slots.ts";
import type { ChangeAt } from "./compare-slots.ts";
import type { Difference } from "./finding.ts";
import type { RuleId } from "./rules.ts";

/** A verdict is written by receivers, so what it may hold must not shrink: the reverse of a payload. */
export function compareVerdicts(before: ContractModel, after: ContractModel): readonly Difference[] {
  if (before.verdict === null || after.verdict === null) return [];
  return compareObject(shapeOf(before, before.verdict), shapeOf(after, after.verdict), {
    before,
    after,
    at: "verdict",
  });
}

interface Place {
  readonly before: ContractModel;
  readonly after: ContractModel;
  readonly at: string;
}

function compareObject(before: Shape, after: Shape, place: Place): readonly Difference[] {
  if (before.kind !== "object" || after.kind !== "object") return [];
  const names = [...new Set([...before.fields, ...after.fields].map(({ name }) => name))];
  return names.flatMap((name) => {
    const [was, is] = [before, after].map(({ fields }) => fields.find((field) => field.name === name));
    return compareField(was, is, { ...place, at: `${place.at}.${name}` });
  });
}

function compareField(before: Field | undefined, after: Field | undefined, place: Place): readonly Difference[] {
  const where = { at: place.at, before: before?.span ?? null, after: after?.span ?? null };
  if (before === undefined) {
    if (after?.optional === true) return [{ ...where, rule: "verdict-field-added", says: "it may be given" }];
    return [{ ...where, rule: "verdict-field-required", says: "it must be given" }];
  }
  if (after === undefined) return [{ ...where, rule: "verdict-field-removed", says: "it has no effect any more" }];
  const found: Difference[] = [];
  const add = (rule: RuleId, says: string) => found.push({ ...where, rule, says });
  if ((before.optional && !after.optional) || (before.nullable && !after.nullable))
    add("verdict-field-required", "it must be given now");
  if ((!before.optional && after.optional) || (!before.nullable && after.nullable))
    add("verdict-field-optional", "it need not be given");
  const { changes, nested } = compareTypes(before.type, after.type);
  const inner = changes.flatMap(({ at, rule, says }): readonly Difference[] => {
    const reversed = reverse(rule);
    return reversed === null ? [] : [{ ...where, rule: reversed, at: where.at + at, says }];
  });
  const deeper = nested.flatMap((pair) =>
    compareObject(shapeOf(place.before, pair.before), shapeOf(place.after, pair.after), {
      ...place,
      at: where.at + pair.at,
    }),
  );
  return [...found, ...inner, ...deeper];
}

const widening: readonly RuleId[] = [
  "item-made-nullable",
  "type-widened",
  "integer-to-number",
  "range-widened",
  "format-removed",
  "max-length-raised",
  "closed-enum-value-added",
  "open-enum-value-added",
  "enum-opened",
];

/** What a change of a payload is in a verdict. Null where it is none: an open set takes a value that is not named. */
function reverse(rule: ChangeAt["rule"]): RuleId | null {
  if (rule === "truncation-added" || rule === "truncation-removed") return null;
  return widening.includes(rule) ? "verdict-type-widened" : "verdict-type-narrowed";
}
