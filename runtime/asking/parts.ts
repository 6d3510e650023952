import type { KeyObject } from "node:crypto";
import type { Logger } from "pino";
import type { ActionContract, ActionStatus } from "../../catalog/contract.ts";
import type { Action, ActionStore, KillReason } from "../seams/action-store.ts";
import type { Clock } from "../seams/clock.ts";
import type { NewId, Random } from "../contracts/identifier.ts";
import type { WireCatalog } from "../contracts/wire-contract.ts";
import type { RenderFact } from "../events.ts";
import type { Outbound } from "../seams/outbound.ts";
import type { ActionSecrets } from "../secrets/action-secret.ts";
import type { Events } from "../seams/log-store.ts";
import type { Judge } from "./judge.ts";

export interface AskParts {
  readonly store: ActionStore;
  readonly catalog: WireCatalog;
  readonly outbound: Outbound;
  readonly secrets: ActionSecrets;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly random: Random;
  readonly renderFact: RenderFact;
  /** Told after facts were appended. */
  readonly wake: () => void;
  /** Told of every question that is no test, once it is answered; of one to an action that was killed as well. */
  readonly asked: (contract: string, answer: { readonly status: ActionStatus; readonly durationMs: number }) => void;
  /** Told by the process that kills an action, once that is written. */
  readonly killed: (contract: string, reason: KillReason) => void;
  /** Told of actions that were killed. */
  readonly told: (facts: Events) => void;
  readonly log: Pick<Logger, "info" | "warn" | "error">;
}

/** An action and what it takes to ask it. */
export interface ReadyAction {
  readonly action: Action;
  readonly url: URL;
  readonly key: KeyObject;
}

/** What all questions of a contract have in common. */
export interface Asking {
  readonly declaration: ActionContract;
  readonly judge: Judge;
}
