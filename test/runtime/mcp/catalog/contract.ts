import { contract } from "../../../../catalog/contract.ts";
import { mcpEvents } from "../../../../catalog/presets.ts";
import type { Id, Int, Timestamp } from "../../../../catalog/vocabulary.ts";

export interface IncidentEvents {
  /** An incident was opened. Whoever is on call is told. */
  "incident.created": {
    incidentId: Id;
    severity: "P1" | "P2" | "P3";
    service: string;
    /** Null when nobody has it yet. */
    assignee: string | null;
    isDrill: boolean;
    attempt?: Int;
    notes: string[];
  };

  /** An incident is over. */
  "incident.resolved": { incidentId: Id; at: Timestamp };
}

const createdAt = "2026-05-08T14:02:11.482Z";

/** A contract that programs subscribe to. */
export const incidents = contract<IncidentEvents>({
  ...mcpEvents,
  id: "incidents",
  title: "Incidents",
  doc: "What goes wrong, for agents that look after it.",
  tenant: { noun: "team", example: "sre" },
  ids: {
    event: { prefix: "evt_", format: "uuid" },
    endpoint: { prefix: "sub_", format: "uuid" },
    delivery: { prefix: "dlv_" },
    attempt: { prefix: "att_" },
  },
  userAgent: "Incidents/1",
  examples: {
    "incident.created": {
      first: {
        incidentId: "inc_1",
        severity: "P1",
        service: "billing",
        assignee: null,
        isDrill: false,
        notes: [],
      },
    },
    "incident.resolved": { first: { incidentId: "inc_1", at: createdAt } },
  },
});
