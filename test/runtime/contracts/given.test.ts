import { describe, expect, test } from "vitest";
import type { EnvelopeField } from "../../../catalog/contract.ts";
import { renderEnvelope } from "../../../runtime/contracts/envelope.ts";
import { checkGiven } from "../../../runtime/contracts/given.ts";

const doc = "";
const envelope: Record<string, EnvelopeField> = {
  date: { from: "event.time", format: "iso-8601-ms", given: ["date"], doc },
  type: { from: "event.type", given: ["type"], doc },
  "*": { from: "data.members", doc },
  _id: { from: "event.id", given: ["_id", "log_id"], doc },
  tenant: { from: "tenant", doc },
};
const input = { id: "evt_1", type: "f", time: 0, tenant: "tnt_1" };
const rendered = (data: object) => JSON.parse(renderEnvelope(envelope, { ...input, data }));

describe("what the data say themselves", () => {
  test("is sent in place of Hookwright's own, the first of several names first", () => {
    const data = { date: "2026-03-02T08:15:11Z", type: "f", _id: "1", log_id: "2" };
    expect(rendered(data)).toEqual({ ...data, tenant: "tnt_1" });
    expect(rendered({ log_id: "2" })).toMatchObject({ _id: "2", log_id: "2" });
  });

  test("and what they do not say, or say with null, is Hookwright's", () => {
    const own = { date: "1970-01-01T00:00:00.000Z", type: "f", _id: "evt_1" };
    expect(rendered({})).toMatchObject(own);
    expect(rendered({ date: null, type: null, _id: null, log_id: null })).toMatchObject({ ...own, log_id: null });
  });

  test("stands where the envelope has it, in the order of the wire, and once", () => {
    const text = renderEnvelope(envelope, { ...input, data: { ip: "", _id: "1", date: "d" } });
    expect(text).toBe('{"date":"d","type":"f","ip":"","_id":"1","tenant":"tnt_1"}');
  });

  test("a member called __proto__ is a member like others", () => {
    const text = renderEnvelope(envelope, { ...input, data: JSON.parse('{"__proto__":{"a":1}}') });
    expect(text).toContain('"__proto__":{"a":1}');
  });
});

describe("is refused", () => {
  test.each([
    [{ type: "s" }, 'f: data.type: expected "f", the type that is emitted, got "s".'],
    [{ date: 5 }, "f: data.date: expected text, got number."],
    [{ log_id: "" }, "f: data.log_id: expected text, got none."],
    [{ tenant: "another" }, "f: data.tenant: the envelope has a field of that name; remove it."],
  ])("%j", (data, message) => {
    expect(() => checkGiven("f", envelope, data)).toThrow(message);
  });

  test("only where the members stand in the envelope", () => {
    const apart: Record<string, EnvelopeField> = { type: { from: "event.type", doc }, data: { from: "data", doc } };
    expect(() => checkGiven("f", apart, { type: "s", data: 1 })).not.toThrow();
    expect(() => checkGiven("f", envelope, { type: "f", date: null })).not.toThrow();
  });
});
