import { pino, type Logger } from "pino";
import { createApi, type ApiOptions } from "./api.ts";
import { createApp, type App } from "./app.ts";
import type { Clock } from "./seams/clock.ts";
import type { TypedCatalog } from "./contracts/declaration.ts";
import { createEmitters } from "./emitters.ts";
import type { HttpServer } from "./http/parts.ts";
import type { AllowedTarget } from "./outbound/allowed-targets.ts";
import type { KeyRing } from "./secrets/key-ring.ts";
import { openLocalKeyRing } from "./secrets/local-keys.ts";
import type { OpenStoreOptions } from "./store/open-store.ts";
import { isPostgresUrl } from "./store/postgres.ts";
import { HookwrightError } from "./errors.ts";

export { HookwrightError, type ErrorCode } from "./errors.ts";
export { parseKeyRing, type KeyRing } from "./secrets/key-ring.ts";
export type { EmittedEvent, Emitter, EmitInput } from "./emitter.ts";
export type { ProductTransaction } from "./transactions/product-transaction.ts";

export interface OpenHookwrightOptions<Emitters, DB> {
  /** A `postgres://` URL, a path of a SQLite file, or a `pg.Pool` or Kysely instance of your own; the tables are made in it. */
  readonly database: OpenStoreOptions<DB>["database"];
  /** `catalog` from the generated `catalog.ts`. */
  readonly catalog: TypedCatalog<Emitters>;
  /**
   * Seals signing secrets at rest (`parseKeyRing`). Left out with a path, keys are made and kept beside the file; with
   * anything else it has to be given.
   */
  readonly keyRing?: KeyRing;
  /** `local`, unless given, also takes endpoints with http:// URLs. */
  readonly mode?: "local" | "production";
  /** Addresses inside the network that may be delivered to all the same; none, unless given. */
  readonly allowTargets?: readonly AllowedTarget[];
  /** Warnings and errors go to standard error, unless given. */
  readonly log?: Logger;
  /** The machine's, unless given. */
  readonly clock?: Clock;
}

/** An emitter or an asker for each contract, by its id, and the running app behind them. */
export type Hookwright<Emitters> = Emitters &
  Pick<
    App,
    "endpoints" | "actions" | "streams" | "signingKeys" | "mcp" | "engine" | "streaming" | "store" | "close"
  > & {
    /** The HTTP API in this process, not listening yet. Close it before everything else. */
    readonly api: (options: ApiOptions) => HttpServer;
  };

/**
 * Opens the database, brings its tables up to date, and begins to deliver.
 *
 *     const hooks = await openHookwright({ database: "./data/app.db", catalog });
 *     await hooks.stech.emit("deployment.created", { tenant, data, tx });
 *
 * On PostgreSQL any number of processes share the deliveries. On SQLite it is one: a later one takes over, and
 * `engine.failed` of the earlier one rejects.
 * Throws `invalid_configuration` when the database cannot be used.
 */
export async function openHookwright<Emitters extends object, DB = unknown>(
  options: OpenHookwrightOptions<Emitters, DB>,
): Promise<Hookwright<Emitters>> {
  const { database, catalog, mode = "local", allowTargets = [] } = options;
  const keyRing = options.keyRing ?? localKeyRing(database);
  const log = options.log ?? pino({ name: "hookwright", level: "warn" }, pino.destination(2));
  const app = await createApp({
    database,
    catalog,
    keyRing,
    mode,
    allowTargets,
    log,
    ...(options.clock === undefined ? {} : { clock: options.clock }),
  });
  await app.start().catch(async (error: unknown) => {
    await app.close().catch(() => undefined);
    throw error;
  });
  const { endpoints, actions, streams, signingKeys, mcp, engine, streaming, store, close } = app;
  return Object.assign(createEmitters(catalog, app), {
    endpoints,
    actions,
    streams,
    signingKeys,
    mcp,
    engine,
    streaming,
    store,
    close,
    api: (api: ApiOptions) => createApi(app, api),
  });
}

function localKeyRing(database: unknown): KeyRing {
  if (typeof database === "string" && !isPostgresUrl(database)) return openLocalKeyRing(database);
  const message = "keyRing: expected one, as there is no file beside which to keep it; make it with parseKeyRing.";
  throw new HookwrightError("invalid_configuration", message, { path: "keyRing" });
}
