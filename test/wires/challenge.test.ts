/** An endpoint that has to give a random text back before it gets anything else, and the receivers that do. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { openWires, type Wires } from "./place.ts";

let wires: Wires;
beforeAll(async () => void (wires = await openWires()), 60_000);
afterAll(() => wires.close());

const path = "/v1/orgs/T061EG9R6/webhook-endpoints";

async function made(): Promise<{ readonly own: string; readonly secret: string; readonly enabled: boolean }> {
  const { call, receiverUrl } = wires.harbor;
  const { body } = await call("POST", path, { contract: "slack", url: receiverUrl, events: ["*"] });
  return { own: `${path}/${body.endpoint.id}`, secret: body.signingSecret, enabled: body.endpoint.enabled };
}

test("an endpoint is made disabled and without a question, and is enabled once it has answered one", async () => {
  const { rings, call } = wires.harbor;
  const before = rings.length;
  const { own, enabled } = await made();
  expect([enabled, rings.length]).toEqual([false, before]);
  const { status, body } = await call("PATCH", own, { enabled: true });
  expect([status, body.endpoint.enabled, rings.length]).toEqual([200, true, before + 1]);
  const asked = JSON.parse(rings.at(-1)?.body ?? "");
  expect(asked).toEqual({ challenge: expect.stringMatching(/^[\w-]{43}$/), type: "url_verification" });
  // Nothing that needs no question asks one.
  await call("PATCH", own, { description: "the same" });
  expect(rings.length).toBe(before + 1);
});

test.each([
  ["another text", 200, '{"challenge":"another"}'],
  ["another status", 404, "{}"],
  ["no JSON", 200, "ok"],
])("%s is no answer, and the endpoint stays as it is", async (_name, status, body) => {
  const { own } = await made();
  wires.harbor.answers.push({ status, body });
  const refused = await wires.harbor.call("PATCH", own, { enabled: true });
  expect([refused.status, refused.body.error.code]).toEqual([400, "invalid_url"]);
  expect((await wires.harbor.call("GET", own)).body.endpoint.enabled).toBe(false);
});

test("another URL is asked too, and not taken without an answer", async () => {
  const { call, answers, receiverUrl } = wires.harbor;
  const { own } = await made();
  await call("PATCH", own, { enabled: true });
  answers.push({ status: 200, body: "{}" });
  const refused = await call("PATCH", own, { url: `${receiverUrl}/other` });
  expect([refused.status, (await call("GET", own)).body.endpoint["url"]]).toEqual([400, receiverUrl]);
  const taken = await call("PATCH", own, { url: `${receiverUrl}/other` });
  expect([taken.status, taken.body.endpoint["url"]]).toEqual([200, `${receiverUrl}/other`]);
});

test("the generated handler answers the question that came, verified, and calls nothing for it", async () => {
  const { own, secret } = await made();
  await wires.harbor.call("PATCH", own, { enabled: true });
  const ring = wires.harbor.rings.at(-1) ?? expect.unreachable();
  const handle = await wires.handler("slack", secret);
  const answer = await handle({ headers: ring.headers, body: ring.body });
  expect([answer.status, await answer.json()]).toEqual([200, { challenge: JSON.parse(ring.body).challenge }]);
  const forged = await handle({ headers: ring.headers, body: ring.body.replace('"challenge":"', '"challenge":"x') });
  expect(forged.status).toBe(400);
});
