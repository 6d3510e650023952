/** What a delivery is: it waits, or how it ended. */
export type DeliveryState = "pending" | "delivered" | "rejected" | "exhausted";

/** Which deliveries of an endpoint; null: whatever it is. */
export interface DeliveryFilter {
  readonly states: readonly DeliveryState[] | null;
  readonly types: readonly string[] | null;
  /** When the event happened: not before this, in milliseconds since 1970, and before the next one. */
  readonly from: number | null;
  readonly until: number | null;
  /** `latest`: only those after which their event was not delivered to the endpoint again. */
  readonly runs: "all" | "latest";
  /**
   * In place of deliveries there are: events that the endpoint would get today and has no delivery of. With no states, so
   * that a version that does not know of it finds nothing. Left out: deliveries there are.
   */
  readonly missed?: true;
}

export const everyDelivery: DeliveryFilter = { states: null, types: null, from: null, until: null, runs: "all" };

/** What was never accepted, and was not tried again since. */
export const undelivered = { states: ["rejected", "exhausted"], runs: "latest" } as const;
