import { bodyAlreadyParsed, bodyTooLarge } from "./body.ts";
import { WebhookError } from "./errors.ts";
import type { HeaderSource } from "./headers.ts";

export interface HandlerOptions<Event> {
  /** Gets every event that has no handler, known or unknown. What it returns is ignored; a promise is awaited. */
  readonly fallback: (event: Event) => unknown;
  /**
   * Told of every request that is not answered 200: a `WebhookError` when it was refused, else what a handler threw.
   * Left out, errors go to `console.error`.
   */
  readonly onError?: (error: unknown) => void;
}

export interface Dispatch<Event> extends HandlerOptions<Event> {
  readonly verify: (body: Uint8Array, headers: HeaderSource) => Promise<Event>;
  readonly handlerOf: (event: Event) => ((event: Event) => unknown) | undefined;
  readonly maxBodyBytes: number;
}

/** 200 once the handler is done, the error's status when the request is refused, 500 when the handler throws. */
export function requestHandler<Event>(dispatch: Dispatch<Event>): (request: Request) => Promise<Response> {
  const report = dispatch.onError ?? ((error) => console.error(error));
  return async (request) => {
    try {
      const event = await receive(dispatch, request);
      if (event instanceof WebhookError) return refuse(event, report);
      await (dispatch.handlerOf(event) ?? dispatch.fallback)(event);
      return answer(200, "ok");
    } catch (error) {
      report(error);
      // What a handler throws is the receiver's own affair and stays out of the sender's log.
      return answer(500, "The handler failed.");
    }
  };
}

// A refusal is returned, so that a WebhookError from within a handler is not taken for one.
async function receive<Event>(dispatch: Dispatch<Event>, request: Request): Promise<Event | WebhookError> {
  try {
    const body = await readBody(request, dispatch.maxBodyBytes);
    return await dispatch.verify(body, request.headers);
  } catch (error) {
    if (error instanceof WebhookError) return error;
    throw error;
  }
}

function refuse(error: WebhookError, report: (error: unknown) => void): Response {
  report(error);
  return answer(error.status, `${error.code}: ${error.message}`);
}

function answer(status: number, text: string): Response {
  return new Response(text, { status, headers: { "content-type": "text/plain; charset=utf-8" } });
}

// Read piece by piece: a body without a declared length must not fill the memory before it is refused.
async function readBody(request: Request, bytesMax: number): Promise<Uint8Array> {
  if (request.bodyUsed) throw bodyAlreadyParsed("a request whose body was read before");
  const reader = request.body?.getReader();
  const chunks: Uint8Array[] = [];
  let total = 0;
  for (let read = await reader?.read(); read?.value !== undefined; read = await reader?.read()) {
    total += read.value.byteLength;
    chunks.push(read.value);
    if (total > bytesMax) {
      await reader?.cancel();
      throw bodyTooLarge(bytesMax);
    }
  }
  return joined(chunks, total);
}

function joined(chunks: readonly Uint8Array[], total: number): Uint8Array {
  const body = new Uint8Array(total);
  let offset = 0;
  for (const chunk of chunks) {
    body.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return body;
}
