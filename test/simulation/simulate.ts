import type { Attempt } from "../../runtime/seams/log-store.ts";
import type { SeededRandom } from "../faults/random.ts";
import { act } from "./acts.ts";
import type { FaultCounts } from "./conditions.ts";
import { checkEnd } from "./end-checks.ts";
import { createProduct } from "./product.ts";
import type { Profile } from "./profile.ts";
import { nextDelivery, passQuietTime, underWay, whatIsLeft } from "./quiet-time.ts";
import { runningWorkers, startWorker, stopWorker } from "./workers.ts";
import { createWorld, start, type World } from "./world.ts";

/** What came of one world. */
export interface Outcome {
  readonly seed: string;
  /** Of the world's own time. */
  readonly hours: number;
  readonly steps: number;
  readonly events: number;
  readonly attempts: number;
  readonly requests: number;
  readonly duplicates: number;
  readonly faults: FaultCounts;
  readonly traceHash: string;
  /** The first things that must never be; none: all was well. */
  readonly violations: readonly string[];
  /** What happened last. */
  readonly recent: readonly string[];
}

/** A world that has been healed and does not come to rest within so much of its own time is stuck. */
const restMsMax = 600_000;
const stepsMax = 5_000_000;
const hourMs = 3_600_000;
const firstEndpointCount = 4;

type ProfileOf = (random: SeededRandom) => Profile;

/**
 * Runs a world from its beginning until all that was to be delivered has been, and looks at what is there then.
 * `spoil` may break it first, to see that this is noticed.
 */
export async function simulate(
  seed: string,
  profileOf: ProfileOf,
  spoil: (world: World) => void = () => undefined,
): Promise<Outcome> {
  const world = createWorld(seed, profileOf);
  spoil(world);
  begin(world);
  await runUntil(world, () => isDone(world));
  await becomeIdle(world);
  if (world.watch.violations.length === 0) checkEnd(world);
  await stopAll(world);
  return outcomeOf(seed, world);
}

/** The attempts that a world makes in its first hours, as far as they were written down by then. */
export async function attemptsWithin(seed: string, profileOf: ProfileOf, hours: number): Promise<readonly Attempt[]> {
  const world = createWorld(seed, profileOf);
  const endsAt = start + hours * hourMs;
  begin(world);
  await runUntil(world, () => world.scheduler.now() >= endsAt);
  const ended = attemptsOf(world).filter((attempt) => attempt.startedAt + attempt.durationMs < endsAt);
  // Not by when they were written, which is within some milliseconds of a settlement.
  return ended.toSorted((a, b) => a.position - b.position || a.endpointKey - b.endpointKey || a.number - b.number);
}

function begin(world: World): void {
  const product = createProduct(world);
  for (const place of world.workers.keys()) startWorker(world, place);
  for (let count = 0; count < firstEndpointCount; count += 1) product.createEndpoint();
  act(world, product, world.profile.actionCount);
}

async function runUntil(world: World, isReached: () => boolean): Promise<void> {
  const { scheduler, watch, state } = world;
  let restlessSince = scheduler.now();
  let quietSince = scheduler.now();
  while (watch.violations.length === 0) {
    const left = whatIsLeft(world);
    if (state.phase === "busy") restlessSince = scheduler.now();
    if (isReached()) return;
    if (scheduler.now() - restlessSince > restMsMax) return watch.violate(`no rest since ${restlessSince}: ${left}`);
    if (scheduler.stepCount() > stepsMax) return watch.violate(`no end after ${stepsMax} steps: ${left}`);
    if (left !== null && left !== underWay) quietSince = scheduler.now();
    if (left === null) passQuietTime(world, quietSince);
    if (!(await scheduler.step())) return watch.violate(`nothing is left to happen: ${left}`);
    if (left === null) restlessSince = scheduler.now();
  }
}

function isDone(world: World): boolean {
  const isAtRest = world.state.phase === "healed" && world.scheduler.nextPlan() === null && whatIsLeft(world) === null;
  return isAtRest && nextDelivery(world) === null;
}

/** Every engine says that it has nothing to do. */
async function becomeIdle(world: World): Promise<void> {
  const { watch } = world;
  let idleCount = 0;
  const running = runningWorkers(world);
  for (const { engine } of running)
    engine.idle().then(
      () => (idleCount += 1),
      () => watch.violate("idle() failed"),
    );
  const endsAt = world.scheduler.now() + restMsMax;
  await runUntil(world, () => idleCount === running.length || world.scheduler.now() > endsAt);
  if (watch.violations.length === 0 && idleCount < running.length) watch.violate("an engine never became idle");
}

/** Every engine gives back what it holds. */
async function stopAll(world: World): Promise<void> {
  const { memory, watch } = world;
  for (const worker of runningWorkers(world)) stopWorker(world, worker);
  await runUntil(world, () => world.workers.every((worker) => worker === null));
  const held = memory.tables.shards.filter(({ owner }) => owner !== null);
  if (watch.violations.length === 0 && held.length + memory.tables.owners.size > 0)
    watch.violate("a lease outlived all engines");
}

function attemptsOf({ memory }: World): readonly Attempt[] {
  return [...memory.tables.attempts.values()].flatMap((runs) => [...runs.values()].flat());
}

function outcomeOf(seed: string, world: World): Outcome {
  const { scheduler, memory, watch, faults } = world;
  return {
    seed,
    hours: (scheduler.now() - start) / hourMs,
    steps: scheduler.stepCount(),
    events: memory.tables.log.length,
    attempts: attemptsOf(world).length,
    requests: watch.sendCount(),
    duplicates: watch.duplicateCount(),
    faults,
    traceHash: scheduler.traceHash(),
    violations: watch.violations,
    recent: scheduler.recent(),
  };
}
