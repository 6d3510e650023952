import { createHash } from "node:crypto";
import type { SeededRandom } from "../faults/random.ts";

/** A simulated process. What is to happen in one that is paused waits until it wakes; in a dead one it never does. */
export interface Host {
  readonly name: string;
  state: "running" | "paused" | "dead";
  /** Came up while it was paused. */
  readonly stalled: Job[];
}

/** A callback, and when it may run. */
export interface Job {
  /** Where it runs. Null: outside of every process, such as in the database. */
  readonly host: Host | null;
  /** `work` is under way; a `timer` was set by a process; a `plan` is the world's own, at its fixed time. */
  readonly kind: "work" | "timer" | "plan";
  /** What the trace calls it. */
  readonly label: string;
  at: number;
  readonly run: () => void;
  isCancelled: boolean;
}

/**
 * Everything asynchronous in a simulated world is a job here, and one job runs at a time, until all promises it led to
 * have been followed. Which of those that are ready comes next is chance, by the seed; time moves on only when none is.
 */
export interface Scheduler {
  readonly random: SeededRandom;
  readonly now: () => number;
  /** Runs the job once, `afterMs` from now at the earliest; the answer cancels it. */
  readonly after: (job: Pick<Job, "host" | "kind" | "label" | "run"> & { readonly afterMs: number }) => () => void;
  readonly wake: (host: Host) => void;
  /** Whether nothing is under way: time has to move on before a job can run, and that job is a timer or a plan. */
  readonly isQuiet: () => boolean;
  /** Runs the next job, moving time if it has to. False when there is none at all. */
  readonly step: () => Promise<boolean>;
  /** When the first plan comes up. Null: there is none. */
  readonly nextPlan: () => number | null;
  /** Lets so much time pass in which nothing happens: the timers of running processes keep their distance from now. */
  readonly skip: (ms: number) => void;
  readonly stepCount: () => number;
  /** The hash of all that has happened. */
  readonly traceHash: () => string;
  /** What happened last. */
  readonly recent: () => readonly string[];
}

/** This often the event loop around the simulation gets its turn. */
const stepsPerTurn = 4096;
const recentMax = 400;

export function createScheduler(random: SeededRandom, start: number): Scheduler {
  let time = start;
  let steps = 0;
  let waiting: Job[] = [];
  const ready: Job[] = [];
  const hash = createHash("sha256");
  let recent: string[] = [];

  /** Those whose time has come go to the ready ones. */
  function comeUp(): void {
    const next = nextAt(waiting);
    if (next === null) return;
    time = Math.max(time, next);
    const still: Job[] = [];
    for (const job of waiting) {
      if (job.isCancelled) continue;
      if (job.at <= time) ready.push(job);
      else still.push(job);
    }
    waiting = still;
  }

  function takeReady(): Job | undefined {
    while (ready.length > 0) {
      const index = random.below(ready.length);
      const job = ready[index];
      const last = ready.pop();
      if (last !== undefined && index < ready.length) ready[index] = last;
      if (job === undefined || job.isCancelled || job.host?.state === "dead") continue;
      if (job.host?.state !== "paused") return job;
      job.host.stalled.push(job);
    }
    return undefined;
  }

  function note(job: Job): void {
    recent.push(`${time} ${job.host?.name ?? "-"} ${job.label}`);
    if (recent.length < 2 * recentMax) return;
    hash.update(recent.slice(0, recentMax).join("\n"));
    recent = recent.slice(recentMax);
  }

  return {
    random,
    now: () => time,
    after: ({ afterMs, ...given }) => {
      const job: Job = { ...given, at: time + Math.max(afterMs, 0), isCancelled: false };
      (job.at <= time ? ready : waiting).push(job);
      return () => void (job.isCancelled = true);
    },
    wake: (host) => {
      host.state = "running";
      ready.push(...host.stalled.splice(0));
    },
    isQuiet: () => ready.length === 0 && !waiting.some(isUnderWay),
    step: async () => {
      let job = takeReady();
      while (job === undefined && waiting.length > 0) {
        comeUp();
        job = takeReady();
      }
      if (job === undefined) return false;
      note(job);
      steps += 1;
      job.run();
      await (steps % stepsPerTurn === 0 ? loopTurned() : promisesFollowed());
      return true;
    },
    nextPlan: () => nextAt(waiting.filter((job) => job.kind === "plan")),
    skip: (ms) => {
      time += ms;
      for (const job of waiting) if (job.kind === "timer" && job.host?.state === "running") job.at += ms;
    },
    stepCount: () => steps,
    traceHash: () => hash.copy().update(recent.join("\n")).digest("hex"),
    recent: () => recent.slice(-recentMax),
  };
}

const isUnderWay = (job: Job): boolean =>
  job.kind === "work" && !job.isCancelled && (job.host === null || job.host.state === "running");

function nextAt(jobs: readonly Job[]): number | null {
  let next: number | null = null;
  for (const job of jobs) if (!job.isCancelled && (next === null || job.at < next)) next = job.at;
  return next;
}

/** Node runs `nextTick` callbacks after the queue of promise reactions is empty. */
function promisesFollowed(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve));
}

function loopTurned(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
