import { afterEach, beforeEach, describe, expect, test } from "vitest";
import * as entries from "../../../catalog/auth0/relayed-entries.ts";
import { Webhook as Extension } from "../../../sdks/typescript/src/contracts/auth0.ts";
import { Webhook as LogStream } from "../../../sdks/typescript/src/contracts/auth0LogStream.ts";
import { openStreamPlace, start, tenant, type StreamPlace } from "./place.ts";

let place: StreamPlace;
beforeEach(async () => {
  place = await openStreamPlace();
});
afterEach(() => place.close());

const url = { auth0: "Webhook_URL", auth0LogStream: "Payload URL" };
const webhooks = { auth0: Extension, auth0LogStream: LogStream };
type Contract = keyof typeof webhooks;

const nested = {
  type: "fapi",
  date: "2026-03-02T08:15:13.000Z",
  _id: "90020260302081513",
  ip: "",
  user_name: null,
  scope: null,
  details: { a: [[{ b: null }], [], {}], 中: "日", "": [1.5, -0.25] },
  risk: [{ confidence: "low" }],
  tenant_name: "another",
  environment_name: null,
};

/** Sends an entry as it is and gives it as the SDK reads it. */
async function relayed(contract: Contract, entry: { readonly type: string }): Promise<object> {
  const settings = { [url[contract]]: place.url, ...(contract === "auth0" ? { LOG_TYPES: entry.type } : {}) };
  const made = await place.call("POST", "log-streams", { contract, settings });
  expect(made.status, made.text).toBe(201);
  await place.app.emit(contract, entry.type, { tenant, data: entry });
  await place.workAt(start + 300_000);
  const [request] = place.received;
  const webhook = new webhooks[contract](null);
  const { records } = await webhook.verify(request?.body ?? "", request?.headers ?? {});
  return records[0] ?? {};
}

describe.each(Object.keys(webhooks) as Contract[])("%s", (contract) => {
  test.each(Object.entries({ ...entries, nested }))("relays %s with all that it says", async (_, entry) => {
    const said = await relayed(contract, entry);
    expect(said).toMatchObject(entry);
    const id = "_id" in entry ? entry._id : entry.log_id;
    expect(said).toMatchObject(contract === "auth0" ? { _id: id } : { log_id: id });
  });

  test("R-AUTH0-15: masks what is a secret before it is stored", async () => {
    const body = { password: "hunter2", client_secret: "s3cret", grant_type: "password" };
    const entry = { ...entries.short, details: { request: { body, list: [{ refresh_token: "r" }] } } };
    const said = await relayed(contract, entry);
    expect(said).toMatchObject({
      details: {
        request: {
          body: { password: "*****", client_secret: "*****", grant_type: "password" },
          list: [{ refresh_token: "*****" }],
        },
      },
    });
    const rows = await place.app.store.database.selectFrom("hookwright_log").selectAll().execute();
    expect(JSON.stringify(rows)).not.toMatch(/hunter2|s3cret/);
  });

  test.each([
    ["another code than is emitted", { type: "f" }, "data.type"],
    ["a known member of another type", { user_name: 5 }, "data.user_name"],
    ["details that are no object", { details: "text" }, "data.details"],
    ["a date that is no text", { date: 5 }, "data.date"],
  ])("refuses %s", async (_, wrong, path) => {
    const emitted = place.app.emit(contract, "s", { tenant, data: { ...entries.short, ...wrong } });
    await expect(emitted).rejects.toMatchObject({ code: "invalid_event_data", path });
  });
});

test("R-AUTH0-09: START_FROM takes the id by which a receiver knows an entry", async () => {
  for (const entry of Object.values(entries)) await place.app.emit("auth0", entry.type, { tenant, data: entry });
  const settings = { Webhook_URL: place.url, START_FROM: entries.exchange._id, LOG_TYPES: "s,seacft,feacft,sapi" };
  const { body, text, status } = await place.call("POST", "log-streams", { contract: "auth0", settings });
  expect(status, text).toBe(201);
  await place.workAt(start + 300_000);
  const position = Object.values(entries).indexOf(entries.exchange) + 1;
  const sent = JSON.parse(place.received[0]?.body.toString() ?? "[]");
  expect(sent.map(({ _id }: { _id: string }) => _id)).toEqual(
    Object.values(entries)
      .slice(position)
      .map(({ log_id }) => log_id),
  );
  expect(body.logStream.checkpoint).toBe(entries.exchange._id);
  const wrong = { ...settings, START_FROM: "9002026030208151%" };
  expect((await place.call("POST", "log-streams", { contract: "auth0", settings: wrong })).status).toBe(400);
});
