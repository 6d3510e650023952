import { WebhookError } from "./errors.ts";
import type { HeaderSource } from "./headers.ts";
import { readBody, type WebhookRequest } from "./request.ts";

/** Takes a Fetch `Request`, or what an adapter makes of its framework's request, and gives the answer. */
export type WebhookHandler = (request: WebhookRequest) => Promise<Response>;

export interface ErrorOptions {
  /**
   * Told of every request that is not answered 200: a `WebhookError` when it was refused, else what a handler threw.
   * Left out, errors go to `console.error`.
   */
  readonly onError?: (error: unknown) => void;
}

/** What becomes of a request that was read. */
export interface Exchange<Message> extends ErrorOptions {
  readonly verify: (body: Uint8Array, headers: HeaderSource) => Promise<Message>;
  readonly respond: (message: Message, headers: HeaderSource) => Promise<Response>;
  readonly maxBodyBytes: number;
}

/** The answer of `respond`, the error's status when the request is refused, 500 when `respond` throws. */
export function requestHandler<Message>(exchange: Exchange<Message>): WebhookHandler {
  const report = exchange.onError ?? ((error) => console.error(error));
  return async (request) => {
    try {
      const message = await receive(exchange, request);
      if (message instanceof WebhookError) return refuse(message, report);
      return await exchange.respond(message, request.headers);
    } catch (error) {
      report(error);
      // What a handler throws is the receiver's own affair and stays out of the sender's log.
      return textResponse(500, "The handler failed.");
    }
  };
}

// A refusal is returned, so that a WebhookError from within a handler is not taken for one.
async function receive<Message>(exchange: Exchange<Message>, request: WebhookRequest): Promise<Message | WebhookError> {
  try {
    const body = await readBody(request, exchange.maxBodyBytes);
    return await exchange.verify(body, request.headers);
  } catch (error) {
    if (error instanceof WebhookError) return error;
    throw error;
  }
}

function refuse(error: WebhookError, report: (error: unknown) => void): Response {
  report(error);
  return textResponse(error.status, `${error.code}: ${error.message}`);
}

export function textResponse(status: number, text: string): Response {
  return new Response(text, { status, headers: { "content-type": "text/plain; charset=utf-8" } });
}

/** Throws a TypeError: without a fallback what has no handler would be lost without a word. */
export function requireFallback(options: { readonly fallback: unknown } | undefined): void {
  if (typeof options?.fallback === "function") return;
  throw new TypeError("handler() expects { fallback } as its second argument: it gets what has no handler.");
}
