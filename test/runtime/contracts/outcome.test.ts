import { expect, test } from "vitest";
import { standardWebhooks } from "../../../catalog/presets.ts";
import { stech } from "../../../catalog/stech/contract.ts";
import { hookwright } from "../../../catalog/hookwright/contract.ts";
import { decideOutcome } from "../../../runtime/contracts/outcome.ts";

const asking = (retryAfterMs: number, status = 429) =>
  ({ kind: "response", status, body: null, durationMs: 1, retryAfterMs }) as const;
const day = 24 * 3600_000;

test.each([
  ["a longer wait is taken", 60_000, 60_000],
  ["a shorter one is not: the plan's is 5 s", 1000, 5000],
  ["the contract's bound is the longest", 30 * day, day],
])("Retry-After where the contract honours it: %s", (_, asked, waited) => {
  expect(standardWebhooks.retry.retryAfter).toEqual({ maxSeconds: day / 1000 });
  expect(decideOutcome(hookwright, asking(asked), 1)).toMatchObject({ result: "retry", waitMs: waited });
});

test("a contract whose table is exact keeps to it, whatever is asked for (R-STECH-59, D-STECH-02)", () => {
  expect(decideOutcome(stech, asking(3600_000), 1)).toMatchObject({ result: "retry", waitMs: 60_000 });
});

test("asking for a wait adds no attempt (R-STECH-60)", () => {
  expect(decideOutcome(hookwright, asking(60_000, 503), 10)).toMatchObject({ result: "exhausted", waitMs: null });
});
