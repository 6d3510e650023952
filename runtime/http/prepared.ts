import { createHash } from "node:crypto";
import type { FastifyReply, FastifyRequest } from "fastify";

/** An answer that stays the same while the process runs, made into text once. */
export interface Prepared {
  readonly text: string;
  /** Its media type. */
  readonly type: string;
  /** Strong (RFC 9110 §8.8.3): a hash of the bytes. */
  readonly etag: string;
}

export function prepareJson(value: unknown): Prepared {
  return prepareText(JSON.stringify(value), "application/json; charset=utf-8");
}

export function prepareText(text: string, type: string): Prepared {
  return { text, type, etag: `"${createHash("sha256").update(text).digest("base64url")}"` };
}

/** Sends it, or 304 to a client that names its ETag. */
export function sendPrepared(
  request: FastifyRequest,
  reply: FastifyReply,
  { text, type, etag }: Prepared,
): FastifyReply {
  void reply.header("etag", etag).header("cache-control", "public, max-age=60");
  if (isKnown(request.headers["if-none-match"], etag)) return reply.code(304).send();
  return reply.type(type).send(text);
}

/** Compared weakly, as RFC 9110 §13.1.2 asks: a proxy that compresses may have made the tag weak. */
function isKnown(ifNoneMatch: string | undefined, etag: string): boolean {
  const tags = ifNoneMatch?.split(",").map((tag) => tag.trim().replace(/^W\//, "")) ?? [];
  return tags.includes(etag) || tags.includes("*");
}
