import type { ActionContract, ActionStatus } from "../../catalog/contract.ts";
import type { KillReason } from "../seams/action-store.ts";

/** What one process has counted of an action since `since` (D-AUTHIO-12). Changed in place: it is on the hot path. */
export interface Tally {
  readonly since: number;
  askedCount: number;
  /** Answers of 500 and above without another in between. */
  serverErrorsInRow: number;
  /** The seconds of the window in which it was asked, oldest first. */
  readonly seconds: Second[];
  /** The limit that was passed. From then on it is as if the action were not there. */
  reason: KillReason | null;
}

interface Second {
  readonly second: number;
  askedCount: number;
  errorCount: number;
  timeoutCount: number;
}

export const newTally = (since: number): Tally => ({
  since,
  askedCount: 0,
  serverErrorsInRow: 0,
  seconds: [],
  reason: null,
});

/** One question that was asked, at `now` in milliseconds since 1970. */
export interface Asked {
  readonly status: ActionStatus;
  readonly httpStatus: number | null;
  readonly now: number;
}

type Rule = ActionContract["killSwitch"];

/** Counts a question and says whether it passes a limit (F-AUTHIO-10, R-AUTHIO-15, R-AUTHIO-17). Null: it does not. */
export function count(tally: Tally, rule: Rule, asked: Asked): KillReason | null {
  tally.askedCount += 1;
  tally.serverErrorsInRow = (asked.httpStatus ?? 0) >= 500 ? tally.serverErrorsInRow + 1 : 0;
  addToWindow(tally, rule, asked);
  tally.reason ??= reasonOf(tally, rule, asked.now);
  return tally.reason;
}

function addToWindow({ seconds }: Tally, { windowSeconds }: Rule, { status, now }: Asked): void {
  const second = Math.floor(now / 1000);
  while (seconds[0] !== undefined && seconds[0].second <= second - windowSeconds) seconds.shift();
  let last = seconds.at(-1);
  if (last?.second !== second) {
    last = { second, askedCount: 0, errorCount: 0, timeoutCount: 0 };
    seconds.push(last);
  }
  last.askedCount += 1;
  // An answer that denies is no error (R-AUTHIO-26).
  if (status !== "allowed" && status !== "denied") last.errorCount += 1;
  if (status === "timeout") last.timeoutCount += 1;
}

/** The window is looked at with every so many questions, the row of server errors with each. */
function reasonOf(tally: Tally, rule: Rule, now: number): KillReason | null {
  if (tally.serverErrorsInRow >= rule.serverErrorsMax) return "consecutive_5xx";
  if (tally.askedCount % rule.evaluateEvery !== 0) return null;
  const from = Math.floor(now / 1000) - rule.windowSeconds;
  const window = tally.seconds.filter(({ second }) => second > from);
  const sum = (of: "askedCount" | "errorCount" | "timeoutCount") => window.reduce((all, each) => all + each[of], 0);
  const askedCount = sum("askedCount");
  // Timeouts are errors too, so the narrower limit comes first.
  if (sum("timeoutCount") > rule.timeoutRate * askedCount) return "timeout_rate";
  return sum("errorCount") > rule.errorRate * askedCount ? "error_rate" : null;
}
