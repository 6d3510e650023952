import { afterEach, describe, expect, test } from "vitest";
import { answer, deployment, openHarness, start, type Harness } from "./harness.ts";

let harness: Harness;
afterEach(() => harness.close());

const emit = (tenant: string) => harness.emit("stech", "deployment.created", { tenant, data: deployment });
const flood = async (tenant: string, count: number) => {
  for (let number = 0; number < count; number += 1) await emit(tenant);
};
const diversions = () => harness.store.database.selectFrom("hookwright_diversions").selectAll().execute();
const limits = { windowMax: 20, slotsMax: 8, perEndpointMax: 4 };

describe("a tenant with more events than can be sent", () => {
  test("does not hold up the single event of another: it is passed over, and reads its own from then on", async () => {
    harness = await openHarness(() => answer(200));
    const many = await harness.createEndpoint();
    const few = await harness.createEndpoint({ tenant: "org_2" });
    await flood("org_1", 400);
    await emit("org_2");
    await harness.startEngine(limits);
    await harness.untilIdle();
    const urls = harness.received.map(({ url }) => url.href);
    // The first window of the shard, and about as much again while it is found out.
    expect(urls.indexOf(few.url)).toBeLessThan(60);
    expect(urls.filter((url) => url === many.url)).toHaveLength(400);
    expect(new Set(harness.received.map(({ body }) => body)).size).toBe(401);
  });

  test("gets its events once each, in turn with what comes meanwhile, and is one of all again in the end", async () => {
    harness = await openHarness(() => answer(200));
    const endpoint = await harness.createEndpoint();
    const other = await harness.createEndpoint({ tenant: "org_2" });
    await flood("org_1", 200);
    await harness.startEngine(limits);
    for (let round = 0; round < 20; round += 1) {
      await emit("org_2");
      await flood("org_1", 5);
      harness.clock.moveTo(harness.clock.now() + 5);
    }
    await harness.untilIdle();
    const urls = harness.received.map(({ url }) => url.href);
    expect(urls.filter((url) => url === endpoint.url)).toHaveLength(300);
    expect(urls.filter((url) => url === other.url)).toHaveLength(20);
    await harness.engine().stop();
    expect(await diversions()).toEqual([]);
  });

  test("is subscribed as it was at each event's place, whoever reads it", async () => {
    harness = await openHarness(() => answer(200));
    const endpoint = await harness.createEndpoint({ events: ["deployment.created"] });
    await flood("org_1", 100);
    const change = { events: ["scim.user_added"] };
    await harness.store.endpoints.update({ tenant: "org_1", id: endpoint.id, at: start }, change, (after) =>
      harness.renderFact("endpoint.updated", after, { url: after.url, events: after.events, enabled: after.enabled }),
    );
    await flood("org_1", 100);
    await harness.startEngine(limits);
    await harness.untilIdle();
    expect(harness.received).toHaveLength(100);
  });

  test("goes on where it was under the next engine, and no more is sent twice than one window", async () => {
    let answered = 0;
    harness = await openHarness(() => ((answered += 1) > 150 ? new Promise(() => {}) : answer(200)));
    await harness.createEndpoint();
    const few = await harness.createEndpoint({ tenant: "org_2" });
    await flood("org_1", 300);
    await emit("org_2");
    await harness.startEngine(limits);
    // The receiver hangs after 150 answers; what was settled by then stays so.
    while (harness.received.length < 154 || (await diversions()).length === 0) {
      await new Promise((resolve) => setImmediate(resolve));
      harness.clock.moveTo(harness.clock.now() + 1);
    }
    const before = harness.received.splice(0);
    answered = Number.NEGATIVE_INFINITY;
    await harness.startEngine(limits);
    await harness.untilIdle();
    const bodies = [...before, ...harness.received].map(({ body }) => body);
    expect(new Set(bodies).size).toBe(301);
    expect(bodies.length - 301).toBeLessThanOrEqual(limits.windowMax);
    expect(before.some(({ url }) => url.href === few.url)).toBe(true);
  });
});
