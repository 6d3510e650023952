import type { MaskRule } from "../../catalog/contract.ts";

/** The data with what the rule names masked, at any depth; the same data where there is nothing to mask. */
export function masked(rule: MaskRule | undefined, data: unknown): unknown {
  if (rule === undefined) return data;
  return maskedIn(data, { names: new Set(rule.members.map((name) => name.toLowerCase())), as: rule.as });
}

interface Mask {
  readonly names: ReadonlySet<string>;
  readonly as: string;
}

function maskedIn(value: unknown, mask: Mask): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value))
    return changed(
      value,
      value.map((item) => maskedIn(item, mask)),
    );
  const members = Object.entries(value);
  const after = members.map(([name, member]) => {
    return mask.names.has(name.toLowerCase()) && isShown(member) ? mask.as : maskedIn(member, mask);
  });
  const isSame = members.every(([, member], index) => member === after[index]);
  return isSame ? value : Object.fromEntries(members.map(([name], index) => [name, after[index]]));
}

function changed(before: readonly unknown[], after: readonly unknown[]): readonly unknown[] {
  return before.every((item, index) => item === after[index]) ? before : after;
}

/** A text that says something, and has not been masked by whoever made it. */
function isShown(value: unknown): boolean {
  return typeof value === "string" && !/^\**$/.test(value);
}
