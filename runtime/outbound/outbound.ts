import { Agent } from "undici";
import { type Clock, systemClock } from "../seams/clock.ts";
import type { Outbound } from "../seams/outbound.ts";
import { untraced } from "../tracing.ts";
import type { AllowedTarget } from "./allowed-targets.ts";
import { createConnector } from "./connector.ts";
import { createResolve, type Resolve } from "./resolve.ts";
import { type Dialling, type UnderWay, send } from "./send.ts";

/** What undici is told; the deadline of an attempt is not among it. */
const agentOptions = {
  // Longer than undici's 4 s, or an endpoint with an event every 10 s pays for a TLS handshake each time; shorter than
  // the 60 s after which load balancers drop an idle connection. A receiver's Keep-Alive header may change it.
  keepAliveTimeout: 30_000,
  keepAliveMaxTimeout: 60_000,
  // A POST that was pipelined behind a failing one could not be told from one that arrived.
  pipelining: 1,
  maxHeaderSize: 16 * 1024,
  // Idle timers never end a body of one byte a second. The deadline does, and so these would only cost time.
  headersTimeout: 0,
  bodyTimeout: 0,
} as const;

/**
 * Sends to subscribers over one pool of connections. There is no limit of connections to one origin: many endpoints
 * share an origin, and one that hangs must not hold up the others; the engine limits what each has in flight. No
 * proxy is taken from the environment, as the address guard would then see the proxy alone.
 */
export function createOutbound(options: {
  readonly allowTargets: readonly AllowedTarget[];
  readonly resolve?: Resolve;
  readonly clock?: Clock;
}): Outbound {
  const { allowTargets, resolve = createResolve(), clock = systemClock } = options;
  const dialling: Dialling = { owner: null };
  const underWay: UnderWay = { count: 0, onNone: () => {} };
  const connect = createConnector({ resolve, allowTargets, onDial: (dial) => dialling.owner?.(dial) });
  const parts = { agent: new Agent({ ...agentOptions, connect }), clock, dialling, underWay };
  let closed: Promise<void> | null = null;
  return {
    send: (request) => untraced(() => send(parts, request)),
    close: () => (closed ??= closeAgent(parts)),
  };
}

async function closeAgent({ agent, underWay }: { readonly agent: Agent; readonly underWay: UnderWay }): Promise<void> {
  if (underWay.count > 0) await new Promise<void>((resolve) => (underWay.onNone = resolve));
  // Not agent.close(): that waits for connection attempts even after their requests have given up.
  await agent.destroy();
}
