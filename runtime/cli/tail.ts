import { setTimeout } from "node:timers/promises";
import { ApiError, contractsOf, openApi, type Api, type ApiFlags } from "./api.ts";

export interface TailFlags extends ApiFlags {
  readonly contract?: string;
  readonly types?: string;
  /** Only what comes from now on, or everything that is kept before it. */
  readonly from: "beginning" | "end";
  readonly json?: true;
}

interface Feed {
  readonly events: readonly Readonly<Record<string, unknown>>[];
  readonly nextCursor: string;
}

/** As long as the feed lets a reader wait; each answer is asked on at once. */
const waitSeconds = 20;
/** Between attempts while the server is away. */
const retryMs = 1000;

/** Prints a tenant's events as they come, until SIGINT or SIGTERM. Rejects when the server refuses to be read. */
export async function runTail(flags: TailFlags): Promise<void> {
  const api = openApi(flags);
  await refuseQuestions(api, flags);
  const stopping = new AbortController();
  process.once("SIGINT", () => stopping.abort()).once("SIGTERM", () => stopping.abort());
  const { signal } = stopping;
  let cursor = flags.from === "end" ? await endOf(api, flags) : undefined;
  let isAway = false;
  while (!signal.aborted) {
    try {
      const query = { contract: flags.contract, types: flags.types, cursor, wait: waitSeconds, limit: 200 };
      const { events, nextCursor } = await api.read<Feed>("/events", query, signal);
      for (const event of events) console.log(flags.json ? JSON.stringify(event) : lineOf(event));
      cursor = nextCursor;
      isAway = false;
    } catch (error) {
      if (signal.aborted) return;
      // The first answer says whether it can work at all; later a server may be away for a while.
      if (cursor === undefined || error instanceof ApiError) throw error;
      if (!isAway) console.error("The server does not answer; waiting for it.");
      isAway = true;
      await setTimeout(retryMs, undefined, { signal }).catch(() => {});
    }
  }
}

/** A contract that asks has no events to wait for. */
async function refuseQuestions(api: Api, { contract }: TailFlags): Promise<void> {
  if (contract === undefined) return;
  const [{ mode } = { mode: "push" }] = await contractsOf(api, contract);
  if (mode !== "action") return;
  throw new Error(
    `--contract: the contract "${contract}" asks questions, which are no events.\n` +
      `"hookwright listen --contract ${contract}" prints them as they come; GET …/actions/{id}/invocations has the newest.`,
  );
}

async function endOf(api: Api, { contract, types }: TailFlags): Promise<string> {
  return (await api.read<Feed>("/events", { contract, types, cursor: "end" })).nextCursor;
}

/** The scalars of the envelope, then what is said in it. */
function lineOf(event: Readonly<Record<string, unknown>>): string {
  const entries = Object.entries(event);
  const scalars = entries.filter(([, value]) => typeof value !== "object").map(([, value]) => String(value));
  const rest = entries.filter(([, value]) => typeof value === "object").map(([, value]) => JSON.stringify(value));
  return [...scalars, ...rest].join("  ");
}
