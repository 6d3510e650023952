import type { Events, NewEvent } from "./log-store.ts";

/** What the owner of an action decides. */
export interface ActionSettings {
  readonly url: string;
  /** One deadline for the whole exchange. */
  readonly timeoutMs: number;
  /** What holds when there is no verdict: `open` lets it go on, `closed` stops it. */
  readonly failMode: "open" | "closed";
  readonly enabled: boolean;
}

/** What of an action's signing secret the database has. */
export interface ActionSecret {
  /** Null: the secret is held in memory (R-AUTHIO-37). */
  readonly sealedSecret: string | null;
  /** The sealed form of one that is held in memory, for the other processes. Null: it is not, or there is none for them. */
  readonly sharedSecret: string | null;
  /**
   * SHA-256 of the secret in hexadecimal digits: what people may see again of one that is kept sealed (R-AUTHIO-36). Of
   * one that was held in memory and is gone it signs, and is shown to nobody.
   */
  readonly secretHash: string;
}

/** A secret that is held in memory, sealed for the other processes. */
export interface SharedSecret extends Pick<ActionSecret, "sharedSecret" | "secretHash"> {
  readonly tenant: string;
  readonly id: string;
}

/** Which limit of the kill switch was passed. */
export type KillReason = "error_rate" | "timeout_rate" | "consecutive_5xx";

/** What the kill switch says of an action. */
export interface KillState {
  /** Null unless it was killed. */
  readonly killedAt: number | null;
  readonly killedReason: KillReason | null;
  /** Since when its questions are counted: it was made, or enabled again after a kill. */
  readonly countedSince: number;
}

/** An action as it is now. */
export interface Action extends ActionSettings, ActionSecret, KillState {
  readonly id: string;
  readonly contract: string;
  readonly tenant: string;
  readonly trigger: string;
  readonly secretStorage: "sealed" | "memory";
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** One question, as it is kept. */
export interface Invocation {
  readonly id: string;
  readonly actionId: string;
  readonly trigger: string;
  /** The contract's word. */
  readonly status: string;
  readonly durationMs: number;
  readonly httpStatus: number | null;
  readonly error: string | null;
  /** In hexadecimal digits. Null when there was no body, or more of it than is read. */
  readonly responseSha256: string | null;
  readonly isOverride: boolean;
  readonly denyCode: string | null;
  readonly denyReason: string | null;
  readonly isTest: boolean;
  readonly createdAt: number;
}

export type ActionChange = Partial<ActionSettings & ActionSecret & KillState>;

/** How many invocations these actions keep. */
export interface Kept {
  readonly actionIds: readonly string[];
  readonly keepMax: number;
}

/** How many actions may be enabled at one trigger. Null: any number. */
type ActiveMax = number | null;

/**
 * Actions and what they were asked. Each change is written together with the event that says so. What makes one action
 * too many active throws `limit_reached`, and nothing is written.
 */
export interface ActionStore {
  readonly create: (action: Action, rule: { activeMax: ActiveMax; facts: Events }) => Promise<void>;
  /** In order of creation. */
  readonly list: (of: { tenant: string; contract: string }) => Promise<readonly Action[]>;
  readonly get: (of: { tenant: string; id: string }) => Promise<Action | null>;
  /** Those that are enabled at a trigger, killed ones among them, in order of creation. */
  readonly asked: (of: { tenant: string; contract: string; trigger: string }) => Promise<readonly Action[]>;
  /** Null when there is no such action. `facts` are made from the action as it is after the change. */
  readonly change: (
    of: { tenant: string; id: string; at: number },
    change: ActionChange,
    rule: { activeMax: ActiveMax; facts: (after: Action) => Events },
  ) => Promise<Action | null>;
  /** False when it is killed already, was enabled again since `countedSince`, or is gone. */
  readonly kill: (
    of: Pick<Action, "tenant" | "id" | "countedSince"> & { at: number; reason: KillReason },
    facts: Events,
  ) => Promise<boolean>;
  /** Writes down the sealed forms of secrets that are held in memory, where they are still those of their actions. */
  readonly share: (secrets: readonly SharedSecret[]) => Promise<void>;
  /** Forgets what `share` wrote, of all actions. */
  readonly unshare: () => Promise<void>;
  /** With its invocations. False when there is no such action. */
  readonly remove: (of: { tenant: string; id: string }, facts: (before: Action) => Events) => Promise<boolean>;
  /**
   * Appends invocations of actions that still are, and events, and drops all but the newest invocations of the actions in
   * `kept`: all of it or none. A repeat appends nothing.
   */
  readonly record: (of: {
    readonly invocations: readonly Invocation[];
    readonly events: readonly NewEvent[];
    readonly kept: readonly Kept[];
  }) => Promise<void>;
  /** Newest first. */
  readonly invocations: (of: { actionId: string; limit: number }) => Promise<readonly Invocation[]>;
}
