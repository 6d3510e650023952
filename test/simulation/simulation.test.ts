import { expect, test } from "vitest";
import { drawCalm, drawStormy } from "./profile.ts";
import { simulate, type Outcome } from "./simulate.ts";

test("try", async () => {
  for (let i = 0; i < 5; i += 1) {
    const t = performance.now();
    const { recent, ...o }: Outcome = await simulate(`calm-${i}`, drawCalm);
    console.log(performance.now() - t, JSON.stringify(o));
    if (o.violations.length) console.log(recent.slice(-60).join("\n"));
  }
  for (let i = 0; i < 10; i += 1) {
    const t = performance.now();
    const { recent, ...o }: Outcome = await simulate(`stormy-${i}`, drawStormy);
    console.log(performance.now() - t, JSON.stringify(o));
  }
  expect(1).toBe(1);
}, 100000);
