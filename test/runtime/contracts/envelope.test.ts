import { describe, expect, test } from "vitest";
import type { EnvelopeField } from "../../../catalog/contract.ts";
import { dataOf, payloadOf, renderEnvelope } from "../../../runtime/contracts/envelope.ts";

const doc = "";
const input = { id: "evt_1", type: "f", time: 1_733_428_800_123, tenant: "tnt_1", data: { user: "u_1", "*": [1] } };

describe("data in a field of its own", () => {
  const envelope: Record<string, EnvelopeField> = {
    object: { constant: "event", doc },
    id: { from: "event.id", doc },
    at: { from: "event.time", format: "unix-seconds", doc },
    data: { from: "data", doc },
    meta: { from: "meta", doc },
  };

  test("with a meta, and it is read back", () => {
    const body = renderEnvelope(envelope, { ...input, meta: { surface: "user" } });
    const data = '{"user":"u_1","*":[1]}';
    expect(body).toBe(`{"object":"event","id":"evt_1","at":1733428800,"data":${data},"meta":{"surface":"user"}}`);
    expect(payloadOf(envelope, body)).toEqual({ data: input.data, meta: { surface: "user" } });
  });

  test("without a meta there is no such key", () => {
    const body = renderEnvelope(envelope, input);
    expect(body).toBe('{"object":"event","id":"evt_1","at":1733428800,"data":{"user":"u_1","*":[1]}}');
    expect(payloadOf(envelope, body)).toEqual({ data: input.data, meta: undefined });
  });
});

describe("members in the envelope itself", () => {
  const envelope: Record<string, EnvelopeField> = {
    date: { from: "event.time", format: "iso-8601-ms", doc },
    type: { from: "event.type", doc },
    "*": { from: "data.members", doc },
    _id: { from: "event.id", doc },
  };

  test("stand in place of their field, whose key is not sent and may be a member's", () => {
    const body = renderEnvelope(envelope, input);
    expect(body).toBe('{"date":"2024-12-05T20:00:00.123Z","type":"f","user":"u_1","*":[1],"_id":"evt_1"}');
    expect(dataOf(envelope, body)).toEqual(input.data);
  });
});

test("an endpoint is not known when an event is stored, so its id cannot stand in it", () => {
  const envelope: Record<string, EnvelopeField> = { to: { from: "endpoint.id", doc } };
  expect(() => renderEnvelope(envelope, input)).toThrow('"endpoint.id" has no value in an event that is stored');
});
