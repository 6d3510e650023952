import { contract } from "../../../../catalog/contract.ts";
import { standardWebhooks } from "../../../../catalog/presets.ts";
import type { Id } from "../../../../catalog/vocabulary.ts";

export interface LedgerEvents {
  /** The ledger has a new line. */
  "ledger.entry_added": { subject: Id };
}

/** A contract that takes no subscribers: its events can be polled alone. */
export const ledger = contract<LedgerEvents>({
  ...standardWebhooks,
  id: "ledger",
  title: "Ledger",
  doc: "What was written down.",
  tenant: { noun: "team", example: "sre" },
  ids: {
    event: { prefix: "evt_", format: "uuid" },
    endpoint: { prefix: "whe_", format: "uuid" },
    delivery: { prefix: "dlv_" },
    attempt: { prefix: "att_" },
  },
  userAgent: "Ledger/1",
  examples: { "ledger.entry_added": { first: { subject: "s_1" } } },
});
