import { factsContract } from "../../contracts/contract-of.ts";
import { deliveryId } from "../../contracts/delivery-id.ts";
import type { RenderEvent } from "../../events.ts";
import type { Attempt, NewEvent } from "../../seams/log-store.ts";
import type { Task } from "../send/task.ts";
import type { Concluded } from "./window.ts";

interface Ended {
  readonly task: Task;
  readonly attempt: Attempt;
}

/** What tells that a delivery ended without having been accepted, by the result of its last attempt. */
const typeOf = {
  delivered: null,
  retry: null,
  rejected: "delivery.rejected",
  exhausted: "delivery.exhausted",
} as const satisfies Record<Attempt["result"], string | null>;

/**
 * The events for deliveries that end with this settlement and were not accepted. They are bounded: one for each endpoint
 * and each way to end, whatever the number of deliveries, and none for deliveries of our own events, which would tell
 * of themselves without end. The first delivery's id is in the key, so a settlement written again appends none.
 */
export function endedEvents(concluded: readonly Concluded<Task>[], renderFact: RenderEvent): readonly NewEvent[] {
  const groups = new Map<string, Ended[]>();
  for (const { task, conclusion } of concluded) {
    const { attempt } = conclusion;
    if (attempt === null || typeOf[attempt.result] === null || task.event.contract === factsContract) continue;
    const key = `${attempt.endpointKey} ${attempt.result}`;
    const group = groups.get(key) ?? [];
    groups.set(key, group);
    group.push({ task, attempt });
  }
  return [...groups.values()].flatMap((group) => eventsOf(group, renderFact));
}

function eventsOf(group: readonly Ended[], renderFact: RenderEvent): readonly NewEvent[] {
  const [first] = group;
  const type = first === undefined ? null : typeOf[first.attempt.result];
  if (first === undefined || type === null) return [];
  const { task, attempt } = first;
  const { endpoint, contract } = task.state;
  const { prefix } = contract.declaration.ids.delivery;
  const id = deliveryId({ prefix, eventId: task.event.id, endpointId: endpoint.id, run: task.run });
  return renderFact(factsContract, type, {
    tenant: endpoint.tenant,
    idempotencyKey: `${type} ${id}`,
    data: {
      endpointId: endpoint.id,
      contract: endpoint.contract,
      deliveryCount: group.length,
      deliveryId: id,
      eventId: task.event.id,
      eventType: task.event.type,
      attemptCount: attempt.number,
      lastStatus: attempt.status,
      error: attempt.error,
    },
  });
}
