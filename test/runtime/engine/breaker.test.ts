import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import type { PushContract } from "../../../catalog/contract.ts";
import type { Endpoint } from "../../../runtime/seams/log-store.ts";
import { anyDataCatalog } from "./any-data-catalog.ts";
import { answer, deployment, openHarness, start, type Harness, type Receiver } from "./harness.ts";

const second = 1000;
const breaker = { consecutiveFailures: 3, firstSeconds: 10, maxSeconds: 40 };
const waitsSeconds = [5, 60];

/** A push contract of the catalog with waits of its own and, unless it is left out, a breaker. */
function catalogWith(change: Partial<PushContract>) {
  const catalog = anyDataCatalog();
  const { stech } = catalog;
  const declaration = { ...stech!.declaration, retry: { waitsSeconds }, disable: null, ...change } as PushContract;
  return { ...catalog, stech: { ...stech!, declaration } };
}

let harness: Harness;
let endpoint: Endpoint;
afterEach(() => harness.close());

async function open(receive: Receiver, change: Partial<PushContract> = { breaker }): Promise<void> {
  harness = await openHarness(receive, catalogWith(change));
  endpoint = await harness.createEndpoint({ events: ["deployment.created"] });
  await harness.startEngine({ perEndpointMax: 1 });
}

async function emit(count: number): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let index = 0; index < count; index += 1)
    ids.push((await harness.emit("stech", "deployment.created", { tenant: "org_1", data: deployment })).id);
  return ids;
}

/** What was sent, as the event's number, and when in seconds since the start, give or take what a settlement takes. */
const sent = (ids: readonly string[]) =>
  harness.received.map(({ body, at }) => [ids.indexOf(JSON.parse(body).id), Math.floor((at - start) / second)]);

async function until(seconds: number): Promise<void> {
  const end = start + seconds * second;
  await harness.untilIdle();
  for (let next = harness.engine().nextDueAt(); next !== null && next <= end; next = harness.engine().nextDueAt()) {
    harness.clock.moveTo(Math.max(next, harness.clock.now()));
    await harness.untilIdle();
  }
  harness.clock.moveTo(Math.max(end, harness.clock.now()));
  await harness.untilIdle();
}

async function toldOf(type: string): Promise<readonly unknown[]> {
  const of = { tenant: "org_1", contract: "hookwright", types: [type], after: 0, limit: 100 };
  return (await harness.store.events.list(of)).map(({ body }) => JSON.parse(body).data);
}

const deliveries = () => harness.store.deliveries.list({ endpointKey: endpoint.key, before: null, limit: 100 });

describe("a breaker that the contract declares", () => {
  test("opens after so many failures; one delivery is tried after each pause, and the pauses double up to the longest", async () => {
    await open(() => answer(503));
    const ids = await emit(6);
    await harness.untilIdle();
    expect(sent(ids)).toEqual([0, 1, 2].map((event) => [event, 0]));
    expect(harness.engine().status().pausedEndpoints).toEqual([endpoint.key]);
    await until(200);
    // The oldest that is due each time: 3 to 5 were due at once, the retries of the others later.
    const probes = sent(ids).slice(3);
    expect(probes.map(([event]) => event)).toEqual([3, 4, 5, 0, 1, 2]);
    const times = probes.map(([, at]) => Number(at));
    expect(times).toEqual([10, 30, 70, 110, 150, 190]);
  });

  test("uses up no attempt of what waits, and moves no delivery's time", async () => {
    await open(() => answer(503));
    await emit(5);
    await harness.untilIdle();
    const before = await deliveries();
    expect(before.map(({ attempts }) => attempts.length)).toEqual([0, 0, 1, 1, 1]);
    await harness.engine().idle();
    await until(9);
    expect(await deliveries()).toEqual(before);
  });

  test("what stood ready when it opened keeps the time it was due, and so its place among the others", async () => {
    await open(async () => {
      for (let step = 0; step < 30; step += 1) await new Promise((resolve) => setImmediate(resolve));
      return answer(503);
    });
    await emit(5);
    await harness.untilIdle();
    const waiting = (await deliveries()).filter(({ attempts }) => attempts.length === 0);
    const [firstSent, , lastSent] = harness.received.map(({ at }) => at);
    expect(lastSent).toBeGreaterThan(firstSent!);
    expect(waiting).toHaveLength(2);
    for (const { dueAt } of waiting) expect(dueAt).toBeLessThanOrEqual(firstSent!);
  });

  test("closes with the first delivery that is accepted, and what waited follows in the order in which it was due", async () => {
    let isWell = false;
    await open(() => answer(isWell ? 200 : 500));
    const ids = await emit(6);
    await harness.untilIdle();
    isWell = true;
    await until(12);
    expect(
      sent(ids)
        .slice(3)
        .map(([event]) => event),
    ).toEqual([3, 4, 5, 0, 1, 2]);
    expect(harness.engine().status().pausedEndpoints).toEqual([]);
    expect((await deliveries()).map(({ dueAt }) => dueAt)).toEqual(ids.map(() => null));
  });

  test("is told once when it opens and once when the endpoint accepts again", async () => {
    let status = 503;
    await open(() => answer(status));
    await emit(6);
    await until(100);
    const pausedUntil = new Date(harness.received[2]!.at + 10 * second).toISOString();
    const about = { endpointId: endpoint.id, contract: "stech" };
    expect(await toldOf("breaker.opened")).toEqual([{ ...about, failureCount: 3, lastStatus: 503, pausedUntil }]);
    expect(await toldOf("breaker.closed")).toEqual([]);
    status = 202;
    await until(200);
    expect(await toldOf("breaker.opened")).toHaveLength(1);
    expect(await toldOf("breaker.closed")).toEqual([{ ...about, status: 202 }]);
  });

  test("stays closed while the endpoint answers, though it refuses; and a refused probe ends the pause", async () => {
    const answers = [404, 404, 404, 404, 503, 503, 404];
    await open(() => answer(answers.shift() ?? 200));
    const ids = await emit(4);
    await harness.untilIdle();
    expect(sent(ids)).toHaveLength(4);
    expect(harness.engine().status().pausedEndpoints).toEqual([]);
    const more = await emit(5);
    await harness.untilIdle();
    // The fifth failure in a row is the first that says that the endpoint is not well.
    expect(sent(more).slice(4)).toEqual([[0, 0]]);
    await until(12);
    // The probe fails too, and the next one is refused.
    expect(
      sent(more)
        .slice(5)
        .map(([event]) => event),
    ).toEqual([1]);
    await until(35);
    expect(
      sent(more)
        .slice(6)
        .map(([event]) => event),
    ).toEqual([2, 3, 4, 0, 1]);
    expect(await toldOf("breaker.opened")).toHaveLength(1);
  });

  test("counts failures over all deliveries, and an accepted one begins anew", async () => {
    const answers = [500, 500, 200, 500, 500];
    await open(() => answer(answers.shift() ?? 200));
    const ids = await emit(6);
    await harness.untilIdle();
    expect(sent(ids)).toHaveLength(6);
    expect(await toldOf("breaker.opened")).toEqual([]);
  });

  test("holds back nobody else", async () => {
    await open(({ url }) => answer(url.href === endpoint.url ? 500 : 200));
    const well = await harness.createEndpoint({ events: ["deployment.created"] });
    await emit(8);
    await harness.untilIdle();
    expect(harness.received.filter(({ url }) => url.href === well.url)).toHaveLength(8);
  });

  test("whoever takes the shard over knows it from the endpoint's health, and begins with one probe", async () => {
    await open(() => answer(503));
    const ids = await emit(6);
    await harness.untilIdle();
    await harness.engine().stop();
    await harness.startEngine({ perEndpointMax: 4 });
    await harness.untilIdle();
    expect(sent(ids)).toHaveLength(3);
    await until(11);
    expect(sent(ids)).toHaveLength(4);
    expect(await toldOf("breaker.opened")).toHaveLength(1);
  });

  test("a change by the owner lets one delivery through at once", async () => {
    await open(() => answer(503));
    const ids = await emit(6);
    await until(2);
    const url = "https://mended.example/in";
    const { tenant, id } = endpoint;
    await harness.store.endpoints.update({ tenant, id, at: harness.clock.now() }, { url }, (after) =>
      harness.renderFact("endpoint.updated", after, { url, events: after.events, enabled: true }),
    );
    harness.engine().endpointsChanged(tenant);
    await until(4);
    expect(sent(ids).slice(3)).toEqual([[3, 2]]);
    expect(harness.received.at(-1)?.url.href).toBe(url);
  });
});

test("a contract that declares none attempts everything when its table says so, to the millisecond (R-STECH-59)", async () => {
  await open(() => answer(503), {});
  await emit(20);
  await until(70);
  const starts = Map.groupBy(harness.received, ({ body }) => body);
  for (const attempts of starts.values())
    expect(attempts.map(({ at }) => at - attempts[0]!.at)).toEqual([0, 5 * second, 65 * second]);
  expect(starts.size).toBe(20);
});

test("whatever an endpoint answers, nothing is lost, and while it is paused one request at a time is sent", async () => {
  const statuses = fc.array(fc.constantFrom(200, 404, 429, 500, 500, null), { maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(statuses, fc.integer({ min: 1, max: 4 }), async (answers, perEndpointMax) => {
      const receiver = moodyReceiver(answers);
      harness = await openHarness(
        receiver.receive,
        catalogWith({ breaker, retry: { waitsSeconds: Array(40).fill(5) } }),
      );
      endpoint = await harness.createEndpoint({ events: ["deployment.created"] });
      await harness.startEngine({ perEndpointMax });
      await emit(12);
      await until(7200);
      const results = (await deliveries()).map(({ attempts, dueAt }) => [attempts.at(-1)?.result, dueAt]);
      expect(results.filter(([result]) => result === "delivered" || result === "rejected")).toHaveLength(12);
      expect(results.map(([, dueAt]) => dueAt)).toEqual(Array(12).fill(null));
      expect(receiver.probesMost()).toBeLessThanOrEqual(1);
      await harness.engine().stop();
      await harness.close();
    }),
    { numRuns: 15 },
  );
  harness = await openHarness(() => answer(200));
});

/** Answers so, and then well; tells how many requests that began in a pause were under way together. */
function moodyReceiver(answers: readonly (number | null)[]): { receive: Receiver; probesMost: () => number } {
  const statuses = answers.values();
  let [failures, probes, most] = [0, 0, 0];
  let last: number | null = 200;
  const isPaused = () => failures >= 3 && (last === null || last === 429 || last >= 500);
  let wasPaused = false;
  const receive: Receiver = async () => {
    const isProbe = wasPaused;
    if (isProbe) most = Math.max(most, (probes += 1));
    await new Promise((resolve) => setImmediate(resolve));
    if (isProbe) probes -= 1;
    const { value: status = 200 } = statuses.next();
    failures = status === 200 ? 0 : failures + 1;
    last = status;
    wasPaused &&= isPaused();
    // The engine learns of it a moment after the receiver has answered.
    setImmediate(() => (wasPaused = isPaused()));
    return status === null ? { kind: "timeout", detail: "", durationMs: 0 } : answer(status);
  };
  return { receive, probesMost: () => most };
}
