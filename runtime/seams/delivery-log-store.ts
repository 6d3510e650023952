import type { DeliveryFilter } from "../endpoints/delivery-filter.ts";
import type { Attempt, DeliveryKey } from "./log-store.ts";

/** A delivery with its event, its endpoint and its last attempt, as a list of many endpoints shows it. */
export interface DeliveryLine extends DeliveryKey {
  readonly tenant: string;
  readonly contract: string;
  readonly eventId: string;
  readonly eventType: string;
  readonly eventTime: number;
  readonly endpointId: string;
  readonly url: string;
  readonly attemptCount: number;
  /** When it is tried next. Null when it has ended. */
  readonly dueAt: number | null;
  /** The last attempt. Null when there was none. */
  readonly last: Pick<Attempt, "startedAt" | "durationMs" | "result" | "status" | "error"> | null;
}

/** A part of the log, the newest events first. */
export interface LogLook {
  /** Null: every tenant's. */
  readonly tenant: string | null;
  /** Only events below this position. */
  readonly before: number;
  /** The most events that are looked at. */
  readonly looksMax: number;
}

/** How far a look came. */
export interface Looked {
  /** The lowest position that was looked at. Null: there is nothing below. */
  readonly downTo: number | null;
  /** When the event there happened. Null with `downTo`. */
  readonly downToTime: number | null;
}

/** Attempts of an endpoint that began in a piece of time and came to the same. */
export interface AttemptCount {
  readonly endpointId: string;
  /** From 0, the oldest piece. */
  readonly piece: number;
  readonly result: Attempt["result"];
  readonly count: number;
}

/**
 * Deliveries of many endpoints at once. Each call looks at a bounded part of the log, so it costs the same however long the
 * log is, and says how far it looked.
 */
export interface DeliveryLogStore {
  /**
   * Deliveries of the events looked at, newest event first, whole events only. Of the states `rejected` and `exhausted`
   * alone, the part is counted in deliveries that ended so, by an index of their own.
   */
  readonly page: (
    of: LogLook & {
      readonly filter: DeliveryFilter;
      /** Text that stands in the event's body as it is sent. Null: any body. */
      readonly text: string | null;
      /** The most deliveries; the events of those beyond are left for the next look. */
      readonly limit: number;
    },
  ) => Promise<Looked & { readonly lines: readonly DeliveryLine[] }>;
  /** Attempts since a time, of the events looked at, counted in pieces of `pieceMs`. */
  readonly counts: (
    of: LogLook & { readonly since: number; readonly pieceMs: number },
  ) => Promise<Looked & { readonly counts: readonly AttemptCount[] }>;
}
