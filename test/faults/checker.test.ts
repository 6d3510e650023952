import { expect, test } from "vitest";
import { attemptId } from "../../runtime/contracts/delivery-id.ts";
import { check } from "./checker.ts";
import type { History } from "./history.ts";
import { orderOf, type Order } from "./orders.ts";
import { sha256, type Receipt } from "./receivers.ts";
import type { BatchReceipt } from "./stream-receivers.ts";
import type { TrueAttempt, TrueEvent, TrueStream } from "./truth.ts";

/** The first key with such an order. */
function someOrder(is: (order: Order) => boolean): Order {
  for (let number = 0; ; number += 1) if (is(orderOf(`key-${number}`))) return orderOf(`key-${number}`);
}

const contractsOf = ({ events }: Order) => events.map(({ contract }) => contract).join();
const order = someOrder((each) => each.fate === "commit" && contractsOf(each) === "stech,stech");
const rolledBack = someOrder(({ fate }) => fate === "rollback");
/** Two orders of one tenant with two records each. */
const logged = someOrder((each) => each.fate === "commit" && contractsOf(each) === "stech,authsignal,authsignal");
const loggedAgain = someOrder(
  (each) =>
    each.fate === "commit" &&
    contractsOf(each) === "stech,authsignal,authsignal" &&
    each.tenant === logged.tenant &&
    each.key !== logged.key,
);
const { tenant } = order;

const eventOf = (position: number, over: Partial<TrueEvent>): TrueEvent => ({
  id: `evt-${position}`,
  position,
  contract: "stech",
  tenant,
  type: "scim.user_added",
  shard: 3,
  idempotencyKey: null,
  body: `{"at":${position}}`,
  bodyHash: `hash-${position}`,
  ...over,
});

const events = [
  eventOf(1, { contract: "hookwright", type: "endpoint.created" }),
  ...order.events.map(({ type, idempotencyKey }, index) => eventOf(2 + index, { type, idempotencyKey })),
];

const prefix = "dla_";
const idOf = (position: number, number: number) =>
  attemptId({ prefix, eventId: `evt-${position}`, endpointId: "whe_1", run: 0, number });

const attemptOf = (position: number, over: Partial<TrueAttempt>): TrueAttempt => ({
  endpointId: "whe_1",
  position,
  run: 0,
  number: 1,
  startedAt: 10_000,
  durationMs: 50,
  result: "delivered",
  status: 200,
  ...over,
});

const receiptOf = (position: number, over: Partial<Receipt> = {}): Receipt => ({
  endpointId: "whe_1",
  eventId: `evt-${position}`,
  tenant,
  type: events[position - 1]?.type ?? "",
  attemptId: idOf(position, 1),
  timestamp: "10",
  bodyHash: `hash-${position}`,
  problem: null,
  answered: 200,
  ...over,
});

/** One endpoint, and an order of two events: the first is delivered at once, the second the second time. */
const attempts = [
  attemptOf(2, {}),
  attemptOf(3, { result: "retry", status: 500 }),
  attemptOf(3, { number: 2, startedAt: 10_250 }),
];
const receipts = [
  receiptOf(2),
  receiptOf(3, { answered: 500 }),
  receiptOf(3, { attemptId: idOf(3, 2), timestamp: "10" }),
];
const truth: History["truth"] = {
  events,
  streams: [],
  endpoints: [{ id: "whe_1", tenant, types: ["*"], position: 1 }],
  attempts,
  orders: [order.key],
  shards: [{ shard: 3, cursor: 3, epoch: 1 }],
  pendingCount: 0,
  backlogCount: 0,
  asideTaken: 0,
};
const well: History = {
  orders: [
    { order, ackedIds: ["evt-2", "evt-3"] },
    { order: rolledBack, ackedIds: null },
  ],
  receipts,
  batches: [],
  samples: [],
  disturbances: 0,
  truth,
  contract: { waitsMs: [200, 400], idPrefix: prefix },
  page: { positions: 10, pendingPerEndpoint: 4 },
  leases: { owners: 1, shards: 1 },
  liveWorkers: 1,
  unaskedEnds: [],
};

/** One stream, whose tenant has records at 2, 3, 5 and 6: the first two came in one batch, the others in the next. */
const streamed: History = {
  ...well,
  orders: [logged, loggedAgain].map((each) => ({ order: each, ackedIds: null })),
  receipts: [],
  batches: [batchOf([2, 3], { answered: 503 }), batchOf([2, 3]), batchOf([5, 6])],
  samples: [
    { streamId: "lgw_1", position: 1, receivedCount: 1 },
    { streamId: "lgw_1", position: 4, receivedCount: 2 },
    { streamId: "lgw_1", position: 6, receivedCount: 3 },
  ],
  disturbances: 1,
  truth: {
    ...truth,
    events: [...logged.events, ...loggedAgain.events].map(({ contract, type, idempotencyKey }, index) =>
      eventOf(index + 1, { contract, type, idempotencyKey, tenant: logged.tenant }),
    ),
    streams: [{ id: "lgw_1", tenant: logged.tenant, contract: "authsignal", shard: 3, position: 6, hasBatch: false }],
    endpoints: [],
    attempts: [],
    orders: [logged.key, loggedAgain.key],
    shards: [{ shard: 3, cursor: 6, epoch: 1 }],
  },
};

function batchOf(positions: readonly number[], over: Partial<BatchReceipt> = {}): BatchReceipt {
  const bodies = positions.map((position) => `{"at":${position}}`);
  return {
    streamId: "lgw_1",
    recordIds: positions.map((position) => `evt-${position}`),
    bodyHash: sha256(`{"records":[${bodies.join()}]}`),
    problem: null,
    answered: 200,
    ...over,
  };
}

test("a run in which all is well has no findings", () => {
  expect(check(well)).toEqual([]);
  expect(check(streamed)).toEqual([]);
});

const names = {
  emitted: "an event is there exactly when its transaction was committed",
  asked: "nothing is in the log that nobody emitted",
  dense: "positions are dense",
  concluded: "every event reaches every endpoint that matched, or the end its contract names",
  owedOnly: "nobody gets what is not owed to them",
  bytes: "bytes that are stored, signed and sent are equal",
  written: "every request that came is written down under its id",
  happened: "every answer that is written down was given",
  waited: "no attempt is early",
  bounded: "what is sent twice is within a page for each time a shard was taken",
  drained: "all is done, by those who live",
  alive: "no process ends by itself",
  inOrder: "a stream sends the log in its order, one batch after the other, without a gap",
  storedBytes: "a batch has the bytes that were stored, whenever it is sent",
  neverAhead: "a stream's cursor is never ahead of what was accepted",
  repeatedOnce: "a fault, or a change of hands, repeats at most one batch of a stream",
  everyRecord: "every record of a stream was accepted",
};

const withTruth = (change: Partial<History["truth"]>): History => ({ ...well, truth: { ...truth, ...change } });
const withReceipts = (...more: readonly Receipt[]): History => ({ ...well, receipts: [...receipts, ...more] });
const without = <Item>(items: readonly Item[], index: number) => items.toSpliced(index, 1);
const withBatches = (...batches: readonly BatchReceipt[]): History => ({ ...streamed, batches });
const atCursor = (position: number, receivedCount: number): History => ({
  ...streamed,
  samples: [{ streamId: "lgw_1", position, receivedCount }],
});
const withStream = (over: Partial<TrueStream>): History => ({
  ...streamed,
  truth: { ...streamed.truth, streams: streamed.truth.streams.map((stream) => ({ ...stream, ...over })) },
});
const stray = eventOf(4, { idempotencyKey: rolledBack.events[0]?.idempotencyKey ?? "" });

test.each<[string, keyof typeof names, History]>([
  ["an acknowledged event is not there", "emitted", withTruth({ events: without(events, 2) })],
  ["an event has another id than was given", "emitted", { ...well, orders: [{ order, ackedIds: ["evt-2", "evt-9"] }] }],
  ["an event is there without the product's row", "emitted", withTruth({ orders: [] })],
  ["an event of a transaction that was rolled back is there", "emitted", withTruth({ events: [...events, stray] })],
  ["an event of nobody is there", "asked", withTruth({ events: [...events, eventOf(4, { idempotencyKey: "-" })] })],
  ["an event has no position", "dense", withTruth({ events: [eventOf(1, { position: null }), ...events.slice(1)] })],
  ["a delivery was never attempted", "concluded", withTruth({ attempts: attempts.slice(1) })],
  ["a delivery was left in the middle", "concluded", withTruth({ attempts: attempts.slice(0, 2) })],
  ["a delivery went on", "concluded", withTruth({ attempts: [...attempts, attemptOf(3, { number: 3 })] })],
  [
    "it gave up early",
    "concluded",
    withTruth({ attempts: [attemptOf(2, { result: "exhausted" }), ...attempts.slice(1)] }),
  ],
  ["nobody accepted what is delivered", "concluded", { ...well, receipts: receipts.slice(1) }],
  ["another endpoint got it", "owedOnly", withReceipts(receiptOf(2, { endpointId: "whe_2" }))],
  ["an endpoint got what was before it", "owedOnly", withReceipts(receiptOf(1))],
  [
    "an attempt of what is not owed is written down",
    "owedOnly",
    withTruth({ attempts: [attemptOf(1, {}), ...attempts] }),
  ],
  ["other bytes came", "bytes", { ...well, receipts: [receiptOf(2, { bodyHash: "-" }), ...receipts.slice(1)] }],
  ["the SDK refused it", "bytes", { ...well, receipts: [receiptOf(2, { problem: "no" }), ...receipts.slice(1)] }],
  ["it came under an id that is not written down", "written", withReceipts(receiptOf(2, { attemptId: idOf(2, 2) }))],
  [
    "an answer was not given",
    "happened",
    withTruth({ attempts: [attemptOf(2, { status: 201 }), ...attempts.slice(1)] }),
  ],
  [
    "the time that was signed is another",
    "happened",
    { ...well, receipts: receipts.map((each) => ({ ...each, timestamp: "9" })) },
  ],
  [
    "the second attempt is a millisecond early",
    "waited",
    withTruth({ attempts: [...attempts.slice(0, 2), attemptOf(3, { number: 2, startedAt: 10_249 })] }),
  ],
  ["it came twice in one lease", "bounded", withReceipts(receiptOf(2))],
  [
    "more than a page came again",
    "bounded",
    {
      ...withTruth({ shards: [{ shard: 3, cursor: 3, epoch: 2 }] }),
      receipts: [...receipts, ...Array.from({ length: 15 }, () => receiptOf(2))],
    },
  ],
  ["something waits", "drained", withTruth({ pendingCount: 1 })],
  ["the cursor is behind", "drained", withTruth({ shards: [{ shard: 3, cursor: 2, epoch: 1 }] })],
  ["one who is dead has leases", "drained", { ...well, leases: { owners: 2, shards: 1 } }],
  ["a shard is nobody's", "drained", { ...well, leases: { owners: 1, shards: 0 } }],
  ["a batch leaves out a record", "inOrder", withBatches(batchOf([2]), batchOf([5, 6]))],
  ["batches come in another order", "inOrder", withBatches(batchOf([5, 6]), batchOf([2, 3]))],
  ["records come in another order", "inOrder", withBatches(batchOf([3, 2]), batchOf([5, 6]))],
  [
    "a batch that was refused is passed over",
    "inOrder",
    withBatches(batchOf([2, 3], { answered: 503 }), batchOf([5, 6])),
  ],
  [
    "a batch comes again with more in it",
    "inOrder",
    withBatches(batchOf([2], { answered: null }), batchOf([2, 3, 5, 6])),
  ],
  ["a batch is empty", "inOrder", withBatches(batchOf([]), batchOf([2, 3]), batchOf([5, 6]))],
  ["a batch has other bytes", "storedBytes", withBatches(batchOf([2, 3]), batchOf([5, 6], { bodyHash: "-" }))],
  ["the SDK refused a batch", "storedBytes", withBatches(batchOf([2, 3]), batchOf([5, 6], { problem: "no" }))],
  ["the cursor is past what was refused", "neverAhead", atCursor(3, 1)],
  ["the cursor is past what is on its way", "neverAhead", atCursor(6, 2)],
  [
    "more batches came again than faults",
    "repeatedOnce",
    withBatches(...streamed.batches, batchOf([5, 6]), batchOf([5, 6])),
  ],
  ["a record was not accepted", "everyRecord", withBatches(batchOf([2, 3]), batchOf([5, 6], { answered: 500 }))],
  ["a stream has a batch under way", "everyRecord", withStream({ hasBatch: true })],
  ["a stream's cursor is behind", "everyRecord", withStream({ position: 5 })],
  ["a process ended", "alive", { ...well, unaskedEnds: ["worker-1 ended by itself with 1"] }],
])("%s: %s", (_, name, history) => {
  expect(check(history).map(({ rule }) => rule)).toContain(names[name]);
});

test("as much as a page for each time a shard was taken is no finding", () => {
  const taken = withTruth({ shards: [{ shard: 3, cursor: 3, epoch: 2 }] });
  const again = Array.from({ length: 14 }, () => receiptOf(2));
  expect(check({ ...taken, receipts: [...receipts, ...again] })).toEqual([]);
});
