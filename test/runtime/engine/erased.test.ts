import { afterEach, expect, test } from "vitest";
import type { Exchange } from "../../../runtime/seams/outbound.ts";
import { answer, deployment, openHarness, type Harness } from "./harness.ts";

let harness: Harness;
afterEach(() => harness.close());

const tenant = "org_1";
const emit = async () => (await harness.emit("stech", "deployment.created", { tenant, data: deployment })).id;
const erase = async (id: string) => {
  const [endpoint] = await harness.store.endpoints.list({ tenant, contract: "stech" });
  if (endpoint === undefined) return expect.unreachable();
  const data = { url: endpoint.url, events: endpoint.events, enabled: true };
  return harness.store.events.erase({ tenant, id }, () => harness.renderFact("endpoint.updated", endpoint, data));
};
const later = async () => {
  harness.clock.moveTo(harness.clock.now() + 3_600_000);
  await harness.untilIdle();
};

test("an event that is erased before the engine comes to it is sent to nobody, and waits for nobody", async () => {
  harness = await openHarness(() => answer(200));
  await harness.createEndpoint();
  await harness.createEndpoint({ filter: 'data.agentName = "support-triage"' });
  await harness.createEndpoint({ paused: true });
  await erase(await emit());
  const other = await emit();
  await harness.startEngine();
  await harness.untilIdle();
  expect(new Set(harness.received.map(({ body }) => JSON.parse(body).id))).toEqual(new Set([other]));
  expect(await harness.store.counts.pending(10)).toBe(1);
});

test("what waits is made no more; nor is what is written back of an attempt that was under way", async () => {
  const ends: ((exchange: Exchange) => void)[] = [];
  harness = await openHarness(() => new Promise((resolve) => ends.push(resolve)));
  await harness.createEndpoint();
  await harness.startEngine();
  const event = await emit();
  for (let step = 0; step < 50; step += 1) await new Promise((resolve) => setImmediate(resolve));
  expect(harness.received).toHaveLength(1);
  expect(await erase(event)).toMatchObject({ outcome: "erased" });
  for (const end of ends) end(answer(500));
  await harness.untilIdle();
  expect(await harness.store.counts.pending(10)).toBe(1);
  await later();
  expect(harness.received).toHaveLength(1);
  expect(await harness.store.counts.pending(10)).toBe(0);
});
