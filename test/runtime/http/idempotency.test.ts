import { afterEach, beforeEach, expect, test } from "vitest";
import { openHttpHarness, start, type Call, type HttpHarness } from "./harness.ts";

let http: HttpHarness;
beforeEach(async () => (http = await openHttpHarness()));
afterEach(() => http.close());

const path = "/v1/orgs/acme/webhook-endpoints";
const settings = { url: "https://hooks.acme.example/in", events: ["*"] };
const post = (key: string, over: Partial<Call> = {}) =>
  http.call({ method: "POST", path, body: settings, headers: { "idempotency-key": key }, ...over });
const count = async () => (await http.store.endpoints.list({ tenant: "acme", contract: "stech" })).length;

test("a repeat gets the first answer with its secret, says so, and changes nothing", async () => {
  const first = await post("k1");
  const again = await post("k1");
  expect([first.status, again.status]).toEqual([201, 201]);
  expect(again.text).toBe(first.text);
  expect([first.headers["idempotency-replayed"], again.headers["idempotency-replayed"]]).toEqual([undefined, "true"]);
  expect(await count()).toBe(1);
  expect((await post("k2")).body.endpoint.id).not.toBe(first.body.endpoint.id);
});

test("the same key with another body or on another route is refused", async () => {
  const { id } = (await post("k1")).body.endpoint;
  const other = await post("k1", { body: { ...settings, events: ["deployment.failed"] } });
  expect([other.status, other.body.error.code]).toEqual([409, "idempotency_conflict"]);
  expect((await post("k1", { path: `${path}/${id}/rotate-secret`, body: undefined })).status).toBe(409);
  expect(await count()).toBe(1);
});

test("the kept answer is sealed: the database holds no secret", async () => {
  const { signingSecret } = (await post("k1")).body;
  expect(await http.dump()).not.toContain(signingSecret);
});

test("keys are forgotten after 24 hours", async () => {
  await post("k1");
  http.clock.moveTo(start + 24 * 3600_000 - 1);
  await post("k1");
  expect(await count()).toBe(1);
  http.clock.moveTo(start + 24 * 3600_000);
  expect((await post("k1")).status).toBe(201);
  expect(await count()).toBe(2);
});

test("what was refused is not kept, so the same key may be used once it is mended", async () => {
  expect((await post("k1", { body: { ...settings, url: "http://a.example/" } })).status).toBe(400);
  expect((await post("k1")).status).toBe(201);
});

test("of two at the same time one is answered, and the other gets the same or 409", async () => {
  const answers = await Promise.all([post("k1"), post("k1"), post("k1")]);
  expect(await count()).toBe(1);
  expect(answers.map(({ status }) => status).filter((status) => status !== 409).length).toBeGreaterThanOrEqual(1);
  const ids = answers.flatMap(({ body, status }) => (status === 201 ? [body.endpoint.id] : []));
  expect(new Set(ids).size).toBe(1);
});

test("a request without an answer, as after a crash, is refused for two minutes and goes on then", async () => {
  const request = { tenant: "acme", actorId: "operator", key: "k1", fingerprint: "f" };
  const claim = (at: number) =>
    http.store.idempotency.claim({ ...request, at, expiredBy: at - 86_400_000, abandonedBy: at - 120_000 });
  expect(await claim(start)).toBe("claimed");
  expect(await claim(start + 119_999)).toEqual({ fingerprint: "f", answer: null });
  expect(await claim(start + 120_000)).toBe("claimed");
  // Whoever had it before keeps nothing.
  await http.store.idempotency.complete({ ...request, at: start }, { status: 201, sealed: "old" });
  expect(await claim(start + 120_001)).toEqual({ fingerprint: "f", answer: null });
});

test("callers have keys of their own, and a role that may not write gets no answer of one that may", async () => {
  const first = await post("k1");
  const admin = await post("k1", { key: await http.key("acme", "admin") });
  expect(admin.body.endpoint.id).not.toBe(first.body.endpoint.id);
  expect((await post("k1", { key: await http.key("acme", "member") })).status).toBe(403);
});

test.each(["", "a b", "x".repeat(256)])("the key %j is refused", async (key) => {
  expect((await post(key)).status).toBe(400);
});
