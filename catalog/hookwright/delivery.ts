import type { Id, Int, Timestamp } from "../vocabulary.ts";

/** Deliveries of one endpoint that ended without having been accepted. */
export interface EndedDeliveries {
  endpointId: Id;
  contract: string;
  /** How many ended so in the same moment. The fields below are those of the first of them. */
  deliveryCount: Int;
  deliveryId: Id;
  eventId: Id;
  eventType: string;
  /** Attempts that were made. */
  attemptCount: Int;
  /** The status of the last attempt. Null when it had no response. */
  lastStatus: Int | null;
  /** The contract's word for what was wrong with the last attempt. Null when its status says it all. */
  error: string | null;
}

/** A bulk redelivery, and who did it: the id of an API key, or `operator`. */
export interface RedeliveryReference {
  redeliveryId: Id;
  endpointId: Id;
  contract: string;
  actorId: Id;
}

/** What of an endpoint's deliveries is made again. */
export interface RedeliveryChoice extends RedeliveryReference {
  /** Event types. Null: all of them. */
  types: string[] | null;
  /** How the last delivery of an event ended. Null: however it did. */
  states: ("delivered" | "rejected" | "exhausted")[] | null;
  /** Of events that did not happen before. Null: from the first one. */
  from: Timestamp | null;
  /** Of events that happened before. Null: to the last one. */
  until: Timestamp | null;
  /** The most in a second. Null: as many as are taken. */
  ratePerSecond: Int | null;
  /** It makes the first delivery of what the endpoint missed. Without it: a new one of what it was sent. */
  missed?: boolean;
}

/** A delivery that somebody had made again. */
export interface RepeatedDelivery {
  /** The new delivery. */
  deliveryId: Id;
  endpointId: Id;
  contract: string;
  eventId: Id;
  eventType: string;
  /** Who did it: the id of an API key or a portal token, or `operator`. */
  actorId: Id;
}

export interface DeliveryEvents {
  /**
   * An endpoint refused deliveries, so that they are not tried again.
   *
   * Deliveries that end within the same moment, some 50 ms, are told in one event, which names the first of them and
   * their number. Those of Hookwright's own events are told by none: it would be refused like them.
   */
  "delivery.rejected": EndedDeliveries;

  /**
   * Deliveries were tried as often as their contract says, and none of the attempts was accepted.
   *
   * Deliveries that end within the same moment, some 50 ms, are told in one event, which names the first of them and
   * their number. Those of Hookwright's own events are told by none: it would fail like them.
   */
  "delivery.exhausted": EndedDeliveries;

  /** Somebody had one event delivered to an endpoint once more, or for the first time if the endpoint had missed it. */
  "delivery.repeated": RepeatedDelivery;

  /** Somebody had deliveries of an endpoint made again, many at once. */
  "redelivery.started": RedeliveryChoice;

  /** Somebody cancelled a bulk redelivery; what it had made until then goes on. */
  "redelivery.cancelled": RedeliveryReference;
}
