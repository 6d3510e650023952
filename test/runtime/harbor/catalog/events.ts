import type { Id, Int, Text, UnixMs } from "../../../../catalog/vocabulary.ts";

export interface ShipEvents {
  /** A ship made fast at a berth. */
  "ship.docked": {
    shipId: Id;
    berth: Text<4>;
    /** Where it came from. Null when it did not say. */
    from: string | null;
    crew: Int;
  };

  /** A ship left its berth. */
  "ship.sailed": { shipId: Id; at: UnixMs };

  /** A pilot came aboard, inside the harbor. */
  "ship.pilot.boarded": { shipId: Id };
}

export interface LedgerEvents {
  /** The harbor's ledger has a new line; that of kind `docking` comes with each docking at berth one or two. */
  "ledger.entry_added": { kind: "docking" | "correction"; subject: Id; note: string | null };
}
