import { createEngine, type Engine } from "../../runtime/engine/engine.ts";
import { serves } from "../../runtime/contracts/needs.ts";
import type { WireCatalog } from "../../runtime/contracts/wire-contract.ts";
import { HookwrightError } from "../../runtime/errors.ts";
import type { LogStore } from "../../runtime/seams/log-store.ts";
import { connect, ConnectionLost } from "./connection.ts";
import { outboundOf } from "./receivers.ts";
import type { Host, Scheduler } from "./scheduler.ts";
import { secretOf } from "./watch.ts";
import type { Worker } from "./worker.ts";
import { plan, types, type World } from "./world.ts";

class SecretHidden extends Error {}

export function startWorker(world: World, place: number): void {
  if (world.workers[place]) return;
  const owner = `worker-${(world.counts.owners += 1)}`;
  const host: Host = { name: owner, state: "running", stalled: [] };
  const held = { epochs: new Map<number, number>(), handOvers: new Map<number, number>() };
  const lacks = lackOf(world);
  const engine = engineOf(world, host, { ...held, lacks });
  const { windowMax, slotsMax, perEndpointMax } = world.profile.limits;
  const worker: Worker = {
    owner,
    host,
    engine,
    lacks,
    ...held,
    windowMax,
    slotsMax,
    perEndpointMax,
    state: "starting",
  };
  world.workers[place] = worker;
  engine.failed.catch(() => retire(world, worker));
  engine.start().then(
    () => void (worker.state = "running"),
    () => {
      world.faults.failedStarts += 1;
      retire(world, worker);
    },
  );
}

/** The event type that the next engine does not know. Null: it knows all, as every engine does in the end. */
function lackOf({ profile, random, state }: World): string | null {
  const isLacking = profile.lacking > 0 && state.phase === "busy" && random.isLucky(profile.lacking);
  return isLacking ? random.pick(types) : null;
}

/** The catalog of an engine that lacks an event type. */
function catalogWithout(catalog: WireCatalog, lacks: string | null): WireCatalog {
  if (lacks === null) return catalog;
  const without = Object.entries(catalog).map(([id, { declaration, eventTypes }]) => {
    const { [lacks]: _, ...rest } = eventTypes;
    return [id, { declaration, eventTypes: rest }];
  });
  return Object.fromEntries(without);
}

function engineOf(
  world: World,
  host: Host,
  { lacks, ...held }: Pick<Worker, "epochs" | "handOvers" | "lacks">,
): Engine {
  const catalog = catalogWithout(world.catalog, lacks);
  const { scheduler, faults, moods, watch, profile, seed, state } = world;
  const sender = { owner: host.name, ...held, ...profile.limits };
  return createEngine({
    store: rememberingLeases(connect(world.network, host).log, held),
    catalog,
    serves: (need) => serves({ catalog, declarations: new Map(), hasKey: () => true }, need),
    outbound: outboundOf(
      { seed, scheduler, faults, moods, sending: (_, request) => watch.sending(sender, request), failed: watch.failed },
      host,
    ),
    clock: clockOf(scheduler, host),
    random: world.bytes,
    openSecret: ({ sealedSecret, previousSecret }, which) => {
      const sealed = which === "current" ? sealedSecret : (previousSecret?.sealed ?? "");
      if (state.areSecretsHidden) throw new SecretHidden(`The secret ${sealed} cannot be opened.`);
      return secretOf(sealed);
    },
    renderFact: world.render,
    attempted: () => {},
    owner: host.name,
    limits: profile.limits,
    log: { info: () => {}, warn: logOf(world), error: logOf(world) },
  });
}

/** Which lease a request was sent under is what its sender had last been told. */
function rememberingLeases(log: LogStore, { epochs, handOvers }: Pick<Worker, "epochs" | "handOvers">): LogStore {
  return {
    ...log,
    lease: async (request) => {
      const leases = await log.lease(request);
      epochs.clear();
      for (const { shard, epoch } of leases.shards) epochs.set(shard, epoch);
      return leases;
    },
    release: (of) => {
      const shards = of.shards === "all" ? epochs.keys() : of.shards;
      for (const shard of shards) handOvers.set(shard, (handOvers.get(shard) ?? 0) + 1);
      return log.release(of);
    },
  };
}

function clockOf({ now, after }: Scheduler, host: Host) {
  return {
    now,
    monotonic: now,
    after: (afterMs: number, run: () => void) =>
      after({ host, kind: "timer", label: `timer ${afterMs}`, afterMs, run }),
  };
}

/** The engine may complain of what was done to it, and of nothing else. */
function logOf({ watch }: World) {
  return (of: unknown) => {
    const isReport = of !== null && typeof of === "object" && "need" in of;
    if (isReport) return;
    const error = of !== null && typeof of === "object" && "err" in of ? of.err : of;
    const isExpected =
      error instanceof ConnectionLost ||
      error instanceof SecretHidden ||
      (error instanceof HookwrightError && error.code === "lease_lost");
    const isFollowUp = error instanceof Error && error.message === "The last settlement could not be written.";
    if (!isExpected && !isFollowUp)
      watch.violate(`the engine logged ${error instanceof Error ? error.stack : String(error)}`);
  };
}

/** The engine has ended. Its process may live on, so whatever it still did would be seen. */
function retire({ workers, watch }: World, worker: Worker): void {
  watch.ended(worker);
  const place = workers.indexOf(worker);
  if (place >= 0) workers[place] = null;
}

/** The process is gone: nothing it waits for reaches it. */
export function crashWorker(world: World, worker: Worker): void {
  world.faults.crashes += 1;
  worker.host.state = "dead";
  worker.host.stalled.length = 0;
  world.network.listeners.delete(worker.host);
  retire(world, worker);
}

export function stopWorker(world: World, worker: Worker): void {
  if (worker.state !== "running" || worker.host.state !== "running") return;
  world.faults.stops += 1;
  worker.state = "stopping";
  worker.engine.stop().then(
    () => retire(world, worker),
    () => {
      world.faults.failedStops += 1;
      retire(world, worker);
    },
  );
}

export function pauseWorker(world: World, worker: Worker): void {
  if (worker.host.state !== "running") return;
  world.faults.pauses += 1;
  worker.host.state = "paused";
  // Half of them outlive the lease: what was begun before is fenced off after.
  const afterMs = world.random.below(3 * world.profile.limits.leaseMs);
  plan(world, { label: `wake ${worker.owner}`, afterMs }, () => wakeWorker(world, worker));
}

export function wakeWorker({ scheduler, watch }: World, worker: Worker): void {
  if (worker.host.state !== "paused") return;
  watch.excuse(worker);
  scheduler.wake(worker.host);
}

export const runningWorkers = ({ workers }: World): readonly Worker[] =>
  workers.filter(
    (worker) => worker !== null && worker.state === "running" && worker.host.state === "running",
  ) as Worker[];
