/*
 * Transactions come from libraries that are no dependency of this package, in copies and versions that it does not know:
 * each is recognised by the members it has, and these are how a member of an unknown object is read.
 */

export type Method = (...parameters: readonly unknown[]) => unknown;

/** A method that belongs to the object, ready to be called. Null: there is no such method. */
export function methodOf(owner: object, name: string): Method | null {
  const member: unknown = Reflect.get(owner, name);
  return typeof member === "function" ? (...parameters) => Reflect.apply(member, owner, parameters) : null;
}

/** An object, or a function with members, that the object has under a name. Null: there is none. */
export function objectOf(owner: object, name: string): object | null {
  const member: unknown = Reflect.get(owner, name);
  return isObject(member) ? member : null;
}

export function isObject(value: unknown): value is object {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}

/** The rows of an answer: drivers give an array of them, or an object that has one. */
export function rowsOf(answer: unknown): { readonly rows: readonly unknown[] } {
  if (Array.isArray(answer)) return { rows: answer };
  const rows: unknown = isObject(answer) ? Reflect.get(answer, "rows") : undefined;
  return { rows: Array.isArray(rows) ? rows : [] };
}
