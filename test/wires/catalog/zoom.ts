import { contract } from "../../../catalog/contract.ts";
import { zoomWire } from "../../../catalog/vendor-presets.ts";
import type { Id } from "../../../catalog/vocabulary.ts";

export interface ZoomEvents {
  /** A meeting began. */
  "meeting.started": { account_id: Id; object: { id: string; topic: string } };
}

export const zoom = contract<ZoomEvents>({
  ...zoomWire,
  id: "zoom",
  title: "Meeting events",
  doc: "What becomes of meetings, on Zoom's wire.",
  tenant: { noun: "account", example: "AAAAAABBBB" },
  userAgent: "Zoom Marketplace/1.0a",
  examples: {
    "meeting.started": { one: { account_id: "AAAAAABBBB", object: { id: "1234567890", topic: "Größe" } } },
  },
});
