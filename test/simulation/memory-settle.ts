import type { Attempt, Settlement } from "../../runtime/store.ts";
import { fenced } from "./memory-leases.ts";
import { append } from "./memory-log.ts";
import {
  attemptsOf,
  eventText,
  forgetHead,
  pendingText,
  putPending,
  type EndpointRow,
  type Tables,
} from "./memory-tables.ts";

const results = new Set(["delivered", "retry", "rejected", "exhausted"]);

/** All that can fail comes first, so that it writes everything or nothing. */
export function settle(tables: Tables, settlement: Settlement): void {
  const shard = fenced(tables, settlement.lease);
  refuseBadAttempts(tables, settlement.attempts);
  const disabled = settlement.disabled.filter(({ endpointKey }) => mayBeDisabled(tables, endpointKey));
  append(
    tables,
    disabled.map(({ event }) => event),
    null,
  );
  shard.cursor = Math.max(shard.cursor, settlement.cursor ?? 0);
  for (const attempt of settlement.attempts) putAttempt(tables, attempt);
  for (const key of settlement.finished) {
    tables.pending.get(key.endpointKey)?.delete(pendingText(key));
    forgetHead(tables, key.endpointKey);
  }
  for (const row of settlement.pending) if (rowOf(tables, row.endpointKey).deletedAt === null) putPending(tables, row);
  for (const { endpointKey, ...health } of settlement.health) Object.assign(rowOf(tables, endpointKey), health);
  for (const { endpointKey, at } of disabled) {
    Object.assign(rowOf(tables, endpointKey), { enabled: false, updatedAt: at });
    forgetHead(tables, endpointKey);
  }
}

function refuseBadAttempts(tables: Tables, attempts: readonly Attempt[]): void {
  const seen = new Set<string>();
  for (const attempt of attempts) {
    const text = `${eventText(attempt)}/${attempt.run}/${attempt.number}`;
    const isTaken = attemptsOf(tables, attempt).some(({ number }) => number === attempt.number) || seen.has(text);
    if (isTaken) throw new Error(`Attempt ${text} exists.`);
    if (!results.has(attempt.result)) throw new Error(`${attempt.result} is no result.`);
    seen.add(text);
  }
}

function mayBeDisabled(tables: Tables, endpointKey: number): boolean {
  const row = rowOf(tables, endpointKey);
  return row.enabled && row.deletedAt === null;
}

function putAttempt(tables: Tables, attempt: Attempt): void {
  const runs = tables.attempts.get(eventText(attempt)) ?? new Map<number, Attempt[]>();
  tables.attempts.set(eventText(attempt), runs);
  const attempts = [...(runs.get(attempt.run) ?? []), { ...attempt }];
  runs.set(
    attempt.run,
    attempts.sort((a, b) => a.number - b.number),
  );
}

export function rowOf(tables: Tables, endpointKey: number): EndpointRow {
  const row = tables.endpoints[endpointKey - 1];
  if (row === undefined) throw new Error(`There is no endpoint with key ${endpointKey}.`);
  return row;
}
