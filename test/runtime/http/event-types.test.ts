import { Value } from "@sinclair/typebox/value";
import { spawnSync } from "node:child_process";
import { gunzipSync } from "node:zlib";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { catalog } from "../../../runtime/generated/catalog.ts";
import { openHttpHarness, type HttpHarness } from "./harness.ts";

let http: HttpHarness;
beforeAll(async () => void (http = await openHttpHarness()));
afterAll(() => http.close());

interface EventTypeJson {
  readonly type: string;
  readonly contract: string;
  readonly schema: { readonly properties: object };
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
    schema: {
      $schema: "https://json-schema.org/draft/2020-12/schema",
      type: "object",
      properties: { machineUrl: { format: "uri" } },
    },
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
  const { eventType } = await get("/v1/event-types/authorizationGrant.granted?contract=authn");
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

test("a name that two contracts have is told and not guessed", async () => {
  const { status, body } = await get("/v1/event-types/authorizationGrant.granted");
  expect([status, body.error]).toMatchObject([
    400,
    { code: "invalid_request", path: "contract", message: expect.stringContaining("authn, authnSvix") },
  ]);
});

test("the rules of each contract are told", async () => {
  const { contracts } = await get("/v1/event-types?contract=stech");
  const { declaration } = catalog.stech;
  expect(contracts).toEqual([
    expect.objectContaining({
      id: "stech",
      url: { schemes: declaration.url.schemes, lengthMax: 2048 },
      headers: declaration.headers,
      dataKey: "data",
      subscription: declaration.subscription,
      attemptsMax: declaration.retry.waitsSeconds.length + 1,
    }),
  ]);
  const auth0 = await get("/v1/event-types?contract=auth0&view=summary");
  expect(auth0.contracts).toMatchObject([{ dataKey: null }]);
});

test("a summary has names, summaries and groups alone", async () => {
  const whole = await get("/v1/event-types");
  const { eventTypes, text } = await get("/v1/event-types?view=summary");
  expect(eventTypes).toHaveLength(whole.eventTypes.length);
  for (const each of eventTypes) expect(Object.keys(each)).toEqual(["type", "contract", "group", "summary"]);
  expect(text.length).toBeLessThan(whole.text.length / 5);
  expect((await get("/v1/event-types?view=all")).status).toBe(400);
});

describe("the schemas", () => {
  const objects = (schema: unknown): object[] =>
    typeof schema !== "object" || schema === null ? [] : [schema, ...Object.values(schema).flatMap(objects)];

  test("are taken by Ajv in strict mode, with their examples and with keys that come later", async () => {
    const { eventTypes } = await get("/v1/event-types");
    for (const { schema, examples, type } of eventTypes) {
      const ajv = new Ajv2020({ strict: true, allErrors: true });
      addFormats.default(ajv);
      const validate = ajv.compile(schema);
      for (const { data } of examples) {
        validate(data);
        expect([type, validate.errors]).toEqual([type, null]);
        expect(validate({ ...Object(data), keyOfTomorrow: 1 })).toBe(true);
      }
      expect(objects(schema).some((each) => "patternProperties" in each || "discriminator" in each)).toBe(false);
    }
  });

  const lacking = spawnSync("python3", ["-c", "import jsonschema"]).status !== 0;
  const isSkipped = lacking && process.env.HOOKWRIGHT_TEST_SKIP !== "refuse";
  test.skipIf(isSkipped)("are taken by Python's jsonschema, with their examples", async () => {
    const { text } = await get("/v1/event-types");
    const program = [
      "import json, sys",
      "from jsonschema import Draft202012Validator as Validator",
      "types = json.load(sys.stdin)['eventTypes']",
      "for each in types:",
      "    for schema in [each['schema']] + ([each['meta']] if each['meta'] else []):",
      "        assert schema['$schema'] == Validator.META_SCHEMA['$schema']",
      "        Validator.check_schema(schema)",
      "    for example in each['examples']:",
      "        Validator(each['schema'], format_checker=Validator.FORMAT_CHECKER).validate(example['data'])",
      "print(len(types))",
    ].join("\n");
    const { status, stdout, stderr } = spawnSync("python3", ["-c", program], { input: text, encoding: "utf8" });
    expect([status, stderr]).toEqual([0, ""]);
    expect(Number(stdout)).toBeGreaterThan(500);
  });
});

describe("compression", () => {
  const ask = (accepted: string) =>
    http.app.inject({ url: "/v1/event-types", headers: { "accept-encoding": accepted } });

  test.each(["gzip", "deflate, gzip;q=0.5", "*"])("is done for a client that takes %j", async (accepted) => {
    const plain = await get("/v1/event-types");
    const { headers, rawPayload } = await ask(accepted);
    expect([headers["content-encoding"], headers["vary"]]).toEqual(["gzip", "accept-encoding"]);
    expect(gunzipSync(rawPayload).toString()).toBe(plain.text);
    expect(rawPayload.length).toBeLessThan(plain.text.length / 5);
    expect(headers["etag"]).not.toBe(plain.headers["etag"]);
    const again = await http.app.inject({
      url: "/v1/event-types",
      headers: { "accept-encoding": accepted, "if-none-match": String(headers["etag"]) },
    });
    expect([again.statusCode, again.rawPayload.length]).toEqual([304, 0]);
  });

  test.each(["", "br", "gzip;q=0", "gzip; q=0.0, *"])("is not done for one that takes %j", async (accepted) => {
    expect((await ask(accepted)).headers["content-encoding"]).toBeUndefined();
  });
});

describe("pages of other origins", () => {
  const origin = "https://console.acme.example";

  test("read answers where they are configured, and nowhere else", async () => {
    const configured = await openHttpHarness({ corsOrigins: [origin] });
    const from = (app: HttpHarness, given: string, more = {}) =>
      app.app.inject({ url: "/v1/event-types?view=summary", headers: { origin: given, ...more } });
    const allowed = (await from(configured, origin)).headers;
    expect([allowed["access-control-allow-origin"], allowed["access-control-allow-credentials"]]).toEqual([
      origin,
      undefined,
    ]);
    expect(allowed["vary"]).toBe("origin, accept-encoding");
    expect((await from(configured, "https://evil.example")).headers["access-control-allow-origin"]).toBeUndefined();
    expect((await from(http, origin)).headers["access-control-allow-origin"]).toBeUndefined();
    const preflight = await configured.app.inject({
      method: "OPTIONS",
      url: "/v1/orgs/acme/webhook-endpoints",
      headers: { origin, "access-control-request-method": "PATCH" },
    });
    expect([preflight.statusCode, preflight.headers["access-control-allow-methods"]]).toEqual([
      204,
      "GET, HEAD, POST, PUT, PATCH, DELETE",
    ]);
    const refused = await configured.call({
      method: "GET",
      path: "/v1/orgs/acme/audit",
      key: null,
      headers: { origin },
    });
    expect([refused.status, refused.headers["access-control-allow-origin"]]).toEqual([401, origin]);
    await configured.close();
  });
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
