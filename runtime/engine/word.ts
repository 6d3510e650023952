import type { SignalWord } from "../seams/signals.ts";
import type { EngineContext } from "./context.ts";
import { holdsAll } from "./shard/leasing.ts";
import type { Word } from "./turns.ts";

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
