import type { Id, Int, Timestamp } from "../vocabulary.ts";

export interface BreakerEvents {
  /**
   * Deliveries to an endpoint pause, because so many attempts in a row failed as its contract says.
   *
   * They wait, and after the pause one of them is tried. It is told once, however often that one fails too.
   */
  "breaker.opened": {
    endpointId: Id;
    /** The contract whose events the endpoint gets. */
    contract: string;
    /** Failures in a row. */
    failureCount: Int;
    /** The last status the endpoint answered. Null when it did not answer. */
    lastStatus: Int | null;
    /** When one delivery is tried. */
    pausedUntil: Timestamp;
  };

  /** An endpoint whose deliveries were paused accepts again: what waited follows in the order in which it was due. */
  "breaker.closed": {
    endpointId: Id;
    /** The contract whose events the endpoint gets. */
    contract: string;
    /** What it answered. */
    status: Int;
  };
}
