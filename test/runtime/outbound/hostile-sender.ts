/*
 * A sender in a process of its own, so that its memory is not that of the receivers it is tried on.
 *
 *   node --expose-gc hostile-sender.ts <port> <timeoutMs> <count>
 *
 * Sends so many requests at once, three times: what the first rounds take once and for all is not growth. Then writes what
 * the last ones came to as one line of JSON.
 */
import type { Exchange, OutboundRequest } from "../../../runtime/seams/outbound.ts";
import { createOutbound } from "../../../runtime/outbound/outbound.ts";

/** `grownBytes` is the most that the process had beyond what it had before the last round. */
export interface Report {
  readonly exchanges: readonly { readonly kind: Exchange["kind"]; readonly durationMs: number }[];
  readonly grownBytes: number;
}

const [port = 0, timeoutMs = 0, count = 0] = process.argv.slice(2).map(Number);
const outbound = createOutbound({ allowTargets: [{ cidr: "127.0.0.1/32", portMin: port, portMax: port }] });
const request: OutboundRequest = {
  url: new URL(`http://127.0.0.1:${port}/`),
  headers: { "content-type": "application/json" },
  body: JSON.stringify({ data: "x".repeat(1000) }),
  timeoutMs,
  responseBodyBytesMax: 8192,
};
const round = () => Promise.all(Array.from({ length: count }, () => outbound.send(request)));
for (let warm = 0; warm < 2; warm += 1) await round();
globalThis.gc?.();
const before = process.memoryUsage.rss();
let peak = before;
const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 10);
const exchanges = (await round()).map(({ kind, durationMs }) => ({ kind, durationMs }));
clearInterval(watch);
const report: Report = { exchanges, grownBytes: Math.max(peak, process.memoryUsage.rss()) - before };
process.stdout.write(`${JSON.stringify(report)}\n`);
process.exit();
