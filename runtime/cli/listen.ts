import { contractOf, isPush, streamContractOf } from "../contracts/contract-of.ts";
import { actionContractOf } from "../contracts/action-contract.ts";
import type { WireCatalog } from "../contracts/wire-contract.ts";
import { openApi, type ApiFlags } from "./api.ts";
import { openForwarder } from "./forwarder.ts";
import { listenLogs } from "./listen-log.ts";
import { nothing, type Claimed, type Listening, type OnExit } from "./listening.ts";
import { actionListening } from "./local-actions.ts";
import { endpointListening } from "./local-endpoint.ts";
import { streamListening } from "./local-stream.ts";
import { loadProjectCatalog } from "./project-catalog.ts";

export interface ListenFlags extends ApiFlags {
  readonly forwardTo: URL;
  readonly contract?: string;
  readonly events: readonly string[];
  readonly port: number;
  readonly format: "text" | "json";
  readonly onExit: OnExit;
  /** Whether an action that is in the way is disabled meanwhile. */
  readonly replace?: true;
  /** The file with the secrets. */
  readonly secrets: string;
}

/**
 * Forwards the tenant's deliveries to a URL until SIGINT or SIGTERM. Exit status 0: it ended so, and what it registered
 * with it. Rejects when it cannot begin, or cannot retire that.
 */
export async function runListen(flags: ListenFlags): Promise<0> {
  const catalog = await loadProjectCatalog();
  const contractId = flags.contract ?? Object.keys(catalog)[0] ?? "";
  const listening = listeningTo(catalog, contractId, flags);
  const api = openApi(flags);
  const stopped = nextStop();
  const claiming = Promise.withResolvers<Claimed>();
  // It is told to the first delivery too; that there may be none is no reason to fail twice.
  claiming.promise.catch(() => {});
  const log = listenLogs[flags.format];
  const forwarder = await openForwarder({
    port: flags.port,
    forwardTo: flags.forwardTo,
    timeoutMs: listening.timeoutMs,
    arrived: async (delivery) => {
      const problem = (await claiming.promise).problem(delivery);
      log.arrived(listening.arrival(delivery), problem);
      return problem;
    },
    answered: (delivery, forwarded) => {
      const answer = "status" in forwarded ? listening.answer(forwarded.body) : nothing;
      log.answered(listening.arrival(delivery), forwarded, { ...answer, forwardTo: flags.forwardTo.href });
    },
  });
  const place = { file: flags.secrets, name: [flags.api, flags.tenant, contractId, flags.port].join(" ") };
  try {
    const claimed = await listening
      .claim({ api, place, url: forwarder.url })
      .catch((error: unknown) => Promise.reject(withRemedy(error, forwarder.url)));
    claiming.resolve(claimed);
    log.ready({ ...flags, claimed: claimed.ready });
    await stopped;
    const { words, fields } = await claimed.retire(flags.onExit);
    log.ended({ words, fields: { ...fields, onExit: flags.onExit } });
  } catch (error) {
    claiming.reject(error);
    throw error;
  } finally {
    await forwarder.close();
  }
  return 0;
}

function listeningTo(catalog: WireCatalog, id: string, { events, replace }: ListenFlags): Listening {
  const contract = contractOf(catalog, id);
  if (isPush(contract)) return endpointListening(contract, events);
  return contract.declaration.mode === "stream"
    ? streamListening(streamContractOf(catalog, id), events)
    : actionListening(actionContractOf(catalog, id), { events, replace: replace === true });
}

/** A second signal ends the process at once. */
function nextStop(): Promise<void> {
  return new Promise((resolve) => {
    process.once("SIGINT", () => resolve()).once("SIGTERM", () => resolve());
  });
}

/** A server delivers to this machine only where it is told that it may. */
function withRemedy(error: unknown, url: string): unknown {
  if (!(error instanceof Error) || !/^(settings\.)?\w*url: /i.test(error.message)) return error;
  const target = `127.0.0.0/8:${new URL(url).port}`;
  const message = `${error.message}\nFor local work, start the server with HOOKWRIGHT_ALLOW_TARGETS=${target}.`;
  return new Error(message, { cause: error });
}
