import type { StreamContract, StreamRetry } from "../../catalog/contract.ts";
import { jittered } from "../contracts/outcome.ts";
import type { Random } from "../contracts/identifier.ts";
import { nextRunAt } from "../contracts/stream-settings.ts";
import type { RunResult, Stream, StreamRun } from "../seams/stream-store.ts";
import type { BatchOutcome } from "./send-batch.ts";

/** A run as it goes on. */
export interface Run {
  readonly startedAt: number;
  readonly startCheckpoint: string | null;
  /** When there is no time for another request. */
  readonly endsAt: number;
  retriesLeft: number;
  recordCount: number;
  attemptCount: number;
  /** How long its requests have taken together. */
  requestMs: number;
  status: number | null;
  error: string | null;
  /** When the last record that was accepted had happened. */
  lastRecordAt: number | null;
}

export function beginRun({ retry }: StreamContract, { cursor }: Stream, now: number): Run {
  const isPerRun = retry.kind === "per-run";
  return {
    startedAt: now,
    startCheckpoint: cursor.checkpoint,
    endsAt: isPerRun ? now + retry.budgetSeconds * 1000 : Infinity,
    retriesLeft: isPerRun ? retry.retriesMax : 0,
    recordCount: 0,
    attemptCount: 0,
    requestMs: 0,
    status: null,
    error: null,
    lastRecordAt: null,
  };
}

/** Whether there is time for another request as long as they have been so far (F-AUTH0-07). */
export function hasTime({ endsAt, requestMs, attemptCount }: Run, now: number): boolean {
  return endsAt - now >= (attemptCount === 0 ? 0 : requestMs / attemptCount) && now < endsAt;
}

export function countAttempt(run: Run, outcome: BatchOutcome, durationMs: number): void {
  run.attemptCount += 1;
  run.requestMs += durationMs;
  run.status = outcome.isAccepted ? run.status : outcome.status;
  run.error = outcome.error;
}

const weekMs = 7 * 24 * 3600 * 1000;

/** Whether no request was made: such a run is not kept (F-AUTH0-09, D-AUTH0-07). */
export function cameToNothing({ attemptCount, error }: Pick<Run, "attemptCount" | "error">): boolean {
  return attemptCount === 0 && error === null;
}

/** The run as it is told, and kept unless it came to nothing. */
export function endedRun(
  run: Run,
  { result, checkpoint, now }: { readonly result: RunResult; readonly checkpoint: string | null; readonly now: number },
): Omit<StreamRun, "number"> {
  const { startedAt, startCheckpoint, recordCount, attemptCount, status, error, lastRecordAt } = run;
  const isOld = lastRecordAt !== null && lastRecordAt < now - weekMs;
  const warning = isOld
    ? `The last record sent is more than a week old: ${new Date(lastRecordAt).toISOString()}.`
    : null;
  const counts = { recordCount, attemptCount };
  return { startedAt, endedAt: now, result, ...counts, startCheckpoint, checkpoint, status, error, warning };
}

/** When the stream is looked at again after a run that ended well. */
export function dueAfter({ settings }: Stream, now: number): number {
  return settings.schedule === null ? now : nextRunAt(settings.schedule, now);
}

/**
 * The same after one that did not: by the schedule; or after a wait that doubles from failure to failure up to the
 * longest, with so much of itself more or less at random that streams do not come back all at once (D-AUTHSIGNAL-02).
 */
export function dueAfterFailure(
  retry: StreamRetry,
  stream: Stream,
  { attemptCount, now, random }: { readonly attemptCount: number; readonly now: number; readonly random: Random },
): number {
  if (retry.kind === "per-run") {
    return stream.settings.schedule === null ? now + retry.budgetSeconds * 1000 : dueAfter(stream, now);
  }
  const seconds = Math.min(retry.firstSeconds * 2 ** Math.min(attemptCount - 1, 30), retry.maxSeconds);
  return now + jittered(seconds * 1000, retry.jitter, random);
}
