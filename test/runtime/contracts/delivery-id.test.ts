import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { attemptId, deliveryId, parseDeliveryId } from "../../../runtime/contracts/delivery-id.ts";

const eventId = "019e0a1c-5d2f-7b3a-8c41-6f2d9e7a5b10";
const of = { prefix: "dlv_", endpointId: "whe_1" };
const mark = createHash("sha256").update("whe_1").digest("hex").slice(0, 12);

test("a delivery's id is of its event, its endpoint and its run", () => {
  expect(deliveryId({ ...of, eventId, run: 0 })).toBe(`dlv_${eventId}_${mark}`);
  expect(deliveryId({ ...of, eventId, run: 2 })).toBe(`dlv_${eventId}_${mark}_2`);
  expect(attemptId({ ...of, prefix: "dla_", eventId, run: 0, number: 7 })).toBe(`dla_${eventId}_${mark}_0_7`);
});

test("an id leads back to its event and run, whatever the event's id", () => {
  const eventIds = fc.string({ minLength: 1, unit: fc.constantFrom("a", "0", "_", "-", ".", "1", ...mark) });
  fc.assert(
    fc.property(eventIds, fc.nat(1_000_000), fc.constantFrom("", "dlv_", "a_"), (eventId, run, prefix) => {
      const id = deliveryId({ eventId, run, prefix, endpointId: "whe_1" });
      expect(parseDeliveryId(id, { prefix, endpointId: "whe_1" })).toEqual({ eventId, run });
    }),
  );
});

test("an event's id that looks like a delivery's own is no hindrance", () => {
  for (const tricky of [`x_${mark}`, `${mark}_${mark}_1`, `_${mark}`]) {
    for (const run of [0, 3]) {
      const id = deliveryId({ ...of, eventId: tricky, run });
      expect(parseDeliveryId(id, of)).toEqual({ eventId: tricky, run });
    }
  }
});

test.each([
  ["", "nothing"],
  ["dlv_", "a prefix alone"],
  [`${eventId}_${mark}`, "no prefix"],
  [`dlv_${eventId}`, "no endpoint"],
  [`dlv_${eventId}_000000000000`, "another endpoint"],
  [`dlv__${mark}`, "no event"],
  [`dlv_${eventId}_${mark}_`, "an empty run"],
  [`dlv_${eventId}_${mark}_0`, "the first run written out"],
  [`dlv_${eventId}_${mark}_01`, "a run with a leading zero"],
  [`dlv_${eventId}_${mark}_-1`, "a negative run"],
  [`dlv_${eventId}_${mark}_1_1`, "an attempt"],
  [`dlv_${eventId}_${mark}_9999999999`, "a run beyond all"],
])("%j is no delivery id: %s", (text) => {
  expect(parseDeliveryId(text, of)).toBeNull();
});

test("one delivery has one id: no other text leads to it", () => {
  fc.assert(
    fc.property(fc.string(), (rest) => {
      const text = `dlv_${eventId}_${mark}${rest}`;
      const parsed = parseDeliveryId(text, of);
      if (parsed !== null) expect(deliveryId({ ...of, ...parsed })).toBe(text);
    }),
  );
});
