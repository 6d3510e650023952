import type { WebhookHandler } from "../core/handler.ts";
import { answerNode, type NodeRequest, type NodeResponse } from "./node-server.ts";

/**
 * A route of Next's app router.
 *
 * @example export const POST = nextRoute(webhook.handler(handlers, { fallback }));
 */
export function nextRoute(handler: WebhookHandler): (request: Request) => Promise<Response> {
  return (request) => handler(request);
}

/**
 * A route of Next's pages router. Its body has to stay unread, which Next takes from the file of the route alone:
 * `export const config = { api: { bodyParser: false } };`. Without it the answer is 500, body_already_parsed. What is not
 * a POST is answered 405.
 *
 * @example export default nextPages(webhook.handler(handlers, { fallback }));
 */
export function nextPages(handler: WebhookHandler): (request: NodeRequest, response: NodeResponse) => Promise<void> {
  return async (request, response) => {
    if (request.method === "POST") return answerNode(handler, request, response);
    response.statusCode = 405;
    response.end("Expected a POST.");
  };
}
