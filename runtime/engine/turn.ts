import type { EngineContext } from "./context.ts";
import { canClaim, claimDue, expectDue } from "./shard/claiming.ts";
import { canRead, openTasks } from "./shard/diversions.ts";
import { isLeaseLost, loseSequencer } from "./shard/leasing.ts";
import { parkStragglers } from "./shard/parking.ts";
import { readLog } from "./shard/reading.ts";
import { isSettling, settleSoon } from "./shard/settling.ts";
import { expectMore, tenantsInUse, type Shard } from "./shard/shard.ts";
import type { Look } from "./turns.ts";

/** The most events that get their positions in one turn: some 50 ms. */
const sequenceMax = 5000;

/** Takes one turn over all shards: new events from the log, and deliveries whose time has come. */
export async function runTurn(context: EngineContext, look: Look): Promise<"found" | "nothing"> {
  const { backlog, lanes, parts, shards, turns } = context;
  if (look.log) await sequence(context);
  if (look.log) for (const shard of shards.values()) expectMore(shard);
  if (look.due) expectDue(backlog);
  for (const shard of shards.values()) parkStragglers(context, shard);
  const found = await readLog(context);
  await claimDue(context);
  lanes.start();
  for (const shard of shards.values()) forgetTenants(context, shard);
  settleSoon(context);
  const isReadable = [...shards.values()].some((shard) => canRead(shard, parts.limits.windowMax));
  if (isReadable || canClaim(context)) turns.takeTurn();
  return found;
}

/** Gives committed events their positions, if that is this process's to do. */
async function sequence({ leasing, parts, turns }: EngineContext): Promise<void> {
  const lease = leasing.sequencer;
  if (lease === null) return;
  const { store } = parts;
  try {
    const count = await store.sequence(lease, sequenceMax);
    if (count > 0) store.signals?.notify();
    if (count === sequenceMax) turns.look("log");
  } catch (error) {
    if (!isLeaseLost(error)) throw error;
    loseSequencer(leasing, lease);
  }
}

/** Not while a settlement is written, or has to be again: what is in it is in no other place. */
function forgetTenants(context: EngineContext, shard: Shard): void {
  if (isSettling(context, shard)) return;
  shard.directory.forget(context.parts.limits.tenantsMax, () => tenantsInUse(shard, openTasks(shard)));
}
