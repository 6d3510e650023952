import { pushContractOf } from "../contracts/contract-of.ts";
import type { WireContract } from "../contracts/wire-contract.ts";
import { openApi, type ApiFlags } from "./api.ts";
import { openForwarder, type Forwarded } from "./forwarder.ts";
import { claimEndpoint, retireEndpoint, type LocalEndpoint } from "./local-endpoint.ts";
import { loadProjectCatalog } from "./project-catalog.ts";
import { headerValues, verificationProblem, type ReceivedDelivery } from "./verify-delivery.ts";

export interface ListenFlags extends ApiFlags {
  readonly forwardTo: URL;
  readonly contract?: string;
  readonly events: readonly string[];
  readonly port: number;
  readonly format: "text" | "json";
  /** What becomes of the endpoint at the end. */
  readonly onExit: "disable" | "remove";
  /** The file with the secrets. */
  readonly secrets: string;
}

/**
 * Forwards the tenant's deliveries to a URL until SIGINT or SIGTERM. Exit status 0: it ended so, and its endpoint with
 * it. Rejects when it cannot begin, or cannot retire the endpoint.
 */
export async function runListen(flags: ListenFlags): Promise<0> {
  const catalog = await loadProjectCatalog();
  const contract = pushContractOf(catalog, flags.contract ?? Object.keys(catalog)[0] ?? "");
  const api = openApi(flags);
  const stopped = nextStop();
  const claimed = Promise.withResolvers<LocalEndpoint>();
  // It is told to the first delivery too; that there may be none is no reason to fail twice.
  claimed.promise.catch(() => {});
  const log = logs[flags.format];
  const forwarder = await openForwarder({
    port: flags.port,
    forwardTo: flags.forwardTo,
    timeoutMs: contract.declaration.timeoutSeconds * 1000,
    arrived: async (delivery) => {
      const { secret } = await claimed.promise;
      const problem = verificationProblem(contract.declaration, delivery, { secret, now: Date.now() });
      log.arrived({ ...identityOf(contract, delivery), problem });
      return problem;
    },
    answered: (delivery, forwarded) =>
      log.answered({ ...identityOf(contract, delivery), forwardTo: flags.forwardTo.href, ...forwarded }),
  });
  const { id: contractId } = contract.declaration;
  const place = { file: flags.secrets, name: [flags.api, flags.tenant, contractId, flags.port].join(" ") };
  try {
    const endpoint = await claimEndpoint(api, place, {
      contract: contractId,
      url: forwarder.url,
      events: flags.events,
    }).catch((error: unknown) => Promise.reject(withRemedy(error, forwarder.url)));
    claimed.resolve(endpoint);
    log.ready({ endpointId: endpoint.id, signingSecret: endpoint.secret, ...flags });
    await stopped;
    await retireEndpoint(api, place, { endpoint, how: flags.onExit });
    log.ended({ endpointId: endpoint.id, onExit: flags.onExit });
  } catch (error) {
    claimed.reject(error);
    throw error;
  } finally {
    await forwarder.close();
  }
  return 0;
}

/** A second signal ends the process at once. */
function nextStop(): Promise<void> {
  return new Promise((resolve) => {
    process.once("SIGINT", () => resolve()).once("SIGTERM", () => resolve());
  });
}

/** A server delivers to this machine only where it is told that it may. */
function withRemedy(error: unknown, url: string): unknown {
  if (!(error instanceof Error) || !error.message.startsWith("url: ")) return error;
  const target = `127.0.0.0/8:${new URL(url).port}`;
  const message = `${error.message}\nFor local work, start the server with HOOKWRIGHT_ALLOW_TARGETS=${target}.`;
  return new Error(message, { cause: error });
}

interface Identity {
  readonly at: string;
  readonly type: string;
  readonly eventId: string;
  readonly attemptId: string | null;
}

/** From the headers where the contract has them, and from the body's envelope where it does not. */
function identityOf({ declaration }: WireContract, delivery: ReceivedDelivery): Identity {
  const values = headerValues(declaration, delivery);
  return {
    at: new Date().toISOString(),
    type: values["event.type"] ?? fieldOf("event.type"),
    eventId: values["event.id"] ?? fieldOf("event.id"),
    attemptId: values["attempt.id"] ?? values["delivery.id"] ?? null,
  };

  function fieldOf(source: "event.id" | "event.type"): string {
    const field = Object.entries(declaration.envelope).find(([, each]) => "from" in each && each.from === source);
    return String(field === undefined ? "?" : (bodyFields(delivery)[field[0]] ?? "?"));
  }
}

function bodyFields({ body }: ReceivedDelivery): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(body.toString("utf8")));
  } catch {
    return {};
  }
}

interface Ready extends Pick<ListenFlags, "tenant" | "events" | "forwardTo"> {
  readonly endpointId: string;
  readonly signingSecret: string;
}
type Arrival = Identity & { readonly problem: string | null };
type Answered = Identity & Forwarded & { readonly forwardTo: string };
interface Ended {
  readonly endpointId: string;
  readonly onExit: ListenFlags["onExit"];
}

const print = (value: object) => console.log(JSON.stringify(value));
const logs = {
  text: {
    ready: ({ endpointId, signingSecret, forwardTo, tenant, events }: Ready) =>
      console.log(
        `Forwarding ${events.join(", ")} of ${tenant} to ${forwardTo.href}; Ctrl-C ends it.\n` +
          `  endpoint        ${endpointId}\n  signing secret  ${signingSecret}\n`,
      ),
    arrived: ({ at, type, eventId, attemptId, problem }: Arrival) => {
      const verdict = problem === null ? "verified" : `not forwarded: ${problem}`;
      console.log(`${at} --> ${[type, eventId, attemptId, verdict].filter((each) => each !== null).join("  ")}`);
    },
    answered: (of: Answered) => {
      const answer = "status" in of ? String(of.status) : of.failure;
      console.log(`${of.at} <-- ${answer}  ${of.durationMs} ms  ${of.forwardTo}`);
    },
    ended: ({ endpointId, onExit }: Ended) => console.log(`The endpoint ${endpointId} is ${onExit}d.`),
  },
  json: {
    ready: ({ endpointId, signingSecret, forwardTo, tenant, events }: Ready) =>
      print({ kind: "ready", endpointId, signingSecret, forwardTo: forwardTo.href, tenant, events }),
    arrived: ({ problem, ...of }: Arrival) => print({ kind: "arrival", ...of, verified: problem === null, problem }),
    answered: (of: Answered) => print({ kind: "answer", ...of }),
    ended: (of: Ended) => print({ kind: "ended", ...of }),
  },
} as const;
