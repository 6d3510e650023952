import { describe, expect, test } from "vitest";
import { auth0LogStream } from "../../catalog/auth0/log-stream-contract.ts";
import { batchBody, batchType, recordText } from "../../runtime/contracts/batch-body.ts";
import { renderEnvelope } from "../../runtime/contracts/envelope.ts";
import { fieldsOf, presence, readContract } from "./read-contract.ts";

const contract = readContract("auth0LogStream");
const extension = readContract("auth0");

test("F-AUTH0-11: the codes are those of the extension, with their words, titles and levels", () => {
  const told = ({ events }: typeof contract) =>
    events.map(({ name, doc, title, level, since }) => ({ name, doc, title, level, since }));
  expect(told(contract)).toEqual(told(extension));
  expect(new Set(contract.events.map(({ data }) => data))).toEqual(new Set(["StreamedLogEntry"]));
  expect([contract.sameTypesAs, extension.sameTypesAs]).toEqual([undefined, undefined]);
});

describe("F-AUTH0-13: an entry", () => {
  const entry = fieldsOf(contract, "StreamedLogEntry");

  test("may have what the schemas name, by the new names; nothing is required of what others made", () => {
    expect(presence(entry)).toEqual({
      required: "",
      optional:
        "description connection connection_id client_id client_name ip user_agent details user_id user_name strategy " +
        "strategy_type hostname audience scope organization_id organization_name auth0_client environment_name is_mobile " +
        "location_info",
    });
    expect(contract.shapes).toMatchObject([{ name: "StreamedLogEntry", open: true }]);
    // The other members that every schema requires are the envelope's.
    expect(Object.keys(auth0LogStream.envelope)).toEqual(["date", "type", "*", "tenant_name", "log_id"]);
  });

  test("of a failed login shows all that its schema requires", () => {
    const { tenant_name, log_id, type, ...said } = JSON.parse(
      renderEnvelope(auth0LogStream.envelope, {
        ...{ id: "900", type: "f", time: 0, tenant: "acme" },
        data: auth0LogStream.examples.f["a wrong password"],
      }),
    );
    expect([tenant_name, log_id, type]).toEqual(["acme", "900", "f"]);
    expect(Object.keys(said)).toEqual(
      expect.arrayContaining(
        "client_name description details environment_name hostname ip strategy strategy_type".split(" "),
      ),
    );
    expect(said.details.error).toEqual({ message: expect.any(String), oauthError: expect.any(String) });
  });
});

describe("D-AUTH0-08: the framing", () => {
  const records = [
    { id: "1", body: '{"type":"f","log_id":"1"}' },
    { id: '2"', body: '{ "kept" : 1.0 }' },
  ];
  const bodyWith = (batch: Partial<typeof auth0LogStream.batch>) => {
    const declaration = { ...auth0LogStream, batch: { ...auth0LogStream.batch, ...batch } };
    return batchBody(
      declaration,
      records.map((record) => recordText(declaration, record)),
    );
  };
  const [one, other] = ['{"log_id":"1","data":{"type":"f","log_id":"1"}}', '{"log_id":"2\\"","data":{ "kept" : 1.0 }}'];

  test("is a line for each record, joined from the stored texts as they are", () => {
    expect(bodyWith({})).toBe(`${one}\n${other}\n`);
    expect(batchType(auth0LogStream)).toBe("application/x-ndjson");
  });

  test("is the same record in an array and in an object, and none where no wrapper is declared", () => {
    expect(bodyWith({ body: { kind: "array" } })).toBe(`[${one},${other}]`);
    expect(bodyWith({ body: { kind: "object", member: "logs" } })).toBe(`{"logs":[${one},${other}]}`);
    const { record: _, ...bare } = auth0LogStream.batch;
    expect(recordText({ ...auth0LogStream, batch: bare }, { id: "1", body: "{}" })).toBe("{}");
  });
});

test("F-AUTH0-12: settings by the product's names, at least once, three attempts and then held, no signature", () => {
  expect(auth0LogStream).toMatchObject({
    mode: "stream",
    batch: { body: { kind: "lines" }, record: { id: "log_id", member: "data" }, single: null },
    schedule: { kind: "continuously" },
    retry: { kind: "per-run", retriesMax: 2, onExhausted: "hold" },
    headers: { Authorization: "authorization" },
    ...{ signature: null, secret: null },
  });
  expect(Object.entries(auth0LogStream.settings)).toEqual([
    ["Payload URL", "url"],
    ["Authorization Token", "authorization"],
    ["Filter by Event Category", "types"],
    ["Starting Cursor", "start-from"],
  ]);
  expect(auth0LogStream.outcomes.flatMap(({ on, then }) => (then === "deliver" ? on : []))).toEqual(["2xx"]);
});

test("F-AUTH0-12: each category that the dashboard has stands for codes that there are, and no code is in two", () => {
  const { filter } = auth0LogStream;
  const categories = filter.kind === "none" ? {} : (filter.categories ?? {});
  const codes = Object.values(categories).flat();
  expect(Object.keys(categories)).toHaveLength(19);
  expect(codes.filter((code) => !contract.events.some(({ name }) => name === code))).toEqual([]);
  expect(new Set(codes).size).toBe(codes.length);
});
