import type { WebhookHandler } from "../core/handler.ts";

/**
 * A route of Hono. A middleware that reads the body before it has to do so on a clone of the request.
 *
 * @example app.post("/hooks", hono(webhook.handler(handlers, { fallback })));
 */
export function hono(
  handler: WebhookHandler,
): (context: { readonly req: { readonly raw: Request } }) => Promise<Response> {
  return (context) => handler(context.req.raw);
}
