import type { WebhookHandler } from "../core/handler.ts";
import type { HeaderSource } from "../core/headers.ts";
import type { RawBody } from "../core/body.ts";

interface Reply {
  code(status: number): unknown;
  header(name: string, value: string): unknown;
  send(text: string): unknown;
}

type Parser = (request: never, body: Uint8Array, done: (error: Error | null, body?: unknown) => void) => void;

/** An instance of Fastify, as far as it is used here. */
interface Scope {
  removeAllContentTypeParsers(): void;
  addContentTypeParser(type: string, options: { parseAs: "buffer" }, parser: never): unknown;
  post(path: string, handler: never): unknown;
}

/**
 * A plugin with one route. Its parsers are its own: the other routes of the server keep theirs. Fastify refuses bodies
 * above its `bodyLimit` itself.
 *
 * @example app.register(fastify(webhook.handler(handlers, { fallback })), { path: "/hooks" });
 */
export function fastify(handler: WebhookHandler) {
  return async (scope: Scope, { path = "/" }: { readonly path?: string }): Promise<void> => {
    const parser: Parser = (_request, body, done) => done(null, body);
    const route = async (request: { headers: HeaderSource; body: RawBody | null }, reply: Reply) => {
      const answer = await handler({ headers: request.headers, body: request.body ?? null });
      reply.code(answer.status);
      for (const [name, value] of answer.headers) reply.header(name, value);
      return reply.send(await answer.text());
    };
    scope.removeAllContentTypeParsers();
    // Fastify's own types differ by server and version, so what is handed over is checked by the tests alone.
    scope.addContentTypeParser("*", { parseAs: "buffer" }, parser as never);
    scope.post(path, route as never);
  };
}
