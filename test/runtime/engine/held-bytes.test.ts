import { afterEach, expect, test } from "vitest";
import type { Exchange } from "../../../runtime/seams/outbound.ts";
import type { LogStore } from "../../../runtime/seams/log-store.ts";
import { answer, deployment, openHarness, type Harness } from "./harness.ts";

let harness: Harness;
afterEach(() => harness.close());

const data = { ...deployment, agentName: "x".repeat(900_000) };
const emit = (tenant: string) => harness.emit("stech", "deployment.created", { tenant, data });

/** Lets everything happen that does not wait for time. */
async function rest(): Promise<void> {
  for (let step = 0; step < 300; step += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** The store, and what of the large events it gave. */
function watched(log: LogStore) {
  const given = { read: 0, due: 0 };
  const large = ({ body }: { readonly body: string }) => body.length > 900_000;
  const read: LogStore["read"] = async (pages) => {
    const found = await log.read(pages);
    given.read += found.flat().filter(large).length;
    return found;
  };
  const due: LogStore["due"] = async (claim) => {
    const found = await log.due(claim);
    given.due += found.filter(({ event }) => large(event)).length;
    return found;
  };
  return { given, store: { ...log, read, due } };
}

test("no more is read ahead of what is sent than 4 MiB beside the page that goes over it, and all is sent in the end", async () => {
  const waiting: ((exchange: Exchange) => void)[] = [];
  harness = await openHarness(() => new Promise((resolve) => waiting.push(resolve)));
  await harness.createEndpoint();
  for (let count = 0; count < 30; count += 1) await emit("org_1");
  const { given, store } = watched(harness.store.log);
  await harness.startEngine({}, store);
  await rest();
  // A page ends with the fifth.
  expect(given.read).toBe(5);
  for (let round = 0; round < 100 && harness.received.length < 30; round += 1) {
    for (const resolve of waiting.splice(0)) resolve(answer(200));
    harness.clock.moveTo(harness.clock.now() + 30);
    await rest();
  }
  expect(harness.received).toHaveLength(30);
});

test("no more that has waited is claimed than 32 MiB beside the page that goes over it", async () => {
  let [isDown, count] = [true, 0];
  harness = await openHarness(() => (isDown ? answer(500) : new Promise(() => (count += 1))));
  for (let tenant = 0; tenant < 60; tenant += 1) {
    await harness.createEndpoint({ tenant: `org_${tenant}` });
    await emit(`org_${tenant}`);
  }
  const { given, store } = watched(harness.store.log);
  await harness.startEngine({}, store);
  await harness.untilIdle();
  expect(harness.received).toHaveLength(60);
  [isDown, given.due] = [false, 0];
  harness.clock.moveTo(harness.clock.now() + 3_600_000);
  for (let round = 0; round < 5; round += 1) await rest();
  expect(given.due).toBe(40);
  expect(count).toBe(40);
});
