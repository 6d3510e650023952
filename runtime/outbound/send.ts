import type { IncomingHttpHeaders } from "node:http";
import type { Dispatcher } from "undici";
import type { Clock } from "../seams/clock.ts";
import type { Exchange, OutboundRequest, SendingRight } from "../seams/outbound.ts";
import { addressBlockedCode } from "./connector.ts";
import { ownDomainOf } from "./endpoint-url.ts";
import { retryAfterMs } from "./retry-after.ts";
import type { Socket, Sockets } from "./sockets.ts";

export interface SendParts {
  readonly sockets: Pick<Sockets, "take">;
  readonly clock: Clock;
  readonly dialling: Dialling;
  readonly underWay: UnderWay;
}

/** A count, as a set of promises would cost a delivery 5 % more. */
export interface UnderWay {
  count: number;
  /** Called when the count comes to zero. */
  onNone: () => void;
}

/**
 * Who gets to end a connection attempt. undici calls its connector before `dispatch` returns, and gives it nothing that
 * names the request; so a request makes itself known here for as long as its `dispatch` runs. An attempt that nobody
 * owns, as when an idle connection closes under a request, ends by the connector's own timeout.
 */
export interface Dialling {
  owner: ((dial: AbortController) => void) | null;
}

/** A receiver that has more to say than this, or than is asked for, loses its connection; its status counts. */
const responseBytesReadMax = 16 * 1024;

/** Details go into a log: a certificate with a thousand names must not. */
const detailLengthMax = 200;

const rightEnded = "the right to send ended";

type Outcome = Exchange extends infer Each ? (Each extends unknown ? Omit<Each, "durationMs"> : never) : never;

interface Run {
  readonly request: OutboundRequest;
  readonly startedAt: number;
  readonly fulfil: (exchange: Exchange) => void;
  readonly underWay: UnderWay;
  isSettled: boolean;
  cancelDeadline: (() => void) | null;
  /** Listens for the end of the right to send. */
  onAbort: (() => void) | null;
  /** Gives up waiting for a socket, if it still does. */
  stopWaiting: (() => void) | null;
  hasSocket: boolean;
  /** The connection attempt that this exchange caused, if it did. */
  dial: AbortController | null;
  /** Null until the request starts to leave. */
  controller: Dispatcher.DispatchController | null;
  /** Zero until the response's headers have come. */
  status: number;
  headers: Readonly<Record<string, string>> | null;
  retryAfterMs: number | null;
  readonly chunks: Buffer[];
  receivedBytes: number;
}

/** One exchange. Never rejects. */
export function send({ sockets, clock, dialling, underWay }: SendParts, request: OutboundRequest): Promise<Exchange> {
  return new Promise((fulfil) => {
    const run = startRun(request, { fulfil, underWay });
    const own = ownDomainOf(request.url.hostname, request.ownDomains ?? []);
    if (own !== null)
      return settle(run, { kind: "address_blocked", detail: `${request.url.hostname} is the sender's own (${own})` });
    if (request.right?.isOver()) return settle(run, { kind: "timeout", detail: rightEnded });
    run.cancelDeadline = clock.after(request.timeoutMs, () => end(run, `deadline of ${request.timeoutMs} ms passed`));
    if (request.right) watchRight(run, request.right);
    try {
      run.stopWaiting = sockets.take(request.url.origin, (socket) => exchangeOver(socket, run, { clock, dialling }));
    } catch (error) {
      settle(run, failure(error));
    }
  });
}

function exchangeOver(socket: Socket, run: Run, { clock, dialling }: Pick<SendParts, "clock" | "dialling">): void {
  run.hasSocket = true;
  // It may begin within another exchange's attempt to connect.
  const { owner } = dialling;
  dialling.owner = (dial) => (run.dial = dial);
  try {
    socket.client.dispatch(dispatchOptions(run.request), responseHandler(run, clock, socket.giveBack));
  } catch (error) {
    settle(run, failure(error));
    socket.giveBack();
  }
  dialling.owner = owner;
}

function startRun(request: OutboundRequest, parts: Pick<Run, "fulfil" | "underWay">): Run {
  parts.underWay.count += 1;
  return {
    request,
    startedAt: performance.now(),
    fulfil: parts.fulfil,
    underWay: parts.underWay,
    isSettled: false,
    cancelDeadline: null,
    onAbort: null,
    stopWaiting: null,
    hasSocket: false,
    dial: null,
    controller: null,
    status: 0,
    headers: null,
    retryAfterMs: null,
    chunks: [],
    receivedBytes: 0,
  };
}

/**
 * Lets go of what it holds: dead exchanges that reach a timer or a request of undici's survive the collection of young
 * objects, which cost a quarter of the throughput.
 */
function settle(run: Run, outcome: Outcome): void {
  if (run.isSettled) return;
  run.isSettled = true;
  run.cancelDeadline?.();
  run.cancelDeadline = null;
  if (run.onAbort !== null) run.request.right?.signal.removeEventListener("abort", run.onAbort);
  run.onAbort = null;
  run.stopWaiting?.();
  run.stopWaiting = null;
  run.controller = null;
  run.dial = null;
  run.fulfil({ ...outcome, durationMs: performance.now() - run.startedAt });
  run.underWay.count -= 1;
  if (run.underWay.count === 0) run.underWay.onNone();
}

/** Ends an exchange that is under way, with the reason. */
function end(run: Run, reason: string): void {
  const { controller, dial } = run;
  const ended = new Error(`${reason} while ${phaseOf(run)}`);
  settle(run, { kind: "timeout", detail: ended.message });
  if (controller === null) dial?.abort(ended);
  else controller.abort(ended);
}

function watchRight(run: Run, { signal }: SendingRight): void {
  run.onAbort = () => end(run, rightEnded);
  signal.addEventListener("abort", run.onAbort, { once: true });
}

function phaseOf({ hasSocket, controller, status }: Run): string {
  if (!hasSocket) return "waiting for a connection to become free";
  if (controller === null) return "connecting";
  return status === 0 ? "waiting for the response" : `reading the body of a ${status} response`;
}

function dispatchOptions({ url, headers, body, bodyBytes }: OutboundRequest): Dispatcher.DispatchOptions {
  return {
    origin: url.origin,
    path: url.pathname + url.search,
    method: "POST",
    // A compressed body is never unpacked: a small one can become gigabytes.
    headers: { ...headers, "accept-encoding": "identity" },
    // undici encodes text once, and makes Content-Length from that; bytes it sends as they are.
    body: bodyBytes ?? body,
  };
}

/** Calls `ended` once, when undici has done with the request. */
function responseHandler(run: Run, clock: Clock, ended: () => void): Dispatcher.DispatchHandler {
  return {
    onRequestStart: (controller) => {
      if (run.request.right?.isOver()) settle(run, { kind: "timeout", detail: rightEnded });
      // Thrown, it takes the request out of the queue before a byte of it is written, and keeps the connection.
      if (run.isSettled) throw new Error("it was ended before the request could leave");
      run.controller = controller;
    },
    onResponseStart: (_controller, status, headers) => {
      // A receiver may send any number of informational responses first.
      if (status < 200) return;
      run.status = status;
      run.headers = wantedHeaders(run.request, headers);
      run.retryAfterMs = retryAfterMs(status, headers["retry-after"], clock.now());
    },
    onResponseData: (controller, chunk) => {
      if (receive(run, chunk) === "enough") controller.abort(new Error("the response is longer than is read"));
    },
    onResponseEnd: () => {
      respond(run);
      ended();
    },
    onResponseError: (_controller, error) => {
      settle(run, failure(error));
      ended();
    },
  };
}

function wantedHeaders({ responseHeaders }: OutboundRequest, headers: IncomingHttpHeaders): Run["headers"] {
  if (responseHeaders === undefined) return null;
  const wanted: Record<string, string> = {};
  for (const name of responseHeaders === "all" ? Object.keys(headers) : responseHeaders) {
    const value = headers[name];
    if (value !== undefined) wanted[name] = typeof value === "string" ? value : value.join(", ");
  }
  return wanted;
}

function receive(run: Run, chunk: Buffer): "more" | "enough" {
  const { responseBodyBytesMax } = run.request;
  if (run.receivedBytes < responseBodyBytesMax) run.chunks.push(chunk);
  run.receivedBytes += chunk.length;
  if (run.receivedBytes <= Math.max(responseBytesReadMax, responseBodyBytesMax)) return "more";
  respond(run);
  return "enough";
}

/** The body is a copy, as the chunks are windows on larger buffers. */
function respond(run: Run): void {
  const length = Math.min(run.receivedBytes, run.request.responseBodyBytesMax);
  const body = length === 0 ? null : new Uint8Array(Buffer.concat(run.chunks, length));
  const { status, headers, retryAfterMs: asked } = run;
  const extra = { ...(headers !== null && { headers }), ...(asked !== null && { retryAfterMs: asked }) };
  settle(run, { kind: "response", status, body, ...extra });
}

function failure(error: unknown): Outcome {
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
  const whole = message.includes(code) ? message : `${code}: ${message}`;
  const detail = withoutInternals(whole).slice(0, detailLengthMax);
  return { kind: code === addressBlockedCode ? "address_blocked" : "network_error", detail };
}

/**
 * Leaves out what says nothing to the receiver's owner, who reads it: where in OpenSSL's sources an error was noticed, and
 * flags of this process.
 */
function withoutInternals(detail: string): string {
  return detail
    .replace(/[0-9A-F]+:error:[0-9A-F]+:[^:]*:[^:]*:([^:]*):[^\n]*/gi, "TLS: $1")
    .replace(/[;,.] [^;,.]*, try running Node\.js with [^\n]*|[;,.][^;,.]*\s--[a-z][^\n]*/g, "")
    .trim();
}
