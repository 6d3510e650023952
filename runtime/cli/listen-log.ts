import type { Forwarded } from "./forwarder.ts";
import type { Claimed, Said } from "./listening.ts";

export interface Ready {
  readonly claimed: Claimed["ready"];
  readonly events: readonly string[];
  readonly tenant: string;
  readonly forwardTo: URL;
}

/** How `listen` tells what happens: two lines for each delivery. */
export interface ListenLog {
  readonly ready: (ready: Ready) => void;
  readonly arrived: (said: Said, problem: string | null) => void;
  readonly answered: (said: Said, forwarded: Forwarded, answer: Said & { readonly forwardTo: string }) => void;
  readonly ended: (said: Said) => void;
}

const now = () => new Date().toISOString();
const print = (value: object) => console.log(JSON.stringify(value));

const text: ListenLog = {
  ready: ({ claimed, events, tenant, forwardTo }) => {
    const width = Math.max(...claimed.lines.map(([name]) => name.length));
    const lines = claimed.lines.map(([name, value]) => `  ${name.padEnd(width)}  ${value}\n`).join("");
    console.log(`Forwarding ${events.join(", ")} of ${tenant} to ${forwardTo.href}; Ctrl-C ends it.\n${lines}`);
  },
  arrived: ({ words }, problem) =>
    console.log(`${now()} --> ${[...words, problem === null ? "verified" : `not forwarded: ${problem}`].join("  ")}`),
  answered: (_said, forwarded, { words, forwardTo }) => {
    const answer = "status" in forwarded ? String(forwarded.status) : forwarded.failure;
    console.log(`${now()} <-- ${[answer, ...words, `${forwarded.durationMs} ms`, forwardTo].join("  ")}`);
  },
  ended: ({ words }) => console.log(words.join(" ")),
};

const json: ListenLog = {
  ready: ({ claimed, events, tenant, forwardTo }) =>
    print({ kind: "ready", ...claimed.fields, forwardTo: forwardTo.href, tenant, events }),
  arrived: ({ fields }, problem) =>
    print({ kind: "arrival", at: now(), ...fields, verified: problem === null, problem }),
  answered: ({ fields }, forwarded, { fields: answer, forwardTo }) => {
    const { durationMs } = forwarded;
    const came = "status" in forwarded ? { status: forwarded.status } : { failure: forwarded.failure };
    print({ kind: "answer", at: now(), ...fields, ...answer, ...came, durationMs, forwardTo });
  },
  ended: ({ fields }) => print({ kind: "ended", ...fields }),
};

export const listenLogs: Readonly<Record<"text" | "json", ListenLog>> = { text, json };
