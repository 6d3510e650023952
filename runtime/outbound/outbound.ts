import { type Clock, systemClock } from "../seams/clock.ts";
import type { Outbound } from "../seams/outbound.ts";
import { untraced } from "../tracing.ts";
import type { AllowedTarget } from "./allowed-targets.ts";
import { createConnector } from "./connector.ts";
import { createResolve, type Resolve } from "./resolve.ts";
import { type Dialling, type UnderWay, send } from "./send.ts";
import { createSockets, type Sockets } from "./sockets.ts";

/** For what sends little: tests, notices. */
const defaultSocketsMax = 256;

/**
 * Sends to subscribers over one pool of connections. There is a limit of connections of the process, and none to one
 * origin but what `sockets.ts` says of when another one helps: many endpoints share an origin, and one that hangs must not
 * hold up the others; the engine limits what each has in flight. No proxy is taken from the environment, as the address
 * guard would then see the proxy alone.
 */
export function createOutbound(options: {
  readonly allowTargets: readonly AllowedTarget[];
  readonly resolve?: Resolve;
  readonly clock?: Clock;
  /** Sockets that are open, or being opened, at most; a request beyond waits for one. 256, unless given. */
  readonly socketsMax?: number;
}): Outbound {
  const { allowTargets, resolve = createResolve(), clock = systemClock, socketsMax = defaultSocketsMax } = options;
  const dialling: Dialling = { owner: null };
  const underWay: UnderWay = { count: 0, onNone: () => {} };
  const connect = createConnector({ resolve, allowTargets, onDial: (dial) => dialling.owner?.(dial) });
  const parts = { sockets: createSockets({ connect, clock, socketsMax }), clock, dialling, underWay };
  let closed: Promise<void> | null = null;
  return {
    send: (request) => untraced(() => send(parts, request)),
    close: () => (closed ??= closeSockets(parts)),
  };
}

async function closeSockets(parts: { readonly sockets: Sockets; readonly underWay: UnderWay }): Promise<void> {
  const { sockets, underWay } = parts;
  if (underWay.count > 0) await new Promise<void>((resolve) => (underWay.onNone = resolve));
  // Ends connection attempts too, which may go on after their requests have given up.
  await sockets.close();
}
