import type { Attempt, AttemptResult, DeliveryKey, StoredEvent } from "../../runtime/seams/log-store.ts";
import type { Expectations } from "./expectations.ts";
import { attemptsOf, pendingText, type Tables } from "./memory-tables.ts";

/** The waits of the contract that is simulated, stated apart from its declaration (R-STECH-59, R-STECH-60). */
export const waitsMs: readonly number[] = [60, 300, 1500, 7200, 43_200, 86_400].map((seconds) => seconds * 1000);

/** R-STECH-53 to R-STECH-58 and R-STECH-61. */
function resultOf({ status, number }: Pick<Attempt, "status" | "number">): AttemptResult {
  const again = number <= waitsMs.length ? "retry" : "exhausted";
  if (status === null || status >= 500 || status === 408 || status === 429) return again;
  return status < 300 ? "delivered" : "rejected";
}

export const endOf = ({ startedAt, durationMs }: Attempt): number => startedAt + durationMs;

const textOf = ({ endpointKey, position, run }: DeliveryKey): string => `delivery ${endpointKey}/${position}/${run}`;

/** Attempts that are about to be written. */
export function checkAttempts(tables: Tables, attempts: readonly Attempt[]): string[] {
  return attempts.flatMap((attempt) => {
    const known = attemptsOf(tables, attempt).find(({ number }) => number === attempt.number);
    const isOther = known !== undefined && known.startedAt !== attempt.startedAt;
    const expected = resultOf(attempt);
    return [
      ...(isOther ? [`${textOf(attempt)}: attempt ${attempt.number} is there already, and it is another one`] : []),
      ...(expected === attempt.result ? [] : [`${textOf(attempt)}: ${attempt.status} came to ${attempt.result}`]),
    ];
  });
}

/** A delivery as it stands in the database: its attempts are 1 to n, and what waits follows from the last one. */
export function checkDelivery(tables: Tables, of: DeliveryKey): string[] {
  const attempts = attemptsOf(tables, of);
  const last = attempts.at(-1);
  const pending = tables.pending.get(of.endpointKey)?.get(pendingText(of));
  const isDeleted = tables.endpoints[of.endpointKey - 1]?.deletedAt !== null;
  const problems = attempts.flatMap((attempt, index) => checkNumber(attempts, attempt, index));
  const mustWait = last?.result === "retry" && !isDeleted;
  if (mustWait && pending === undefined) problems.push("it is to be tried again, and is not pending");
  if (last !== undefined && last.result !== "retry" && pending !== undefined) problems.push("it ended, and is pending");
  if (pending !== undefined && pending.attemptCount !== attempts.length) {
    problems.push(`it has ${attempts.length} attempts and waits as if it had ${pending.attemptCount}`);
  }
  const dueAt = last === undefined ? 0 : endOf(last) + (waitsMs[last.number - 1] ?? 0);
  if (pending !== undefined && pending.dueAt < dueAt) problems.push(`it is due ${dueAt - pending.dueAt} ms too early`);
  return problems.map((problem) => `${textOf(of)}: ${problem}`);
}

function checkNumber(attempts: readonly Attempt[], attempt: Attempt, index: number): string[] {
  const before = attempts[index - 1];
  if (attempt.number !== index + 1) return [`attempt ${index + 1} is missing`];
  if (before === undefined) return [];
  if (before.result !== "retry") return [`it was tried again after it was ${before.result}`];
  const dueAt = endOf(before) + (waitsMs[index - 1] ?? Infinity);
  return attempt.startedAt < dueAt ? [`attempt ${attempt.number} came ${dueAt - attempt.startedAt} ms too early`] : [];
}

/** Nothing the cursor has passed is lost: it was tried, or waits, or its endpoint is gone. */
export function checkCursor(
  tables: Tables,
  expectations: Expectations,
  { shard, after }: { readonly shard: number; readonly after: number },
): string[] {
  const cursor = tables.shards[shard]?.cursor ?? 0;
  const isPassed = ({ position, tenant }: StoredEvent) =>
    position > after && position <= Math.min(cursor, tables.diversions.get(tenant)?.cursor ?? Infinity);
  const passed = (tables.logs[shard] ?? []).filter(isPassed);
  return passed.flatMap(({ position }) =>
    expectations
      .at(position)
      .filter((endpointId) => !isAccountedFor(tables, endpointId, position))
      .map((endpointId) => `the cursor of shard ${shard} passed ${position}, which ${endpointId} has not got`),
  );
}

export function isAccountedFor(tables: Tables, endpointId: string, position: number): boolean {
  const row = tables.endpoints.find(({ id }) => id === endpointId);
  if (row === undefined || row.deletedAt !== null) return row !== undefined;
  const key = { endpointKey: row.key, position, run: 0 };
  return attemptsOf(tables, key).length > 0 || tables.pending.get(row.key)?.has(pendingText(key)) === true;
}
