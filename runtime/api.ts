import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { App } from "./app.ts";
import { createLogWatch } from "./feeds/log-watch.ts";
import type { HttpServer } from "./http/parts.ts";
import type { RateLimits } from "./http/rate-limit.ts";
import { createHttpServer } from "./http/server.ts";

export interface ApiOptions {
  /** SHA-256 of the operator's key, in hexadecimal digits. */
  readonly adminKeyHash: string;
  /** That of the key that reads metrics and nothing else. Left out: there is none. */
  readonly metricsKeyHash?: string | null;
  /** Whether requests are served yet, and still. */
  readonly isReady: () => boolean;
  /** Left out, there are none. */
  readonly rateLimits?: RateLimits;
  /** How long answers under way may take once the API closes; 5 s, unless given. */
  readonly answersWithinMs?: number;
  /** How long nobody may read of an answer before its connection ends; a minute, unless given. */
  readonly unreadMs?: number;
  /** Of web pages that may read answers. Left out: none. */
  readonly corsOrigins?: readonly string[];
  /** Of web pages that may show the dashboard in a frame. Left out: none. */
  readonly frameAncestors?: readonly string[];
  /** The folder of the generated documents; left out, the one beside these sources. */
  readonly generated?: string;
}

const ownGenerated = join(import.meta.dirname, "generated");

/** The HTTP API of an app, not listening yet. Close it before the app. */
export function createApi(app: App, { adminKeyHash, isReady, ...options }: ApiOptions): HttpServer {
  const { rateLimits = { perKey: null, perTenant: null }, answersWithinMs = 5000, corsOrigins = [] } = options;
  const { metricsKeyHash = null, unreadMs = 60_000, frameAncestors = [] } = options;
  const folder = options.generated ?? ownGenerated;
  const recorded = join(folder, "api-examples.json");
  const documents = {
    openapi: JSON.parse(readFileSync(join(folder, "openapi.json"), "utf8")),
    llms: readFileSync(join(folder, "llms.txt"), "utf8"),
    examples: existsSync(recorded) ? JSON.parse(readFileSync(recorded, "utf8")) : {},
  };
  return createHttpServer({
    ...app,
    ...documents,
    ...{ adminKeyHash, metricsKeyHash, isReady, rateLimits, answersWithinMs, unreadMs, corsOrigins, frameAncestors },
    watch: createLogWatch({ end: app.store.feeds.end, clock: app.clock }),
    wake: app.engine.wake,
    logger: app.log,
  });
}
