import { Value } from "@sinclair/typebox/value";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { catalog } from "../../../runtime/generated/catalog.ts";
import { openHttpHarness, type HttpHarness } from "./harness.ts";

let http: HttpHarness;
beforeAll(async () => void (http = await openHttpHarness()));
afterAll(() => http.close());

interface EventTypeJson {
  readonly type: string;
  readonly contract: string;
  readonly schema: { readonly properties: object; readonly additionalProperties: boolean };
  readonly examples: readonly { readonly name: string; readonly data: unknown; readonly body?: unknown }[];
}

async function get(path: string, headers: Record<string, string> = {}) {
  const answer = await http.call({ method: "GET", path, key: null, headers });
  const json: { eventTypes: EventTypeJson[]; eventType: EventTypeJson; contracts: { id: string }[] } =
    answer.text === "" ? {} : JSON.parse(answer.text);
  return { ...answer, ...json };
}

test("the list has every type of every contract, for anybody", async () => {
  const { status, eventTypes, contracts } = await get("/v1/event-types");
  expect(status).toBe(200);
  expect(contracts.map(({ id }) => id)).toEqual(Object.keys(catalog));
  const known = Object.values(catalog).flatMap((contract) => Object.keys(contract.eventTypes));
  expect(eventTypes.map(({ type }) => type)).toEqual(known);
});

test("each has its schema as JSON Schema and its examples", async () => {
  const { eventTypes } = await get("/v1/event-types?contract=stech");
  expect(eventTypes.every(({ contract }) => contract === "stech")).toBe(true);
  const created = eventTypes.find(({ type }) => type === "deployment.created");
  expect(created).toMatchObject({
    group: "deployment",
    summary: expect.stringMatching(/\S/),
    deprecated: null,
    schema: { type: "object", additionalProperties: false, properties: { machineUrl: { format: "uri" } } },
  });
  expect(created?.examples.map(({ name }) => name)).toContain("by a person");
});

test("the 62 types of authn are listed, each with the version it came with (R-AUTHN-30, D-AUTHN-13)", async () => {
  const { eventTypes } = await get("/v1/event-types?contract=authn");
  expect(eventTypes).toHaveLength(62);
  expect(eventTypes[0]).toMatchObject({ type: "user.created", group: "user", since: "v0.1", title: null, level: null });
  const granted = eventTypes.find(({ type }) => type === "authorizationGrant.granted");
  expect(granted).toMatchObject({ since: "v0.7", meta: { properties: { surface: {} } } });
  expect(granted?.examples[0]).toMatchObject({ data: { object: "authorization_grant" }, meta: { surface: "user" } });
});

test("an example with a meta has it in its body (D-AUTHN-11)", async () => {
  const { eventType } = await get("/v1/event-types/authorizationGrant.granted");
  const [example] = eventType.examples;
  expect(example?.body).toMatchObject({ object: "event", data: example?.data, meta: { surface: "user" } });
});

test("one type has its examples in the envelope they are sent in, the same each time", async () => {
  const { eventType, text } = await get("/v1/event-types/deployment.created");
  const [example] = eventType.examples;
  expect(example?.body).toEqual({
    id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    type: "deployment.created",
    createdAt: "2026-05-08T14:02:11.482Z",
    organizationId: catalog.stech.declaration.tenant.example,
    data: example?.data,
  });
  const { schema } = catalog.stech.eventTypes["deployment.created"];
  expect(Value.Check(schema, example?.data)).toBe(true);
  expect((await get("/v1/event-types/deployment.created")).text).toBe(text);
});

test("records and questions have their examples whole too", async () => {
  const code = await get("/v1/event-types/f?contract=auth0");
  expect([code.status, code.eventType.examples[0]?.body]).toMatchObject([
    200,
    { date: "2026-05-08T14:02:11.482Z", type: "f", description: "Wrong email or password.", isMobile: false },
  ]);
  const question = await get("/v1/event-types/pre_token_mint?contract=authio");
  expect([question.status, question.eventType.examples[0]?.body]).toMatchObject([
    200,
    { trigger: "pre_token_mint", action_id: expect.stringMatching(/^action_./), claims: { roles: ["member"] } },
  ]);
});

test("a type is looked for in the contract that is named, or in all", async () => {
  expect((await get("/v1/event-types/endpoint.disabled")).eventType.contract).toBe("hookwright");
  expect((await get("/v1/event-types/endpoint.disabled?contract=stech")).status).toBe(404);
  expect((await get("/v1/event-types/deployment.exploded")).status).toBe(404);
  expect((await get("/v1/event-types/toString")).status).toBe(404);
  expect((await get("/v1/event-types?contract=nope")).status).toBe(400);
});

describe("caching", () => {
  const paths = [
    "/v1/event-types",
    "/v1/event-types?contract=stech",
    "/v1/event-types/deployment.created",
    "/openapi.json",
  ];

  test.each(paths)("%s has a strong ETag and answers 304 to who has it", async (path) => {
    const { headers } = await get(path);
    const etag = String(headers["etag"]);
    expect(etag).toMatch(/^"[\w-]{43}"$/);
    expect(headers["cache-control"]).toBe("public, max-age=60");
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`, "*"]) {
      const again = await get(path, { "if-none-match": known });
      expect([again.status, again.text, again.headers["etag"]]).toEqual([304, "", etag]);
    }
    expect((await get(path, { "if-none-match": '"other"' })).status).toBe(200);
  });

  test("different answers have different ETags", async () => {
    const etags = await Promise.all(paths.map(async (path) => (await get(path)).headers["etag"]));
    expect(new Set(etags).size).toBe(paths.length);
  });
});
