import fc from "fast-check";
import { expect, test } from "vitest";
import { createAdmit } from "../../runtime/http/rate-limit.ts";
import { createPace, passAt } from "../../runtime/pace.ts";

const noon = Date.parse("2026-05-08T12:00:00.000Z");
const rates = fc.integer({ min: 1, max: 1000 });

test("after a second's silence exactly so many pass at once, whatever the rate", () => {
  fc.assert(
    fc.property(rates, (perSecond) => {
      const pace = createPace(perSecond, noon);
      for (let count = 0; count < perSecond; count += 1) expect(passAt(pace, noon)).toBe(0);
      expect(passAt(pace, noon)).toBe(Math.ceil(1000 / perSecond));
    }),
  );
});

test("who waits as long as was said passes, who comes sooner does not, and nobody exceeds the rate", () => {
  const gaps = fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 200 });
  fc.assert(
    fc.property(rates, gaps, (perSecond, waits) => {
      const pace = createPace(perSecond, noon);
      let now = noon;
      let passed = 0;
      for (const gap of waits) {
        now += gap;
        const waitMs = passAt(pace, now);
        if (waitMs === 0) passed += 1;
        else {
          expect(passAt({ ...pace }, now + waitMs - 1)).toBeGreaterThan(0);
          expect(passAt({ ...pace }, now + waitMs)).toBe(0);
        }
        expect(passed).toBeLessThanOrEqual(perSecond + ((now - noon) * perSecond) / 1000 + 1e-6);
      }
    }),
  );
});

test("a clock that goes back neither stops a pace nor opens it", () => {
  const pace = createPace(2, noon);
  expect([passAt(pace, noon), passAt(pace, noon)]).toEqual([0, 0]);
  expect(passAt(pace, noon - 3600_000)).toBe(500);
  expect(passAt(pace, noon - 3600_000 + 500)).toBe(0);
});

test("of ten thousand names only those are forgotten that have made up for what they asked", () => {
  let now = noon;
  const admit = createAdmit(1, { now: () => now });
  for (let name = 1; name < 10_000; name += 1) admit(`key ${name}`);
  now += 1000;
  expect(admit("busy")).toBe(0);
  expect(admit("one too many")).toBe(0);
  expect(admit("busy")).toBe(1000);
  expect(admit("key 1")).toBe(0);
});
