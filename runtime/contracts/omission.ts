import { KindGuard, OptionalKind, type TSchema } from "@sinclair/typebox";

/**
 * The data without what is empty and may be absent: members that their schema declares as optional, and that are a list
 * or an object with nothing in it. What stands in a member with keys of the sender's own is not looked at.
 */
export function withoutEmpty(schema: TSchema, data: unknown): unknown {
  if (KindGuard.IsArray(schema) && Array.isArray(data)) return data.map((item) => withoutEmpty(schema.items, item));
  if (!KindGuard.IsObject(schema) || typeof data !== "object" || data === null || Array.isArray(data)) return data;
  const kept = Object.entries(data).flatMap(([name, value]): readonly (readonly [string, unknown])[] => {
    const member = schema.properties[name];
    if (member === undefined) return [[name, value]];
    return OptionalKind in member && isEmpty(value) ? [] : [[name, withoutEmpty(member, value)]];
  });
  return Object.fromEntries(kept);
}

function isEmpty(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}
