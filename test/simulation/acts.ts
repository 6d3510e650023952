import { fairConditions, idealConditions } from "./conditions.ts";
import type { Product } from "./product.ts";
import type { Action } from "./profile.ts";
import { moods } from "./receivers.ts";
import { crashWorker, pauseWorker, runningWorkers, startWorker, stopWorker, wakeWorker } from "./workers.ts";
import type { Worker } from "./worker.ts";
import { plan, type World } from "./world.ts";

/** Does something that the profile allows, plans what comes after it, and in the end heals the world. */
export function act(world: World, product: Product, left: number): void {
  const { random, profile } = world;
  const gapMs = random.below(random.isLucky(profile.soonProbability) ? profile.gapMsMax.soon : profile.gapMsMax.late);
  if (left === 0) return plan(world, { label: "heal", afterMs: gapMs }, () => heal(world));
  const action = pickAction(world);
  plan(world, { label: action, afterMs: gapMs }, () => {
    perform(world, product, action);
    act(world, product, left - 1);
  });
}

function pickAction({ random, profile }: World): Action {
  const weighted = Object.entries(profile.actions) as [Action, number][];
  let at = random.next() * weighted.reduce((sum, [, weight]) => sum + weight, 0);
  const picked = weighted.find(([, weight]) => (at -= weight) < 0);
  return picked?.[0] ?? "emit";
}

function perform(world: World, product: Product, action: Action): void {
  switch (action) {
    case "emit":
      return product.emit();
    case "emit in transaction":
      return product.emitInTransaction();
    case "flood":
      return product.flood();
    case "create endpoint":
      return product.createEndpoint();
    case "update endpoint":
      return product.change(world.random.pick(["url", "events"]));
    case "rotate secret":
      return product.change("secret");
    case "disable endpoint":
      return product.change("disable");
    case "enable endpoint":
      return product.change("enable");
    case "remove endpoint":
      return product.remove();
    case "redeliver":
      return product.redeliver();
    case "change mood":
      return changeMood(world);
    case "hide secrets":
      return hideSecrets(world);
    default:
      return performFault(world, action);
  }
}

function changeMood({ memory, random, moods: current }: World): void {
  const { endpoints } = memory.tables;
  if (endpoints.length > 0) current.set(random.pick(endpoints).id, random.pick(moods));
}

/** The key ring lacks the key for a while. */
function hideSecrets(world: World): void {
  world.state.areSecretsHidden = true;
  const afterMs = world.random.below(120_000);
  plan(world, { label: "secrets are back", afterMs }, () => (world.state.areSecretsHidden = false));
}

function performFault(world: World, action: "start" | "stop" | "crash" | "pause" | "outage"): void {
  switch (action) {
    case "start":
      return startWorker(world, world.random.below(world.workers.length));
    case "stop":
      return onSome(world, runningWorkers(world), (worker) => stopWorker(world, worker));
    case "crash":
      return onSome(world, liveWorkers(world), (worker) => crashWorker(world, worker));
    case "pause":
      return onSome(world, liveWorkers(world), (worker) => pauseWorker(world, worker));
    case "outage":
      return outage(world);
  }
}

const liveWorkers = ({ workers }: World): readonly Worker[] => workers.filter((worker) => worker !== null);

function onSome({ random }: World, workers: readonly Worker[], work: (worker: Worker) => void): void {
  if (workers.length > 0) work(random.pick(workers));
}

function outage(world: World): void {
  const { conditions, faults, random } = world;
  if (world.state.phase === "healed") return;
  faults.outages += 1;
  conditions.isDown = true;
  plan(world, { label: "the database is back", afterMs: random.below(20_000) }, () => (conditions.isDown = false));
}

function heal(world: World): void {
  const { state, conditions, profile, moods: current } = world;
  state.phase = "healed";
  Object.assign(conditions, profile.conditions.callMsMax === 0 ? idealConditions : fairConditions);
  for (const worker of liveWorkers(world)) wakeWorker(world, worker);
  // Those that come in their place have all of the catalog.
  for (const worker of liveWorkers(world)) if (worker.lacks !== null) crashWorker(world, worker);
  if (profile.receivers === "heal") current.clear();
  // Few slots and thirty seconds for each would take days of their own.
  else if (profile.limits.slotsMax < 256)
    for (const [id, mood] of current) if (mood !== "refusing") current.set(id, "failing");
  keepAlive(world, 10);
}

/** On an embedded database one that was there before ends when it finds out that it lost its shard. */
function keepAlive(world: World, left: number): void {
  const isEmbedded = world.profile.kind === "embedded";
  if (!isEmbedded) for (const place of world.workers.keys()) startWorker(world, place);
  else if (liveWorkers(world).length === 0) startWorker(world, 0);
  if (left > 0) plan(world, { label: "keep alive", afterMs: 3000 }, () => keepAlive(world, left - 1));
}
