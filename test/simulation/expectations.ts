import type { StoredEvent } from "../../runtime/seams/log-store.ts";

/** Who should get what, worked out from the log alone and apart from the engine. */
export interface Expectations {
  /** The ids of the endpoints that are to get the event at this position. */
  readonly at: (position: number) => readonly string[];
  /** What the facts of the whole log say an endpoint is now. */
  readonly stateOf: (endpointId: string) => Subscription | undefined;
}

export interface Subscription {
  readonly tenant: string;
  readonly contract: string;
  readonly url: string;
  readonly events: readonly string[];
  readonly enabled: boolean;
  readonly deleted: boolean;
}

export function createExpectations(log: readonly StoredEvent[]): Expectations {
  const subscriptions = new Map<string, Subscription>();
  const receivers: (readonly string[])[] = [];

  /** As far as the log has been read: an event is matched before what comes after it is known. */
  function readOn(): void {
    for (const event of log.slice(receivers.length)) {
      receivers.push(receiversOf(subscriptions, event));
      if (event.contract === "hookwright") learn(subscriptions, event);
    }
  }

  return {
    at: (position) => {
      readOn();
      return receivers[position - 1] ?? [];
    },
    stateOf: (endpointId) => {
      readOn();
      return subscriptions.get(endpointId);
    },
  };
}

function receiversOf(subscriptions: ReadonlyMap<string, Subscription>, event: StoredEvent): readonly string[] {
  return [...subscriptions]
    .filter(([, of]) => of.tenant === event.tenant && of.contract === event.contract && of.enabled && !of.deleted)
    .filter(([, of]) => of.events.includes("*") || of.events.includes(event.type))
    .map(([id]) => id)
    .filter((id) => !announces(event, id));
}

const announced = ["created", "updated", "deleted"].map((verb) => `webhook_endpoints.${verb}`);

/** An endpoint is not sent what its owner has just done to it. */
function announces({ type, body }: StoredEvent, endpointId: string): boolean {
  if (type !== "admin_action.recorded") return false;
  const { action, targetId } = JSON.parse(body).data;
  return targetId === endpointId && announced.includes(action);
}

function learn(subscriptions: Map<string, Subscription>, { tenant, type, body }: StoredEvent): void {
  const { endpointId, contract, url, events, enabled } = JSON.parse(body).data;
  const before = subscriptions.get(endpointId);
  if (type === "endpoint.created" || type === "endpoint.updated") {
    subscriptions.set(endpointId, { tenant, contract, url, events, enabled, deleted: before?.deleted ?? false });
  }
  if (before === undefined) return;
  if (type === "endpoint.disabled") subscriptions.set(endpointId, { ...before, enabled: false });
  if (type === "endpoint.deleted") subscriptions.set(endpointId, { ...before, deleted: true });
}
