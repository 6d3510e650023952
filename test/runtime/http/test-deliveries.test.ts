import { createHmac } from "node:crypto";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Exchange, OutboundRequest } from "../../../runtime/seams/outbound.ts";
import { catalog } from "../../../runtime/generated/catalog.ts";
import { openHttpHarness, start, type HttpHarness } from "./harness.ts";

let http: HttpHarness;
let sent: OutboundRequest[];
let answer: Exchange;
beforeEach(async () => {
  sent = [];
  answer = { kind: "response", status: 202, body: Buffer.from("thanks"), durationMs: 12.4 };
  http = await openHttpHarness({ receive: (request) => (sent.push(request), answer) });
});
afterEach(() => http.close());

const sendTest = (id: string, body: object) =>
  http.call({ method: "POST", path: `/v1/orgs/acme/webhook-endpoints/${id}/test`, body });

test("the example is signed as a real one is (R-STECH-45), and the endpoint's answer is returned", async () => {
  const { id, signingSecret } = await http.endpoint("acme", ["agent_run.failed"]);
  const { status, text } = await sendTest(id, { type: "deployment.created" });
  expect(status).toBe(200);
  const [request] = sent;
  const { body, headers } = request ?? expect.unreachable();
  const tested = JSON.parse(text);
  expect(tested).toEqual({
    test: true,
    eventId: JSON.parse(body).id,
    request: { body },
    response: { delivered: true, status: 202, error: null, durationMs: 12, body: "thanks" },
  });
  const seconds = String(start / 1000);
  const expected = createHmac("sha256", signingSecret).update(`${seconds}.${body}`).digest("hex");
  expect(headers["X-Stech-Timestamp"]).toBe(seconds);
  expect(headers["X-Stech-Signature"]).toBe(`sha256=${expected}`);
  expect(JSON.parse(body)).toMatchObject({ type: "deployment.created", organizationId: "acme" });
});

test("nothing of it is kept: no event, no delivery, and no failure is counted", async () => {
  const { id } = await http.endpoint("acme");
  const before = await http.dump();
  answer = { kind: "timeout", detail: "", durationMs: 30_000 };
  const { text } = await sendTest(id, { type: "deployment.created" });
  expect(JSON.parse(text).response).toMatchObject({ delivered: false, status: null, error: "timeout" });
  expect(await http.dump()).toBe(before);
});

test("a type or example that is none, and another tenant's endpoint, are refused, and nothing is sent", async () => {
  const { id } = await http.endpoint("acme");
  const other = await http.endpoint("globex");
  expect((await sendTest(id, { type: "deployment.lost" })).body.error.code).toBe("unknown_event_type");
  expect((await sendTest(id, { type: "deployment.created", example: "lost" })).body.error.path).toBe("example");
  expect((await sendTest(other.id, { type: "deployment.created" })).status).toBe(404);
  expect(sent).toEqual([]);
});

const contract = "hookwright";
const examplesTo = async (path: string) => {
  const { status } = await http.call({ method: "POST", path: `${path}/test`, body: { type: "endpoint.deleted" } });
  expect(status).toBe(200);
  return sent.at(-1) ?? expect.unreachable();
};
const registered = async () => {
  const path = "/v1/orgs/acme/webhook-endpoints";
  const body = { url: "https://hooks.acme.example/in", events: ["*"], contract };
  const made = (await http.call({ method: "POST", path, body })).body;
  return { path: `${path}/${made.endpoint.id}`, secret: made.signingSecret };
};

test("while a secret's overlap lasts, a test carries both signatures, as an attempt does (R-AUTHN-16)", async () => {
  const { path, secret } = await registered();
  const rotated = await http.call({ method: "POST", path: `${path}/rotate-secret`, body: { overlapSeconds: 60 } });
  const signatures = async () => {
    const { headers, body } = await examplesTo(path);
    const signed = `${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${body}`;
    const sign = (of: string) =>
      createHmac("sha256", Buffer.from(of.slice("whsec_".length), "base64"))
        .update(signed)
        .digest("base64");
    const ofSecret = new Map([
      [`v1,${sign(secret)}`, "previous"],
      [`v1,${sign(rotated.body.signingSecret)}`, "current"],
    ]);
    return headers["webhook-signature"]?.split(" ").map((signature) => ofSecret.get(signature));
  };
  expect(await signatures()).toEqual(["current", "previous"]);
  http.clock.moveTo(start + 60_000);
  expect(await signatures()).toEqual(["current"]);
});

test("the sender's own domains are named with a test, so that nothing is sent to them", async () => {
  await http.close();
  const { declaration } = catalog.hookwright;
  const url = { ...declaration.url, ownDomains: ["hookwright.example"] };
  const changed = { ...catalog, hookwright: { ...catalog.hookwright, declaration: { ...declaration, url } } };
  http = await openHttpHarness({ catalog: changed, receive: (request) => (sent.push(request), answer) });
  expect((await examplesTo((await registered()).path)).ownDomains).toEqual(["hookwright.example"]);
});
