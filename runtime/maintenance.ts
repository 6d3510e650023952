import type { AppOptions } from "./app.ts";
import { createNewId, createPooledRandom } from "./contracts/identifier.ts";
import { createRender } from "./events.ts";
import { createRetention, type Retention } from "./retention/retention.ts";
import { systemClock } from "./seams/clock.ts";
import { openMigrating, openStore, type Migrating } from "./store/open-store.ts";
import type { PoolSettings } from "./store/postgres.ts";

/*
 * What works on a database beside whatever else runs on it, without an engine, for the commands.
 */

/** What drops old events from a database, beside whatever else runs on it. */
export interface Pruner {
  readonly retention: Retention;
  readonly close: () => Promise<void>;
}

/** Retention alone: no engine, and so no leases, and no keys. */
export async function createPruner<DB>(
  options: Pick<AppOptions<DB>, "database" | "pool" | "catalog" | "clock" | "random">,
): Promise<Pruner> {
  const { catalog, clock = systemClock, random = createPooledRandom() } = options;
  const store = await openStore({ database: options.database, ...options.pool });
  const renderFact = createRender({ catalog, clock, newId: createNewId(random) });
  // Engines find `log.pruned` when they look at the log, which they do within a second.
  return { retention: createRetention({ store, catalog, clock, renderFact, wake: () => {} }), close: store.close };
}

/** What seals the secrets of a database anew, beside whatever else runs on it. */
export async function createResealer<DB>({ database, pool }: Pick<AppOptions<DB>, "database" | "pool">) {
  const { sealed, processes, close } = await openStore({ database, ...pool });
  return { sealed, processes, close };
}

/** What brings the tables of a database up to date. */
export function createMigrating(of: { readonly database: string; readonly pool: PoolSettings }): Promise<Migrating> {
  return openMigrating({ database: of.database, ...of.pool });
}
