import type { Logger } from "pino";
import type { Contract } from "../../catalog/contract.ts";
import type { WireCatalog, WireContract } from "../contracts/wire-contract.ts";
import type { RenderFact } from "../events.ts";
import type { Clock } from "../seams/clock.ts";
import type { Endpoint } from "../seams/log-store.ts";
import type { SubscriberStore } from "../seams/store.ts";

/** Ends subscriptions that nobody renewed. */
export interface Expiring {
  /** Looks from then on; where no contract of the catalog takes subscribers it does nothing. */
  readonly start: () => void;
  /** Begins no look any more, and waits for the one under way. */
  readonly stop: () => Promise<void>;
}

export interface ExpiringParts {
  readonly catalog: WireCatalog;
  readonly store: Pick<SubscriberStore, "expired" | "removeExpired">;
  readonly clock: Clock;
  readonly renderFact: RenderFact;
  /** Called after one was removed. */
  readonly changed: (endpoint: Endpoint) => void;
  readonly log: Pick<Logger, "error">;
}

/** A subscription gets deliveries for so long after its end at most. */
const lookMs = 5000;
/** Each is a transaction of its own; what is left is for the next look. */
const perLookMax = 200;

/**
 * Every process looks, and one that finds a subscription ended removes it, as its owner would: `endpoint.deleted`, and what
 * is pending is dropped. A renewal at the same time wins. The fact names no actor, as nobody did it.
 */
export function createExpiring({ catalog, store, clock, renderFact, changed, log }: ExpiringParts): Expiring {
  let cancel: () => void = () => {};
  let looking: Promise<void> = Promise.resolve();
  let isStopped = false;

  async function remove({ tenant, id }: Endpoint): Promise<void> {
    let removed: Endpoint | null = null;
    await store.removeExpired({ tenant, id, at: clock.now() }, (endpoint) => {
      removed = endpoint;
      const data = { endpointId: id, contract: endpoint.contract };
      return renderFact({ type: "endpoint.deleted", tenant, data });
    });
    if (removed !== null) changed(removed);
  }

  async function look(): Promise<void> {
    try {
      for (const endpoint of await store.expired({ now: clock.now(), limit: perLookMax })) {
        if (isStopped) return;
        await remove(endpoint);
      }
    } catch (err) {
      log.error({ err }, "Subscriptions that have ended were not removed; trying again.");
    }
  }

  function lookLater(): void {
    if (isStopped) return;
    cancel = clock.after(lookMs, () => {
      looking = look().finally(lookLater);
    });
  }

  return {
    start: () => {
      if (Object.values(catalog).some(takesSubscribers)) lookLater();
    },
    stop: async () => {
      isStopped = true;
      cancel();
      await looking;
    },
  };
}

function takesSubscribers({ declaration }: WireContract<Contract>): boolean {
  return declaration.mode === "push" && declaration.subscribers !== undefined;
}
