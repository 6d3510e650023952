import type { Attempt, Settled, Settlement } from "../../runtime/seams/log-store.ts";
import { fenced, isHeld } from "./memory-leases.ts";
import { append } from "./memory-log.ts";
import {
  attemptsOf,
  eventText,
  forgetHead,
  pendingText,
  putPending,
  shardOfNeed,
  type EndpointRow,
  type Tables,
} from "./memory-tables.ts";

const results = new Set(["delivered", "retry", "rejected", "exhausted"]);

/** All that can fail comes first, so that it writes everything or nothing; the second time it changes nothing. */
export function settle(tables: Tables, settlements: readonly Settlement[]): Settled {
  const held = settlements.filter(({ lease }) => isHeld(tables, lease));
  held.forEach(refuseBad);
  return {
    lost: settlements.filter((settlement) => !held.includes(settlement)).map(({ lease }) => lease.shard),
    disabled: held.flatMap((settlement) => write(tables, settlement)),
  };
}

/** Gives the keys of the endpoints that it disabled. */
function write(tables: Tables, settlement: Settlement): readonly number[] {
  const shard = fenced(tables, settlement.lease);
  const disabled = settlement.disabled.filter((row) => isToBeDisabled(tables, row));
  append(tables, [...disabled.flatMap(({ events }) => events), ...settlement.events], null);
  shard.cursor = Math.max(shard.cursor, settlement.cursor ?? 0);
  for (const tenant of settlement.rejoined) tables.diversions.delete(tenant);
  for (const { tenant, cursor } of settlement.diverted) {
    tables.diversions.set(tenant, { tenant, cursor, shard: settlement.lease.shard });
  }
  for (const attempt of settlement.attempts) putAttempt(tables, attempt);
  for (const key of settlement.finished) {
    tables.pending.get(key.endpointKey)?.delete(pendingText(key));
    forgetHead(tables, key.endpointKey);
  }
  for (const row of settlement.pending) {
    if (row.need !== undefined) shardOfNeed(tables, row.need);
    const need = row.need ?? settlement.lease.need;
    const isOver = need && attemptsOf(tables, row).some(({ number }) => number > row.attemptCount);
    if (!isOver && rowOf(tables, row.endpointKey).deletedAt === null)
      putPending(tables, { ...row, ...(need && { need }) });
  }
  for (const { endpointKey, ...health } of settlement.health) Object.assign(rowOf(tables, endpointKey), health);
  for (const { endpointKey, at } of disabled) {
    Object.assign(rowOf(tables, endpointKey), { enabled: false, updatedAt: at });
    forgetHead(tables, endpointKey);
  }
  return disabled.map(({ endpointKey }) => endpointKey);
}

function refuseBad({ attempts, disabled }: Settlement): void {
  const bad = attempts.find(({ result }) => !results.has(result));
  if (bad !== undefined) throw new Error(`${bad.result} is no result.`);
  if (disabled.some(({ events: [first] }) => first.type === null)) throw new Error("An event has a type.");
}

function isToBeDisabled(tables: Tables, { endpointKey, events: [first] }: Settlement["disabled"][number]): boolean {
  const row = rowOf(tables, endpointKey);
  return row.enabled && row.deletedAt === null && !tables.events.has(first.id);
}

function putAttempt(tables: Tables, attempt: Attempt): void {
  const runs = tables.attempts.get(eventText(attempt)) ?? new Map<number, Attempt[]>();
  tables.attempts.set(eventText(attempt), runs);
  const before = runs.get(attempt.run) ?? [];
  if (before.some(({ number }) => number === attempt.number)) return;
  const attempts = [...before, { ...attempt }];
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
