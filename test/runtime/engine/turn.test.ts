import { expect, test } from "vitest";
import type { EngineContext } from "../../../runtime/engine/context.ts";
import { hear, wake } from "../../../runtime/engine/turn.ts";
import type { Word } from "../../../runtime/engine/turns.ts";
import type { SignalWord } from "../../../runtime/seams/signals.ts";

interface Place {
  readonly isSequencer: boolean;
  /** Of two. */
  readonly shards: number;
  readonly phase?: "new" | "running" | "stopping";
}

/** What a process tells the others, and what it looks at itself. */
function told({ isSequencer, shards, phase = "running" }: Place, give: (context: EngineContext) => void) {
  const notified: SignalWord[] = [];
  const looked: Word[] = [];
  give({
    lifecycle: { phase },
    leasing: { sequencer: isSequencer ? { owner: "one", epoch: 1 } : null, shards: { size: shards }, shardCount: 2 },
    turns: { look: (word: Word) => looked.push(word) },
    parts: { store: { signals: { notify: (word: SignalWord) => notified.push(word) } } },
  } as never);
  return { notified, looked };
}

test.each<[Word, Place, { notified: readonly SignalWord[]; looked: readonly Word[] }]>([
  ["log", { isSequencer: true, shards: 1 }, { notified: [], looked: ["log"] }],
  ["uncommitted", { isSequencer: true, shards: 1 }, { notified: [], looked: ["uncommitted"] }],
  ["log", { isSequencer: false, shards: 1 }, { notified: ["log"], looked: [] }],
  ["uncommitted", { isSequencer: false, shards: 0 }, { notified: ["uncommitted"], looked: [] }],
  ["work", { isSequencer: true, shards: 2 }, { notified: [], looked: ["work"] }],
  ["work", { isSequencer: true, shards: 1 }, { notified: ["work"], looked: ["work"] }],
  ["work", { isSequencer: false, shards: 1 }, { notified: ["work"], looked: ["work"] }],
  // Its turns have ended, or have not begun: somebody else gives the positions.
  ["log", { isSequencer: true, shards: 2, phase: "stopping" }, { notified: ["log"], looked: [] }],
  ["log", { isSequencer: false, shards: 0, phase: "new" }, { notified: ["log"], looked: [] }],
])("of %s in a process with %o others are told, and it looks itself, as far as it helps", (word, place, expected) => {
  expect(told(place, (context) => wake(context, word))).toEqual(expected);
});

test.each<[SignalWord, boolean, readonly Word[]]>([
  ["log", true, ["log"]],
  ["uncommitted", true, ["uncommitted"]],
  ["log", false, []],
  ["uncommitted", false, []],
  ["positioned", false, ["log"]],
  ["work", false, ["work"]],
])("word of %s, sequencer: %s, is followed by looks at %j", (word, isSequencer, looked) => {
  expect(told({ isSequencer, shards: 1 }, (context) => hear(context, word)).looked).toEqual(looked);
});
