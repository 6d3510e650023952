import { AssertionError } from "node:assert";
import { inspect, isDeepStrictEqual } from "node:util";
import type { EmittedInTest } from "./emitted.ts";

/** What a matcher needs of a Hookwright under test. */
export interface HasEmitted {
  readonly emitted: () => readonly EmittedInTest[];
}

/** Members that an event has to have; of objects those that are named, and matchers such as `expect.any(String)` count. */
export interface EmittedPattern {
  readonly tenant?: unknown;
  readonly data?: unknown;
  readonly meta?: unknown;
  readonly idempotencyKey?: unknown;
}

interface MatcherResult {
  readonly pass: boolean;
  readonly message: () => string;
}

/** For `expect.extend(matchers)` of vitest and jest. */
export const matchers = {
  /** `expect(hooks).toHaveEmitted("shop", "order.placed", { data: { orderId: "ord_1" } })`. */
  toHaveEmitted(hooks: HasEmitted, contract: string, type: string, pattern: EmittedPattern = {}): MatcherResult {
    const events = hooks.emitted();
    const pass = events.some((event) => isLike(event, contract, type) && fits(event, pattern));
    return { pass, message: () => describe(events, { contract, type, pattern, expected: pass ? "none" : "one" }) };
  },
  /** `expect(hooks).toHaveEmittedTimes("shop", "order.placed", 2)`. */
  toHaveEmittedTimes(hooks: HasEmitted, contract: string, type: string, times: number): MatcherResult {
    const events = hooks.emitted();
    const count = events.filter((event) => isLike(event, contract, type)).length;
    const pass = count === times;
    const expected = pass ? `another number than ${times}` : `${times}, not ${count}`;
    return { pass, message: () => describe(events, { contract, type, pattern: {}, expected }) };
  },
};

/** The matchers' types, for `declare module "vitest" { interface Matchers<T = unknown> extends EmittedMatchers<T> {} }`. */
export interface EmittedMatchers<Result = void> {
  toHaveEmitted(contract: string, type: string, pattern?: EmittedPattern): Result;
  toHaveEmittedTimes(contract: string, type: string, times: number): Result;
}

/** Throws an `AssertionError` unless such an event was emitted: for `node:test`, and whatever has no `expect`. */
export function assertEmitted(
  hooks: HasEmitted,
  of: EmittedPattern & { readonly contract: string; readonly type: string },
): void {
  const { contract, type, ...pattern } = of;
  const { pass, message } = matchers.toHaveEmitted(hooks, contract, type, pattern);
  if (pass) return;
  throw new AssertionError({ message: message(), actual: hooks.emitted(), expected: of, stackStartFn: assertEmitted });
}

function isLike(event: EmittedInTest, contract: string, type: string): boolean {
  return event.contract === contract && event.type === type;
}

interface Expectation {
  readonly contract: string;
  readonly type: string;
  readonly pattern: EmittedPattern;
  readonly expected: string;
}

function describe(events: readonly EmittedInTest[], { contract, type, pattern, expected }: Expectation): string {
  const like = Object.keys(pattern).length === 0 ? "" : ` with ${inspect(pattern, { depth: 8 })}`;
  const shown = (event: EmittedInTest) => (isLike(event, contract, type) ? inspect(event.data, { depth: 8 }) : "");
  const lines = events.map((event) => `  ${event.contract} ${event.type} of ${event.tenant} ${shown(event)}`.trimEnd());
  const emitted = lines.length === 0 ? "nothing" : `\n${lines.join("\n")}`;
  return `expected ${expected} of ${contract} ${type}${like}; emitted: ${emitted}`;
}

/** Whether a value has all that the pattern names. Arrays are compared member by member. */
export function fits(value: unknown, pattern: unknown): boolean {
  if (isMatcher(pattern)) return pattern.asymmetricMatch(value);
  if (Array.isArray(pattern)) {
    return (
      Array.isArray(value) && value.length === pattern.length && pattern.every((each, at) => fits(value[at], each))
    );
  }
  if (typeof pattern !== "object" || pattern === null) return isDeepStrictEqual(value, pattern);
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(pattern).every(([name, each]) => fits(Reflect.get(value, name), each));
}

interface AsymmetricMatcher {
  asymmetricMatch(value: unknown): boolean;
}

function isMatcher(value: unknown): value is AsymmetricMatcher {
  return typeof value === "object" && value !== null && typeof Reflect.get(value, "asymmetricMatch") === "function";
}
