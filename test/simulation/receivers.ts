import type { Exchange, Outbound, OutboundRequest } from "../../runtime/seams/outbound.ts";
import { createRandom, type SeededRandom } from "../faults/random.ts";
import type { FaultCounts } from "./conditions.ts";
import type { Host, Scheduler } from "./scheduler.ts";

/** How the receiver behind an endpoint behaves at present. */
export type Mood = (typeof moods)[number];

export const moods = [
  "well",
  "well",
  "well",
  "slow",
  "flapping",
  "failing",
  "busy",
  "refusing",
  "redirecting",
  "silent",
  "unreachable",
] as const;

export interface ReceiverParts {
  readonly seed: string;
  readonly scheduler: Scheduler;
  readonly faults: FaultCounts;
  /** By endpoint id. One that is not named is well. */
  readonly moods: ReadonlyMap<string, Mood>;
  /** Sees every request the moment it is sent. */
  readonly sending: (host: Host, request: OutboundRequest) => void;
  /** Sees every answer that delivers nothing, the moment it arrives. */
  readonly failed: (endpointId: string) => void;
}

type Answer = Exchange extends infer Kind ? (Kind extends Exchange ? Omit<Kind, "durationMs"> : never) : never;

interface Reaction {
  readonly afterMs: number;
  readonly answer: Answer;
}

/** The way out of one process to all receivers. */
export function outboundOf(parts: ReceiverParts, host: Host): Outbound {
  const { scheduler, faults } = parts;
  return {
    send: (request) =>
      new Promise((resolve) => {
        parts.sending(host, request);
        const startedAt = scheduler.now();
        const mood = parts.moods.get(endpointIdOf(request.url)) ?? "well";
        const random = randomOf(parts, request);
        const { afterMs, answer } = reactionOf(mood, random, request.timeoutMs);
        const said = answer.kind === "response" ? String(answer.status) : answer.kind;
        const isBad = answer.kind !== "response" || answer.status >= 300;
        if (isBad) faults.badAnswers += 1;
        const run = () => {
          if (isBad) parts.failed(endpointIdOf(request.url));
          resolve({ ...answer, durationMs: scheduler.now() - startedAt });
        };
        scheduler.after({ host, kind: "work", label: `${request.url.pathname} answered ${said}`, afterMs, run });
      }),
    close: async () => {},
  };
}

/** A receiver's chance is that of the attempt and the time, whatever else happens around it. */
function randomOf({ seed, scheduler }: ReceiverParts, { headers }: OutboundRequest): SeededRandom {
  return createRandom(`${seed} ${headers["X-Stech-Delivery"]} ${scheduler.now()}`);
}

/** Every endpoint's URL is `https://<tenant>.example/<endpoint>/<version>`. */
export const endpointIdOf = (url: URL): string => url.pathname.split("/")[1] ?? "";

function reactionOf(mood: Mood, random: SeededRandom, timeoutMs: number): Reaction {
  const soon = 1 + random.below(40);
  const status = (code: number, afterMs = soon): Reaction => ({
    afterMs,
    answer: { kind: "response", status: code, body: null },
  });
  switch (mood) {
    case "well":
      return status(random.pick([200, 200, 200, 202, 204]));
    case "slow":
      return status(200, random.below(timeoutMs - 1));
    case "flapping":
      return reactionOf(random.pick(["well", "failing", "busy", "silent", "unreachable"]), random, timeoutMs);
    case "failing":
      return status(random.pick([500, 502, 503]));
    case "busy":
      return status(random.pick([408, 429]));
    case "refusing":
      return status(random.pick([400, 404, 410]));
    case "redirecting":
      return status(random.pick([301, 302, 308]));
    case "silent":
      return { afterMs: timeoutMs, answer: { kind: "timeout", detail: "no answer" } };
    case "unreachable":
      return { afterMs: soon, answer: { kind: "network_error", detail: "connection refused" } };
  }
}
