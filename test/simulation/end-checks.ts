import { allowanceAfter, type Allowance } from "../../runtime/engine/send/allowance.ts";
import type { Attempt } from "../../runtime/seams/log-store.ts";
import { checkDelivery, endOf, isAccountedFor, waitsMs } from "./delivery-checks.ts";
import { attemptsOf, pendingText, type EndpointRow, type Tables } from "./memory-tables.ts";
import type { Profile } from "./profile.ts";
import { runningWorkers } from "./workers.ts";
import type { World } from "./world.ts";

const failuresMax = 50;

/** What has to be true of a world that came to rest (DESIGN.md §7). */
export function checkEnd(world: World): void {
  const checks = [checkRepeats, checkLog, checkDeliveries, checkPending, checkEndpoints, checkLeases, checkDiversions];
  const exact = world.profile.times === "exact" ? [checkTimes, checkHealth] : [];
  for (const check of [...checks, ...exact]) for (const problem of check(world)) world.watch.violate(problem);
}

function checkRepeats({ profile, watch }: World): string[] {
  const count = watch.duplicateCount();
  return profile.repeats === "never" && count > 0 ? [`${count} attempts were sent a second time for no reason`] : [];
}

/** What was committed is in the log as it was acknowledged; what was rolled back is not. */
function checkLog({ memory: { tables }, ledger }: World): string[] {
  const bodies = new Map(tables.log.map(({ id, body }) => [id, body]));
  const lost = [...ledger.committed].filter(([id, body]) => bodies.get(id) !== body);
  const risen = [...ledger.rolledBack].filter((id) => bodies.has(id));
  return [
    ...lost.map(([id]) => `event ${id} was committed and is not in the log as it was emitted`),
    ...risen.map((id) => `event ${id} was rolled back and is in the log`),
  ];
}

/** Every event reached every endpoint it was for, or ended; the rest waits for endpoints that are disabled. */
function checkDeliveries({ memory: { tables }, watch: { expectations } }: World): string[] {
  return tables.log.flatMap(({ position }) =>
    expectations.at(position).flatMap((id) => {
      const row = tables.endpoints.find((endpoint) => endpoint.id === id);
      if (row === undefined || !isAccountedFor(tables, id, position)) return [`${position} never reached ${id}`];
      const key = { endpointKey: row.key, position, run: 0 };
      const waits = tables.pending.get(row.key)?.has(pendingText(key)) === true;
      if (row.deletedAt !== null || waits) return [];
      const last = attemptsOf(tables, key).at(-1);
      return last === undefined || last.result === "retry" ? [`${position} to ${id} ended as ${last?.result}`] : [];
    }),
  );
}

function checkPending({ memory: { tables }, watch: { expectations } }: World): string[] {
  const waiting = [...tables.pending.values()].flatMap((rows) => [...rows.values()]);
  const stray = waiting.filter(({ endpointKey }) => {
    const row = tables.endpoints[endpointKey - 1];
    return row === undefined || (row.enabled && !row.paused);
  });
  const tried = [...tables.attempts.values()].flatMap((runs) =>
    [...runs.values()].flatMap((attempts) => attempts[0] ?? []),
  );
  const unwanted = tried.filter(({ endpointKey, position }) => {
    const id = tables.endpoints[endpointKey - 1]?.id ?? "";
    return !expectations.at(position).includes(id);
  });
  return [
    ...stray.map((row) => `delivery ${row.endpointKey}/${row.position}/${row.run} still waits`),
    ...unwanted.map((row) => `endpoint ${row.endpointKey} was never to get ${row.position}`),
    ...[...tried, ...waiting].flatMap((row) => checkDelivery(tables, row)),
  ];
}

/** The table of endpoints is what the facts in the log say. */
function checkEndpoints({ memory: { tables }, watch: { expectations, failuresOf } }: World): string[] {
  return tables.endpoints.flatMap((row) => {
    const state = expectations.stateOf(row.id);
    const isSame =
      state?.enabled === row.enabled &&
      state.url === row.url &&
      state.deleted === (row.deletedAt !== null) &&
      state.events.join() === row.events.join();
    const facts = tables.log.filter(({ type, body }) => type === "endpoint.disabled" && body.includes(`"${row.id}"`));
    const early = facts.filter(({ body }) => JSON.parse(body).data.failureCount < failuresMax);
    return [
      ...(isSame ? [] : [`endpoint ${row.id} is not what its facts say`]),
      ...early.map(() => `endpoint ${row.id} was disabled before ${failuresMax} failures in a row`),
      ...(facts.length > 0 && failuresOf(row.id) < failuresMax
        ? [`endpoint ${row.id} was disabled after ${failuresOf(row.id)} failures`]
        : []),
    ];
  });
}

/** Who was diverted has rejoined the others. */
function checkDiversions({ memory: { tables } }: World): string[] {
  return [...tables.diversions.keys()].map((tenant) => `${tenant} is still diverted`);
}

function attemptsTo(tables: Tables, { key }: EndpointRow): readonly Attempt[] {
  const all = [...tables.attempts.values()].flatMap((runs) => [...runs.values()].flat());
  return all.filter(({ endpointKey }) => endpointKey === key);
}

function checkLeases(world: World): string[] {
  const { tables } = world.memory;
  const running = new Set<string | null>(runningWorkers(world).map(({ owner }) => owner));
  const owners = [...tables.shards.map(({ owner }) => owner), ...tables.owners.keys()];
  if (tables.kind === "shared") owners.push(tables.sequencer.owner);
  return owners.filter((owner) => !running.has(owner)).map((owner) => `${owner} is not running and holds a lease`);
}

/** How long after it ended an attempt may be written down; until then it counts as under way. */
const settleMs = 50;
/** How long after it was due an attempt may come when another one of its endpoint was under way: one look at the backlog. */
const lookMs = 250;

/** How many attempts of an endpoint may be under way at a time, after those that had ended. */
function allowedAt(attempts: readonly Attempt[], at: number, limits: Profile["limits"]): number {
  const ended = attempts.filter((attempt) => endOf(attempt) <= at).toSorted((a, b) => endOf(a) - endOf(b));
  const first: Allowance = { count: limits.unprovenMax, pace: "quick" };
  return ended.reduce((allowance, attempt) => allowanceAfter(allowance, limits, attempt), first).count;
}

/** Nothing was down, so the waits are those of the contract, to the millisecond. */
function checkTimes({ memory: { tables }, profile }: World): string[] {
  return tables.endpoints.flatMap((row) => {
    const attempts = attemptsTo(tables, row);
    return attempts.flatMap((attempt) => {
      const before = attemptsOf(tables, attempt)[attempt.number - 2];
      if (before === undefined || attempt.number === 1) return [];
      const dueAt = endOf(before) + (waitsMs[attempt.number - 2] ?? 0);
      const underWay = attempts.filter(
        (other) => other !== attempt && other.startedAt <= dueAt && endOf(other) + settleMs >= dueAt,
      );
      if (underWay.length >= allowedAt(attempts, dueAt, profile.limits)) return [];
      const lateMs = attempt.startedAt - dueAt;
      const lateMsMax = underWay.length === 0 ? 0 : lookMs;
      const name = `attempt ${attempt.number} of ${attempt.endpointKey}/${attempt.position}/${attempt.run}`;
      return lateMs > lateMsMax ? [`${name} came ${lateMs} ms after it was due at ${dueAt}`] : [];
    });
  });
}

/** The count of failures in a row is that of the attempts in the order they ended (R-STECH-65, R-STECH-67). */
function checkHealth({ memory: { tables } }: World): string[] {
  return tables.endpoints.flatMap((row) => {
    const attempts = attemptsTo(tables, row).toSorted((a, b) => endOf(a) - endOf(b));
    const isAmbiguous = attempts.some((attempt, index) => {
      const before = attempts[index - 1];
      return before !== undefined && endOf(before) === endOf(attempt) && before.result !== attempt.result;
    });
    const lastGood = attempts.findLastIndex(({ result }) => result === "delivered");
    const expected = attempts.length - 1 - lastGood;
    if (isAmbiguous || expected === row.failureCount) return [];
    return [`endpoint ${row.id} has ${row.failureCount} failures in a row and should have ${expected}`];
  });
}
