import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { standardWebhooks } from "../../../catalog/presets.ts";
import { stech } from "../../../catalog/stech/contract.ts";
import { hookwright } from "../../../catalog/hookwright/contract.ts";
import type { Random } from "../../../runtime/contracts/identifier.ts";
import { decideOutcome } from "../../../runtime/contracts/outcome.ts";

/** A contract that declares no jitter draws nothing. */
const random = (): never => expect.unreachable("Its waits are exact.");

const asking = (retryAfterMs: number, status = 429) =>
  ({ kind: "response", status, body: null, durationMs: 1, retryAfterMs }) as const;
const day = 24 * 3600_000;

test.each([
  ["a longer wait is taken", 60_000, 60_000],
  ["a shorter one is not", 1000, 4500],
  ["the contract's bound is the longest", 30 * day, day],
])("Retry-After where the contract honours it: %s", (_, asked, waited) => {
  expect(standardWebhooks.retry).toMatchObject({ retryAfter: { maxSeconds: day / 1000 }, jitter: 0.1 });
  const shortest = { number: 1, random: () => new Uint8Array(4) };
  expect(decideOutcome(hookwright, asking(asked), shortest)).toMatchObject({ result: "retry", waitMs: waited });
});

describe("jitter", () => {
  const bytes = fc.uint8Array({ minLength: 4, maxLength: 4 });
  const jitters = fc.double({ min: 0.001, max: 0.999, noNaN: true });
  const waits = fc.array(fc.integer({ min: 1, max: 86_400 }), { minLength: 1, maxLength: 10 });
  const failed = { kind: "timeout", detail: "", durationMs: 1 } as const;
  const having = (waitsSeconds: readonly number[], jitter?: number) => ({
    ...stech,
    retry: { waitsSeconds, ...(jitter !== undefined && { jitter }) },
  });

  test("each wait is within its bounds, reaches both of them, and follows from the seed alone", () => {
    fc.assert(
      fc.property(waits, jitters, bytes, (waitsSeconds, jitter, seed) => {
        const contract = having(waitsSeconds, jitter);
        for (const [index, seconds] of waitsSeconds.entries()) {
          const waitOf = (random: Random) =>
            decideOutcome(contract, failed, { number: index + 1, random }).waitMs ?? -1;
          const [shortest, longest] = [waitOf(() => new Uint8Array(4)), waitOf(() => new Uint8Array(4).fill(255))];
          expect(shortest).toBe(Math.round(seconds * 1000 * (1 - jitter)));
          expect(longest).toBe(Math.round(seconds * 1000 * (1 + jitter)));
          const wait = waitOf(() => seed);
          expect(wait).toBeGreaterThanOrEqual(shortest);
          expect(wait).toBeLessThanOrEqual(longest);
          expect(waitOf(() => seed)).toBe(wait);
        }
      }),
    );
  });

  test("where none is declared, every wait is the table's to the millisecond, and nothing is drawn", () => {
    fc.assert(
      fc.property(waits, (waitsSeconds) => {
        for (const [index, seconds] of waitsSeconds.entries()) {
          const outcome = decideOutcome(having(waitsSeconds), failed, { number: index + 1, random });
          expect(outcome.waitMs).toBe(seconds * 1000);
        }
      }),
    );
  });

  test("does not shorten what a receiver asked for", () => {
    const shortest = { number: 2, random: () => new Uint8Array(4) };
    expect(decideOutcome(hookwright, asking(290_000, 503), shortest)).toMatchObject({ waitMs: 290_000 });
  });
});

test("a contract whose table is exact keeps to it, whatever is asked for (R-STECH-59, D-STECH-02)", () => {
  expect(decideOutcome(stech, asking(3600_000), { number: 1, random })).toMatchObject({
    result: "retry",
    waitMs: 60_000,
  });
});

test("asking for a wait adds no attempt (R-STECH-60)", () => {
  expect(decideOutcome(hookwright, asking(60_000, 503), { number: 10, random })).toMatchObject({
    result: "exhausted",
    waitMs: null,
  });
});
