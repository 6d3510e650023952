import type { Logger } from "pino";
import type { StreamContract, StreamNotice } from "../../catalog/contract.ts";
import { postNotice } from "../notices.ts";
import type { Outbound } from "../seams/outbound.ts";
import type { Stream, StreamRun, StreamStore } from "../seams/stream-store.ts";

/** What there is to tell after a run: the run itself, and the report of the day since the one before. */
export interface RunNews {
  /** Of a run that came to nothing as well, which the report does not have. Null: there is nothing to tell of it. */
  readonly run: Omit<StreamRun, "number"> | null;
  /** Null: no report is due. */
  readonly reportAfter: number | null;
}

/** Never throws: a notice that fails never fails a run (R-AUTH0-10, D-AUTH0-07). */
export type PostNotices = (contract: StreamContract, stream: Stream, news: RunNews) => Promise<void>;

export interface NoticeParts {
  readonly outbound: Outbound;
  readonly store: Pick<StreamStore, "runTotals">;
  /** Throws `secret_unreadable`. */
  readonly noticeUrlOf: (stream: Stream) => string | null;
  readonly log: Pick<Logger, "warn">;
}

/** The first time of a day, in UTC, after the hour that the contract names (F-AUTH0-10). */
export function isReportDue(notice: StreamNotice | undefined, { cursor }: Stream, now: number): boolean {
  if (notice === undefined) return false;
  const at = new Date(now);
  return at.getUTCHours() >= notice.dailyReportHour && cursor.reportedAt < at.setUTCHours(0, 0, 0, 0);
}

export function createNotices({ outbound, store, noticeUrlOf, log }: NoticeParts): PostNotices {
  async function post(stream: Stream, body: string): Promise<void> {
    const url = noticeUrlOf(stream);
    if (url === null) return;
    const problem = await postNotice(outbound, new URL(url), body);
    // Without the URL, which is a secret.
    if (problem !== null) log.warn({ streamId: stream.id, problem }, "A notice was not taken.");
  }

  return async ({ notice }, stream, { run, reportAfter }) => {
    if (notice === undefined || stream.sealedNoticeUrl === null) return;
    try {
      if (run !== null && (run.error !== null || stream.settings.noticeOnSuccess))
        await post(stream, runText(notice, run));
      if (reportAfter === null) return;
      const totals = await store.runTotals({ streamKey: stream.key, after: reportAfter });
      await post(stream, reportText(notice, { ...totals, checkpoint: stream.cursor.checkpoint }));
    } catch (error) {
      log.warn({ err: error, streamId: stream.id }, "A notice could not be posted.");
    }
  };
}

function runText(notice: StreamNotice, run: Omit<StreamRun, "number">): string {
  const isError = run.error !== null;
  return message(notice, isError ? "Error" : "Success", {
    "Start time": new Date(run.startedAt).toISOString(),
    "End time": new Date(run.endedAt).toISOString(),
    "Logs processed": run.recordCount,
    "Next checkpoint": run.checkpoint ?? "",
    ...(isError ? { Error: JSON.stringify(run.error) } : {}),
  });
}

function reportText(notice: StreamNotice, { recordCount, warningCount, errorCount, checkpoint }: Report): string {
  return message(
    notice,
    "Daily Report",
    {
      "Logs processed": recordCount,
      Warnings: warningCount,
      Errors: errorCount,
      "Next checkpoint": checkpoint ?? "",
    },
    errorCount > 0,
  );
}

type Report = Awaited<ReturnType<StreamStore["runTotals"]>> & { readonly checkpoint: string | null };

/** A message with one attachment, as Slack's incoming webhooks take it, and those that imitate them. */
function message(
  { username, icon, title, colors }: StreamNotice,
  what: "Success" | "Error" | "Daily Report",
  fields: Readonly<Record<string, string | number>>,
  isBad = what === "Error",
): string {
  const text = `${title} ${what}`;
  return JSON.stringify({
    username,
    icon_emoji: icon,
    attachments: [
      {
        color: isBad ? colors.error : colors.success,
        fallback: text,
        text,
        fields: Object.entries(fields).map(([name, value]) => ({ title: name, value, short: name !== "Error" })),
      },
    ],
  });
}
