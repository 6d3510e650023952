import { systemTenant } from "../contracts/reserved-tenant.ts";
import { horizonsAt, newestHorizon, type RetentionAges } from "./ages.ts";
import type { Clock } from "../seams/clock.ts";
import { contractOf, factsContract } from "../contracts/contract-of.ts";
import { dataOf } from "../contracts/envelope.ts";
import type { WireCatalog } from "../contracts/wire-contract.ts";
import type { RenderEvent } from "../events.ts";
import type { LogStore, StoredEvent } from "../seams/log-store.ts";
import type { PruneCounts, PruneStep, RetentionStore } from "../seams/store.ts";

/** What a run has dropped, or would. */
export interface Pruned extends PruneCounts {
  /** Nothing that happened then or later was old, in milliseconds since 1970. */
  readonly horizon: number;
}

export interface PruneRun {
  /** What is older than this is old. */
  readonly ages: RetentionAges;
  /** The most events one transaction looks at. Unless given, 1,000. */
  readonly stepMax?: number;
  /** `count` changes nothing and gives what `drop` would. */
  readonly does: PruneStep["does"];
  /** Ends the run after the step that is under way. */
  readonly signal?: AbortSignal;
  /** Called after each step with what was dropped so far. */
  readonly onStep?: (soFar: PruneCounts) => void;
}

export interface Retention {
  /**
   * Drops old events with their attempts, but for those that are still needed (`RetentionStore`). A run that dropped any
   * appends one `log.pruned`, also when it was ended early or a later step failed.
   */
  readonly prune: (run: PruneRun) => Promise<Pruned>;
}

export interface RetentionParts {
  readonly store: { readonly retention: RetentionStore; readonly log: Pick<LogStore, "append"> };
  readonly catalog: WireCatalog;
  readonly clock: Clock;
  readonly renderFact: RenderEvent;
  /** Called after `log.pruned` was appended. */
  readonly wake: () => void;
}

/** Some 20 ms in one transaction, for which deliveries may have to wait. */
const stepMaxDefault = 1000;

/** Half of the time is for others: SQLite gives a writer that waits no place in a queue. */
const pauseMs = 20;

/**
 * How many attempts an event has, only the step before can tell: the first one is small, and each may be twice as large
 * as the one before while there are fewer attempts than this.
 */
const attemptsMax = 10_000;
const firstStepMax = 50;

export function createRetention(parts: RetentionParts): Retention {
  const { clock, store } = parts;
  const pause = () => new Promise<void>((resolve) => void clock.after(pauseMs, resolve));
  const endpointOf = (fact: StoredEvent) => endpointIn(parts.catalog, fact);

  async function record({ horizon, eventCount, attemptCount, payloadCount }: Pruned): Promise<void> {
    if (eventCount + payloadCount === 0) return;
    const payloads = payloadCount > 0 && { payloadCount };
    const data = { horizon: new Date(horizon).toISOString(), eventCount, attemptCount, ...payloads };
    await store.log.append(parts.renderFact(factsContract, "log.pruned", { tenant: systemTenant, data }));
    parts.wake();
  }

  return {
    prune: async ({ ages, stepMax = stepMaxDefault, does, signal, onStep }) => {
      const now = clock.now();
      const before = newestHorizon(ages, now);
      let soFar: Pruned = { horizon: before ?? 0, eventCount: 0, attemptCount: 0, payloadCount: 0, keptCount: 0 };
      if (before === null) return soFar;
      const horizonsOf = (contract: string) => horizonsAt(ages, now, contract);
      let limit = Math.min(stepMax, firstStepMax);
      try {
        for (let from: PruneStep["from"] = null, isFirst = true; isFirst || from !== null; isFirst = false) {
          if (signal?.aborted) break;
          const { next, ...counts } = await store.retention.prune({
            ...{ before, horizonsOf, limit, from, does, endpointOf },
          });
          soFar = add(soFar, counts);
          onStep?.(soFar);
          limit = nextLimit({ limit, stepMax, attemptCount: counts.attemptCount });
          from = next;
          if (from !== null) await pause();
        }
      } finally {
        if (does === "drop") await record(soFar);
      }
      return soFar;
    },
  };
}

function nextLimit(of: { readonly limit: number; readonly stepMax: number; readonly attemptCount: number }): number {
  if (of.attemptCount <= attemptsMax) return Math.min(of.stepMax, of.limit * 2);
  return Math.max(1, Math.floor((of.limit * attemptsMax) / of.attemptCount));
}

function add(soFar: Pruned, { eventCount, attemptCount, payloadCount, keptCount }: PruneCounts): Pruned {
  return {
    horizon: soFar.horizon,
    eventCount: soFar.eventCount + eventCount,
    attemptCount: soFar.attemptCount + attemptCount,
    payloadCount: soFar.payloadCount + payloadCount,
    keptCount: soFar.keptCount + keptCount,
  };
}

/** Only what an endpoint is follows from old events; what became of its deliveries does not have to stay. */
function endpointIn(catalog: WireCatalog, { contract, type, body }: StoredEvent): string | null {
  if (!type.startsWith("endpoint.")) return null;
  const data = dataOf(contractOf(catalog, contract).declaration.envelope, body);
  const id: unknown = typeof data === "object" && data !== null ? Reflect.get(data, "endpointId") : null;
  return typeof id === "string" ? id : null;
}
