import type { SignalWord } from "../seams/signals.ts";
import type { EngineContext } from "./context.ts";
import { askWhenDue, canClaim, claimDue, expectDue } from "./shard/claiming.ts";
import { canRead, openTasks } from "./shard/diversions.ts";
import { holdsAll, isLeaseLost, loseSequencer } from "./shard/leasing.ts";
import { parkStragglers } from "./shard/parking.ts";
import { readLog, type ReadPages } from "./shard/reading.ts";
import { isSettling, settleSoon } from "./shard/settling.ts";
import { expectMore, tenantsInUse, type Shard } from "./shard/shard.ts";
import type { Look, Word } from "./turns.ts";

/** The most events that get their positions in one turn: some 50 ms. */
const sequenceMax = 5000;

/** Takes one turn over all shards: new events from the log, whose number it gives, and deliveries whose time has come. */
export async function runTurn(context: EngineContext, look: Look): Promise<number> {
  const { backlog, lanes, parts, shards, turns } = context;
  if (look.log) for (const shard of shards.values()) expectMore(shard);
  if (look.due === "claim") expectDue(backlog);
  if (look.due === "ask when") await askWhenDue(context);
  for (const shard of shards.values()) parkStragglers(context, shard);
  const found = await readLog(context, readerOf(context, look));
  await claimDue(context);
  lanes.start();
  for (const shard of shards.values()) forgetTenants(context, shard);
  settleSoon(context);
  const isReadable = [...shards.values()].some((shard) => canRead(shard, parts.limits.windowMax));
  if (isReadable || canClaim(context)) turns.takeTurn();
  return found;
}

/** Reads, and first gives committed events their positions, if that is this process's to do. */
function readerOf(context: EngineContext, look: Look): ReadPages {
  const { leasing, parts, turns } = context;
  const { signals, read, sequenceAndRead } = parts.store;
  const { sequencer } = leasing;
  if (!look.log || sequencer === null) return read;
  return async (pages) => {
    try {
      const { count, pages: found } = await sequenceAndRead(sequencer, { limit: sequenceMax, pages });
      if (count > 0 && !holdsAll(leasing)) signals?.notify("positioned");
      if (count === sequenceMax) turns.look("log");
      return found;
    } catch (error) {
      if (!isLeaseLost(error)) throw error;
      loseSequencer(leasing, sequencer);
      // Whoever gives positions now was not told of what was appended here.
      signals?.notify("log");
      return read(pages);
    }
  };
}

/** Not while a settlement is written, or has to be again: what is in it is in no other place. */
function forgetTenants(context: EngineContext, shard: Shard): void {
  if (isSettling(context, shard)) return;
  shard.directory.forget(context.parts.limits.tenantsMax, () => tenantsInUse(shard, openTasks(shard)));
}

/*
 * Events that were appended are news for whoever gives them positions, and events with a position for those who have
 * shards. So each process is told only what it can do something about: a look costs more than the word of it.
 */

/** Looks for what is new here, and tells the other processes to, as far as there may be something for them. */
export function wake(context: EngineContext, word: Word): void {
  const { leasing, lifecycle, parts, turns } = context;
  const { signals } = parts.store;
  const isSequencer = lifecycle.phase === "running" && leasing.sequencer !== null;
  // Once they have positions, the others are told by the look that gave them.
  if (!isSequencer || (word === "work" && !holdsAll(leasing))) signals?.notify(word);
  if (word === "work" || signals === null || isSequencer) turns.look(word);
}

/** Looks for what another process gave word of. */
export function hear({ leasing, turns }: EngineContext, word: SignalWord): void {
  if (word === "positioned") turns.look("log");
  else if (word === "work" || leasing.sequencer !== null) turns.look(word);
}
