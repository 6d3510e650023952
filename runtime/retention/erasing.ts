import { factsContract } from "../contracts/contract-of.ts";
import { findEvent } from "../endpoints/event-deliveries.ts";
import type { RenderFact } from "../events.ts";
import { HookwrightError } from "../errors.ts";
import type { Erased, Store } from "../seams/store.ts";

/** Erases the payload of one event, as a person may ask for whom it is about. */
export interface Erasing {
  /** Throws `not_found`, and `invalid_request` for Hookwright's own facts, which say who gets what. A repeat changes nothing. */
  readonly erase: (of: { readonly tenant: string; readonly id: string; readonly actorId: string }) => Promise<Erased>;
}

export interface ErasingParts {
  readonly store: Pick<Store, "feeds" | "events">;
  readonly renderFact: RenderFact;
  /** Called after the fact was appended. */
  readonly wake: () => void;
}

export function createErasing({ store, renderFact, wake }: ErasingParts): Erasing {
  return {
    erase: async ({ actorId, ...of }) => {
      const { contract } = await findEvent(store, of);
      if (contract === factsContract) throw isFact(of.id);
      const erased = await store.events.erase(of, ({ id: eventId, type: eventType, droppedCount }) => {
        const data = { eventId, contract, eventType, droppedCount, actorId };
        return renderFact({ type: "event.erased", tenant: of.tenant, data });
      });
      if (erased === null)
        throw new HookwrightError("not_found", `There is no event ${JSON.stringify(of.id)} any more.`);
      if (erased.outcome === "erased") wake();
      return erased;
    },
  };
}

function isFact(id: string): HookwrightError {
  const message = `id: expected an event of the product, got ${JSON.stringify(id)}, one of Hookwright's own, which say who gets what; retention drops it.`;
  return new HookwrightError("invalid_request", message, { path: "id" });
}
