import type { DeliveryKey, StoredEvent } from "../../seams/log-store.ts";
import type { EndpointState } from "../endpoints/directory.ts";
import type { LaneTask } from "./lanes.ts";

/** One delivery on its way to one attempt. */
export interface Task extends LaneTask, DeliveryKey {
  /** The shard it belongs to. */
  readonly shard: number;
  readonly event: StoredEvent;
  readonly state: EndpointState;
  /** The number its attempt gets, from 1. */
  readonly number: number;
  /** When it was due, in milliseconds since 1970. */
  readonly dueAt: number;
  /** When it came into the engine, in milliseconds since 1970. */
  readonly since: number;
}

export function createTask(
  given: Pick<Task, "shard" | "lane" | "event" | "state" | "number" | "since" | "dueAt"> & { readonly run: number },
): Task {
  const { event, state } = given;
  const { tenant, position } = event;
  return { ...given, tenant, position, endpointKey: state.endpoint.key, progress: "waiting" };
}

/** A delivery's key as one text, for maps. */
export function keyText({ endpointKey, position, run }: DeliveryKey): string {
  return `${endpointKey}/${position}/${run}`;
}

/** Whether its owner lets anything be sent to an endpoint; what is not sent waits. */
export function maySend({ endpoint }: EndpointState): boolean {
  return endpoint.enabled && !endpoint.paused;
}
