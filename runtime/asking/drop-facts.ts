import { systemActor } from "../actor.ts";
import type { Action } from "../seams/action-store.ts";
import type { NewEvent } from "../seams/log-store.ts";
import type { Fact, RenderFact } from "../events.ts";
import type { Drop } from "./overrides.ts";

/** A receiver may name thousands: a fact has the first of them, and their number. */
const droppedMax = 50;
const droppedLengthMax = 100;

interface Dropped {
  readonly action: Action;
  readonly invocationId: string;
  readonly drops: readonly Drop[];
}

/** The events that say what of an answer was dropped (R-AUTHIO-31, F-AUTHIO-08). What is reserved is dropped without a word. */
export function dropFacts(renderFact: RenderFact, { action, invocationId, drops }: Dropped): readonly NewEvent[] {
  return drops.flatMap((drop) => {
    const { member } = drop;
    const common = { actionId: action.id, contract: action.contract, invocationId, member, actorId: systemActor };
    const { type, data } = factOf(drop);
    const idempotencyKey = `${invocationId}:${member}`;
    return renderFact({ type, tenant: action.tenant, data: { ...common, ...data }, idempotencyKey });
  });
}

function factOf(drop: Drop): Pick<Fact, "type"> & { readonly data: object } {
  switch (drop.why) {
    case "disabled":
      return { type: "action.override_disabled_dropped", data: { setting: drop.setting } };
    case "unknown": {
      const dropped = drop.dropped.slice(0, droppedMax).map((each) => each.slice(0, droppedLengthMax).toWellFormed());
      const data = { dropped, droppedCount: drop.dropped.length };
      return { type: "action.override_unknown_roles_dropped", data };
    }
  }
}
