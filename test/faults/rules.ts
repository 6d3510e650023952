import { attemptId } from "../../runtime/contracts/delivery-id.ts";
import type { Index, Owed } from "./history.ts";
import { streamRules } from "./stream-rules.ts";

/** Names each case in which it does not hold. */
type Rule = (index: Index) => Iterable<string>;

const isTerminal = (result: string) => result !== "retry";

/** An event is there exactly when the transaction that emitted it was committed, whole, with the id that was given. */
function* emitted({ orders, truth, eventsByKey }: Index): Iterable<string> {
  const rows = new Set(truth.orders);
  for (const { order, ackedIds } of orders) {
    const ids = order.events.map(({ idempotencyKey }) => eventsByKey.get(idempotencyKey)?.id);
    const count = ids.filter((id) => id !== undefined).length;
    const has = `order ${order.key} (${order.fate}): ${count} of ${ids.length} events are there`;
    if (order.fate === "rollback" && count > 0) yield `${has}, and it was rolled back`;
    if (count > 0 && count < ids.length) yield has;
    if (order.fate === "commit" && rows.has(order.key) !== count > 0) yield `${has}, and not so the product's row`;
    if (ackedIds !== null && ackedIds.join() !== ids.join()) {
      yield `order ${order.key} was acknowledged with ${ackedIds.join()}, and the log has ${ids.join()}`;
    }
  }
}

/** Nothing is in the log that nobody emitted. */
function* asked({ orders, truth }: Index): Iterable<string> {
  const keys = new Set(orders.flatMap(({ order }) => order.events.map(({ idempotencyKey }) => idempotencyKey)));
  for (const { id, contract, idempotencyKey } of truth.events) {
    if (contract !== "hookwright" && !keys.has(idempotencyKey ?? "")) yield `event ${id} (${idempotencyKey})`;
  }
}

/** Every event has its place, and no place is empty. */
function* dense({ truth }: Index): Iterable<string> {
  for (const [index, { id, position }] of truth.events.entries()) {
    if (position !== index + 1) yield `event ${id} is number ${index + 1} and has the position ${position}`;
  }
}

/** What is owed was attempted until it was delivered, or until its contract gives up. */
function* concluded({ owed, contract }: Index): Iterable<string> {
  for (const { name, attempts, receipts } of owed) {
    const results = attempts.map(({ result }) => result);
    const last = results.at(-1);
    if (last === undefined || !isTerminal(last)) yield `${name} has not ended: [${results.join()}]`;
    if (results.slice(0, -1).some(isTerminal)) yield `${name} went on after its end: [${results.join()}]`;
    if (attempts.some(({ number, run }, at) => number !== at + 1 || run !== 0))
      yield `${name} has gaps in its attempts`;
    const isLast = results.length === contract.waitsMs.length + 1;
    if (
      results.length > contract.waitsMs.length + 1 ||
      (last === "exhausted") !== (isLast && last !== "delivered" && last !== "rejected")
    ) {
      yield `${name} has ${results.length} attempts: [${results.join()}]`;
    }
    const isAccepted = receipts.some(({ answered }) => answered !== null && answered >= 200 && answered < 300);
    if (last === "delivered" && !isAccepted) yield `${name} is said to be delivered, and nobody accepted it`;
  }
}

/** Nobody gets what is not in the log, not theirs, or not what they asked for; nor is that written down. */
function* owedOnly({ owed, receipts, truth }: Index): Iterable<string> {
  const byEvent = new Set(owed.map(({ event, endpoint }) => `${event.id} ${endpoint.id}`));
  for (const { eventId, endpointId } of receipts) {
    if (!byEvent.has(`${eventId} ${endpointId}`)) yield `${endpointId} received ${eventId}`;
  }
  const byPosition = new Set(owed.map(({ event, endpoint }) => `${event.position} ${endpoint.id}`));
  for (const { position, endpointId } of truth.attempts) {
    if (!byPosition.has(`${position} ${endpointId}`)) yield `an attempt of position ${position} for ${endpointId}`;
  }
}

/** The bytes that were stored are the bytes that came, and the receiver's SDK accepts them. */
function* bytes({ receipts, eventsById }: Index): Iterable<string> {
  for (const { attemptId, eventId, bodyHash, problem, tenant, type } of receipts) {
    const event = eventsById.get(eventId);
    if (problem !== null) yield `${attemptId} was refused: ${problem}`;
    if (event === undefined) continue;
    if (event.bodyHash !== bodyHash) yield `${attemptId} came with other bytes than were stored`;
    if (event.tenant !== tenant || event.type !== type) yield `${attemptId} came as ${type} of ${tenant}`;
  }
}

/** Whatever was sent is written down, however often it was sent, under the id that it has by its number. */
function* written({ owed, contract }: Index): Iterable<string> {
  for (const { name, event, endpoint, attempts, receipts } of owed) {
    const of = { prefix: contract.idPrefix, eventId: event.id, endpointId: endpoint.id, run: 0 };
    const ids = attempts.map(({ number }) => attemptId({ ...of, number }));
    for (const receipt of receipts) {
      if (!ids.includes(receipt.attemptId)) yield `${name}: ${receipt.attemptId} came and is not written down`;
    }
  }
}

/** What is written down was so: the request was signed at that time, and its answer had that status. */
function* happened({ owed, contract, receiptsByAttempt }: Index): Iterable<string> {
  for (const { name, event, endpoint, attempts } of owed) {
    for (const { number, startedAt, status } of attempts) {
      if (status === null) continue;
      const of = { prefix: contract.idPrefix, eventId: event.id, endpointId: endpoint.id, run: 0 };
      const receipts = receiptsByAttempt.get(attemptId({ ...of, number })) ?? [];
      const timestamp = String(Math.floor(startedAt / 1000));
      if (!receipts.some((receipt) => receipt.timestamp === timestamp && receipt.answered === status)) {
        yield `${name}: attempt ${number} of ${timestamp} with ${status} was received as ${JSON.stringify(receipts)}`;
      }
    }
  }
}

/** No attempt comes before the wait after the one before it is over. */
function* waited({ owed, contract }: Index): Iterable<string> {
  for (const { name, attempts } of owed) {
    for (const [at, attempt] of attempts.slice(1).entries()) {
      const before = attempts[at];
      if (before === undefined) continue;
      const due = before.startedAt + before.durationMs + (contract.waitsMs[at] ?? 0);
      if (attempt.startedAt < due) yield `${name}: attempt ${at + 2} came ${due - attempt.startedAt} ms early`;
    }
  }
}

/** A shard that changes hands may send a page of itself again, and no more. */
function* bounded(index: Index): Iterable<string> {
  const repeats = Map.groupBy(index.owed, ({ event }) => event.shard);
  for (const { shard, epoch } of index.truth.shards) {
    const count = repeatCount(repeats.get(shard) ?? []);
    // What waits for a process that knows it may be sent again when its own shard, beside the log, changes hands.
    const taken = epoch + index.truth.asideTaken;
    const max = pageOf(index, repeats.get(shard) ?? []) * Math.max(taken - 1, 0);
    if (count > max) yield `shard ${shard} sent ${count} requests again, and was taken ${taken} times: at most ${max}`;
  }
}

/** How many requests came that had come before. */
export function repeatCount(owed: readonly Pick<Owed, "receipts">[]): number {
  const counts = owed.map(({ receipts }) => receipts.length - new Set(receipts.map((each) => each.attemptId)).size);
  return counts.reduce((sum, count) => sum + count, 0);
}

/** How many requests are on their way, or answered and not written down, in one shard at most. */
function pageOf({ page }: Index, owed: readonly Owed[]): number {
  const perEvent = Math.max(
    0,
    ...Map.groupBy(owed, ({ event }) => event.id)
      .values()
      .map((each) => each.length),
  );
  const endpoints = new Set(owed.map(({ endpoint }) => endpoint.id)).size;
  return page.positions * perEvent + page.pendingPerEndpoint * endpoints;
}

/** Everything is done, by those who live. */
function* drained({ truth, leases, liveWorkers }: Index): Iterable<string> {
  if (truth.pendingCount > 0) yield `${truth.pendingCount} deliveries wait`;
  if (truth.backlogCount > 0) yield `${truth.backlogCount} endpoints have a backlog`;
  const { owners, shards } = leases;
  if (owners > liveWorkers) yield `${owners} owners have leases, and ${liveWorkers} workers live`;
  if (shards < truth.shards.length) yield `${shards} of ${truth.shards.length} shards are leased`;
  const ends = Map.groupBy(truth.events, ({ shard }) => shard);
  for (const { shard, cursor } of truth.shards) {
    const end = ends.get(shard)?.at(-1)?.position ?? 0;
    if (cursor < end) yield `shard ${shard} is settled up to ${cursor}, and ends at ${end}`;
  }
}

function* alive({ unaskedEnds }: Index): Iterable<string> {
  yield* unaskedEnds;
}

export const rules: Readonly<Record<string, Rule>> = {
  "an event is there exactly when its transaction was committed": emitted,
  "nothing is in the log that nobody emitted": asked,
  "positions are dense": dense,
  "every event reaches every endpoint that matched, or the end its contract names": concluded,
  "nobody gets what is not owed to them": owedOnly,
  "bytes that are stored, signed and sent are equal": bytes,
  "every request that came is written down under its id": written,
  "every answer that is written down was given": happened,
  "no attempt is early": waited,
  "what is sent twice is within a page for each time a shard was taken": bounded,
  "all is done, by those who live": drained,
  "no process ends by itself": alive,
  ...streamRules,
};
