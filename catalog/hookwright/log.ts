import type { Id, Int, Timestamp } from "../vocabulary.ts";

export interface LogEvents {
  /**
   * Old events were dropped for good, together with their attempts; one of these for each run that dropped any. It is
   * the operator's event: its tenant is `_hookwright`, which is nobody's.
   */
  "log.pruned": {
    /** What happened before this was dropped, but for events that are still needed. */
    horizon: Timestamp;
    /** Events dropped. */
    eventCount: Int;
    /** Their attempts, dropped with them. */
    attemptCount: Int;
    /** Events that stay, and whose payloads were dropped. Left out: none. */
    payloadCount?: Int;
  };

  /**
   * Somebody had the payload of one event erased. The event itself stays, with its id, type and time; what receivers had
   * got of it by then is theirs.
   */
  "event.erased": {
    eventId: Id;
    /** The contract that the event is of. */
    contract: string;
    eventType: string;
    /** Deliveries that waited, and are made no more. */
    droppedCount: Int;
    actorId: Id;
  };
}
