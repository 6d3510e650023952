import { afterEach, beforeEach, expect, test } from "vitest";
import { Webhook } from "../../../sdks/typescript/src/contracts/authsignal.ts";
import { openStreamPlace, start, tenant, type StreamPlace } from "./place.ts";

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
  expect(answer.status, answer.text + place.logLines.join("")).toBe(201);
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
