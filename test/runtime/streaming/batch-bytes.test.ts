import { afterEach, beforeEach, expect, test } from "vitest";
import { auth0 } from "../../../catalog/auth0/contract.ts";
import { bodyBytesMax, fittingCount } from "../../../runtime/contracts/body-size.ts";
import { newEvents } from "../store/suite/harness.ts";
import { openStreamPlace, start, tenant, type StreamPlace } from "./place.ts";

const everyFiveMinutes = 300_000;
/** With the comma behind it, exactly a sixteenth of what is left of a batch beside its brackets. */
const record = JSON.stringify("x".repeat(1024 * 1024 - 3));
let place: StreamPlace;
beforeEach(async () => {
  place = await openStreamPlace();
});
afterEach(() => place.close());

async function newStream(count: number): Promise<void> {
  const body = { contract: "auth0", settings: { Webhook_URL: place.url } };
  expect((await place.call("POST", "log-streams", body)).status).toBe(201);
  await place.app.store.log.append(
    newEvents(count, { tenant, contract: "auth0", type: "f", body: record, time: start }),
  );
}

const sentCounts = () => place.received.map(({ body }) => JSON.parse(body.toString()).length);
const tick = () => place.workAt(place.clock.now() + everyFiveMinutes);

test("a batch ends before the record with which it would be more than its receivers take", async () => {
  await newStream(40);
  await tick();
  expect(sentCounts()).toEqual([15, 15, 10]);
  expect(Math.max(...place.received.map(({ body }) => body.length))).toBeLessThanOrEqual(bodyBytesMax(auth0));
});

test("a batch that was frozen when there was no such end is sent in parts, and refused parts are the same again", async () => {
  await newStream(20);
  const frozen = { batch_up_to: 1_000_000, batch_filter: JSON.stringify({ except: [] }) };
  await place.app.store.database.updateTable("hookwright_stream_cursors").set(frozen).execute();
  place.answer = () => (place.received.length === 1 ? 500 : 200);
  await tick();
  await tick();
  expect(sentCounts()).toEqual([15, 15, 5]);
  expect(place.received[1]?.body.equals(place.received[0]?.body ?? Buffer.of())).toBe(true);
});

test("as many records fit as there is room for, to the byte, in every form of a batch", () => {
  const three = ["1", "22", "333"].map((digits) => ({ id: "a", body: `"${digits}é"` }));
  const forms = [
    [{ kind: "array" }, `["1é","22é"]`],
    [{ kind: "object", member: "logs" }, `{"logs":["1é","22é"]}`],
    [{ kind: "lines" }, `"1é"\n"22é"\n`],
  ] as const;
  for (const [body, text] of forms) {
    const contract = { ...auth0, batch: { ...auth0.batch, body }, bodyBytesMax: Buffer.byteLength(text) };
    expect(fittingCount(contract, three)).toBe(2);
    expect(fittingCount({ ...contract, bodyBytesMax: contract.bodyBytesMax - 1 }, three)).toBe(1);
  }
});
