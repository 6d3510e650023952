import type { WireCatalog } from "../contracts/wire-contract.ts";
import type { SubscriberStore } from "../seams/store.ts";
import type { ReplayParts } from "../subscribers/replay.ts";
import type { Subscriptions } from "../subscribers/subscriptions.ts";
import type { PollParts } from "./poll-events.ts";

/** Who calls a method, once it was authenticated. */
export interface McpCaller {
  readonly tenant: string;
  /** A contract of the catalog. Left out: the catalog's first. */
  readonly contract?: string | undefined;
  /** Whom subscriptions are of: the same on every call, such as the user's id. Left out: the tenant's own. */
  readonly subscriber?: string;
  /** Stands in the facts about subscriptions. Left out: the subscriber. */
  readonly actorId?: string;
  /** What it may do beside listing. */
  readonly may: readonly ("poll" | "subscribe")[];
}

export interface McpEventsParts extends PollParts {
  readonly catalog: WireCatalog;
  readonly feeds: PollParts["feeds"] & ReplayParts["feeds"];
  readonly subscribers: Pick<SubscriberStore, "settledUpTo" | "replay">;
  readonly wake: () => void;
  readonly subscriptions: Subscriptions;
}
