import { expect, test } from "vitest";
import {
  allowanceAfter,
  capOf,
  followAttempt,
  noteSlow,
  paceOf,
  type Allowed,
} from "../../../runtime/engine/send/allowance.ts";
import { engineLimits as limits } from "../../../runtime/engine/engine.ts";

const delivered = (durationMs: number) => ({ result: "delivered", status: 200, durationMs }) as const;
const silent = { result: "retry", status: null, durationMs: 30_000 } as const;
const refused = { result: "retry", status: 500, durationMs: 5 } as const;

function endpoint(given: Partial<Allowed["health"]> & { readonly inFlightMax?: number } = {}): Allowed {
  const { failureCount = 0, lastFailureStatus = null, inFlightMax = null } = given;
  return { endpoint: { inFlightMax }, health: { failureCount, lastFailureStatus }, allowance: null };
}

function after(state: Allowed, ...attempts: Parameters<typeof allowanceAfter>[2][]): readonly number[] {
  return attempts.map((attempt) => {
    followAttempt(state, limits, attempt);
    return capOf(state, limits);
  });
}

test("an endpoint begins with two, and with one if its last failure was no answer", () => {
  expect([capOf(endpoint(), limits), paceOf(endpoint(), limits)]).toEqual([2, "quick"]);
  const failed = endpoint({ failureCount: 3, lastFailureStatus: 500 });
  expect([capOf(failed, limits), paceOf(failed, limits)]).toEqual([2, "quick"]);
  const hung = endpoint({ failureCount: 1 });
  expect([capOf(hung, limits), paceOf(hung, limits)]).toEqual([1, "slow"]);
});

test("deliveries double it: up to 4 when they are prompt, else up to 16, and down to 4 again", () => {
  expect(after(endpoint(), delivered(9), delivered(9))).toEqual([4, 4]);
  expect(after(endpoint(), delivered(10), delivered(10), delivered(10), delivered(10))).toEqual([4, 8, 16, 16]);
  const state = endpoint();
  after(state, delivered(40), delivered(40), delivered(40));
  expect(after(state, delivered(9))).toEqual([4]);
});

test("a slow delivery adds one, up to 16", () => {
  expect(after(endpoint(), delivered(250), delivered(2000))).toEqual([3, 4]);
  expect(after(endpoint(), ...Array.from({ length: 20 }, () => delivered(250))).at(-1)).toBe(16);
});

test("each attempt without an answer halves it; any other answer leaves it", () => {
  const state = endpoint();
  after(state, delivered(40), delivered(40));
  expect(after(state, refused, silent, refused, delivered(40))).toEqual([8, 4, 4, 8]);
});

test("an endpoint that hangs is down to one after one round", () => {
  const state = endpoint();
  after(state, delivered(40), delivered(40), delivered(40));
  expect(after(state, ...Array.from({ length: 16 }, () => silent)).at(-1)).toBe(1);
});

test("an endpoint that hangs one time in five keeps more than four", () => {
  const state = endpoint();
  const round = [silent, delivered(5), delivered(5), delivered(40), delivered(40)];
  const counts = after(state, ...Array.from({ length: 20 }, () => round).flat());
  expect(Math.min(...counts.slice(10))).toBeGreaterThanOrEqual(4);
});

test("its owner's limit holds where it is lower", () => {
  expect(after(endpoint({ inFlightMax: 3 }), delivered(40), delivered(40))).toEqual([3, 3]);
  expect(capOf(endpoint({ inFlightMax: 1 }), limits)).toBe(1);
});

test("an endpoint is slow from when an attempt is until one is quick", () => {
  const state = endpoint();
  noteSlow(state, limits);
  expect([paceOf(state, limits), capOf(state, limits)]).toEqual(["slow", 2]);
  followAttempt(state, limits, delivered(250));
  expect(paceOf(state, limits)).toBe("slow");
  followAttempt(state, limits, refused);
  expect(paceOf(state, limits)).toBe("quick");
});
