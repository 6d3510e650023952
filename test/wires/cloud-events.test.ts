/** What the engine sends as CloudEvents, read by the package of the CloudEvents project. */
import { CloudEvent, HTTP, type CloudEventV1 } from "cloudevents";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { batchBody, batchType } from "../../runtime/contracts/batch-body.ts";
import { streamContractOf } from "../../runtime/contracts/contract-of.ts";
import { renderEnvelope } from "../../runtime/contracts/envelope.ts";
import { attemptRequest } from "../../runtime/contracts/request-headers.ts";
import { signingKeys } from "../../runtime/contracts/signature.ts";
import { openWires, type Wires } from "./place.ts";

let wires: Wires;
beforeAll(async () => void (wires = await openWires()), 60_000);
afterAll(() => wires.close());

const type = "com.example.object.stored";
const data = { bucket: "photos", key: "größe 100%.png", etag: null };
const attributes = { specversion: "1.0", type, source: "https://objects.example/" };
/** No header can hold it as it is. */
const tenant = "Büro 7";

/** The one event of a request. Throws where it is none, or not a valid one. */
function eventOf(request: Parameters<typeof HTTP.toEvent>[0]): CloudEvent<unknown> {
  const event = HTTP.toEvent(request);
  if (Array.isArray(event)) throw new Error("It is a batch.");
  return valid(event);
}

/** The package checks an event when it makes one. */
const valid = (event: CloudEventV1<unknown>) => new CloudEvent<unknown>(event);

describe("structured mode", () => {
  test("is one valid event to the package cloudevents, with its data and an extension", async () => {
    const { ring, eventId, header } = await wires.deliver("ceStructured", type, { tenant, data });
    expect(header("content-type")).toBe("application/cloudevents+json");
    const event = eventOf({ headers: ring.headers, body: ring.body });
    expect(event.toJSON()).toEqual({
      ...{ ...attributes, id: eventId, data, tenant, datacontenttype: "application/json" },
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    });
  });

  test("is read by the receiver that was generated for it", async () => {
    const sent = await wires.deliver("ceStructured", type, { tenant, data });
    expect(await wires.received("ceStructured", sent)).toEqual(JSON.parse(sent.ring.body));
  });
});

describe("binary mode", () => {
  test("is one valid event to the package cloudevents: attributes in headers, and the data alone as the body", async () => {
    const { ring, eventId, header } = await wires.deliver("ceBinary", type, { tenant, data });
    expect(JSON.parse(ring.body)).toEqual(data);
    expect(header("ce-tenant")).toBe("B%C3%BCro%207");
    const event = eventOf({ headers: ring.headers, body: ring.body });
    expect(event).toMatchObject({ ...attributes, id: eventId, data, datacontenttype: "application/json" });
  });

  test("is read by the receiver that was generated for it, which decodes what a header carried", async () => {
    const sent = await wires.deliver("ceBinary", type, { tenant, data });
    expect(await wires.received("ceBinary", sent)).toEqual({
      ...{ ...attributes, ...data, id: sent.eventId, tenant },
      time: sent.header("ce-time"),
    });
  });

  test("is refused without its type, and with an id that was not signed", async () => {
    const { secret, ring } = await wires.deliver("ceBinary", type, { tenant, data });
    const { "ce-type": _, ...others } = ring.headers;
    expect(await wires.received("ceBinary", { secret, ring: { ...ring, headers: others } })).toBe("missing_header");
    const other = { ...ring, headers: { ...ring.headers, "webhook-id": "another" } };
    expect(await wires.received("ceBinary", { secret, ring: other })).toBe("no_matching_signature");
  });
});

describe("batched mode", () => {
  test("is a list of valid events to the package cloudevents, and to the receiver that was generated for it", async () => {
    const contract = streamContractOf(wires.catalog, "ceBatched").declaration;
    const now = wires.harbor.clock.now();
    const ids = ["1", "2"];
    const records = ids.map((id) => renderEnvelope(contract.envelope, { id, type, time: now, tenant, data }));
    const secret = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;
    const { headers, body } = attemptRequest(contract, {
      ...{
        eventId: null,
        eventType: null,
        endpointId: "str_1",
        deliveryId: "dlv_1",
        attemptId: "att_1",
        attemptNumber: 1,
      },
      ...{ authorization: null, now, keys: signingKeys(secret, contract), timeoutMs: 1, responseBodyBytesMax: 0 },
      url: new URL("https://receiver.example/"),
      body: batchBody(contract, records),
      contentType: batchType(contract),
    });
    expect(headers["content-type"]).toBe("application/cloudevents-batch+json");
    const events = HTTP.toEvent({ headers, body });
    if (!Array.isArray(events)) throw new Error("It is no batch.");
    expect(events.map(valid).map((event) => [event.id, event.data])).toEqual(ids.map((id) => [id, data]));
    const received = await wires.received("ceBatched", { secret, ring: { headers, body } });
    expect(received).toMatchObject({ records: ids.map((id) => ({ ...attributes, id, tenant, data })) });
  });
});
