import { afterEach, expect, test } from "vitest";
import { answer, deployment, openHarness, start, type Harness } from "./harness.ts";

/** As long as an attempt has its quick place, which is as long as the engine looks by itself. */
const lookMs = 250;

let harness: Harness;
afterEach(() => harness.close());

const emit = (tenant: string) => harness.emit("stech", "deployment.created", { tenant, data: deployment });

/** Endpoints whose paths begin with `hangs` answer never, within the time of a test; all others do at once. */
async function open() {
  const hanging = new Set<() => void>();
  harness = await openHarness(({ url, timeoutMs }) =>
    url.pathname.startsWith("/hangs")
      ? new Promise((resolve) => {
          const stop = harness.clock.after(timeoutMs, () => {
            hanging.delete(stop);
            resolve({ kind: "timeout", durationMs: timeoutMs, detail: "no answer" });
          });
          hanging.add(stop);
        })
      : answer(200),
  );
}

async function passMs(ms: number) {
  const endsAt = harness.clock.now() + ms;
  while (harness.clock.now() < endsAt) {
    for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    harness.clock.moveTo(Math.min(harness.clock.now() + 10, endsAt));
  }
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

const gotBy = (path: string, at: number) =>
  harness.received.filter(({ url, ...each }) => url.pathname.startsWith(path) && each.at <= at);

test.each([2, 16])(
  "20 endpoints that hang, given 20 events, %i at a time, hold up no delivery of another tenant",
  async (unprovenMax) => {
    await open();
    for (let index = 0; index < 20; index += 1)
      await harness.createEndpoint({ tenant: "org_slow", url: `https://hooks.example/hangs/${index}` });
    await harness.createEndpoint({ tenant: "org_well", url: "https://hooks.example/well" });
    await harness.startEngine({ unprovenMax });
    for (let count = 0; count < 20; count += 1) await emit("org_slow");
    await passMs(1000);
    const slowAtFirst = gotBy("/hangs", Infinity).length;
    expect(slowAtFirst).toBe(20 * unprovenMax);
    // For longer than the deadline, so that timeouts and what follows them are seen as well.
    const late: number[] = [];
    for (let second = 0; second < 35; second += 1) {
      const at = harness.clock.now();
      const before = gotBy("/well", Infinity).length;
      await emit("org_well");
      await passMs(lookMs);
      if (gotBy("/well", at + lookMs).length !== before + 1) late.push(second);
      await passMs(1000 - lookMs);
    }
    expect(late).toEqual([]);
    // Each was given up and tried with one event after the other.
    expect(gotBy("/hangs", Infinity).length).toBeGreaterThan(slowAtFirst);
    expect(gotBy("/hangs", Infinity).length).toBeLessThanOrEqual(slowAtFirst + 20);
  },
  60_000,
);

test("with 300 of 1,000 endpoints hanging, the healthy ones get theirs within two looks, and later at once", async () => {
  await open();
  const isHanging = (index: number) => index % 10 < 3;
  for (let index = 0; index < 1000; index += 1) {
    const url = `https://hooks.example/${isHanging(index) ? "hangs" : "well"}/${index}`;
    await harness.createEndpoint({ tenant: `org_${index}`, url });
  }
  for (let index = 0; index < 1000; index += 1) await emit(`org_${index}`);
  await harness.startEngine();
  await passMs(2 * lookMs);
  expect(gotBy("/well", start + 2 * lookMs)).toHaveLength(700);
  await passMs(2000);
  const at = harness.clock.now();
  for (let index = 0; index < 1000; index += 1) await emit(`org_${index}`);
  await passMs(lookMs);
  expect(gotBy("/well", at + lookMs)).toHaveLength(1400);
  expect(harness.engine().status().inFlightCount).toBeLessThanOrEqual(600);
}, 60_000);

test("a burst beside an endpoint that hangs stands still for less than a look", async () => {
  await open();
  await harness.createEndpoint({ tenant: "org_slow", url: "https://hooks.example/hangs" });
  await harness.createEndpoint({ tenant: "org_well", url: "https://hooks.example/well" });
  for (let count = 0; count < 100; count += 1) await emit(count % 4 === 0 ? "org_slow" : "org_well");
  // Each window is full, and holds some that hang.
  await harness.startEngine({ windowMax: 40 });
  await passMs(lookMs - 50);
  expect(gotBy("/well", Infinity)).toHaveLength(75);
});
