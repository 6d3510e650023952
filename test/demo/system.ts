import type { Row } from "./ledger.ts";
import type { Place } from "./place.ts";

/** One of the systems that run side by side. */
export interface System {
  /** Registers its subscribers over the API, and sends the first of its events. */
  readonly open: (place: Place) => Promise<OpenSystem>;
}

export interface OpenSystem {
  readonly name: string;
  /** Goes through what the system can do, a line for each. */
  readonly show: () => Promise<void>;
  /** What came of it in the end. */
  readonly row: () => Promise<Row>;
}
