import type { WebhookHandler } from "../core/handler.ts";
import { answerNode, type NodeRequest, type NodeResponse } from "./node-server.ts";

/**
 * A route of Express, NestJS, Firebase or Google Cloud Functions. It takes the body from `express.raw()`, from
 * `rawBody`, or reads it itself; `express.json()` before it is answered 500, body_already_parsed.
 *
 * @example app.post("/hooks", express(webhook.handler(handlers, { fallback })));
 */
export function express(
  handler: WebhookHandler,
): (request: NodeRequest, response: NodeResponse, next: (error?: unknown) => void) => void {
  return (request, response, next) => void answerNode(handler, request, response).catch(next);
}
