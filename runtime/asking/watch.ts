import type { ActionContract } from "../../catalog/contract.ts";
import { systemActor } from "../actor.ts";
import type { Action } from "../seams/action-store.ts";
import type { AskParts } from "./parts.ts";
import { count, newTally, type Asked, type Tally } from "./kill-switch.ts";

/** The kill switch of all actions that this process asks. */
export interface Watch {
  /** Whether it was killed: by any process, or by this one a moment ago. */
  readonly isKilled: (action: Action) => boolean;
  readonly note: (action: Action, declaration: ActionContract, asked: Asked) => void;
  /** Resolves when what was killed stands in the database. */
  readonly written: () => Promise<void>;
}

/** Tallies of actions; forgotten all at once, which costs them at most what they counted. */
const talliesMax = 10_000;

/**
 * Counts are this process's alone; what they come to is shared through the database (F-AUTHIO-11), with the fact that
 * says so, behind the question's back.
 */
export function createWatch(parts: AskParts, changed: (tenant: string) => void): Watch {
  const tallies = new Map<string, Tally>();
  const writes = new Map<string, Promise<void>>();

  function tallyOf({ id, countedSince }: Action): Tally {
    const known = tallies.get(id);
    if (known !== undefined && known.since >= countedSince) return known;
    if (tallies.size >= talliesMax) tallies.clear();
    const tally = newTally(countedSince);
    tallies.set(id, tally);
    return tally;
  }

  async function kill(action: Action, reason: NonNullable<Tally["reason"]>): Promise<void> {
    const { tenant, id, contract, trigger, countedSince } = action;
    const data = { actionId: id, contract, trigger, actorId: systemActor, killedReason: reason };
    try {
      const facts = parts.renderFact({ type: "action.killed", tenant, data });
      if (await parts.store.kill({ tenant, id, countedSince, at: parts.clock.now(), reason }, facts)) {
        parts.killed(contract, reason);
        parts.wake();
        parts.told(facts);
      }
      changed(tenant);
    } catch (error) {
      parts.log.error({ err: error, actionId: id }, "An action that was killed could not be marked; trying again.");
    } finally {
      writes.delete(id);
    }
  }

  function share(action: Action, reason: NonNullable<Tally["reason"]>): void {
    if (!writes.has(action.id)) writes.set(action.id, kill(action, reason));
  }

  return {
    isKilled: (action) => {
      if (action.killedAt !== null) return true;
      const { reason } = tallyOf(action);
      // Until the database says so too: the write may have failed.
      if (reason !== null) share(action, reason);
      return reason !== null;
    },
    note: (action, declaration, asked) => {
      const reason = count(tallyOf(action), declaration.killSwitch, asked);
      if (reason !== null) share(action, reason);
    },
    written: async () => void (await Promise.all(writes.values())),
  };
}
