import { check } from "./checker.ts";
import { indexOf } from "./history.ts";
import type { FaultCounts } from "./nemesis.ts";
import { repeatCount } from "./rules.ts";
import { batchRepeats } from "./stream-rules.ts";
import type { Run } from "./run.ts";

/** The numbers of a run in a few lines. */
export function reportOf(run: Run, of: { readonly counts: FaultCounts; readonly seconds: number }): string {
  const { history } = run;
  const { truth, orders, receipts } = history;
  const { owed, streams } = indexOf(history);
  const { workerKills, emitterKills, pauses, crashes } = of.counts;
  const lost = owed.filter(({ attempts }) => attempts.length === 0).length;
  const unknown = orders.filter(({ order, ackedIds }) => order.fate !== "rollback" && ackedIds === null).length;
  const ends = Map.groupBy(owed, ({ attempts }) => attempts.at(-1)?.result ?? "none");
  const taken = truth.shards.reduce((sum, { epoch }) => sum + epoch, 0);
  return [
    `${of.seconds.toFixed(0)} s: ${workerKills} workers and ${emitterKills} emitters killed, ${pauses} pauses, ` +
      `${crashes} database crashes, ${run.cuts} connections cut and ${run.commitCuts} at COMMIT; at its end after another ${(run.drainMs / 1000).toFixed(1)} s`,
    `${orders.length} orders, ${unknown} of unknown end; ${truth.events.length} events; ${owed.length} deliveries owed: ` +
      [...ends].map(([end, those]) => `${those.length} ${end}`).join(", "),
    `${receipts.length} requests, ${repeatCount(owed)} of them again, shards taken ${taken} times; ${lost} lost; ` +
      `${check(history).length} rules broken`,
    `${history.batches.length} batches of ${streams.length} streams, ` +
      `${streams.reduce((sum, { receipts }) => sum + batchRepeats(receipts), 0)} of them accepted a second time, ` +
      `${streams.reduce((sum, { log }) => sum + log.length, 0)} records; ${history.samples.length} looks at cursors`,
  ].join("\n");
}
