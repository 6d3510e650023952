import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { FieldDescriptor } from "../src/core/contract.ts";
import { defineWebhook } from "../src/core/webhook.ts";
import { flagged, paid, paidWith } from "./orders.ts";
import { contract, Webhook, WebhookError } from "./shop.ts";

const webhook = new Webhook("whsec_test");

function errorOf(body: string): WebhookError {
  try {
    webhook.parse(body);
  } catch (error) {
    if (error instanceof WebhookError) return error;
    throw error;
  }
  throw new Error("Expected a WebhookError, but nothing was thrown.");
}

const flaggedWith = (data: Readonly<Record<string, unknown>>) =>
  JSON.stringify({ ...flagged, data: { ...flagged.data, ...data } });

describe("tolerant: what may be added later is a value", () => {
  test("an unknown event keeps its envelope, its name and its raw data", () => {
    const body = { id: "evt_3", type: "order.teleported", shopId: null, data: { to: ["Mars"] }, trace: "t-1" };
    expect(webhook.parse(JSON.stringify(body))).toEqual({ ...body, type: "$unknown", rawType: "order.teleported" });
  });

  test.each(["constructor", "__proto__", "toString", "$unknown", ""])("the event type %s is unknown", (type) => {
    const event = webhook.parse(JSON.stringify({ ...paid, type }));
    expect(event).toMatchObject({ type: "$unknown", rawType: type });
  });

  test("an unknown event may have any data, or none", () => {
    for (const data of [undefined, null, 5, [], "text"]) {
      expect(webhook.parse(JSON.stringify({ ...paid, type: "later", data }))).toMatchObject({ rawType: "later" });
    }
  });

  test("an unknown enum value stays as it came", () => {
    expect(webhook.parse(paidWith({ currency: "XAU" }))).toMatchObject({ data: { currency: "XAU" } });
  });

  test("extra keys stay as they came, at every depth", () => {
    const body = { ...paid, added: 1, data: { ...paid.data, added: 2, customer: { ...paid.data.customer, added: 3 } } };
    expect(webhook.parse(JSON.stringify(body))).toEqual(body);
  });

  test("an unknown variant of an open union becomes a value with its raw form, in lists and records too", () => {
    const later = { kind: "moon_phase", phase: 3 };
    const unknown = { kind: "$unknown", rawKind: "moon_phase", raw: later };
    const event = webhook.parse(flaggedWith({ flags: [...flagged.data.flags, later], byTeam: { night: later } }));
    expect(event).toMatchObject({ data: { flags: [...flagged.data.flags, unknown], byTeam: { night: unknown } } });
  });
});

describe("the four states of a field", () => {
  const data = (fields: Record<string, unknown>) => webhook.parse(paidWith(fields)).data;

  test("null, absent and present stay apart", () => {
    expect(data({})).not.toHaveProperty("giftFor");
    expect(data({ giftFor: null })).toMatchObject({ giftFor: null });
    expect(data({ giftFor: "Ada", coupon: "SALE" })).toMatchObject({ giftFor: "Ada", coupon: "SALE" });
  });

  test.each<[Record<string, unknown>, string, string, string]>([
    [{ orderId: undefined }, "data.orderId", "string", "nothing"],
    [{ orderId: null }, "data.orderId", "string", "null"],
    [{ note: undefined }, "data.note", "string or null", "nothing"],
    [{ coupon: null }, "data.coupon", "string", "null"],
    [{ metadata: undefined }, "data.metadata", "any value", "nothing"],
    [{ total: 1.5 }, "data.total", "integer", "number 1.5"],
    [{ total: 2 ** 53 }, "data.total", "integer", "number 9007199254740992"],
    [{ total: -(2 ** 53) }, "data.total", "integer", "number -9007199254740992"],
    [{ total: "12" }, "data.total", "integer", 'string "12"'],
    [{ taxRate: "0.19" }, "data.taxRate", "number", 'string "0.19"'],
    [{ express: 1 }, "data.express", "boolean", "number 1"],
    [{ note: false }, "data.note", "string or null", "boolean false"],
    [{ reference: true }, "data.reference", "number or string", "boolean true"],
    [{ customer: [] }, "data.customer", "object", "an array"],
    [{ customer: { email: null } }, "data.customer.name", "string", "nothing"],
    [{ lines: {} }, "data.lines", "array", "an object"],
    [{ lines: [{ sku: "a", quantity: 1 }, { sku: "b" }] }, "data.lines[1].quantity", "integer", "nothing"],
    [{ labels: [] }, "data.labels", "object", "an array"],
    [{ labels: { a: 1 } }, "data.labels.a", "string or null", "number 1"],
    [{ labels: { "a.b": 1 } }, 'data.labels["a.b"]', "string or null", "number 1"],
    [{ note: 3, total: "x" }, "data.total", "integer", 'string "x"'],
  ])("%j is told with path, expectation and value", (fields, path, expected, got) => {
    const error = errorOf(paidWith(fields));
    expect(error).toMatchObject({ code: "invalid_field", status: 422, path, expected, got });
    expect(error.message).toBe(`${path}: expected ${expected}, got ${got}.`);
  });

  test("a field named like a member of every object is absent unless it was sent", () => {
    const text: FieldDescriptor = { type: "string" };
    const optional: FieldDescriptor = { ...text, optional: true };
    const envelope = { constructor: optional, toString: text };
    const Odd = defineWebhook<Record<string, { type: string }>>({ ...contract, envelope });
    const odd = new Odd("whsec_test");
    expect(() => odd.parse('{"type":"later"}')).toThrow("toString: expected string, got nothing.");
    expect(odd.parse('{"type":"later","toString":"x"}')).toMatchObject({ rawType: "later" });
  });

  test("a long value is cut", () => {
    expect(errorOf(paidWith({ total: "x".repeat(5000) })).got).toBe(`string "${"x".repeat(39)}…"`);
  });

  test("null is a value where any value may stand, and a number of any size is a number", () => {
    expect(data({ metadata: null, taxRate: -1e300, reference: 1, total: -0 })).toMatchObject({ metadata: null });
    expect(errorOf(JSON.stringify(paid).replace("0.19", "1e999")).path).toBe("data.taxRate");
  });
});

describe("envelope and unions", () => {
  test.each([
    [{ ...paid, id: undefined }, "id", "string", "nothing"],
    [{ ...paid, shopId: 5 }, "shopId", "string or null", "number 5"],
    [{ ...paid, type: "later", id: 5 }, "id", "string", "number 5"],
    [{ ...paid, data: undefined }, "data", "object", "nothing"],
    [{ ...paid, data: null }, "data", "object", "null"],
    [{ ...paid, type: "order.refunded", data: { method: "cash" } }, "data.method", '"card"', 'string "cash"'],
    [{ ...paid, type: "order.refunded", data: {} }, "data.method", "string", "nothing"],
    [{ ...paid, type: "order.refunded", data: { method: "card" } }, "data.last4", "string", "nothing"],
  ])("%j", (body, path, expected, got) => {
    expect(errorOf(JSON.stringify(body))).toMatchObject({ code: "invalid_field", path, expected, got });
  });

  test("a malformed known variant is an error, not an unknown one", () => {
    expect(errorOf(flaggedWith({ flags: [{ kind: "fraud_suspected", score: "high" }] })).path).toBe(
      "data.flags[0].score",
    );
    expect(errorOf(flaggedWith({ flags: [{ score: 1 }] })).path).toBe("data.flags[0].kind");
  });

  test("a constant is checked", () => {
    const Strict = defineWebhook<Record<string, { type: string }>>({
      ...contract,
      envelope: { object: { type: { constant: "event" } } },
    });
    const strict = new Strict("whsec_test");
    expect(strict.parse(JSON.stringify({ ...paid, object: "event" }))).toMatchObject({ object: "event" });
    expect(() => strict.parse(JSON.stringify({ ...paid, object: "row" }))).toThrow('object: expected "event"');
  });

  test("other names for type and data", () => {
    const Named = defineWebhook<Record<string, { type: string }>>({
      ...contract,
      typeKey: "event",
      dataKey: "record",
      envelope: {},
    });
    const named = new Named("whsec_test");
    const known = { event: "order.paid", record: paid.data };
    expect(named.parse(JSON.stringify(known))).toEqual(known);
    expect(named.parse('{"event":"later","record":1}')).toEqual({ event: "$unknown", rawType: "later", record: 1 });
  });
});

describe("JSON's corners", () => {
  test("of duplicate keys the last one counts", () => {
    const body = JSON.stringify(paid).replace('"total":4200', '"total":"no","total":1,"total":2');
    expect(webhook.parse(body)).toMatchObject({ data: { total: 2 } });
  });

  test("a key __proto__ changes no prototype, anywhere in an event", () => {
    const poison = '"__proto__":{"polluted":true,"kind":"moon_phase"}';
    const bodies = [
      JSON.stringify(paid).replace('"orderId"', `${poison},"orderId"`).replace('"sku"', `${poison},"sku"`),
      `{${poison},"id":"1","shopId":null,"type":"later","data":{${poison}}}`,
      `{"id":"1","shopId":null,"type":"order.flagged","data":{"orderId":"1","flags":[],"byTeam":{${poison}}}}`,
    ];
    for (const body of bodies) {
      const event = webhook.parse(body);
      expect({}).not.toHaveProperty("polluted");
      for (const object of [event, event.data]) expect(Object.getPrototypeOf(object)).toBe(Object.prototype);
    }
  });

  test("a record's __proto__ is one of its keys, and decoded like the others", () => {
    const event = webhook.parse(flaggedWith({}).replace('"byTeam":{}', '"byTeam":{"__proto__":{"kind":"later"}}'));
    expect(Object.entries(event.type === "order.flagged" ? event.data.byTeam : {})).toEqual([
      ["__proto__", { kind: "$unknown", rawKind: "later", raw: { kind: "later" } }],
    ]);
    expect(errorOf(paidWith({}).replace('"channel":"web"', '"__proto__":5')).path).toBe("data.labels.__proto__");
  });

  test("whatever the body, the answer is an event or a WebhookError", () => {
    const data = fc.oneof(fc.jsonValue(), fc.record(paidFields(), { requiredKeys: [] }));
    fc.assert(
      fc.property(data, fc.constantFrom("order.paid", "order.flagged", "order.refunded", "later"), (value, type) => {
        const body = JSON.stringify({ id: "evt_1", shopId: null, type, data: value });
        try {
          expect(webhook.parse(body)).toMatchObject({ id: "evt_1" });
        } catch (error) {
          expect(error).toBeInstanceOf(WebhookError);
        }
      }),
    );
  });

  function paidFields(): Record<keyof typeof paid.data, fc.Arbitrary<unknown>> {
    const entries = Object.entries(paid.data).map(([name, value]) => [
      name,
      fc.oneof({ weight: 9, arbitrary: fc.constant(value) }, { weight: 1, arbitrary: fc.jsonValue() }),
    ]);
    return Object.fromEntries(entries);
  }
});
