import type { FastifyReply, FastifyRequest } from "fastify";
import { addVary } from "./prepared.ts";

const methods = "GET, HEAD, POST, PUT, PATCH, DELETE";
const headers = "authorization, content-type, idempotency-key, if-none-match, traceparent, tracestate";
const exposed = "etag, retry-after, x-request-id, x-next-cursor, idempotency-replayed";

/**
 * Lets pages of the named origins read answers (Fetch Standard, CORS protocol). A key is sent by the page itself, and
 * never by the browser on its own, so no credentials are allowed.
 */
export function createCors(origins: readonly string[]) {
  return (request: FastifyRequest, reply: FastifyReply, done: () => void): void => {
    const { origin } = request.headers;
    if (origins.length === 0) return done();
    addVary(reply, "origin");
    if (origin === undefined || !origins.includes(origin)) return done();
    void reply.headers({ "access-control-allow-origin": origin, "access-control-expose-headers": exposed });
    if (request.method !== "OPTIONS" || request.headers["access-control-request-method"] === undefined) return done();
    void reply
      .headers({
        "access-control-allow-methods": methods,
        "access-control-allow-headers": headers,
        "access-control-max-age": "600",
      })
      .code(204)
      .send();
  };
}
