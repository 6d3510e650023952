import { createHash } from "node:crypto";
import pino from "pino";
import { createApp, type App } from "../../runtime/app.ts";
import { openKeyRing } from "../../runtime/secrets/key-ring.ts";
import { quickCatalog, quickCatalogWithout } from "./quick-catalog.ts";

/** What a crash may send twice of a shard: this many positions, and this many of what was pending for an endpoint. */
export const windowMax = 50;
export const perEndpointMax = 16;
export const leaseMs = 1500;

/** An app as all processes of a run open it; one may be of a version without an event type. */
export function openQuickApp(database: string, lacked?: string): Promise<App> {
  return createApp({
    database,
    catalog: lacked === undefined ? quickCatalog : quickCatalogWithout(lacked),
    keyRing: openKeyRing([{ id: "test", key: createHash("sha256").update("test").digest() }]),
    mode: "local",
    allowTargets: [{ cidr: "127.0.0.0/8", portMin: 1024, portMax: 65_535 }],
    limits: { windowMax, perEndpointMax, leaseMs, graceMs: 3000 },
    log: pino({ level: "warn" }, pino.destination(2)),
  });
}
