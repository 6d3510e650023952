import { catalog } from "../../runtime/generated/catalog.ts";
import type { WireCatalog } from "../../runtime/contracts/wire-contract.ts";

/** Between attempts, in seconds: seconds of a test stand for the hours of the contract. */
const waitsSeconds = [0.2, 0.4, 0.8, 1.6];
export const waitsMs = waitsSeconds.map((seconds) => seconds * 1000);
export const timeoutMs = 2000;

const { declaration } = catalog.stech;
const { declaration: streaming } = catalog.authsignal;

const companions = (declaration.companions ?? []).filter((companion) => !("contract" in companion));

/** Records of a batch. */
export const recordsMax = 10;

/**
 * The contracts as they are, but quick, and no endpoint is ever disabled: every event has to come to an end. Nothing is in
 * the log but what the product emitted: what stech tells of its endpoints is left out.
 */
export const quickCatalog: WireCatalog = {
  ...catalog,
  stech: {
    ...catalog.stech,
    declaration: {
      ...declaration,
      timeoutSeconds: timeoutMs / 1000,
      retry: { waitsSeconds },
      disable: null,
      companions,
    },
  },
  authsignal: {
    ...catalog.authsignal,
    declaration: {
      ...streaming,
      timeoutSeconds: timeoutMs / 1000,
      batch: { ...streaming.batch, recordsMax },
      retry: { kind: "endless", firstSeconds: 0.2, maxSeconds: 1, jitter: 0.1 },
    },
  },
};

/** The catalog of a version before this event type of Stech. */
export function quickCatalogWithout(type: string): WireCatalog {
  const { stech } = quickCatalog;
  if (stech === undefined) throw new Error("There is no contract stech.");
  const { [type]: _, ...eventTypes } = stech.eventTypes;
  return { ...quickCatalog, stech: { ...stech, eventTypes } };
}
