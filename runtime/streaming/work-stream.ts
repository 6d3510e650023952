import type { StreamContract } from "../../catalog/contract.ts";
import type { Logger } from "pino";
import type { Random } from "../contracts/identifier.ts";
import type { WireContract } from "../contracts/wire-contract.ts";
import type { RunResult, Stream, StreamLease, StreamStep, StreamStore } from "../seams/stream-store.ts";
import type { SendingRight } from "../seams/outbound.ts";
import { traceRequest } from "../tracing.ts";
import { freezeBatch, loadBatch, readAhead } from "./freeze.ts";
import { isReportDue, type PostNotices } from "./notices.ts";
import {
  beginRun,
  cameToNothing,
  countAttempt,
  dueAfter,
  dueAfterFailure,
  endedRun,
  hasTime,
  type Run,
} from "./run.ts";
import { sendBatch, type BatchOutcome, type LoadedBatch, type SendParts } from "./send-batch.ts";

export interface WorkParts extends SendParts {
  readonly store: Pick<StreamStore, "end" | "records" | "step">;
  readonly random: Random;
  /** Told of every attempt at a batch once it has ended. */
  readonly attempted: (contract: string, outcome: BatchOutcome, recordCount: number) => void;
  readonly postNotices: PostNotices;
  readonly log: Pick<Logger, "info" | "warn">;
}

/** Attempts at a batch after which it is said that its stream stands still: one that is refused in passing comes again soon. */
const standsStillAt = 3;

/** One stream while it is worked; nobody else works it meanwhile. */
interface Work {
  readonly parts: WorkParts;
  readonly contract: WireContract<StreamContract>;
  readonly lease: StreamLease;
  readonly right: SendingRight;
  /** As of the last step. */
  stream: Stream;
  run: Run;
  /** The batch under way. Null: there is none to send. */
  loaded: LoadedBatch | null;
  /** What comes after it, read since it was first sent. */
  ahead: ReturnType<typeof readAhead> | null;
}

/**
 * Sends a stream's batches one after the other for as long as there is something to send now, or its run has time. The
 * cursor moves in the transaction that notes what the batch came to and freezes the next one: it is never ahead of what
 * was accepted, and whoever takes over sends the same bytes again. Throws `lease_lost`.
 */
export async function workStream(
  parts: WorkParts,
  contract: WireContract<StreamContract>,
  given: Pick<Work, "stream" | "lease" | "right"> & { readonly mayGoOn: () => boolean },
): Promise<void> {
  const { stream, lease, right } = given;
  const run = beginRun(contract.declaration, stream, parts.clock.now());
  const loaded = await loadBatch(parts.store, contract, stream);
  const work: Work = { parts, contract, lease, right, stream, run, loaded, ahead: null };
  let goesOn = work.loaded === null ? await takeFirst(work) : true;
  while (goesOn && work.loaded !== null) {
    if (!given.mayGoOn() || work.stream.status === "paused") return leave(work);
    const outcome = await attempt(work, work.loaded);
    if (outcome === null) return letGo(work);
    goesOn = outcome.isAccepted ? await accept(work, work.loaded) : await takeRefusal(work, work.loaded);
  }
}

async function attempt(work: Work, loaded: LoadedBatch): Promise<BatchOutcome | null> {
  const { parts, contract, stream, run, right } = work;
  const startedAt = parts.clock.now();
  const number = loaded.batch.attemptCount + run.attemptCount + 1;
  work.ahead ??= readAhead(parts.store, contract, { stream, loaded });
  const outcome = await traceRequest(
    () => spanOf(contract.declaration.id, stream, loaded, number),
    () => sendBatch(parts, contract.declaration, { stream, loaded, number, right }),
    (outcome) => ({
      outcome: outcome === null ? "withdrawn" : outcome.isAccepted ? "accepted" : "refused",
      status: outcome?.status ?? null,
      error: outcome?.error ?? null,
    }),
  );
  if (outcome === null) return null;
  countAttempt(run, outcome, parts.clock.now() - startedAt);
  parts.attempted(contract.declaration.id, outcome, loaded.records.length);
  return outcome;
}

function spanOf(contract: string, { id, settings, tenant }: Stream, { records }: LoadedBatch, number: number) {
  return {
    ...{ name: "hookwright.batch" as const, url: new URL(settings.url), contract, tenant },
    attributes: {
      "messaging.batch.message_count": records.length,
      "hookwright.stream.id": id,
      "hookwright.attempt.number": number,
    },
    events: records.map(({ trace }) => trace),
  };
}

/** Freezes the first batch of a run before it is sent. With nothing to send the run ends here, and nothing is sent. */
async function takeFirst(work: Work): Promise<boolean> {
  const { parts, contract, stream } = work;
  const now = parts.clock.now();
  const toFreeze = { stream, after: stream.cursor.position, ahead: null, now };
  const { loaded, passedTo } = await freezeBatch(parts.store, contract, toFreeze);
  const position = passedTo ?? stream.cursor.position;
  work.loaded = loaded;
  if (loaded === null) return end(work, { position, batch: null, result: "delivered", dueAt: dueAfter(stream, now) });
  return write(work, { position, batch: loaded.batch });
}

async function accept(work: Work, { batch, records }: LoadedBatch): Promise<boolean> {
  const { parts, contract, run, stream } = work;
  if (batch.attemptCount >= standsStillAt) parts.log.info(lineOf(stream), "A log stream that stood still goes on.");
  run.recordCount += records.length;
  run.lastRecordAt = records.at(-1)?.time ?? run.lastRecordAt;
  const now = parts.clock.now();
  const checkpoint = records.at(-1)?.id ?? stream.cursor.checkpoint;
  const ahead = await work.ahead;
  work.ahead = null;
  const next = hasTime(run, now)
    ? await freezeBatch(parts.store, contract, { stream, after: batch.upTo, ahead, now })
    : { loaded: null, passedTo: batch.upTo };
  work.loaded = next.loaded;
  const position = next.passedTo ?? batch.upTo;
  const change = { position, checkpoint, batch: next.loaded?.batch ?? null };
  // Without a schedule every batch is a run of its own.
  const isEnd = next.loaded === null || stream.settings.schedule === null;
  if (!isEnd) return write(work, change);
  const isWritten = await end(work, { ...change, result: "delivered", dueAt: dueAfter(stream, now) });
  work.run = beginRun(contract.declaration, work.stream, now);
  return isWritten && stream.settings.schedule === null;
}

/** Tries again at once, passes the batch over, or holds it, as the contract's retry plan and the owner have it. */
async function takeRefusal(work: Work, { batch, records }: LoadedBatch): Promise<boolean> {
  const { parts, contract, run, stream } = work;
  const { retry } = contract.declaration;
  const now = parts.clock.now();
  if (run.retriesLeft > 0 && hasTime(run, now)) {
    run.retriesLeft -= 1;
    return true;
  }
  const attemptCount = batch.attemptCount + run.attemptCount;
  const dueAt = dueAfterFailure(retry, stream, { attemptCount, now, random: parts.random });
  const isExhausted = retry.kind === "per-run" && run.retriesLeft === 0;
  if (isExhausted && stream.settings.onExhausted === "skip") {
    const last = records.at(-1)?.id ?? stream.cursor.checkpoint;
    const range = `from ${stream.cursor.checkpoint ?? "the start"} to ${last}`;
    run.error = `${run.error}. Skipping logs ${range} after ${retry.retriesMax} retries.`;
    parts.log.warn(lineOf(stream, run), "A log stream passed over a batch that was refused to the end.");
    await end(work, { position: batch.upTo, checkpoint: last, batch: null, result: "skipped", dueAt });
  } else {
    // Once for each batch: it may come for days.
    if (batch.attemptCount < standsStillAt && attemptCount >= standsStillAt)
      parts.log.warn(lineOf(stream, run), "A log stream stands still: its batch is refused.");
    await end(work, { batch: { ...batch, attemptCount }, result: "held", dueAt });
  }
  return false;
}

function lineOf({ id, contract, tenant }: Stream, run?: Run) {
  return { streamId: id, contract, tenant, ...(run !== undefined && { error: run.error }) };
}

/** Ends a run in the middle of things; the batch that was frozen is the first of the next run, which is due at once. */
async function leave(work: Work): Promise<void> {
  await end(work, { result: "delivered", dueAt: work.stream.cursor.dueAt, tells: "what is kept" });
}

/**
 * The lease is over, or as good as: nothing is noted of the batch, which whoever has the lease next sends again. The run
 * is kept if there was something before it; the database has the last word on that.
 */
async function letGo(work: Work): Promise<void> {
  if (work.run.attemptCount > 0) await leave(work);
}

type Change = Partial<Pick<StreamStep, "position" | "checkpoint" | "batch">>;

/** False when the stream was rewound or deleted meanwhile: then nothing was written. */
async function write(work: Work, change: Change): Promise<boolean> {
  const { cursor } = work.stream;
  return step(work, { ...change, dueAt: cursor.dueAt, reportedAt: cursor.reportedAt, run: null });
}

interface Ending extends Change {
  readonly result: RunResult;
  readonly dueAt: number;
  /** A run that had nothing to send is told of as well, unless it only made way (R-AUTH0-11). */
  readonly tells?: "every run" | "what is kept";
}

async function end(work: Work, { result, dueAt, tells = "every run", ...change }: Ending): Promise<boolean> {
  const { parts, contract, run, stream } = work;
  const now = parts.clock.now();
  const checkpoint = change.checkpoint ?? stream.cursor.checkpoint;
  const ended = endedRun(run, { result, checkpoint, now });
  const kept = cameToNothing(run) ? null : ended;
  const reports = isReportDue(contract.declaration.notice, stream, now);
  const { reportedAt } = stream.cursor;
  const isWritten = await step(work, { ...change, dueAt, reportedAt: reports ? now : reportedAt, run: kept });
  if (isWritten)
    await parts.postNotices(contract.declaration, work.stream, {
      run: tells === "every run" ? ended : kept,
      reportAfter: reports ? reportedAt : null,
    });
  return isWritten;
}

async function step(work: Work, change: Change & Pick<StreamStep, "dueAt" | "reportedAt" | "run">): Promise<boolean> {
  const { parts, lease, stream } = work;
  const { position, checkpoint, batch } = stream.cursor;
  const after = await parts.store.step({ lease, stream, position, checkpoint, batch, ...change });
  if (after === null) return false;
  work.stream = after;
  return true;
}
