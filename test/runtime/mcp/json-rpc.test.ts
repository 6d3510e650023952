import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { generateHarbor, receiverIn, temporaryFolder } from "../harbor/place.ts";
import { openPlace, type Place } from "./place.ts";

const folder = temporaryFolder();
let place: Place;
let key = "";
beforeAll(async () => {
  const catalog = await generateHarbor(folder.path, "test/runtime/mcp/catalog/index.ts");
  place = await openPlace(catalog, `${folder.path}/json-rpc.db`);
  key = await place.key("sre", "admin");
}, 60_000);
afterAll(async () => {
  await place.close();
  folder.dispose();
});

interface Sent {
  readonly body: unknown;
  readonly key?: string | null;
  readonly url?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

async function send({ body, key: given = key, url = place.mcpUrl("sre"), headers = {} }: Sent) {
  const authorization = given === null ? {} : { authorization: `Bearer ${given}` };
  const answer = await fetch(url, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      ...authorization,
      ...headers,
    },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  return { status: answer.status, body: text === "" ? null : JSON.parse(text) };
}

const request = (method: string, params?: object) => ({ jsonrpc: "2.0", id: 7, method, ...(params && { params }) });
const current = { "mcp-protocol-version": "2026-07-28" };

describe("messages", () => {
  test.each([
    ["a list", [request("ping")]],
    ["another version of JSON-RPC", { ...request("ping"), jsonrpc: "1.0" }],
    ["no method", { jsonrpc: "2.0", id: 1 }],
    ["an id that is no text and no number", { ...request("ping"), id: {} }],
    ["null", null],
  ])("%s is none", async (_name, body) => {
    expect(await send({ body })).toMatchObject({ status: 400, body: { jsonrpc: "2.0", error: { code: -32600 } } });
  });

  test("without an id are notifications, which are taken and not answered", async () => {
    const body = { jsonrpc: "2.0", method: "notifications/initialized" };
    expect(await send({ body })).toEqual({ status: 202, body: null });
  });

  test("keep their id, text or number", async () => {
    expect((await send({ body: request("ping") })).body).toEqual({ jsonrpc: "2.0", id: 7, result: {} });
    expect((await send({ body: { ...request("ping"), id: "a" } })).body).toMatchObject({ id: "a" });
  });

  test("of an unknown method are told so: 404 in the current revision, 200 before it", async () => {
    const body = request("tools/list");
    expect(await send({ body, headers: current })).toMatchObject({ status: 404, body: { error: { code: -32601 } } });
    expect(await send({ body })).toMatchObject({ status: 200, body: { error: { code: -32601 } } });
  });
});

describe("the protocol's revision", () => {
  test("is the client's where it is known, and is not that of the extension's own revision after initialize", async () => {
    const versionFor = async (protocolVersion: string) =>
      (await send({ body: request("initialize", { protocolVersion }) })).body.result.protocolVersion;
    expect(await versionFor("2025-06-18")).toBe("2025-06-18");
    expect(await versionFor("2026-07-28")).toBe("2025-11-25");
    expect(await versionFor("1999-01-01")).toBe("2025-11-25");
  });

  test("is discovered, with the extension under both its names", async () => {
    const { body } = await send({ body: request("server/discover"), headers: current });
    expect(body.result).toMatchObject({
      resultType: "complete",
      supportedVersions: expect.arrayContaining(["2026-07-28"]),
      capabilities: { events: {}, extensions: { "io.modelcontextprotocol/events": {} } },
    });
  });

  test("that is not known is refused with those that are", async () => {
    const answer = await send({ body: request("ping"), headers: { "mcp-protocol-version": "1999-01-01" } });
    expect(answer).toMatchObject({
      status: 400,
      body: { error: { code: -32022, data: { requested: "1999-01-01", supported: expect.any(Array) } } },
    });
  });

  test("and the method are the same in headers and message", async () => {
    const meta = { _meta: { "io.modelcontextprotocol/protocolVersion": "2026-07-28" } };
    const other = { "mcp-protocol-version": "2025-11-25" };
    for (const sent of [
      { body: request("ping"), headers: { ...current, "mcp-method": "events/list" } },
      { body: request("ping", meta), headers: other },
    ])
      expect(await send(sent)).toMatchObject({ status: 400, body: { id: 7, error: { code: -32020 } } });
    const headers = { ...current, "mcp-method": "ping" };
    expect(await send({ body: request("ping", meta), headers })).toMatchObject({ status: 200 });
  });
});

describe("a list of events", () => {
  test("says what can be asked for and what comes, as JSON Schema", async () => {
    const { body } = await send({ body: request("events/list") });
    const [created] = body.result.events;
    expect(created).toMatchObject({
      name: "incident.created",
      description: "An incident was opened. Whoever is on call is told.",
      inputSchema: { type: "object", additionalProperties: false },
    });
    expect(Object.keys(created.inputSchema.properties)).toEqual([
      "incidentId",
      "severity",
      "service",
      "assignee",
      "isDrill",
      "attempt",
    ]);
    expect(created.inputSchema.required).toBeUndefined();
    expect(Object.keys(created.payloadSchema.properties)).toContain("notes");
  });

  test("is of one contract; one that takes no subscribers can be polled alone", async () => {
    const { body } = await send({ body: request("events/list"), url: place.mcpUrl("sre", "ledger") });
    const listed = body.result.events.map(({ name, delivery }: Record<string, unknown>) => [name, delivery]);
    expect(listed).toEqual([["ledger.entry_added", ["poll"]]]);
    expect((await send({ body: request("events/list"), url: place.mcpUrl("sre", "nothing") })).body.error.code).toBe(
      -32014,
    );
    const wrong = `${place.mcpUrl("sre")}?other=1`;
    expect(await send({ body: request("events/list"), url: wrong })).toMatchObject({
      status: 400,
      body: { error: { code: "invalid_request" } },
    });
  });
});

describe("access", () => {
  const secret = `whsec_${Buffer.alloc(32, 3).toString("base64")}`;
  const body = () =>
    request("events/subscribe", { name: "incident.created", delivery: { url: place.receiverUrl, secret } });

  test("is by the API's keys and portal tokens: all list, those that may write subscribe, and keys alone poll", async () => {
    const manage = await place.portalToken("sre", "manage");
    const read = await place.portalToken("sre", "read");
    const member = await place.key("sre", "member");
    const may = [await place.key("sre", "owner"), key, manage];
    const mayNot = [member, read];
    const poll = request("events/poll", { name: "incident.created" });
    for (const each of [manage, read])
      expect((await send({ body: poll, key: each })).body.error).toMatchObject({ code: -32012 });
    for (const each of [member, key])
      expect((await send({ body: poll, key: each })).body).toHaveProperty("result.cursor");
    for (const each of may) expect((await send({ body: body(), key: each })).body).toHaveProperty("result.id");
    for (const each of mayNot) {
      expect((await send({ body: body(), key: each })).body.error).toMatchObject({ code: -32012 });
      expect((await send({ body: request("events/list"), key: each })).body).toHaveProperty("result.events");
    }
  });

  test("is refused without a key, with another tenant's, and to Hookwright's own events with a portal token", async () => {
    expect((await send({ body: body(), key: null })).status).toBe(401);
    expect((await send({ body: body(), url: place.mcpUrl("globex") })).status).toBe(404);
    const portal = await place.portalToken("sre", "manage");
    const own = { body: request("events/list"), url: place.mcpUrl("sre", "hookwright") };
    expect((await send({ ...own, key: portal })).status).toBe(403);
    expect((await send(own)).status).toBe(200);
  });

  test("to a subscription is by its tenant, whichever of its keys made it; the API shows it as an endpoint with an end", async () => {
    const { id } = (await send({ body: body() })).body.result;
    const other = await place.key("sre", "admin");
    expect((await send({ body: body(), key: other })).body.result.id).toBe(id);
    const shown = await fetch(place.mcpUrl("sre").replace(/mcp$/, `webhook-endpoints/${id}`), {
      headers: { authorization: `Bearer ${other}` },
    });
    expect(await shown.json()).toMatchObject({
      endpoint: { id, contract: "incidents", events: ["incident.created"], expiresAt: expect.stringMatching(/Z$/) },
    });
  });
});

test("the generated receiver takes what a subscriber is sent", async () => {
  const secret = `whsec_${Buffer.alloc(64, 5).toString("base64")}`;
  const url = `${place.receiverUrl}/generated`;
  await send({ body: request("events/subscribe", { name: "incident.resolved", delivery: { url, secret } }) });
  const data = { incidentId: "inc_9", at: "2026-05-08T14:00:00.000Z" };
  const eventId = await place.emit("sre", "incident.resolved", data);
  await place.settle();
  const delivered = place.delivered.find(({ body, path }) => path === "/hook/generated" && body.includes(eventId));
  const { Webhook } = await receiverIn(folder.path, "incidents");
  const webhook = new Webhook(secret, { now: () => place.clock.now() });
  expect(await webhook.verify(delivered?.body ?? "", delivered?.headers ?? {})).toMatchObject({ eventId, data });
});
