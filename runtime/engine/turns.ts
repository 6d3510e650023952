import type { Logger } from "pino";
import type { Clock } from "../seams/clock.ts";

/**
 * What a turn asks the database: for new events, for deliveries that are due, or neither. What is due is claimed, or for
 * want of any word of it, which is most of the time for nothing, only asked when that will be.
 */
export interface Look {
  readonly log: boolean;
  readonly due: "claim" | "ask when" | "no";
}

/** What there was word of. Of events that are `uncommitted` the commit is still to come: one look is not enough. */
export type Word = "log" | "work" | "uncommitted";

/** When turns are taken, and that there is one at a time. */
export interface Turns {
  /** From here on turns are taken; the first one looks at everything. */
  readonly start: () => void;
  /** Takes no further turn. Resolves once the turn under way has ended. */
  readonly stop: () => Promise<void>;
  /** Goes on with what is known, without a look at the database. */
  readonly takeTurn: () => void;
  /** Looks at the database: there was word of something new. */
  readonly look: (at: Word) => void;
  /** Takes a turn that looks for what is due at this time, or earlier if one is to be taken earlier. */
  readonly lookForDueAt: (at: number) => void;
  /** Whether no turn is under way or about to be taken. */
  readonly areDone: () => boolean;
}

export interface TurnsParts {
  readonly clock: Clock;
  readonly log: Pick<Logger, "error">;
  /** Takes one turn, and gives how many new events the log had. */
  readonly run: (look: Look) => Promise<number>;
  /** Whether deliveries are under way: others of their endpoints may become due meanwhile, of which there is no word. */
  readonly isBusy: () => boolean;
  /** Called when no further turn is to be taken at once. */
  readonly ended: () => void;
}

/** Backstop for word that never comes: a commit long after its emit, a notification that was lost. */
const backstopMs = 250;
/** Once nothing came for so long, it is less often: each look costs 2 ms of a core, and most installations rest at night. */
const quietAfterMs = 10_000;
const quietBackstopMs = 1000;
/** After word of an open transaction: its commit usually follows within milliseconds. */
const uncommittedAfterMs = [3, 10, 25, 60, 120, 200];
const nothing: Look = { log: false, due: "no" };
const everything: Look = { log: true, due: "claim" };

/**
 * A look that found events is followed by the next one after as many milliseconds, up to so many: a look for each event
 * would cost more than the event. At 3,000 events a second with 8 in place of 4 each event costs a fifth less; a single
 * one now and then waits a millisecond at most.
 */
const busyDistanceMaxMs = 8;

export function createTurns({ clock, log, run, isBusy, ended }: TurnsParts): Turns {
  let isRunning = false;
  let isWanted = false;
  let turn: Promise<void> | null = null;
  let wanted: Look = nothing;
  let lookAt = Infinity;
  let lookedAt = -Infinity;
  /** When there last was word of something, or something was found. */
  let busyAt = -Infinity;
  let dueAt = Infinity;
  /** Events that the last look found. */
  let foundCount = 0;
  let followUps: number[] = [];
  let cancelTimer = (): void => undefined;
  let timerAt = Infinity;

  function takeTurn(): void {
    isWanted = true;
    if (turn === null && isRunning) turn = takeTurns();
  }

  async function takeTurns(): Promise<void> {
    while (isWanted && isRunning) {
      isWanted = false;
      await takeOne(nextLook());
    }
    turn = null;
    arm();
    ended();
  }

  async function takeOne(look: Look): Promise<void> {
    try {
      const found = await run(look);
      if (look.log) foundCount = found;
      if (found > 0) busyAt = clock.now();
    } catch (error) {
      log.error({ err: error }, "The database did not answer; trying again.");
      wanted = everything;
      // Not at once: the database may need a moment.
      lookAt = Math.max(clock.now(), lookedAt) + backstopMs;
    }
  }

  /** Takes what is to be looked for now. Before the queries: word that comes while they run is of what they do not see. */
  function nextLook(): Look {
    const now = clock.now();
    if (dueAt <= now) {
      wanted = { ...wanted, due: "claim" };
      lookAt = Math.min(lookAt, now);
    }
    if (lookAt > now) return nothing;
    const look = wanted;
    wanted = nothing;
    lookAt = Infinity;
    if (look.due !== "no") dueAt = Infinity;
    if (look.log) lookedAt = now;
    return look;
  }

  function lookSoon({ log, due }: Look, at: number): void {
    wanted = { log: wanted.log || log, due: wanted.due === "claim" || due === "no" ? wanted.due : due };
    lookAt = Math.min(lookAt, at);
    if (lookAt <= clock.now()) takeTurn();
    else arm();
  }

  function backstopAt(now: number): number {
    return lookedAt + (now - busyAt < quietAfterMs || isBusy() ? backstopMs : quietBackstopMs);
  }

  function arm(): void {
    if (!isRunning || turn !== null) return;
    const at = Math.min(lookAt, dueAt, backstopAt(clock.now()), followUps[0] ?? Infinity);
    // A timer that fires early arms itself again; to replace it each time would cost more.
    if (timerAt <= at) return;
    cancelTimer();
    timerAt = at;
    cancelTimer = clock.after(Math.max(at - clock.now(), 0), fire);
  }

  function fire(): void {
    timerAt = Infinity;
    const now = clock.now();
    const isFollowUp = (followUps[0] ?? Infinity) <= now;
    followUps = followUps.filter((at) => at > now);
    if (backstopAt(now) <= now) lookSoon({ log: true, due: "ask when" }, now);
    else if (isFollowUp) lookSoon({ log: true, due: "no" }, now);
    else if (Math.min(lookAt, dueAt) <= now) takeTurn();
    else arm();
  }

  return {
    start: () => {
      isRunning = true;
      busyAt = clock.now();
      lookSoon(everything, busyAt);
    },
    stop: async () => {
      isRunning = false;
      cancelTimer();
      await turn;
    },
    takeTurn,
    look: (at) => {
      const now = clock.now();
      busyAt = now;
      if (at === "uncommitted") followUps = uncommittedAfterMs.map((ms) => now + ms);
      const earliest = Math.max(now, lookedAt + Math.min(foundCount, busyDistanceMaxMs));
      if (at === "work") lookSoon(everything, now);
      else lookSoon({ log: true, due: "no" }, earliest);
    },
    lookForDueAt: (at) => {
      if (at >= dueAt) return;
      dueAt = at;
      arm();
    },
    areDone: () => turn === null && !isWanted && !wanted.log && wanted.due === "no" && dueAt > clock.now(),
  };
}
