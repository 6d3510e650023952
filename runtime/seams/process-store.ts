/** A process that serves, as the others see it. */
export interface LiveProcess {
  /** Unique to this run of it. */
  readonly id: string;
  readonly host: string;
  readonly pid: number;
  /** Ids of the keys of its ring. The first one seals, all of them open. */
  readonly keyIds: readonly string[];
}

/**
 * For so long a process counts as live after it was last seen: it says three times as often that it is there. One that
 * died without a word is forgotten after it.
 */
export const liveForMs = 30_000;

/** The processes on a database, by that database's time. */
export interface ProcessStore {
  /** Notes that a process is there, forgets those that are not any more, and gives the other live ones. */
  readonly seen: (process: LiveProcess) => Promise<readonly LiveProcess[]>;
  /** All live ones, by host and pid. */
  readonly live: () => Promise<readonly LiveProcess[]>;
  /** Forgets one that ends. */
  readonly leave: (id: string) => Promise<void>;
}
