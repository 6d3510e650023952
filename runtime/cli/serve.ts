import { randomInt } from "node:crypto";
import { writeSync } from "node:fs";
import { pino, type Logger } from "pino";
import { createApi } from "../api.ts";
import { createApp, type App } from "../app.ts";
import { readConfig, type Config, type Environment } from "../config.ts";
import { createMetricsServer } from "../http/metrics-server.ts";
import { checkContracts } from "../retention/ages.ts";
import { scheduleRetention } from "../retention/schedule.ts";
import { openLocalAdminKey, openLocalKeyRing } from "../secrets/local-keys.ts";
import { holdFile } from "../store/serving.ts";
import { whenAvailable, type Waiting } from "../store/unavailable.ts";
import { describeFailure } from "./failure.ts";
import { createStopping, type Stopping } from "./stopping.ts";
import { loadProjectCatalog, projectGenerated } from "./project-catalog.ts";

/**
 * Serves until SIGTERM or SIGINT, then finishes or gives back what is under way, and ends the process: with status 0 when
 * all is written, and with 1 when it is not, or when the server could not start or go on.
 */
export async function runServe(environment: Environment): Promise<void> {
  const read = readConfig(environment);
  if ("problems" in read) {
    console.error(`The configuration cannot be used:\n${read.problems.map((problem) => `  ${problem}`).join("\n")}`);
    process.exitCode = 1;
    return;
  }
  const { config } = read;
  const log = pino({ name: "hookwright", level: config.logLevel }, standardOutput);
  const times = { drainMs: config.drainSeconds * 1000, graceMs: config.graceSeconds * 1000 };
  const stopping = createStopping({ log, ...times });
  try {
    await serve({ environment, config, log, stopping });
  } catch (error) {
    if (stopping.signal.aborted) return;
    console.error(describeFailure(error));
    stopping.fail();
  }
}

/**
 * Lines for whoever reads them. A pipe whose reader is gone, or a full disk, stops no server; pino's own stream never lets
 * `process.exit` return after a broken pipe.
 */
const standardOutput = {
  write: (line: string): void => {
    try {
      writeSync(1, line);
    } catch {
      // There is no place left to say so.
    }
  },
};

interface ServeParts {
  readonly environment: Environment;
  readonly config: Config;
  readonly log: Logger;
  readonly stopping: Stopping;
}

/** Opens the database, listens, and only then takes work: a process that cannot serve holds nothing. */
async function serve({ environment, config, log, stopping }: ServeParts): Promise<void> {
  const { rateLimits, corsOrigins, frameAncestors, graceSeconds, metricsKeyHash } = config;
  if (isExporting(environment)) stopping.add((await import("./export-traces.ts")).exportTraces(log));
  const adminKeyHash = config.adminKeyHash ?? announcedAdminKey(config);
  const waiting = waitingOf(config, { log, stopping });
  const app = await openApp(config, { log, waiting });
  if (stopping.signal.aborted) return app.close();
  let starting: Promise<void> = Promise.resolve();
  stopping.add(() => starting.catch(() => undefined).then(app.close));
  let isStarted = false;
  const server = createApi(app, {
    ...{ adminKeyHash, metricsKeyHash, rateLimits, corsOrigins, frameAncestors, generated: projectGenerated },
    isReady: () => isStarted && !stopping.signal.aborted,
    answersWithinMs: Math.min(5000, (graceSeconds * 1000) / 5),
  });
  stopping.add(() => server.close());
  app.engine.failed.catch(stopping.fail);
  await server.listen({ host: config.host, port: config.port });
  const held = await whenAvailable(async () => holdFile(config.database), waiting);
  stopping.add(held.release);
  if (config.metricsPort !== null) await listenForScrapes(app, config, { log, stopping });
  starting = whenAvailable(app.start, waiting);
  await starting;
  isStarted = true;
  const pruning = retentionOf(config, app);
  stopping.add(() => pruning?.stop());
}

async function openApp(config: Config, of: { readonly log: Logger; readonly waiting: Waiting }): Promise<App> {
  const catalog = await loadProjectCatalog();
  if (config.retention !== null) checkContracts(config.retention, catalog);
  const keyRing = config.keyRing ?? openLocalKeyRing(config.database);
  const open = () =>
    createApp({
      ...{ catalog, keyRing, log: of.log },
      ...{ database: config.database, pool: config.pool },
      ...{ mode: config.mode, allowTargets: config.allowTargets },
      ...(config.notices !== null && { notices: config.notices }),
      limits: { graceMs: Math.min(10_000, (config.graceSeconds * 1000) / 3) },
    });
  return whenAvailable(open, of.waiting);
}

/** Serves metrics on a port of their own, also while the process drains. */
async function listenForScrapes(
  app: App,
  { host, metricsPort, metricsKeyHash }: Config,
  { log, stopping }: Pick<ServeParts, "log" | "stopping">,
): Promise<void> {
  const server = createMetricsServer({ metrics: app.metrics, keyHash: metricsKeyHash, log });
  stopping.add(() => {
    server.close();
    server.closeAllConnections();
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen({ host, port: metricsPort }, resolve);
  });
  server.removeAllListeners("error").on("error", stopping.fail);
  log.info({ metricsPort: Object(server.address()).port }, "Metrics are served at /metrics.");
}

function waitingOf(config: Config, { log, stopping }: Pick<ServeParts, "log" | "stopping">): Waiting {
  const withinMs = config.databaseWaitSeconds * 1000;
  return {
    withinMs,
    signal: stopping.signal,
    waitsFor: (reason) => log.warn(`Waiting for the database, for ${withinMs / 1000} s at most: ${reason}.`),
  };
}

/** Loads nothing of the exporter where there is nobody to send to. */
function isExporting({ OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT, ...rest }: Environment) {
  const endpoint = OTEL_EXPORTER_OTLP_TRACES_ENDPOINT || OTEL_EXPORTER_OTLP_ENDPOINT || "";
  return endpoint !== "" && rest["OTEL_SDK_DISABLED"] !== "true" && rest["OTEL_TRACES_EXPORTER"] !== "none";
}

/** Null: everything is kept. */
function retentionOf(
  { retention: ages }: Config,
  { retention, log }: App,
): ReturnType<typeof scheduleRetention> | null {
  return ages === null ? null : scheduleRetention({ retention, ages, minute: randomInt(60), log });
}

/** The hash of the operator's key. The key itself is printed when it is made, and never again. */
function announcedAdminKey(config: Config): string {
  const { hash, key } = openLocalAdminKey(config.database);
  if (key !== null)
    console.log(`The operator's key, shown this once; it opens the API, and the dashboard at /ui:\n\n  ${key}\n`);
  return hash;
}
