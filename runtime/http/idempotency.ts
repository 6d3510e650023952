import { createHash } from "node:crypto";
import { Type } from "@sinclair/typebox";
import type { FastifyReply, FastifyRequest } from "fastify";
import { HookwrightError } from "../errors.ts";
import type { Claim } from "../access/idempotency.ts";
import type { HttpParts, HttpServer } from "./parts.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** Of a request that brought a key and is not a repeat. */
    claim: Claim | null;
  }
  interface FastifyContextConfig {
    /** `event`: the key is the event's, for as long as the event is kept, and not the request's. */
    idempotency?: "event";
  }
}

const header = "idempotency-key";

/** What every POST takes. Headers of all kinds come along, so nothing else is refused. */
export const IdempotencyHeader = Type.Object({
  [header]: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 255,
      description:
        "A repeat with the same key within 24 hours gets the first answer, and changes nothing; the same key with " +
        "another body is refused, and so is a repeat while the first is under way.",
    }),
  ),
});

/** Answers repeats of a POST with its first answer. Only what succeeded is kept: anything else changed nothing. */
export function addIdempotency(app: HttpServer, { idempotency }: Pick<HttpParts, "idempotency">): void {
  app.decorateRequest("claim", null);
  app.addHook("preHandler", async (request, reply) => {
    const key = keyOf(request);
    if (key === null) return;
    const { tenant = "" } = request.params as { readonly tenant?: string };
    const begun = await idempotency.begin({
      tenant,
      actorId: request.actorId,
      key,
      fingerprint: fingerprintOf(request),
    });
    if ("repeat" in begun) return replay(reply, begun.repeat);
    request.claim = begun.claim;
  });
  app.addHook("onSend", (request, reply, payload, done) => {
    const { claim } = request;
    if (claim === null) return done();
    request.claim = null;
    const isKept = reply.statusCode < 300 && typeof payload === "string";
    const settled = isKept ? claim.complete({ status: reply.statusCode, body: payload }) : claim.release();
    settled.then(() => done(), done);
  });
}

function replay(reply: FastifyReply, { status, body }: { readonly status: number; readonly body: string }) {
  return reply.code(status).header("idempotency-replayed", "true").type("application/json; charset=utf-8").send(body);
}

function keyOf({ headers, method, routeOptions, is404 }: FastifyRequest): string | null {
  const key = headers[header];
  if (method !== "POST" || is404 || key === undefined || routeOptions.config.idempotency === "event") return null;
  if (typeof key === "string" && /^[\x21-\x7e]{1,255}$/.test(key)) return key;
  throw new HookwrightError("invalid_request", "Idempotency-Key: expected 1 to 255 printable ASCII characters.", {
    path: header,
  });
}

function fingerprintOf({ url, body }: FastifyRequest): string {
  return createHash("sha256")
    .update(JSON.stringify([url, body ?? null]))
    .digest("base64url");
}
