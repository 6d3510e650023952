import { afterEach, beforeEach, expect, test } from "vitest";
import { openStreamPlace, start, type StreamPlace } from "./place.ts";

const everyFiveMinutes = 300_000;
let place: StreamPlace;
beforeEach(async () => {
  place = await openStreamPlace();
});
afterEach(() => place.close());

const sent = () =>
  place.received.map(({ body }) => JSON.parse(body.toString()).map(({ _id }: { readonly _id: string }) => _id));
const erase = async (event: string) => JSON.parse((await place.call("POST", `events/${event}/erase`)).text).erased;

async function frozen(count: number): Promise<{ readonly stream: string; readonly ids: readonly string[] }> {
  const body = { contract: "auth0", settings: { Webhook_URL: place.url }, onExhausted: "hold" };
  const stream = (await place.call("POST", "log-streams", body)).body.logStream.id;
  const ids = await place.emit("auth0", count);
  place.answer = () => 500;
  await place.workAt(start + everyFiveMinutes);
  place.answer = () => 200;
  place.received.splice(0);
  return { stream, ids };
}

test("an event that is erased while its batch is under way is said to be there, and the batch goes on without it", async () => {
  const { stream, ids } = await frozen(3);
  const [first = "", second = ""] = ids;
  expect(await erase(second)).toMatchObject({ frozenBy: [stream], passedBy: [] });
  await place.workAt(start + 2 * everyFiveMinutes);
  expect(sent()).toEqual([[first, ids[2]]]);
  expect(await erase(first)).toMatchObject({ frozenBy: [], passedBy: [stream] });
});

test("a batch of which all was erased is sent to nobody, and the stream goes on", async () => {
  const { ids } = await frozen(1);
  await erase(ids[0] ?? "");
  await place.workAt(start + 2 * everyFiveMinutes);
  expect(sent()).toEqual([]);
  const [next] = await place.emit("auth0", 1);
  await place.workAt(start + 3 * everyFiveMinutes);
  expect(sent()).toEqual([[next]]);
});
