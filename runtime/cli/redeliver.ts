import { setTimeout } from "node:timers/promises";
import type { Static } from "@sinclair/typebox";
import type { DeliveryBody } from "../http/routes/deliveries.ts";
import type { RedeliveryBody } from "../http/routes/redeliveries.ts";
import { openApi, type Api, type ApiFlags } from "./api.ts";

export interface RedeliverFlags extends ApiFlags {
  readonly endpoint: string;
  readonly types?: readonly string[];
  readonly status?: string;
  readonly undelivered?: true;
  readonly from?: string;
  readonly until?: string;
  readonly missed?: true;
  readonly rate?: number;
  readonly dryRun?: true;
  /** Seconds; true: to the end. */
  readonly wait?: number | true;
  readonly json?: true;
}

type Redelivery = Static<typeof RedeliveryBody>;
interface DryRun {
  readonly dryRun: true;
  readonly found: number;
  readonly isWhole: boolean;
  readonly examples: readonly Static<typeof DeliveryBody>[];
  /** Of what was missed. */
  readonly events: readonly { readonly id: string; readonly type: string; readonly createdAt: string }[];
}

/**
 * Redelivers in bulk. Exit status 1: of what was waited for something failed, or waits yet. SIGINT ends the waiting and
 * not the redelivery.
 */
export async function runRedeliver(flags: RedeliverFlags): Promise<0 | 1> {
  const api = openApi(flags);
  const { types, status, undelivered, missed, from, until, rate: ratePerSecond, dryRun, json } = flags;
  const path = `/webhook-endpoints/${encodeURIComponent(flags.endpoint)}/redeliveries`;
  const asked = { types, status, undelivered, missed, from, until, ratePerSecond, dryRun };
  const answer = await api.call<DryRun | { readonly redelivery: Redelivery }>("POST", path, asked);
  if (!("redelivery" in answer)) {
    console.log(json ? JSON.stringify(answer, null, 2) : dryRunText(answer));
    return 0;
  }
  const { redelivery } = answer;
  if (flags.wait === undefined) {
    console.log(json ? JSON.stringify(redelivery, null, 2) : `started ${redelivery.id}`);
    return 0;
  }
  const last = await followed(api, `${path}/${redelivery.id}`, { redelivery, flags });
  console.log(json ? JSON.stringify(last, null, 2) : summaryOf(last));
  return isOver(last) && last.state === "finished" && last.failed === 0 ? 0 : 1;
}

const lookMs = 250;

/** As far as it came when it is over, the time is, or somebody presses Ctrl-C. */
async function followed(
  api: Api,
  path: string,
  { redelivery, flags }: { readonly redelivery: Redelivery; readonly flags: RedeliverFlags },
): Promise<Redelivery> {
  const stopping = new AbortController();
  const stop = () => stopping.abort();
  process.once("SIGINT", stop).once("SIGTERM", stop);
  const isWatched = process.stderr.isTTY && !flags.json;
  const end = performance.now() + (typeof flags.wait === "number" ? flags.wait * 1000 : Infinity);
  let last = redelivery;
  while (!isOver(last) && !stopping.signal.aborted && performance.now() < end) {
    await setTimeout(lookMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    ({ redelivery: last } = await api.read<{ readonly redelivery: Redelivery }>(path));
    if (isWatched) process.stderr.write(`\r\u001b[K${progressOf(last)}`);
  }
  if (isWatched) process.stderr.write("\r\u001b[K");
  process.off("SIGINT", stop).off("SIGTERM", stop);
  return last;
}

/** Nothing of it is made or tried any more; at an endpoint that was deleted, nothing ever is. */
function isOver({ state, waiting }: Redelivery): boolean {
  return state === "failed" || (state !== "running" && waiting === 0);
}

function progressOf({ found, redelivered, delivered, failed, waiting, counted }: Redelivery): string {
  const of = `${number(redelivered)} of ${number(found)}${counted ? "" : "+"} redelivered`;
  return `${of}, ${number(delivered)} delivered, ${number(failed)} failed, ${number(waiting)} waiting`;
}

function summaryOf(redelivery: Redelivery): string {
  return `${redelivery.state} ${redelivery.id}: ${progressOf(redelivery)}`;
}

function dryRunText({ found, isWhole, examples, events }: DryRun): string {
  const many = `${isWhole ? "" : "at least "}${number(found)} ${found === 1 ? "delivery" : "deliveries"}`;
  const lines = [
    ...examples.map(({ id, eventType, status, createdAt }) => `  ${createdAt}  ${eventType}  ${status}  ${id}`),
    ...events.map(({ id, type, createdAt }) => `  ${createdAt}  ${type}  missed  ${id}`),
  ];
  const more = found > lines.length ? ["  …"] : [];
  return [`${many} would be ${events.length > 0 ? "made" : "redelivered"}.`, ...lines, ...more].join("\n");
}

function number(amount: number): string {
  return amount.toLocaleString("en-GB");
}
