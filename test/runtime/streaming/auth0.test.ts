import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Webhook } from "../../../sdks/typescript/src/contracts/auth0.ts";
import { openReceiver } from "../../receiver.ts";
import { openStreamPlace, start, type StreamPlace } from "./place.ts";

const everyFiveMinutes = 300_000;
const authorization = "Basic c2VjcmV0OnRleHQ=";
let place: StreamPlace;
beforeEach(async () => {
  place = await openStreamPlace();
});
afterEach(() => place.close());

async function newStream(settings: object = {}, more: object = {}): Promise<string> {
  const body = { contract: "auth0", settings: { Webhook_URL: place.url, ...settings }, ...more };
  const answer = await place.call("POST", "log-streams", body);
  expect(answer.status, answer.text).toBe(201);
  return answer.body.logStream.id;
}

const streamOf = async (id: string) => (await place.call("GET", `log-streams/${id}`)).body.logStream;
const reportOf = async (id: string, query = "") => (await place.call("GET", `log-streams/${id}/report${query}`)).body;
const entriesOf = (body: Buffer): { _id: string; type: string }[] => [JSON.parse(body.toString())].flat();
const sentIds = () => place.received.flatMap(({ body }) => entriesOf(body).map((entry) => entry._id));
const nextTick = () => place.workAt(place.clock.now() + everyFiveMinutes);

test("R-AUTH0-01 R-AUTH0-05 R-AUTH0-06 R-AUTH0-14: on its schedule a stream sends one array that the SDK verifies by the Authorization", async () => {
  await newStream({ Authorization: authorization });
  const ids = await place.emit("auth0", 3);
  await place.workAt(start + everyFiveMinutes - 1);
  expect(place.received).toEqual([]);
  await place.workAt(start + everyFiveMinutes);
  const [request] = place.received;
  const webhook = new Webhook(authorization);
  const { records } = await webhook.verify(request?.body ?? "", request?.headers ?? {});
  expect(records.map((record) => record._id)).toEqual(ids);
  expect(request?.headers).toMatchObject({
    "content-type": "application/json",
    "user-agent": "auth0-extensions auth webhook",
    authorization,
  });
  expect(request?.body.toString().startsWith('[{"date":"2026-05-08T14:00:00.000Z","type":"f",')).toBe(true);
  await expect(new Webhook("another").verify(request?.body ?? "", request?.headers ?? {})).rejects.toMatchObject({
    code: "authorization_mismatch",
  });
});

test("D-AUTH0-02 R-AUTH0-03 to R-AUTH0-13: every setting of the page is taken by its name, in any case, and shown by it", async () => {
  const ids = await place.emit("auth0", 2);
  const id = await newStream({
    webhook_url: `${place.url}/2`,
    SCHEDULE: "0 0 * * * *",
    batch_size: "50",
    AUTHORIZATION: authorization,
    SEND_AS_BATCH: "false",
    WEBHOOK_CONCURRENT_CALLS: "7",
    start_from: ids[0],
    slack_incoming_webhook_url: `${place.url}/slack`,
    slack_send_success: "true",
    log_level: "3",
    log_types: " s, ss ",
  });
  const stream = await streamOf(id);
  expect(stream.settings).toEqual({
    Schedule: "0 0 * * * *",
    BATCH_SIZE: 50,
    Webhook_URL: `${place.url}/2`,
    Send_as_Batch: false,
    Webhook_Concurrent_Calls: 7,
    START_FROM: ids[0],
    SLACK_SEND_SUCCESS: true,
    LOG_LEVEL: 3,
    LOG_TYPES: ["s", "ss"],
  });
  expect(stream).toMatchObject({ hasAuthorization: true, hasNoticeUrl: true, onExhausted: "skip" });
});

test("D-AUTH0-06: the Authorization and the notice's URL are sealed at rest, never shown and never logged", async () => {
  const id = await newStream({ Authorization: authorization, SLACK_INCOMING_WEBHOOK_URL: `${place.url}/slack-secret` });
  place.answer = () => 500;
  await place.emit("auth0", 1);
  await nextTick();
  const shown = await place.call("GET", `log-streams/${id}`);
  const rows = await place.app.store.database.selectFrom("hookwright_streams").selectAll().execute();
  for (const text of [shown.text, JSON.stringify(rows), place.logLines.join("")]) {
    expect(text).not.toContain(authorization);
    expect(text).not.toContain("slack-secret");
  }
});

test.each([
  [{ BATCH_SIZE: 1000 }, 100],
  [{ BATCH_SIZE: "many" }, 100],
  [{ BATCH_SIZE: 0 }, 100],
  [{}, 100],
  [{ BATCH_SIZE: 40 }, 40],
])("R-AUTH0-04 F-AUTH0-05: %j makes batches of %i, and a run sends several", async (settings, size) => {
  await newStream(settings);
  const ids = await place.emit("auth0", 120);
  await nextTick();
  expect(entriesOf(place.received[0]?.body ?? Buffer.from("[]"))).toHaveLength(size);
  expect(sentIds()).toEqual(ids);
});

describe("D-AUTH0-03 F-AUTH0-06 R-AUTH0-12 R-AUTH0-13: which entries are sent", () => {
  const cases: readonly (readonly [object, readonly string[]])[] = [
    [{}, ["s", "w", "f", "limit_mu"]],
    [{ LOG_LEVEL: "-", LOG_TYPES: "-" }, ["s", "w", "f", "limit_mu"]],
    [{ LOG_LEVEL: 2 }, ["w", "f", "limit_mu"]],
    [{ LOG_LEVEL: 4 }, ["limit_mu"]],
    [{ LOG_TYPES: ["s"] }, ["s"]],
    [{ LOG_LEVEL: 3, LOG_TYPES: "s" }, ["s", "f", "limit_mu"]],
    [{ LOG_TYPES: "sapi" }, ["sapi"]],
  ];
  test.each(cases)("%j", async (settings, expected) => {
    const id = await newStream(settings);
    for (const type of ["sapi", "s", "w", "f", "limit_mu", "fapi"]) await place.emit("auth0", 1, type);
    await nextTick();
    expect(place.received.flatMap(({ body }) => entriesOf(body).map((entry) => entry.type))).toEqual(expected);
    // After the fact that the stream was made.
    expect((await streamOf(id)).position).toBe(1 + 6);
  });
});

test("D-AUTH0-07 F-AUTH0-09: a run with nothing to send makes no request and no record", async () => {
  const id = await newStream({ LOG_TYPES: "s" });
  await place.emit("auth0", 2);
  await nextTick();
  expect(place.received).toEqual([]);
  expect(await reportOf(id)).toEqual({ logs: [], total: 0, lastRun: null });
  expect((await streamOf(id)).position).toBe(1 + 2);
});

test("R-AUTH0-07 R-AUTH0-08 F-AUTH0-04: entries alone, so many at once; after a failure no other begins and the whole batch comes again", async () => {
  await newStream({ Send_as_Batch: false, Webhook_Concurrent_Calls: 3, BATCH_SIZE: 10 });
  const ids = await place.emit("auth0", 10);
  let underWay = 0;
  let most = 0;
  let refusals = 1;
  place.answer = async ({ body }) => {
    most = Math.max(most, (underWay += 1));
    await new Promise((resolve) => setImmediate(resolve));
    underWay -= 1;
    return entriesOf(body)[0]?._id === ids[4] && refusals-- > 0 ? 500 : 200;
  };
  await nextTick();
  expect(most).toBe(3);
  const first = sentIds().slice(0, -10);
  expect(first.length).toBeGreaterThanOrEqual(5);
  expect(first.length).toBeLessThanOrEqual(7);
  expect(sentIds().slice(-10).toSorted()).toEqual(ids.toSorted());
  expect(place.received.every(({ body }) => body.toString().startsWith("{"))).toBe(true);
});

test.each([
  [200, "delivered"],
  [302, "delivered"],
  [399, "delivered"],
  [400, "skipped"],
  [500, "skipped"],
])("F-AUTH0-03 D-AUTH0-04: %i is %s", async (status, result) => {
  const id = await newStream();
  await place.emit("auth0", 1);
  place.answer = () => status;
  await nextTick();
  expect((await reportOf(id)).logs.map((run) => run.result)).toEqual([result]);
});

test("F-AUTH0-08 D-AUTH0-05: after five retries of a run the batch is skipped and told so, with the same bytes each time", async () => {
  const id = await newStream({ BATCH_SIZE: 2 });
  const ids = await place.emit("auth0", 5);
  place.answer = () => 500;
  await nextTick();
  expect(place.received).toHaveLength(6);
  expect(new Set(place.received.map(({ body }) => body.toString())).size).toBe(1);
  const { logs } = await reportOf(id, "?filter=errors");
  expect(logs).toMatchObject([{ number: 1, result: "skipped", logsProcessed: 0, attempts: 6, checkpoint: ids[1] }]);
  expect(logs[0]?.error).toBe(`status 500. Skipping logs from the start to ${ids[1]} after 5 retries.`);
  place.answer = () => 200;
  await nextTick();
  expect(sentIds().slice(-3)).toEqual(ids.slice(2));
});

test("F-AUTH0-07: the retries are those of the run, not of each batch", async () => {
  await newStream({ BATCH_SIZE: 1 });
  await place.emit("auth0", 2);
  let count = 0;
  // Three failures, a success, and then failures: two retries are left for the second batch.
  place.answer = () => ((count += 1) === 4 ? 200 : 500);
  await nextTick();
  expect(place.received).toHaveLength(4 + 3);
});

test("D-AUTH0-05 hold: the batch is sent again by the next run, as it was", async () => {
  const id = await newStream({ BATCH_SIZE: 2 }, { onExhausted: "hold" });
  const ids = await place.emit("auth0", 2);
  place.answer = () => 500;
  await nextTick();
  await place.emit("auth0", 2);
  place.answer = () => 200;
  await nextTick();
  expect(new Set(place.received.slice(0, 7).map(({ body }) => body.toString())).size).toBe(1);
  expect(sentIds().slice(-4, -2)).toEqual(ids);
  expect((await reportOf(id)).logs.map((run) => run.result)).toEqual(["delivered", "held"]);
});

test("F-AUTH0-08: when a run's 22 seconds are over the batch is kept for the next run", async () => {
  const id = await newStream();
  await place.emit("auth0", 1);
  place.answer = () => {
    place.clock.moveTo(place.clock.now() + 12_000);
    return 500;
  };
  await nextTick();
  expect(place.received).toHaveLength(1);
  expect((await reportOf(id)).logs).toMatchObject([{ result: "held", attempts: 1 }]);
  expect((await streamOf(id)).batch).toMatchObject({ attemptCount: 1 });
});

test("F-AUTH0-09: the first run of the report goes on from START_FROM, also after a new one", async () => {
  const ids = await place.emit("auth0", 3);
  const id = await newStream({ START_FROM: ids[1] });
  expect((await streamOf(id)).checkpoint).toBe(ids[1]);
  await nextTick();
  await place.call("PATCH", `log-streams/${id}`, { settings: { START_FROM: ids[0] } });
  await nextTick();
  await place.call("POST", `log-streams/${id}/rewind`, { position: 0 });
  await nextTick();
  const starts = (await reportOf(id)).logs.map(
    ({ startCheckpoint }: { startCheckpoint: string | null }) => startCheckpoint,
  );
  expect(starts).toEqual([null, ids[0], ids[1]]);
});

test("R-AUTH0-09 F-AUTH0-09: START_FROM begins after that entry; without it with the oldest; a new one rewinds", async () => {
  const ids = await place.emit("auth0", 4);
  const id = await newStream({ START_FROM: ids[1] });
  await nextTick();
  expect(sentIds()).toEqual(ids.slice(2));
  await place.call("PATCH", `log-streams/${id}`, { settings: { START_FROM: ids[0] } });
  await nextTick();
  expect(sentIds().slice(2)).toEqual(ids.slice(1));
  await place.call("PATCH", `log-streams/${id}`, { settings: { START_FROM: ids[0] } });
  await nextTick();
  expect(sentIds()).toHaveLength(5);
  await newStream();
  await nextTick();
  expect(sentIds().slice(5)).toEqual(ids);
  const unknown = await place.call("POST", "log-streams", {
    contract: "auth0",
    settings: { Webhook_URL: place.url, START_FROM: "900" },
  });
  expect([unknown.status, unknown.body.error.code]).toEqual([400, "invalid_request"]);
});

test("a stream begins again at a position, after an event, or at a time", async () => {
  const early = await place.emit("auth0", 2);
  place.clock.moveTo(start + 1000);
  const late = await place.emit("auth0", 2);
  const id = await newStream();
  await nextTick();
  const again = async (to: object) => {
    place.received.length = 0;
    const answer = await place.call("POST", `log-streams/${id}/rewind`, to);
    expect(answer.status, answer.text).toBe(200);
    await nextTick();
    return sentIds();
  };
  expect(await again({ position: 0 })).toEqual([...early, ...late]);
  expect(await again({ eventId: early[0] })).toEqual([early[1], ...late]);
  expect(await again({ time: new Date(start + 1000).toISOString() })).toEqual(late);
  expect((await place.call("POST", `log-streams/${id}/rewind`, { position: 99 })).status).toBe(400);
  expect((await place.call("POST", `log-streams/${id}/rewind`, {})).status).toBe(400);
});

test("a paused stream sends nothing, and goes on where it was; a deleted one is gone", async () => {
  const id = await newStream();
  const ids = await place.emit("auth0", 2);
  expect((await place.call("POST", `log-streams/${id}/pause`)).body.logStream.status).toBe("paused");
  await nextTick();
  expect(place.received).toEqual([]);
  await place.call("POST", `log-streams/${id}/resume`);
  await nextTick();
  expect(sentIds()).toEqual(ids);
  expect((await place.call("DELETE", `log-streams/${id}`)).status).toBe(204);
  await place.emit("auth0", 1);
  await nextTick();
  expect(place.received).toHaveLength(1);
  expect((await place.call("GET", `log-streams/${id}`)).status).toBe(404);
  expect((await place.call("GET", "log-streams")).body.logStreams).toEqual([]);
});

describe("R-AUTH0-10 R-AUTH0-11 F-AUTH0-10: notices", () => {
  let notices: { username: string; attachments: { color: string; text: string; fields: object[] }[] }[];
  let slack: Awaited<ReturnType<typeof openReceiver>>;
  let slackStatus: number;
  beforeEach(async () => {
    notices = [];
    slackStatus = 200;
    slack = await openReceiver(({ body }) => {
      notices.push(JSON.parse(body.toString()));
      return slackStatus;
    });
  });
  afterEach(() => slack.close());
  const texts = () => notices.map(({ attachments }) => [attachments[0]?.text, attachments[0]?.color]);

  test("only runs that failed are told, unless SLACK_SEND_SUCCESS", async () => {
    const id = await newStream({ SLACK_INCOMING_WEBHOOK_URL: `${slack.url}/T0/B0/x` });
    await place.emit("auth0", 1);
    await nextTick();
    expect(notices).toEqual([]);
    place.answer = () => 500;
    await place.emit("auth0", 1);
    await nextTick();
    expect(texts()).toEqual([["Authentication API Webhooks Error", "#d13f42"]]);
    expect(notices[0]).toMatchObject({ username: "auth0-authentication-api-webhooks", icon_emoji: ":rocket:" });
    await place.call("PATCH", `log-streams/${id}`, { settings: { SLACK_SEND_SUCCESS: true } });
    place.answer = () => 200;
    await place.emit("auth0", 1);
    await nextTick();
    expect(texts()[1]).toEqual(["Authentication API Webhooks Success", "#7cd197"]);
  });

  test("R-AUTH0-11: with SLACK_SEND_SUCCESS a run that had nothing to send is told too, and no report has it", async () => {
    const id = await newStream({ SLACK_INCOMING_WEBHOOK_URL: `${slack.url}/x`, SLACK_SEND_SUCCESS: true });
    await nextTick();
    expect(texts()).toEqual([["Authentication API Webhooks Success", "#7cd197"]]);
    const fields = notices[0]?.attachments[0]?.fields ?? [];
    expect(fields).toContainEqual({ title: "Logs processed", value: 0, short: true });
    expect((await reportOf(id)).total).toBe(0);
    await place.call("PATCH", `log-streams/${id}`, { settings: { SLACK_SEND_SUCCESS: false } });
    await nextTick();
    expect(notices).toHaveLength(1);
  });

  test("the report of the day comes once, from 16 hours on", async () => {
    await newStream({ SLACK_INCOMING_WEBHOOK_URL: `${slack.url}/T0/B0/x` });
    await place.emit("auth0", 2);
    await nextTick();
    await place.workAt(Date.parse("2026-05-09T15:59:00Z"));
    expect(notices).toEqual([]);
    await place.workAt(Date.parse("2026-05-09T16:00:00Z"));
    await place.workAt(Date.parse("2026-05-09T16:05:00Z"));
    expect(texts()).toEqual([["Authentication API Webhooks Daily Report", "#7cd197"]]);
    expect(notices[0]?.attachments[0]?.fields[0]).toMatchObject({ title: "Logs processed", value: 2 });
  });

  test("D-AUTH0-07: a notice that fails never fails a run", async () => {
    slackStatus = 500;
    const id = await newStream({ SLACK_INCOMING_WEBHOOK_URL: `${slack.url}/x`, SLACK_SEND_SUCCESS: true });
    const ids = await place.emit("auth0", 1);
    await nextTick();
    expect(notices).toHaveLength(1);
    expect((await reportOf(id)).logs).toMatchObject([{ result: "delivered", error: null, checkpoint: ids[0] }]);
  });

  test("D-AUTH0-09: a notice's URL inside the network is refused like a stream's", async () => {
    for (const name of ["Webhook_URL", "SLACK_INCOMING_WEBHOOK_URL"]) {
      const settings = { Webhook_URL: place.url, [name]: "http://169.254.169.254/latest" };
      const answer = await place.call("POST", "log-streams", { contract: "auth0", settings });
      expect([answer.status, answer.body.error.code]).toEqual([400, "invalid_url"]);
    }
  });
});

test.each([
  [{ Schedule: "*/5 * * * *" }],
  [{ Schedule: "never" }],
  [{ Schedule: "0 0 0 30 2 *" }],
  [{ LOG_LEVEL: 5 }],
  [{ LOG_TYPES: "zzz" }],
  [{ Send_as_Batch: "perhaps" }],
  [{ Webhook_Concurrent_Calls: 0 }],
  [{ Authorization: "two\nlines" }],
])("%j is refused and nothing is stored", async (settings) => {
  const answer = await place.call("POST", "log-streams", {
    contract: "auth0",
    settings: { Webhook_URL: place.url, ...settings },
  });
  expect(answer.status).toBe(400);
  expect((await place.call("GET", "log-streams")).body.logStreams).toEqual([]);
});

test("R-AUTH0-17: retention keeps what a stream has still to send, paused or not, and drops it once it was sent", async () => {
  const id = await newStream();
  await place.emit("auth0", 2);
  await place.call("POST", `log-streams/${id}/pause`);
  await place.app.engine.idle();
  const prune = () =>
    place.app.store.retention.prune({
      ...{ before: start + 1, limit: 100, from: null, does: "count" },
      endpointOf: () => null,
    });
  // The fact that it was made goes; the one that it was paused is the newest of the log.
  expect(await prune()).toMatchObject({ eventCount: 1, keptCount: 2 + 1 });
  await place.call("POST", `log-streams/${id}/resume`);
  await nextTick();
  expect(await prune()).toMatchObject({ eventCount: 2 + 2, keptCount: 1 });
});
