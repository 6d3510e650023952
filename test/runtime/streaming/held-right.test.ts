import { createHash } from "node:crypto";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { createOutbound } from "../../../runtime/outbound/outbound.ts";
import { openKeyRing } from "../../../runtime/secrets/key-ring.ts";
import { createStreaming, holdRight, type Streaming } from "../../../runtime/streaming/streaming.ts";
import { createFakeClock } from "../../fake-clock.ts";
import { openStreamPlace, start, tenant, type StreamPlace } from "./place.ts";

const leaseMs = 6000;

describe("a right to send", () => {
  test("is over a margin before the leases end, aborts when they do, and is put off when they are renewed", () => {
    const clock = createFakeClock(0);
    let leaseEndsAt = leaseMs;
    const right = holdRight({ clock, leaseEndsAt: () => leaseEndsAt, marginMs: 1000 });
    clock.moveTo(4999);
    expect(right.isOver()).toBe(false);
    clock.moveTo(5000);
    expect([right.isOver(), right.signal.aborted]).toEqual([true, false]);
    leaseEndsAt = 11_000;
    expect(right.isOver()).toBe(false);
    clock.moveTo(10_999);
    expect([right.isOver(), right.signal.aborted]).toEqual([true, false]);
    clock.moveTo(11_000);
    expect([right.isOver(), right.signal.aborted]).toEqual([true, true]);
  });

  test("that has ended stays so, whatever leases come after it, and leaves no timer", () => {
    const clock = createFakeClock(0);
    let leaseEndsAt = leaseMs;
    const right = holdRight({ clock, leaseEndsAt: () => leaseEndsAt, marginMs: 1000 });
    clock.moveTo(60_000);
    leaseEndsAt = 66_000;
    expect([right.isOver(), right.signal.aborted, clock.timerCount()]).toEqual([true, true, 0]);
    holdRight({ clock, leaseEndsAt: () => leaseEndsAt, marginMs: 1000 }).release();
    expect(clock.timerCount()).toBe(0);
  });
});

describe("a batch under way", () => {
  let place: StreamPlace;
  let leaseEndsAt: number;
  let streaming: Streaming;
  /** The requests that were counted: none is that of a batch which was let go. */
  let outcomes: unknown[];
  /** Resolves when a request has come; it is answered with what the test says, or not at all. */
  let came: PromiseWithResolvers<void>;
  let answered: PromiseWithResolvers<number>;

  beforeEach(async () => {
    place = await openStreamPlace();
    leaseEndsAt = start + leaseMs;
    outcomes = [];
    came = Promise.withResolvers();
    answered = Promise.withResolvers();
    place.answer = () => {
      came.resolve();
      return answered.promise;
    };
    const { app, clock } = place;
    const outbound = createOutbound({ allowTargets: [{ cidr: "127.0.0.0/8", portMin: 1024, portMax: 65_535 }], clock });
    onTestFinished(outbound.close);
    streaming = createStreaming({
      ...{ catalog: app.catalog, clock, outbound, signingKeys: app.signingKeys, store: app.store.streams, leaseMs },
      keyRing: openKeyRing([{ id: "test", key: createHash("sha256").update("test").digest() }]),
      random: (bytes) => new Uint8Array(bytes),
      leases: app.engine.leases,
      leaseEndsAt: () => leaseEndsAt,
      attempted: (_contract, outcome) => void outcomes.push(outcome),
      log: pino({ enabled: false }),
    });
    await place.call("POST", "signing-keys", { contract: "authsignal" });
  });
  afterEach(() => place.close());

  async function newStream(): Promise<string> {
    const settings = { url: place.url, challengeTokenDurationSeconds: 0 };
    const answer = await place.call("POST", "log-streams", { contract: "authsignal", settings });
    await place.emit("authsignal", 1);
    return answer.body.logStream.id;
  }

  const streamOf = async (id: string) => (await place.app.store.streams.get({ tenant, id })) ?? expect.unreachable();

  test("is ended with the lease: nothing is settled, no run failed, and it comes again as the same bytes", async () => {
    const id = await newStream();
    const settled = streaming.settled();
    await came.promise;
    const before = await streamOf(id);
    place.clock.moveTo(start + leaseMs);
    await settled;
    expect(await streamOf(id)).toEqual(before);
    expect(before.cursor).toMatchObject({ position: 1, runCount: 0, batch: { attemptCount: 0 } });
    expect(outcomes).toEqual([]);

    leaseEndsAt += leaseMs;
    answered.resolve(200);
    await streaming.settled();
    expect((await streamOf(id)).cursor).toMatchObject({ runCount: 1, batch: null });
    expect(place.received[1]?.body).toEqual(place.received[0]?.body);
    expect(place.received).toHaveLength(2);
  });

  test("goes on while the lease is renewed", async () => {
    const id = await newStream();
    const settled = streaming.settled();
    await came.promise;
    for (let round = 1; round <= 4; round += 1) {
      leaseEndsAt = start + round * 2000 + leaseMs;
      place.clock.moveTo(start + round * 2000);
    }
    answered.resolve(200);
    await settled;
    expect((await streamOf(id)).cursor).toMatchObject({ runCount: 1, batch: null });
    expect(outcomes).toEqual([{ isAccepted: true, status: 200, error: null }]);
    expect(place.received).toHaveLength(1);
  });

  test("that is refused while the lease is good is a failure as ever", async () => {
    const id = await newStream();
    answered.resolve(503);
    await streaming.settled();
    expect((await streamOf(id)).cursor).toMatchObject({ runCount: 1, batch: { attemptCount: 1 } });
  });

  test("is not begun in the last second of a lease", async () => {
    await newStream();
    place.clock.moveTo(leaseEndsAt - 1000);
    answered.resolve(200);
    await streaming.settled();
    expect(place.received).toEqual([]);
    leaseEndsAt += 1;
    await streaming.settled();
    expect(place.received).toHaveLength(1);
  });

  test("is ended by a stop that waits no longer, before the leases are given back", async () => {
    const id = await newStream();
    const settled = streaming.settled();
    await came.promise;
    const stopped = streaming.stop(2000);
    await expect.poll(() => place.clock.timerCount()).toBeGreaterThan(0);
    place.clock.moveTo(start + 2000);
    await stopped;
    await settled;
    expect((await streamOf(id)).cursor).toMatchObject({ position: 1, runCount: 0 });
  });
});
