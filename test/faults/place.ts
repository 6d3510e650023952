import { startProcess, type ProcessOptions, type TestProcess } from "./process.ts";

/** A place in which one process after the other does the same work: one that ends is followed by the next. */
export interface Place {
  readonly name: string;
  /** The process that has started and is not paused, when there is one. */
  readonly working: () => Promise<TestProcess>;
  /** Ends it without warning. */
  readonly kill: () => Promise<void>;
  /** Stops it, and lets it go on after so long; does not wait for that. */
  readonly pause: (ms: number) => Promise<void>;
  /** Ends it properly, with no successor. */
  readonly stop: () => Promise<void>;
  /** Ends what is left, whatever state it is in. */
  readonly end: () => Promise<void>;
  /** Ends that nobody asked for, of processes that had started. */
  readonly unaskedEnds: readonly string[];
}

const againAfterMs = 100;

export function openPlace(name: string, optionsOf: (start: number) => ProcessOptions): Place {
  const unaskedEnds: string[] = [];
  const asked = new Set<TestProcess>();
  let pause: Pause | null = null;
  let isOpen = true;
  let starts = 0;
  let current = start();

  function start(): TestProcess {
    const started = startProcess(optionsOf((starts += 1)));
    void started.ended.then((how) => follow(started, how));
    return started;
  }

  function follow(ended: TestProcess, how: number | string): void {
    // One that could not start, as when there is no server to connect to, is only started again.
    if (!asked.has(ended) && ended.lines.length > 0) unaskedEnds.push(`${name} ended by itself with ${how}`);
    if (!isOpen) return;
    if (asked.has(ended)) current = start();
    else setTimeout(() => isOpen && (current = start()), againAfterMs);
  }

  async function working(): Promise<TestProcess> {
    for (;;) {
      const tried = current;
      const isStarted = await tried.said("started").then(
        () => true,
        () => false,
      );
      await pause?.over;
      if (isStarted && tried === current) return tried;
      await new Promise((resolve) => setTimeout(resolve, againAfterMs));
    }
  }

  async function finish(signal: NodeJS.Signals): Promise<number | NodeJS.Signals> {
    isOpen = false;
    pause?.end();
    asked.add(current);
    current.child.kill(signal);
    return current.ended;
  }

  return {
    name,
    working,
    kill: async () => {
      const doomed = await working();
      asked.add(doomed);
      doomed.child.kill("SIGKILL");
      await doomed.ended;
    },
    pause: async (ms) => {
      const { child } = await working();
      child.kill("SIGSTOP");
      pause = startPause(ms, () => child.kill("SIGCONT"));
    },
    stop: async () => {
      await working();
      const how = await finish("SIGTERM");
      if (how !== 0) unaskedEnds.push(`${name} ended with ${how} when it was asked to stop`);
    },
    end: async () => void (await finish("SIGKILL")),
    unaskedEnds,
  };
}

interface Pause {
  readonly over: Promise<void>;
  readonly end: () => void;
}

function startPause(ms: number, goOn: () => void): Pause {
  const { promise: over, resolve } = Promise.withResolvers<void>();
  const end = () => {
    clearTimeout(timer);
    goOn();
    resolve();
  };
  const timer = setTimeout(end, ms);
  return { over, end };
}
