import { expect, test } from "vitest";
import { catalog } from "../../../runtime/generated/catalog.ts";
import {
  anyAge,
  checkContracts,
  horizonsAt,
  newestHorizon,
  olderThan,
  type RetentionAges,
} from "../../../runtime/retention/ages.ts";

const ages: RetentionAges = {
  events: { others: 90, byContract: { stech: 365 } },
  payloads: { others: null, byContract: { authn: 7 } },
  failed: { others: 180, byContract: {} },
};

test("a contract has its own age, or that of the others, or none", () => {
  expect(horizonsAt(ages, 1000, "stech")).toEqual({ events: 635, payloads: null, failed: 820 });
  expect(horizonsAt(ages, 1000, "authn")).toEqual({ events: 910, payloads: 993, failed: 820 });
  expect(horizonsAt(olderThan(30), 1000, "constructor")).toEqual({ events: 970, payloads: null, failed: null });
});

test("nothing goes that is younger than the shortest age; what failed is only ever kept for longer", () => {
  expect(newestHorizon(ages, 1000)).toBe(993);
  expect(newestHorizon({ events: anyAge, payloads: anyAge, failed: ages.failed }, 1000)).toBeNull();
});

test("a contract that the catalog lacks is told", () => {
  expect(() => checkContracts({ ...ages, failed: { others: null, byContract: { stetch: 1 } } }, catalog)).toThrow(
    /got "stetch"/,
  );
  expect(() => checkContracts(ages, catalog)).not.toThrow();
});
