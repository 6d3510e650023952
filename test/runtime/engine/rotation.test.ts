import { createHmac } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Endpoint } from "../../../runtime/seams/log-store.ts";
import { answer, deployment, openHarness, secretOf, start, type Harness } from "./harness.ts";

let harness: Harness;
let endpoint: Endpoint;
beforeEach(async () => {
  harness = await openHarness(() => answer(200));
  endpoint = await harness.createEndpoint();
  await harness.startEngine();
});
afterEach(() => harness.close());

async function rotate(sealedSecret: string, overlapMs: number): Promise<void> {
  const at = harness.clock.now();
  await harness.store.endpoints.rotate(
    { tenant: "org_1", id: endpoint.id, at },
    (before) => ({ sealedSecret, previousSecret: { sealed: before.sealedSecret, expiresAt: at + overlapMs } }),
    (after) => harness.renderFact("endpoint.secret_rotated", after, {}),
  );
}

/** The sealed secrets whose signatures the next request carries, in their order. */
async function signedWith(): Promise<readonly string[]> {
  await harness.emit("stech", "deployment.created", { tenant: "org_1", data: deployment });
  await harness.untilIdle();
  const { headers, body } = harness.received.at(-1)!;
  const sign = (sealed: string) =>
    createHmac("sha256", secretOf(sealed)).update(`${headers["X-Stech-Timestamp"]}.${body}`).digest("hex");
  return headers["X-Stech-Signature"]!.split(",").map(
    (given) => ["sealed", "second", "third"].find((sealed) => `sha256=${sign(sealed)}` === given) ?? given,
  );
}

describe("an overlap", () => {
  test("signs with both secrets, current first (R-AUTHN-16, D-AUTHN-03)", async () => {
    expect(await signedWith()).toEqual(["sealed"]);
    await rotate("second", 60_000);
    harness.engine().endpointsChanged("org_1");
    expect(await signedWith()).toEqual(["second", "sealed"]);
  });

  test("ends with the millisecond it expires at, by the clock and without a word from the database", async () => {
    await rotate("second", 3600_000);
    harness.engine().endpointsChanged("org_1");
    harness.clock.moveTo(start + 3600_000 - 1);
    await harness.emit("stech", "deployment.created", { tenant: "org_1", data: deployment });
    for (let step = 0; step < 20 && harness.received.length === 0; step += 1) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    const [before] = harness.received;
    expect([before?.at, before?.headers["X-Stech-Signature"]?.split(",").length]).toEqual([start + 3600_000 - 1, 2]);
    harness.clock.moveTo(start + 3600_000);
    expect(await signedWith()).toEqual(["second"]);
  });

  test("goes on in an engine that starts in between, and a second rotation drops the oldest secret", async () => {
    await rotate("second", 3600_000);
    await harness.startEngine();
    expect(await signedWith()).toEqual(["second", "sealed"]);
    await rotate("third", 3600_000);
    harness.engine().endpointsChanged("org_1");
    expect(await signedWith()).toEqual(["third", "second"]);
  });

  test("reaches an engine of another process by the fact in the log alone", async () => {
    expect(await signedWith()).toEqual(["sealed"]);
    await rotate("second", 3600_000);
    expect(await signedWith()).toEqual(["second", "sealed"]);
  });
});
