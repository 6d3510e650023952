import type { CommitCut } from "./proxy.ts";
import { shuffled, type SeededRandom } from "./random.ts";

/** What is done to a run, by the name of the place it is done to. */
export type Fault =
  | { readonly kind: "kill"; readonly place: string }
  | { readonly kind: "pause"; readonly place: string; readonly ms: number }
  /** As soon as a batch has come to its receiver. */
  | { readonly kind: "pause while streaming"; readonly place: string; readonly ms: number }
  /** Somebody else's transaction writes and stays open for so long, on its connection or prepared. */
  | { readonly kind: "stranger"; readonly how: "open" | "prepared"; readonly ms: number }
  | { readonly kind: "cut"; readonly place: string }
  | { readonly kind: "cut commit"; readonly place: string; readonly how: CommitCut }
  | { readonly kind: "crash" };

/** A fault, and for how long all was well before it. */
export interface PlannedFault {
  readonly fault: Fault;
  readonly afterMs: number;
}

export interface FaultCounts {
  readonly workerKills: number;
  readonly emitterKills: number;
  readonly pauses: number;
  readonly streamPauses: number;
  readonly strangers: number;
  readonly cuts: number;
  readonly commitCuts: number;
  readonly crashes: number;
}

export interface PlanOptions {
  readonly counts: FaultCounts;
  readonly workers: readonly string[];
  readonly emitters: readonly string[];
  readonly leaseMs: number;
  /** The longest wait between two faults. */
  readonly afterMsMax: number;
}

/** As long as some thirty faults. */
const strangerMsMax = 10_000;

/** All faults of a run in the order in which they come; the same for the same seed. */
export function planFaults(random: SeededRandom, options: PlanOptions): readonly PlannedFault[] {
  const { counts, leaseMs, afterMsMax } = options;
  // In turn, so that who was killed is back when its turn comes again.
  const workers = inTurn(options.workers);
  const emitters = inTurn(options.emitters);
  const places = [...options.workers, ...options.emitters];
  // Longer than the lease: what was begun before is fenced off after.
  const pastLease = () => leaseMs * (1.2 + random.next());
  const makers: readonly [number, () => Fault][] = [
    [counts.workerKills, () => ({ kind: "kill", place: workers() })],
    [counts.emitterKills, () => ({ kind: "kill", place: emitters() })],
    [counts.pauses, () => pauseOf("pause", workers(), pastLease())],
    [counts.streamPauses, () => pauseOf("pause while streaming", workers(), pastLease())],
    [
      counts.strangers,
      () => ({ kind: "stranger", how: random.pick(["open", "prepared"]), ms: random.below(strangerMsMax) }),
    ],
    [counts.cuts, () => ({ kind: "cut", place: random.pick(places) })],
    [counts.commitCuts, () => cutCommitOf(random, random.pick(places))],
    [counts.crashes, () => ({ kind: "crash" })],
  ];
  const all = makers.flatMap(([count, make]) => Array.from({ length: count }, () => make));
  return shuffled(all, random).map((make) => ({ fault: make(), afterMs: random.below(afterMsMax) }));
}

function inTurn(names: readonly string[]): () => string {
  let next = 0;
  return () => names[(next += 1) % names.length] ?? "";
}

function pauseOf(kind: "pause" | "pause while streaming", place: string, ms: number): Fault {
  return { kind, place, ms: Math.round(ms) };
}

function cutCommitOf(random: SeededRandom, place: string): Fault {
  return { kind: "cut commit", place, how: random.pick(["withheld", "answered", "raced"]) };
}
