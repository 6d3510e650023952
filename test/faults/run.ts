import { join } from "node:path";
import { emitterNames, openField, ordersPath, workerNames, type Field } from "./field.ts";
import type { CursorSample, History } from "./history.ts";
import { openJournal, readJournal } from "./journal.ts";
import { planFaults, type Fault, type FaultCounts, type PlannedFault } from "./nemesis.ts";
import { outcomesOf, tenants, type OrderEntry } from "./orders.ts";
import { leaseMs, perEndpointMax, windowMax } from "./quick-app.ts";
import { quickCatalog, waitsMs } from "./quick-catalog.ts";
import { createRandom } from "./random.ts";
import { receiptsPath, receiverKinds, type Receipt } from "./receivers.ts";
import { batchesPath, type BatchReceipt } from "./stream-receivers.ts";
import { cursorsOf, leasesOf, progressOf, readTruth } from "./truth.ts";

export interface RunOptions {
  readonly seed: string;
  readonly counts: FaultCounts;
  /** Where journals and logs go. */
  readonly folder: string;
}

export interface Run {
  readonly history: History;
  /** Connections that were cut, and those of them that were cut at a COMMIT. */
  readonly cuts: number;
  readonly commitCuts: number;
  /** How long everything took to come to its end once nothing was done to it any more. */
  readonly drainMs: number;
}

/** The longest wait between two faults: time enough for some hundred deliveries. */
const afterMsMax = 300;

/**
 * How long everything may take to come to its end once nothing is done to it any more: three times the 70 s that it took,
 * most of them for a receiver that answers within 600 ms and is silent one time in ten; its backlog grows while workers
 * that begin with one attempt at a time live for a second each.
 */
const drainWithinMs = 240_000;

/** Does to three workers and two emitters what the plan says, lets them come to an end, and gathers what is known. */
export async function runFaults(options: RunOptions): Promise<Run> {
  const { seed, counts, folder } = options;
  const plan = planFaults(createRandom(seed), {
    counts,
    workers: workerNames,
    emitters: emitterNames,
    leaseMs,
    afterMsMax,
  });
  const field = await openField(folder, seed);
  const journal = openJournal<Fault & { readonly at: string }>(join(folder, "faults.jsonl"));
  try {
    await Promise.all([...field.workers, ...field.emitters].map((place) => place.working()));
    const { cuts, samples } = await follow(field, plan, (fault) =>
      journal.write({ ...fault, at: new Date().toISOString() }),
    );
    const { history, drainMs } = await gather(field, folder, { samples, disturbances: plan.length });
    const commitCuts = [...workerNames, ...emitterNames].flatMap((name) => field.proxyOf(name).commitCuts());
    return { history, cuts, commitCuts: commitCuts.length, drainMs };
  } finally {
    journal.close();
    await field.close();
  }
}

/** A batch comes every second or so. */
const streamingWithinMs = 3000;

async function follow(field: Field, plan: readonly PlannedFault[], note: (fault: Fault) => void) {
  let cuts = 0;
  const samples: CursorSample[] = [];
  for (const [number, { fault, afterMs }] of plan.entries()) {
    // Endpoints that are made in the middle get what comes after them.
    if (number === Math.floor(plan.length / 2)) await field.addEndpoints(tenants.slice(0, 2));
    if ("place" in fault) await field.placeOf(fault.place).working();
    await new Promise((resolve) => setTimeout(resolve, afterMs));
    note(fault);
    cuts += await inflict(field, fault);
    samples.push(...(await sample(field)));
  }
  return { cuts, samples };
}

/** What is answered between the look at the cursors and the count can only be more than they know of. */
async function sample({ url, streamReceivers }: Field): Promise<readonly CursorSample[]> {
  const streams = await cursorsOf(url);
  return streams.map(({ id, position }) => {
    return { streamId: id, position, receivedCount: streamReceivers.receivedCount(id) };
  });
}

/** Tells how many connections it cut by itself. */
async function inflict({ cluster, placeOf, proxyOf, streamReceivers, stranger }: Field, fault: Fault): Promise<number> {
  switch (fault.kind) {
    case "kill":
      await placeOf(fault.place).kill();
      return 0;
    case "pause":
      await placeOf(fault.place).pause(fault.ms);
      return 0;
    case "pause while streaming":
      await streamReceivers.nextBatch(streamingWithinMs);
      await placeOf(fault.place).pause(fault.ms);
      return 0;
    case "stranger":
      stranger(fault);
      return 0;
    case "cut":
      return proxyOf(fault.place).cutAll();
    case "cut commit":
      proxyOf(fault.place).cutNextCommit(fault.how);
      return 0;
    case "crash":
      await cluster.crash();
      return 0;
  }
}

async function gather(
  field: Field,
  folder: string,
  seen: Pick<History, "samples" | "disturbances">,
): Promise<Pick<Run, "history" | "drainMs">> {
  await Promise.all(field.emitters.map((place) => place.stop()));
  const drainedFrom = Date.now();
  await until(async () => (await progressOf(field.url)).isDone, drainWithinMs);
  const drainMs = Date.now() - drainedFrom;
  await until(async () => isHeld(await leasesOf(field.url)), leaseMs * 5);
  const leases = await leasesOf(field.url);
  await Promise.all(field.workers.map((place) => place.stop()));
  const entries = emitterNames.flatMap((name) => readJournal<OrderEntry>(ordersPath(folder, name)));
  const history: History = {
    orders: outcomesOf(entries),
    receipts: receiverKinds.flatMap((kind) => readJournal<Receipt>(receiptsPath(folder, kind))),
    batches: readJournal<BatchReceipt>(batchesPath(folder)),
    ...seen,
    truth: await readTruth(field.url),
    contract: { waitsMs, idPrefix: quickCatalog.stech?.declaration.ids.attempt.prefix ?? "" },
    page: { positions: windowMax, pendingPerEndpoint: perEndpointMax },
    leases,
    liveWorkers: workerNames.length,
    unaskedEnds: [...field.workers, ...field.emitters].flatMap((place) => place.unaskedEnds),
  };
  return { history, drainMs };
}

const isHeld = ({ owners, shards }: History["leases"]) => owners === workerNames.length && shards === 16;

/** Gives up in silence: what is missing then is for the checker to name. */
async function until(isDone: () => Promise<boolean>, withinMs: number): Promise<void> {
  const endsAt = Date.now() + withinMs;
  while (!(await isDone()) && Date.now() < endsAt) await new Promise((resolve) => setTimeout(resolve, 100));
}
