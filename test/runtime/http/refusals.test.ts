import { connect } from "node:net";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { errorTable } from "../../../runtime/errors.ts";
import { catalog } from "../../../runtime/generated/catalog.ts";
import { deployment, openHttpHarness, type Answer, type Call, type HttpHarness } from "./harness.ts";

let http: HttpHarness;
let id: string;
// One for all tests: what is refused leaves nothing behind.
beforeAll(async () => {
  http = await openHttpHarness();
  id = (await http.endpoint("acme")).id;
  await http.key("globex", "owner");
});
afterAll(() => http.close());

const collection = "/v1/orgs/acme/webhook-endpoints";
const events = "/v1/orgs/acme/events";
const good = { url: "https://hooks.acme.example/in", events: ["*"] };
const json = { "content-type": "application/json" };
const emitted = { type: "deployment.created", data: deployment };

type Refused = readonly [name: string, status: number, code: keyof typeof errorTable, call: Partial<Call>];

const create = (body: unknown): Partial<Call> => ({ method: "POST", path: collection, body });
const emit = (body: unknown, rest: Partial<Call> = {}): Partial<Call> => ({
  method: "POST",
  path: events,
  body,
  ...rest,
});
const raw = (payload: string | Buffer, headers: Record<string, string> = json): Partial<Call> => ({
  method: "POST",
  path: collection,
  payload,
  headers,
});

const refused: readonly Refused[] = [
  ["an unknown field", 400, "invalid_request", create({ ...good, colour: "red" })],
  ["a missing URL", 400, "invalid_request", create({ events: ["*"] })],
  ["a URL that is a number", 400, "invalid_request", create({ ...good, url: 5 })],
  ["no events", 400, "invalid_request", create({ ...good, events: [] })],
  ["events that are text", 400, "invalid_request", create({ ...good, events: "*" })],
  ["events that hold a number", 400, "invalid_request", create({ ...good, events: [1] })],
  ["a description that is a number", 400, "invalid_request", create({ ...good, description: 1 })],
  ["a description of 1001 characters", 400, "invalid_request", create({ ...good, description: "x".repeat(1001) })],
  ["a body that is a list", 400, "invalid_request", create([good])],
  ["a body that is null", 400, "invalid_request", create(null)],
  ["no body", 400, "invalid_request", { method: "POST", path: collection }],
  ["an unknown event type", 400, "unknown_event_type", create({ ...good, events: ["deployment.exploded"] })],
  ["a type named like a method of objects", 400, "unknown_event_type", create({ ...good, events: ["toString"] })],
  ["an unknown contract", 400, "unknown_contract", create({ ...good, contract: "nope" })],
  ["a contract named like a method of objects", 400, "unknown_contract", create({ ...good, contract: "constructor" })],
  ["http:// in production mode (R-STECH-11)", 400, "invalid_url", create({ ...good, url: "http://a.example/" })],
  [
    "a URL of 2049 characters (R-STECH-12)",
    400,
    "invalid_url",
    create({ ...good, url: `https://a.example/${"x".repeat(2031)}` }),
  ],
  ["text that is no URL", 400, "invalid_url", create({ ...good, url: "hooks.acme.example" })],
  ["a private address (R-STECH-13)", 400, "invalid_url", create({ ...good, url: "https://10.0.0.1/" })],
  ["loopback in IPv6 (R-STECH-13)", 400, "invalid_url", create({ ...good, url: "https://[::1]/" })],
  ["an internal name (R-STECH-13)", 400, "invalid_url", create({ ...good, url: "https://metadata.google.internal/" })],
  ["localhost (R-STECH-13)", 400, "invalid_url", create({ ...good, url: "https://localhost:9000/" })],
  ["a URL with a password", 400, "invalid_url", create({ ...good, url: "https://u:p@a.example/" })],
  ["malformed JSON", 400, "invalid_json", raw('{"url": "https://a.example"')],
  ["JSON that is too deep", 400, "invalid_json", raw("[".repeat(65) + "]".repeat(65))],
  ["JSON that is far too deep", 400, "invalid_json", raw("[".repeat(400_000))],
  ["bytes that are not UTF-8", 400, "invalid_json", raw(Buffer.from([0x22, 0xff, 0x22]))],
  ["a form", 415, "unsupported_media_type", raw("url=1", { "content-type": "application/x-www-form-urlencoded" })],
  ["plain text", 415, "unsupported_media_type", raw(JSON.stringify(good), { "content-type": "text/plain" })],
  ["a body without a content type", 415, "unsupported_media_type", raw(JSON.stringify(good), {})],
  ["a body over 1 MiB", 413, "payload_too_large", create({ ...good, description: "x".repeat(1024 * 1024) })],
  ["no key", 401, "unauthorized", { ...create(good), key: null }],
  ["an unknown key", 401, "unauthorized", { ...create(good), key: "hwk_nobody_0" }],
  [
    "a key in another scheme",
    401,
    "unauthorized",
    { ...create(good), key: null, headers: { authorization: "Basic YTpi" } },
  ],
  ["the key of another tenant", 404, "not_found", { ...create(good), key: "hwk_1_of_globex" }],
  ["the key of another tenant with a bad body", 404, "not_found", { ...create({}), key: "hwk_1_of_globex" }],
  ["an unknown endpoint", 404, "not_found", { method: "PATCH", path: `${collection}/whe_0`, body: { enabled: false } }],
  ["an unknown delivery", 404, "not_found", { method: "POST", path: `${collection}/ID/deliveries/dlv_0/redeliver` }],
  ["an unknown route", 404, "not_found", { method: "POST", path: "/v1/orgs/acme/nothing", body: {} }],
  ["a method the path does not have", 405, "method_not_allowed", { method: "PUT", path: collection, body: good }],
  [
    "a path that cannot be decoded",
    400,
    "invalid_request",
    { method: "POST", path: "/v1/orgs/%ff/api-keys", body: {} },
  ],
  [
    "a tenant with a control character",
    400,
    "invalid_request",
    { ...create(good), path: "/v1/orgs/a%00b/webhook-endpoints" },
  ],
  [
    "a tenant of 256 characters",
    400,
    "invalid_request",
    { ...create(good), path: `/v1/orgs/${"x".repeat(256)}/webhook-endpoints` },
  ],
  ["a change of nothing", 400, "invalid_request", { method: "PATCH", path: `${collection}/ID`, body: {} }],
  [
    "a change of the contract",
    400,
    "invalid_request",
    { method: "PATCH", path: `${collection}/ID`, body: { contract: "stech" } },
  ],
  [
    "enabled as text",
    400,
    "invalid_request",
    { method: "PATCH", path: `${collection}/ID`, body: { enabled: "false" } },
  ],
  [
    "a change to a forbidden URL",
    400,
    "invalid_url",
    { method: "PATCH", path: `${collection}/ID`, body: { url: "http://a.example" } },
  ],
  [
    "a change to no events",
    400,
    "invalid_request",
    { method: "PATCH", path: `${collection}/ID`, body: { events: [] } },
  ],
  [
    "event data with an unknown key",
    400,
    "invalid_event_data",
    emit({ ...emitted, data: { ...deployment, token: "s3cret" } }),
  ],
  ["event data that lack a key", 400, "invalid_event_data", emit({ ...emitted, data: {} })],
  ["no event data", 400, "invalid_request", emit({ type: "deployment.created" })],
  ["an event type that is unknown", 400, "unknown_event_type", emit({ ...emitted, type: "deployment.exploded" })],
  ["an event of an unknown contract", 400, "unknown_contract", emit({ ...emitted, contract: "nope" })],
  [
    "an event that Hookwright alone emits",
    400,
    "unknown_contract",
    emit({ type: "endpoint.deleted", contract: "hookwright", data: { endpointId: "whe_0", contract: "stech" } }),
  ],
  ["an event with an unknown field", 400, "invalid_request", emit({ ...emitted, tenant: "globex" })],
  ["an empty idempotency key", 400, "invalid_request", emit({ ...emitted, idempotencyKey: "" })],
  [
    "an idempotency key of 256 characters",
    400,
    "invalid_request",
    emit({ ...emitted, idempotencyKey: "x".repeat(256) }),
  ],
  [
    "two different idempotency keys",
    400,
    "invalid_request",
    emit({ ...emitted, idempotencyKey: "a" }, { headers: { "idempotency-key": "b" } }),
  ],
  [
    "an unknown role",
    400,
    "invalid_request",
    { method: "POST", path: "/v1/orgs/acme/api-keys", body: { role: "king" } },
  ],
  ["a limit of nothing", 400, "invalid_request", { method: "GET", path: `${events}?limit=0` }],
  ["a limit above the contract's", 400, "invalid_request", { method: "GET", path: `${events}?limit=201` }],
  ["a limit that is no whole number", 400, "invalid_request", { method: "GET", path: `${events}?limit=1.5` }],
  ["a limit in another notation", 400, "invalid_request", { method: "GET", path: `${events}?limit=0x10` }],
  ["two limits", 400, "invalid_request", { method: "GET", path: `${events}?limit=1&limit=2` }],
  ["an unknown query parameter", 400, "invalid_request", { method: "GET", path: `${events}?sort=asc` }],
  ["a cursor of other text", 400, "invalid_request", { method: "GET", path: `${events}?cursor=nope` }],
  [
    "unknown types in a feed",
    400,
    "unknown_event_type",
    { method: "GET", path: `${events}?types=deployment.created,nope` },
  ],
  [
    "a delivery page after nothing",
    400,
    "invalid_request",
    { method: "GET", path: `${collection}/ID/deliveries?before=dlv_0` },
  ],
];

function expectError(
  { status, body, headers }: Answer,
  wanted: { status: number; code: keyof typeof errorTable },
): void {
  expect({ status, code: body.error.code }).toEqual(wanted);
  expect(errorTable[wanted.code].status).toBe(status);
  expect(body).toEqual({ error: expect.any(Object) });
  expect(
    Object.keys(body.error).filter((key) => !["code", "message", "remedy", "path", "requestId"].includes(key)),
  ).toEqual([]);
  expect(body.error.remedy).toBe(errorTable[wanted.code].remedy);
  expect(body.error.message).toMatch(/\S.*\.$|\?$/);
  expect(body.error.requestId).toMatch(/^[0-9a-f-]{36}$/);
  expect(headers["content-type"]).toBe("application/json; charset=utf-8");
  expect(JSON.stringify(body)).not.toMatch(/\bat .*\.(ts|js):\d+|node_modules|SQLITE|select /);
}

test.each(refused)("%s is answered %i %s, and nothing is stored", async (_name, status, code, call) => {
  const before = await http.dump();
  const { method = "POST", path = collection, ...rest } = call;
  const answer = await http.call({ method, path: path.replace("ID", id), ...rest });
  expectError(answer, { status, code });
  expect(await http.dump()).toBe(before);
});

test("the value of a key that does not belong is not told: it may be a secret", async () => {
  const call = emit({ ...emitted, data: { ...deployment, token: "s3cret" } });
  const { text } = await http.call({ method: "POST", path: events, ...call });
  expect(text).toContain("data.token");
  expect(text).not.toContain("s3cret");
});

test("malformed JSON is not quoted", async () => {
  const { text } = await http.call({
    method: "POST",
    path: collection,
    payload: '{"password": hunter2}',
    headers: json,
  });
  expect(text).not.toContain("hunter2");
});

test.each(["authsignal", "authio"])("an endpoint of %s is refused: it is not pushed to", async (contract) => {
  const { mode } = catalog[contract === "authio" ? "authio" : "authsignal"].declaration;
  const answer = await http.call({ method: "POST", path: collection, body: { ...good, contract } });
  expect([answer.status, answer.body.error]).toMatchObject([
    400,
    {
      code: "unknown_contract",
      message: `contract: expected one in mode push, got "${contract}", which is in mode ${mode}.`,
      path: "contract",
    },
  ]);
});

test("a question cannot be emitted over HTTP", async () => {
  const body = { contract: "authio", type: "pre_register", data: {} };
  const answer = await http.call({ method: "POST", path: events, body });
  expect([answer.status, answer.body.error.code]).toEqual([400, "unknown_contract"]);
});

test("401 asks for a bearer key, 405 names the methods", async () => {
  expect((await http.call({ method: "GET", path: collection, key: null })).headers["www-authenticate"]).toBe("Bearer");
  expect((await http.call({ method: "PUT", path: collection, body: good })).headers["allow"]).toBe("GET, HEAD, POST");
});

test("2048 characters of URL are taken (R-STECH-12)", async () => {
  const url = `https://a.example/${"x".repeat(2048 - 18)}`;
  const { status, body } = await http.call({ method: "POST", path: collection, body: { ...good, url } });
  expect([status, body.endpoint.url.length]).toEqual([201, 2048]);
});

test("a tenant of 255 characters beyond ASCII is taken", async () => {
  const path = `/v1/orgs/${encodeURIComponent("ü".repeat(255))}/webhook-endpoints`;
  expect((await http.call({ method: "GET", path })).status).toBe(200);
});

test("64 levels of JSON are taken as JSON, brackets in texts not counted", async () => {
  const payload = `${"[".repeat(64)}"${"[".repeat(500)}\\"[["${"]".repeat(64)}`;
  const { body } = await http.call({ method: "POST", path: collection, payload, headers: json });
  expect(body.error.code).toBe("invalid_request");
});

test("faults of our own are answered 500 without their message, and logged with it", async () => {
  const broken = await openHttpHarness();
  await broken.store.close();
  const answer = await broken.call({ method: "GET", path: collection });
  expectError(answer, { status: 500, code: "internal_error" });
  expect(answer.body.error.message).toBe(errorTable.internal_error.meaning);
  const logged = broken.logLines.filter((line) => line.includes(answer.body.error.requestId));
  expect(logged.some((line) => line.includes('"err"'))).toBe(true);
  await broken.close();
});

test("what is not HTTP is answered in the same form", async () => {
  await http.app.listen({ host: "127.0.0.1", port: 0 });
  const { port } = http.app.server.address() as AddressInfo;
  const answer = await new Promise<string>((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => socket.write("GET / HTTP/1.1\r\nno header\r\n\r\n"));
    let text = "";
    socket
      .on("data", (chunk) => (text += chunk.toString()))
      .on("end", () => resolve(text))
      .on("error", reject);
  });
  expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
  expect(JSON.parse(answer.split("\r\n\r\n")[1] ?? "").error.code).toBe("invalid_request");
});
