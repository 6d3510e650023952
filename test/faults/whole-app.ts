import { createHash } from "node:crypto";
import pino from "pino";
import { createApp, type App, type AppOptions } from "../../runtime/app.ts";
import { catalog } from "../../runtime/generated/catalog.ts";
import { openKeyRing } from "../../runtime/secrets/key-ring.ts";

export const testKeyRing = openKeyRing([{ id: "test", key: createHash("sha256").update("test").digest() }]);

/** An app with the whole catalog, as the processes of a test open it. */
export function openWholeApp(
  database: string,
  options: Partial<Pick<AppOptions<unknown>, "keyRing" | "limits">> = {},
): Promise<App> {
  return createApp({
    database,
    catalog,
    keyRing: testKeyRing,
    mode: "local",
    allowTargets: [{ cidr: "127.0.0.0/8", portMin: 1024, portMax: 65_535 }],
    log: pino({ level: "warn" }, pino.destination(2)),
    ...options,
  });
}
