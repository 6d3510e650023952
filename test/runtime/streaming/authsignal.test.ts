import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Webhook } from "../../../sdks/typescript/src/contracts/authsignal.ts";
import { data, openStreamPlace, start, tenant, type StreamPlace } from "./place.ts";

const delayMs = 900_000;
let place: StreamPlace;
beforeEach(async () => {
  place = await openStreamPlace();
});
afterEach(() => place.close());

const newKey = async () => (await place.call("POST", "signing-keys", { contract: "authsignal" })).body.key;

async function newStream(settings: object = {}): Promise<string> {
  const body = { contract: "authsignal", settings: { url: place.url, ...settings } };
  const answer = await place.call("POST", "log-streams", body);
  expect(answer.status).toBe(201);
  return answer.body.logStream.id;
}

const streamOf = async (id: string) => (await place.call("GET", `log-streams/${id}`)).body.logStream;
const signatures = (header: unknown) => String(header).split(",").slice(1);
const idsOf = (body: Buffer) => JSON.parse(body.toString()).records.map((record: { id: string }) => record.id);

/** As a receiver of the real thing would, at the time the request was made. */
function verify(request: StreamPlace["received"][number] | undefined, key: string) {
  if (request === undefined) throw new Error("No request came.");
  const webhook = new Webhook(key, { now: place.clock.now });
  return webhook.verify(request.body, request.headers);
}

test("R-AUTHSIGNAL-01 R-AUTHSIGNAL-10 R-AUTHSIGNAL-05: emit, wait out the tenant's delay, and one signed batch arrives that the SDK verifies", async () => {
  const key = await newKey();
  const id = await newStream();
  const ids = await place.emit("authsignal", 3);
  await place.workAt(start + delayMs - 1);
  expect(place.received).toEqual([]);
  expect((await streamOf(id)).oldestUndeliveredAt).toBe("2026-05-08T14:00:00.000Z");
  await place.workAt(start + delayMs);
  const { records } = await verify(place.received[0], key);
  expect(records.map((record) => record.id)).toEqual(ids);
  expect(records[0]).toMatchObject({ type: "action.log_created", tenantId: tenant, source: "https://authsignal.com" });
  expect(place.received).toHaveLength(1);
  expect(await streamOf(id)).toMatchObject({ oldestUndeliveredAt: null, checkpoint: ids[2], batch: null });
});

test("R-AUTHSIGNAL-03 R-AUTHSIGNAL-06: more than 500 records come in several batches, in the order of the log, each record once", async () => {
  await newKey();
  await newStream();
  const ids = await place.emit("authsignal", 1203);
  await place.workAt(start + delayMs);
  const batches = place.received.map(({ body }) => idsOf(body));
  expect(batches.map((batch) => batch.length)).toEqual([500, 500, 203]);
  expect(batches.flat()).toEqual(ids);
});

test("D-AUTHSIGNAL-04: a batch ends at the first record that is too young, and the tenant sets the delay", async () => {
  await newKey();
  await newStream({ challengeTokenDurationSeconds: 60 });
  const old = await place.emit("authsignal", 2);
  place.clock.moveTo(start + 30_000);
  const young = await place.emit("authsignal", 2);
  await place.workAt(start + 60_000);
  expect(place.received.map(({ body }) => idsOf(body))).toEqual([old]);
  await place.workAt(start + 90_000);
  expect(place.received.map(({ body }) => idsOf(body))).toEqual([old, young]);
});

test("D-AUTHSIGNAL-07 F-AUTHSIGNAL-04: one signature per active key, newest first; two at most; a revoked key signs no more", async () => {
  const first = await newKey();
  await newStream({ challengeTokenDurationSeconds: 0 });
  place.clock.moveTo(start + 1);
  const second = await newKey();
  const third = await place.call("POST", "signing-keys", { contract: "authsignal" });
  expect([third.status, third.body.error.code]).toEqual([409, "limit_reached"]);
  await place.emit("authsignal", 1);
  await place.workAt(start + 2);
  const both = place.received[0];
  await verify(both, first);
  await verify(both, second);
  const { signingKeys } = (await place.call("GET", "signing-keys?contract=authsignal")).body;
  expect(signingKeys).toHaveLength(2);
  await place.call("DELETE", `signing-keys/${signingKeys[1]?.id}`);
  await place.emit("authsignal", 1);
  await place.workAt(start + 3);
  const alone = place.received[1];
  expect(signatures(both?.headers["x-signature-v2"])).toHaveLength(2);
  expect(signatures(alone?.headers["x-signature-v2"])).toHaveLength(1);
  await expect(verify(alone, first)).rejects.toMatchObject({ code: "no_matching_signature" });
  await verify(alone, second);
  // The header is the newest key's signature first.
  const signed = new Webhook(second, { now: () => start + 2 });
  const header = (await signed.sign(both?.body ?? "", { timestamp: start + 2 }))["X-Signature-V2"];
  expect(String(both?.headers["x-signature-v2"]).startsWith(String(header))).toBe(true);
});

test("D-AUTHSIGNAL-08: keys are shown once, sealed at rest, and never logged", async () => {
  const key = await newKey();
  await newStream();
  await place.emit("authsignal", 1);
  await place.workAt(start + delayMs);
  const listed = await place.call("GET", "signing-keys?contract=authsignal");
  const rows = await place.app.store.database.selectFrom("hookwright_signing_keys").selectAll().execute();
  for (const text of [listed.text, JSON.stringify(rows), place.logLines.join("")]) expect(text).not.toContain(key);
  expect(rows).toHaveLength(1);
});

test("R-AUTHSIGNAL-04 D-AUTHSIGNAL-02 D-AUTHSIGNAL-05: what is refused comes again with the same bytes, with waits that double to an hour, without end", async () => {
  await newKey();
  const id = await newStream({ challengeTokenDurationSeconds: 0 });
  const ids = await place.emit("authsignal", 2);
  place.answer = () => 503;
  await place.workAt(start);
  const later = await place.emit("authsignal", 3);
  const waits = [];
  for (let attempt = 1; attempt < 12; attempt += 1) {
    const { dueAt, status, batch } = await streamOf(id);
    expect([status, batch?.attemptCount]).toEqual(["active", attempt]);
    waits.push((Date.parse(dueAt) - place.clock.now()) / 60_000);
    await place.workAt(Date.parse(dueAt) - 1);
    expect(place.received).toHaveLength(attempt);
    await place.workAt(Date.parse(dueAt));
    expect(place.received).toHaveLength(attempt + 1);
  }
  for (const [index, plan] of [1, 2, 4, 8, 16, 32, 60, 60, 60, 60, 60].entries()) {
    expect(Math.abs((waits[index] ?? 0) / plan - 1)).toBeLessThanOrEqual(0.1001);
  }
  expect(new Set(waits.map((wait, index) => wait / Math.min(2 ** index, 60))).size).toBeGreaterThan(5);
  expect(new Set(place.received.map(({ body }) => body.toString())).size).toBe(1);
  expect(new Set(place.received.map(({ headers }) => headers["x-signature-v2"])).size).toBe(12);
  place.answer = () => 200;
  await place.workAt(Date.parse((await streamOf(id)).dueAt));
  expect(place.received.slice(-2).map(({ body }) => idsOf(body))).toEqual([ids, later]);
  // Twelve refusals are one line of the log, and the end of them is another.
  const lines = place.logLines.map((line) => JSON.parse(line)).filter(({ streamId }) => streamId === id);
  expect(lines.map(({ level, msg, error }) => [level, msg, error])).toEqual([
    [40, "A log stream stands still: its batch is refused.", "status 503"],
    [30, "A log stream that stood still goes on.", undefined],
  ]);
});

test.each([204, 200, 299])("R-AUTHSIGNAL-02 D-AUTHSIGNAL-01: %i accepts a batch", async (status) => {
  await newKey();
  const id = await newStream({ challengeTokenDurationSeconds: 0 });
  const [sent] = await place.emit("authsignal", 1);
  place.answer = () => status;
  await place.workAt(start);
  expect((await streamOf(id)).checkpoint).toBe(sent);
});

test("D-AUTHSIGNAL-03: a redirect is refused and told by its name, and without a key nothing is sent", async () => {
  const id = await newStream({ challengeTokenDurationSeconds: 0 });
  await place.emit("authsignal", 1);
  await place.workAt(start);
  expect(place.received).toEqual([]);
  await newKey();
  place.answer = () => 302;
  await place.workAt(Date.parse((await streamOf(id)).dueAt));
  const { logs } = (await place.call("GET", `log-streams/${id}/report?filter=errors`)).body;
  expect(logs.map(({ error, status, result }) => [error, status, result])).toEqual([
    ["redirect_blocked", 302, "held"],
    ["no_signing_key", null, "held"],
  ]);
});

test("the age of the oldest undelivered record is a metric, and it is 0 while all that is due is accepted", async () => {
  await newKey();
  await newStream();
  await place.emit("authsignal", 1);
  const age = async () =>
    /^hookwright_stream_oldest_undelivered_seconds (\S+)/m.exec(await place.app.metrics.text())?.[1];
  expect(await age()).toBe("0");
  place.answer = () => 500;
  await place.workAt(start + delayMs);
  place.clock.moveTo(start + delayMs + 30_000);
  expect(await age()).toBe("30");
  expect(await place.app.metrics.text()).toMatch(/^hookwright_stalled_streams 1$/m);
});

test("a settings' name that the contract does not have is refused with those that are near", async () => {
  const body = { contract: "authsignal", settings: { url: place.url, challengeTokenDuration: 1 } };
  const { status, body: answer } = await place.call("POST", "log-streams", body);
  expect([status, answer.error.code, answer.error.path]).toEqual([
    400,
    "invalid_request",
    "settings.challengeTokenDuration",
  ]);
  expect(answer.error.message).toContain("challengeTokenDurationSeconds");
});

describe("what a record holds", () => {
  const record = data.authsignal;
  const emitted = async (more: object) => {
    const event = await place.app.emit("authsignal", "action.log_created", { tenant, data: { ...record, ...more } });
    return JSON.parse(event.body).record;
  };

  test("R-AUTHSIGNAL-16: empty lists and objects are absent", async () => {
    const empty = { allowedVerificationMethods: [], rules: [], enrolledVerificationMethods: [], custom: {} };
    expect(await emitted({ ...empty, customVariables: {} })).toEqual(record);
    const challenge = { tenantId: tenant, userId: "u", actionCode: "a", idempotencyKey: "k" };
    const said = { ...challenge, createdAt: record.createdAt, type: "PUSH_SENT", data: {} };
    const event = await place.app.emit("authsignal", "challenge.log_created", { tenant, data: said });
    expect(JSON.parse(event.body).record).not.toHaveProperty("data");
  });

  test("R-AUTHSIGNAL-17: its tenant is the one it is emitted for", async () => {
    await expect(emitted({ tenantId: "org_2" })).rejects.toMatchObject({
      code: "invalid_event_data",
      path: "data.tenantId",
    });
  });

  test("R-AUTHSIGNAL-19: values of lists that are not complete, and variables of the application's", async () => {
    const later = {
      state: "CHALLENGE_EXPIRED",
      verificationMethod: "VOICE",
      allowedVerificationMethods: ["VOICE", "SMS"],
      customVariables: { amount: 12, currency: "NZD", tags: ["a"] },
    };
    expect(await emitted(later)).toMatchObject(later);
    await expect(emitted({ outcome: "LATER" })).rejects.toMatchObject({ path: "data.outcome" });
  });

  test("a record of another version is one that the SDK does not know, and is accepted", async () => {
    const { key } = (await place.call("POST", "signing-keys", { contract: "authsignal" })).body;
    await place.call("POST", "log-streams", { contract: "authsignal", settings: { url: place.url } });
    await place.emit("authsignal", 1);
    await place.workAt(start + 900_000);
    const sent = place.received[0]?.body.toString() ?? "";
    const changed = sent.replace('"version":1', '"version":2').replace('"userId"', '"person"');
    const webhook = new Webhook(key, { now: () => place.clock.now() });
    const { records } = await webhook.verify(changed, await webhook.sign(changed));
    expect(records).toMatchObject([{ type: "$unknown", rawType: "action.log_created", version: 2 }]);
  });
});
