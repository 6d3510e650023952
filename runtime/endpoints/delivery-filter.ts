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
}

export const everyDelivery: DeliveryFilter = { states: null, types: null, from: null, until: null, runs: "all" };

/** What was never accepted, and was not tried again since. */
export const undelivered = { states: ["rejected", "exhausted"], runs: "latest" } as const;
