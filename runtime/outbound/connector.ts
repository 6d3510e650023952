import { isIP, Socket } from "node:net";
import { buildConnector } from "undici";
import { cidrMatcher, forbiddenReasonBeside } from "./address.ts";
import { type AllowedTarget, isAllowedTarget } from "./allowed-targets.ts";
import { passOverContinue } from "./informational.ts";
import type { Resolve } from "./resolve.ts";

export interface ConnectorParts {
  readonly resolve: Resolve;
  readonly allowTargets: readonly AllowedTarget[];
  /** Told of each connection attempt, before `connect` returns, with what ends it early. */
  readonly onDial: (dial: AbortController) => void;
}

/** What a refusal by the address guard has as `code`. */
export const addressBlockedCode = "ADDRESS_BLOCKED";

/** A third of the usual deadline, so that after two silent addresses there is time for a third. */
const connectTimeoutMs = 10_000;

/** A name may have any number of addresses; more than these would make one delivery a flood of connections. */
const addressesTriedMax = 8;

/**
 * The one way to a socket. The addresses that are checked are the ones that are connected to, so a name that answers
 * differently the second time (DNS rebinding) gains nothing. One forbidden address among the answers refuses them all:
 * a name that mixes public and internal addresses is either an attack or a mistake. SNI, the certificate check and the
 * Host header keep the name: undici takes them from `host`, which stays as it is.
 */
export function createConnector(parts: ConnectorParts): buildConnector.connector {
  const open = buildConnector({
    timeout: connectTimeoutMs,
    minVersion: "TLSv1.2",
    // Said here, so that NODE_TLS_REJECT_UNAUTHORIZED=0 in the environment has no effect.
    rejectUnauthorized: true,
    autoSelectFamily: false,
    // A resumed session skips the certificate, and saved no time when it was measured.
    maxCachedSessions: 0,
  });
  return (options, callback) => {
    const dial = new AbortController();
    parts.onDial(dial);
    connectFirst({ ...parts, open, signal: dial.signal }, options).then(
      (socket) => callback(null, passOverContinue(socket)),
      // undici takes a falsy error for success, and a resolver may reject with anything.
      (error: unknown) => callback(error instanceof Error ? error : new Error(String(error)), null),
    );
  };
}

interface Dial extends ConnectorParts {
  readonly open: buildConnector.connector;
  readonly signal: AbortSignal;
}

/** The first of the vetted addresses that answers. A refused certificate ends it: the next address has the same one. */
async function connectFirst(dial: Dial, options: buildConnector.Options): Promise<Socket> {
  const addresses = await vettedAddresses(dial, options);
  let failure: unknown;
  for (const address of addresses.slice(0, addressesTriedMax)) {
    try {
      return checkPeer(await connectTo(dial, options, address), address);
    } catch (error) {
      if (dial.signal.aborted || !isUnreachable(error)) throw error;
      failure = error;
    }
  }
  throw failure;
}

async function vettedAddresses(dial: Dial, { hostname, protocol, port }: buildConnector.Options) {
  const portNumber = Number(port) || (protocol === "https:" ? 443 : 80);
  // Node connects an address without resolving it, so the check must not hang on the resolver.
  const addresses = isIP(hostname) === 0 ? await dial.resolve(completeName(hostname)) : [hostname];
  if (addresses.length === 0) throw new Error(`no address for ${hostname}`);
  for (const address of addresses) {
    const reason = forbiddenReasonBeside(address, addresses);
    if (reason !== null && !isAllowedTarget(dial.allowTargets, { hostname, address, port: portNumber }))
      throw blocked(`${hostname} has the address ${address}: ${reason}`);
  }
  return addresses;
}

/** With the dot at its end a name is complete: a search list cannot make `kubernetes` a name inside the cluster. */
function completeName(hostname: string): string {
  return hostname.endsWith(".") ? hostname : `${hostname}.`;
}

function connectTo({ open, signal }: Dial, options: buildConnector.Options, address: string): Promise<Socket> {
  return new Promise((fulfil, reject) => {
    signal.throwIfAborted();
    // Returns the socket at once, though its type does not say so.
    const opening: unknown = open({ ...options, hostname: address }, (error, socket) =>
      error === null ? fulfil(socket) : reject(error),
    );
    signal.addEventListener("abort", () => opening instanceof Socket && opening.destroy(signal.reason), { once: true });
  });
}

/** Returns the socket if it leads to the address; ends it otherwise. */
export function checkPeer(socket: Socket, address: string): Socket {
  const { remoteAddress = "" } = socket;
  const prefix = isIP(address) === 4 ? 32 : 128;
  if (cidrMatcher(`${address}/${prefix}`)(remoteAddress)) return socket;
  socket.destroy();
  throw blocked(`connected to ${remoteAddress || "nobody"} instead of ${address}`);
}

function isUnreachable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return (
    ("syscall" in error && error.syscall === "connect") || ("code" in error && error.code === "UND_ERR_CONNECT_TIMEOUT")
  );
}

function blocked(message: string): Error {
  return Object.assign(new Error(message), { code: addressBlockedCode });
}
