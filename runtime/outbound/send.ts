import type { Agent, Dispatcher } from "undici";
import type { Clock } from "../clock.ts";
import type { Exchange, OutboundRequest } from "../outbound.ts";
import { addressBlockedCode } from "./connector.ts";

export interface SendParts {
  readonly agent: Agent;
  readonly clock: Clock;
  readonly dialling: Dialling;
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

type Outcome = Exchange extends infer Each ? (Each extends unknown ? Omit<Each, "durationMs"> : never) : never;

/** One exchange. Never rejects. */
export function send({ agent, clock, dialling }: SendParts, request: OutboundRequest): Promise<Exchange> {
  return new Promise((fulfil) => {
    const startedAt = performance.now();
    const state: ExchangeState = {
      settle,
      isSettled: false,
      controller: null,
      status: 0,
      chunks: [],
      receivedBytes: 0,
    };
    let dial: AbortController | null = null;
    const cancelDeadline = clock.after(request.timeoutMs, () => {
      const passed = new Error(`deadline of ${request.timeoutMs} ms passed while ${phaseOf(state)}`);
      settle({ kind: "timeout", detail: passed.message });
      if (state.controller === null) dial?.abort(passed);
      else state.controller.abort(passed);
    });
    function settle(outcome: Outcome): void {
      if (state.isSettled) return;
      state.isSettled = true;
      cancelDeadline();
      fulfil({ ...outcome, durationMs: performance.now() - startedAt });
    }
    dialling.owner = (opened) => (dial = opened);
    try {
      agent.dispatch(dispatchOptions(request), responseHandler(state, request.responseBodyBytesMax));
    } catch (error) {
      settle(failure(error));
    }
    dialling.owner = null;
  });
}

interface ExchangeState {
  readonly settle: (outcome: Outcome) => void;
  isSettled: boolean;
  /** Null until the request starts to leave. */
  controller: Dispatcher.DispatchController | null;
  /** Zero until the response's headers have come. */
  status: number;
  readonly chunks: Buffer[];
  receivedBytes: number;
}

function dispatchOptions({ url, headers, body }: OutboundRequest): Dispatcher.DispatchOptions {
  return {
    origin: url.origin,
    path: url.pathname + url.search,
    method: "POST",
    // A compressed body is never unpacked: a small one can become gigabytes.
    headers: { ...headers, "accept-encoding": "identity" },
    // undici encodes it once, and makes Content-Length from that.
    body,
  };
}

function responseHandler(state: ExchangeState, keptBytesMax: number): Dispatcher.DispatchHandler {
  const readBytesMax = Math.max(responseBytesReadMax, keptBytesMax);
  const respond = () => state.settle({ kind: "response", status: state.status, body: keptBody(state, keptBytesMax) });
  return {
    onRequestStart: (controller) => {
      // Thrown, it takes the request out of the queue before a byte of it is written, and keeps the connection.
      if (state.isSettled) throw new Error("the deadline passed before the request could leave");
      state.controller = controller;
    },
    onResponseStart: (_controller, status) => {
      // A receiver may send any number of informational responses first.
      if (status >= 200) state.status = status;
    },
    onResponseData: (controller, chunk) => {
      if (state.receivedBytes < keptBytesMax) state.chunks.push(chunk);
      state.receivedBytes += chunk.length;
      if (state.receivedBytes <= readBytesMax) return;
      respond();
      controller.abort(new Error(`response longer than ${readBytesMax} bytes`));
    },
    onResponseEnd: respond,
    onResponseError: (_controller, error) => state.settle(failure(error)),
  };
}

/** A copy, as the chunks are windows on larger buffers. */
function keptBody({ chunks, receivedBytes }: ExchangeState, keptBytesMax: number): Uint8Array | null {
  const length = Math.min(receivedBytes, keptBytesMax);
  return length === 0 ? null : new Uint8Array(Buffer.concat(chunks, length));
}

function phaseOf({ controller, status }: ExchangeState): string {
  if (controller === null) return "connecting";
  return status === 0 ? "waiting for the response" : `reading the body of a ${status} response`;
}

function failure(error: unknown): Outcome {
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const detail = (message.includes(code) ? message : `${code}: ${message}`).slice(0, detailLengthMax);
  return { kind: code === addressBlockedCode ? "address_blocked" : "network_error", detail };
}
