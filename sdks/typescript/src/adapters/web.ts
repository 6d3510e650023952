import type { WebhookHandler } from "../core/handler.ts";
import { textResponse } from "../core/handler.ts";

/**
 * A server of the Fetch API that has nothing but this webhook: Workers, Deno, Bun. What is not a POST is answered 405.
 *
 * @example export default { fetch: web(webhook.handler(handlers, { fallback })) };
 */
export function web(handler: WebhookHandler): (request: Request) => Promise<Response> {
  return async (request) => (request.method === "POST" ? handler(request) : textResponse(405, "Expected a POST."));
}
