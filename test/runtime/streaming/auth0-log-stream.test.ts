import { afterEach, beforeEach, expect, test } from "vitest";
import { Webhook } from "../../../sdks/typescript/src/contracts/auth0LogStream.ts";
import { openStreamPlace, start, type StreamPlace } from "./place.ts";

const authorization = "Bearer c2VjcmV0OnRleHQ";
let place: StreamPlace;
beforeEach(async () => {
  place = await openStreamPlace();
});
afterEach(() => place.close());

async function newStream(settings: object = {}): Promise<string> {
  const given = { "Payload URL": place.url, "Authorization Token": authorization, ...settings };
  const answer = await place.call("POST", "log-streams", { contract: "auth0LogStream", settings: given });
  expect(answer.status, answer.text).toBe(201);
  return answer.body.logStream.id;
}

const linesOf = (index: number) => place.received[index]?.body.toString().split("\n") ?? [];
const sentIds = () =>
  place.received.flatMap((_, index) =>
    linesOf(index)
      .slice(0, -1)
      .map((line) => JSON.parse(line).log_id),
  );

test("D-AUTH0-08 F-AUTH0-12 F-AUTH0-13: a line for each entry, in its wrapper, that the SDK verifies by the Authorization and unwraps", async () => {
  const ids = await place.emit("auth0LogStream", 3);
  await newStream();
  await place.workAt(start + 1000);
  expect(place.received).toHaveLength(1);
  const [request] = place.received;
  expect(request?.headers).toMatchObject({ "content-type": "application/x-ndjson", authorization });
  expect(linesOf(0)).toEqual([
    ...ids.map(
      (id) =>
        `{"log_id":"${id}","data":{"date":"2026-05-08T14:00:00.000Z","type":"f","description":"Wrong email or password.",` +
        `"environment_name":"prod-us-1","is_mobile":false,"tenant_name":"org_1","log_id":"${id}"}}`,
    ),
    "",
  ]);
  const webhook = new Webhook(authorization);
  const { records } = await webhook.verify(request?.body ?? "", request?.headers ?? {});
  expect(records.map((record) => [record.type, record.log_id])).toEqual(ids.map((id) => ["f", id]));
  await expect(new Webhook("another").verify(request?.body ?? "", request?.headers ?? {})).rejects.toMatchObject({
    code: "authorization_mismatch",
  });
});

test("D-AUTH0-08: the event itself is kept without a wrapper", async () => {
  const [id] = await place.emit("auth0LogStream", 1);
  const rows = await place.app.store.database.selectFrom("hookwright_events").select("body").execute();
  expect(rows).toEqual([{ body: expect.stringMatching(new RegExp(`^{"date":".*","log_id":"${id}"}$`)) }]);
});

test("F-AUTH0-12: three attempts with the same bytes, then it is held, and starts again until it is resolved", async () => {
  const id = await newStream();
  const ids = await place.emit("auth0LogStream", 2);
  place.answer = () => 500;
  await place.workAt(start + 1000);
  expect(place.received).toHaveLength(3);
  const { logs } = (await place.call("GET", `log-streams/${id}/report`)).body;
  expect(logs).toMatchObject([{ result: "held", attempts: 3, logsProcessed: 0 }]);
  place.answer = () => 200;
  // Later ones do not change what was sent once.
  const later = await place.emit("auth0LogStream", 1);
  await place.workAt(start + 60_999);
  expect(place.received).toHaveLength(3);
  await place.workAt(start + 61_000);
  expect(new Set(place.received.slice(0, 4).map(({ body }) => body.toString())).size).toBe(1);
  expect(sentIds().slice(-3)).toEqual([...ids, ...later]);
  const lines = place.logLines.map((line) => JSON.parse(line)).filter(({ streamId }) => streamId === id);
  expect(lines).toMatchObject([
    { level: 40, msg: "A log stream stands still: its batch is refused.", error: "status 500" },
    { level: 30, msg: "A log stream that stood still goes on." },
  ]);
});

test("F-AUTH0-12: the settings have the product's names, in any case; codes are chosen, and where it starts", async () => {
  const ids = await place.emit("auth0LogStream", 2);
  const others = await place.emit("auth0LogStream", 1, "s");
  const id = await newStream({ "filter by event category": ["f"], "STARTING CURSOR": ids[0] });
  await place.workAt(start + 1000);
  expect(others).not.toEqual([]);
  expect(sentIds()).toEqual([ids[1]]);
  const { settings } = (await place.call("GET", `log-streams/${id}`)).body.logStream;
  expect(settings).toEqual({
    "Payload URL": place.url,
    "Filter by Event Category": ["f"],
    "Starting Cursor": ids[0],
  });
});

test("F-AUTH0-12: a category of the dashboard stands for its codes, and a cursor may be a day and a time", async () => {
  const [before] = await place.emit("auth0LogStream", 1);
  place.clock.moveTo(start + 5000);
  const failed = await place.emit("auth0LogStream", 1);
  await place.emit("auth0LogStream", 1, "s");
  const id = await newStream({
    "Filter by Event Category": ["Login - Failure", "ss"],
    "Starting Cursor": "2026-05-08T14:00:01Z",
  });
  await place.workAt(start + 6000);
  expect(sentIds()).toEqual(failed);
  expect(sentIds()).not.toContain(before);
  const { logStream } = (await place.call("GET", `log-streams/${id}`)).body;
  expect(logStream.settings["Filter by Event Category"]).toEqual(["f", "fc", "fco", "fcoa", "fens", "fp", "fu", "ss"]);
  const text = { settings: { "Filter by Event Category": "Login - Success, Logout - Success" } };
  const { body } = await place.call("PATCH", `log-streams/${id}`, text);
  expect(body.logStream.settings["Filter by Event Category"]).toEqual([
    "s",
    "scoa",
    "sens",
    "oidc_backchannel_logout_succeeded",
    "slo",
  ]);
});
