import { randomInt } from "node:crypto";
import { pino, type Logger } from "pino";
import { createApi, createApp, type App } from "../app.ts";
import { readConfig, type Config, type Environment } from "../config.ts";
import type { HttpServer } from "../http/parts.ts";
import { scheduleRetention } from "../retention/schedule.ts";
import { openLocalAdminKey } from "../secrets/local-admin-key.ts";
import { openLocalKeyRing } from "../secrets/local-key-file.ts";
import { loadProjectCatalog, projectGenerated } from "./project-catalog.ts";

/** Serves until SIGTERM or SIGINT, then finishes or gives back what is under way. Exit status 1 when it cannot start or go on. */
export async function runServe(environment: Environment): Promise<void> {
  const read = readConfig(environment);
  if ("problems" in read) {
    console.error(`The configuration cannot be used:\n${read.problems.map((problem) => `  ${problem}`).join("\n")}`);
    process.exitCode = 1;
    return;
  }
  const { config } = read;
  const log = pino({ name: "hookwright", level: config.logLevel });
  const flushTraces = isExporting(environment) ? (await import("./export-traces.ts")).exportTraces(log) : null;
  const app = await createApp({
    database: config.database,
    catalog: await loadProjectCatalog(),
    keyRing: config.keyRing ?? openLocalKeyRing(config.database),
    mode: config.mode,
    allowTargets: config.allowTargets,
    ...(config.notices !== null && { notices: config.notices }),
    log,
  });
  let isReady = false;
  const adminKeyHash = config.adminKeyHash ?? announcedAdminKey(config);
  const { rateLimits, corsOrigins } = config;
  const server = createApi(app, {
    adminKeyHash,
    isReady: () => isReady,
    rateLimits,
    corsOrigins,
    generated: projectGenerated,
  });
  let pruning: ReturnType<typeof scheduleRetention> | null = null;
  const stop = stopOnce(async () => {
    isReady = false;
    await pruning?.stop();
    await close(server, app, log);
    await flushTraces?.();
  });
  process.once("SIGTERM", stop).once("SIGINT", stop);
  app.engine.failed.catch(() => {
    process.exitCode = 1;
    stop();
  });
  await app.engine.start();
  app.streaming.start();
  app.redelivering.start();
  pruning = retentionOf(config, app);
  await server.listen({ host: config.host, port: config.port });
  isReady = true;
}

/** Loads nothing of the exporter where there is nobody to send to. */
function isExporting({ OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT, ...rest }: Environment) {
  const endpoint = OTEL_EXPORTER_OTLP_TRACES_ENDPOINT || OTEL_EXPORTER_OTLP_ENDPOINT || "";
  return endpoint !== "" && rest["OTEL_SDK_DISABLED"] !== "true" && rest["OTEL_TRACES_EXPORTER"] !== "none";
}

/** Null: everything is kept. */
function retentionOf({ retentionDays }: Config, { retention, log }: App): ReturnType<typeof scheduleRetention> | null {
  if (retentionDays === null) return null;
  return scheduleRetention({ retention, retentionDays, minute: randomInt(60), log });
}

/** The hash of the operator's key. The key itself is printed when it is made, and never again. */
function announcedAdminKey(config: Config): string {
  const { hash, key } = openLocalAdminKey(config.database);
  if (key !== null) console.log(`The operator's key, shown this once:\n\n  ${key}\n`);
  return hash;
}

function stopOnce(stop: () => Promise<void>): () => void {
  let isStopping = false;
  return () => {
    if (isStopping) return;
    isStopping = true;
    void stop();
  };
}

async function close(server: HttpServer, app: App, log: Logger): Promise<void> {
  log.info("Stopping: no new requests, deliveries under way are finished or given back.");
  try {
    await server.close();
    await app.close();
    log.info("Stopped.");
  } catch (error) {
    log.error({ err: error }, "Not everything was written down; what was not will be sent again.");
    process.exitCode = 1;
  }
}
