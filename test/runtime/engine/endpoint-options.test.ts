import { afterEach, describe, expect, test } from "vitest";
import type { EndpointSettings } from "../../../runtime/endpoints/settings.ts";
import type { Endpoint } from "../../../runtime/seams/log-store.ts";
import { answer, deployment, openHarness, start, type Harness } from "./harness.ts";

let harness: Harness;
const open = async () => (harness = await openHarness(() => answer(204)));
afterEach(() => harness.close());

const emit = (data: object = {}) =>
  harness.emit("stech", "deployment.created", { tenant: "org_1", data: { ...deployment, ...data } });

async function update(endpoint: Endpoint, change: Partial<EndpointSettings>): Promise<void> {
  const { id, tenant } = endpoint;
  await harness.store.endpoints.update({ tenant, id, at: harness.clock.now() }, change, (after) =>
    harness.renderFact("endpoint.updated", after, {
      events: after.events,
      enabled: after.enabled,
      ...(after.paused && { paused: true }),
      ...(after.filter !== null && { filter: after.filter }),
    }),
  );
  harness.engine().endpointsChanged(tenant);
}

const bodies = () => harness.received.map(({ body }) => body);

describe("pause", () => {
  test("a paused endpoint's events wait, and resuming sends them all, once each", async () => {
    await open();
    const endpoint = await harness.createEndpoint({ paused: true });
    await harness.startEngine();
    const first = await emit();
    const second = await emit();
    await harness.untilIdle();
    expect(harness.received).toEqual([]);
    const [waiting] = await harness.store.deliveries.list({ endpointKey: endpoint.key, before: null, limit: 9 });
    expect(waiting).toMatchObject({ attempts: [], dueAt: expect.any(Number) });
    await update(endpoint, { paused: false });
    await harness.untilIdle();
    expect(bodies()).toEqual([first.body, second.body]);
  });

  test("an endpoint that is paused while events wait sends none of them; a disabled one gets none of them ever (D-STECH-05)", async () => {
    await open();
    const paused = await harness.createEndpoint();
    const disabled = await harness.createEndpoint();
    await harness.startEngine();
    await harness.untilIdle();
    await update(paused, { paused: true });
    await update(disabled, { enabled: false });
    const event = await emit();
    await harness.untilIdle();
    await update(paused, { paused: false });
    await update(disabled, { enabled: true });
    await harness.untilIdle();
    expect(harness.received.map(({ url, body }) => [url.href, body])).toEqual([[paused.url, event.body]]);
  });
});

test("an endpoint with a filter gets the events that pass it, by the filter as of their place in the log", async () => {
  await open();
  const endpoint = await harness.createEndpoint({ filter: 'data.agentName = "triage" and type exists' });
  await harness.startEngine();
  const passing = await emit({ agentName: "triage" });
  await emit({ agentName: "other" });
  await harness.untilIdle();
  expect(bodies()).toEqual([passing.body]);
  // Before the engine reads it, the filter is another one; what counts is the one it had.
  await harness.engine().stop();
  const before = await emit({ agentName: "triage" });
  await update(endpoint, { filter: 'data.agentName = "other"' });
  const after = await emit({ agentName: "other" });
  await harness.startEngine();
  await harness.untilIdle();
  expect(bodies().slice(1)).toEqual([before.body, after.body]);
});

test("what exceeds an endpoint's rate waits and is sent when its turn comes; other endpoints are not held up", async () => {
  await open();
  const limited = await harness.createEndpoint({ ratePerSecond: 2 });
  const free = await harness.createEndpoint();
  await harness.startEngine();
  for (let index = 0; index < 10; index += 1) await emit();
  await harness.untilIdle();
  const times = (url: string) => harness.received.filter((request) => request.url.href === url).map(({ at }) => at);
  expect(times(limited.url)).toHaveLength(10);
  expect(new Set(harness.received.map(({ body }) => body)).size).toBe(10);
  expect(Math.max(...times(free.url))).toBeLessThan(start + 100);
  const later = times(limited.url);
  for (const at of later) {
    // A bucket of two, and two more in each second.
    const within = later.filter((other) => other >= at && other < at + 1000).length;
    expect(within).toBeLessThanOrEqual(4);
  }
  expect(later.at(-1)! - later[0]!).toBeGreaterThanOrEqual(4000);
});

test("an endpoint's cap is the most of its attempts that are under way", async () => {
  let underWay = 0;
  let most = 0;
  harness = await openHarness(async () => {
    most = Math.max(most, (underWay += 1));
    await new Promise((resolve) => setImmediate(resolve));
    underWay -= 1;
    return answer(204);
  });
  await harness.createEndpoint({ inFlightMax: 2 });
  await harness.startEngine();
  for (let index = 0; index < 12; index += 1) await emit();
  await harness.untilIdle();
  expect([harness.received.length, most]).toEqual([12, 2]);
});

test("an endpoint's headers go along, before the contract's", async () => {
  await open();
  await harness.createEndpoint({ headers: { "x-team": "billing" } });
  await harness.startEngine();
  await emit();
  await harness.untilIdle();
  expect(harness.received[0]?.headers).toMatchObject({ "x-team": "billing", "X-Stech-Event": "deployment.created" });
});

test("R-STECH-32: an endpoint with * is told what an administrator does to another one, and not to itself", async () => {
  await open();
  const first = await harness.createEndpoint({ events: ["*"] });
  await harness.startEngine();
  const second = await harness.createEndpoint({ events: ["*"] });
  await emit();
  await harness.untilIdle();
  const told = harness.received.map(({ url, body }) => {
    const { type, data } = JSON.parse(body);
    return [url.href, type, data.action ?? null, data.targetId ?? null];
  });
  expect(told.toSorted()).toEqual(
    [
      [first.url, "admin_action.recorded", "webhook_endpoints.created", second.id],
      [first.url, "deployment.created", null, null],
      [second.url, "deployment.created", null, null],
    ].toSorted(),
  );
});
