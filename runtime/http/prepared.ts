import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import type { FastifyReply, FastifyRequest } from "fastify";

/** An answer that stays the same while the process runs, made into text once. */
export interface Prepared {
  readonly text: string;
  /** Its media type. */
  readonly type: string;
  /** Strong (RFC 9110 §8.8.3): a hash of the bytes. */
  readonly etag: string;
  /** Compressed once, when somebody takes it so. */
  readonly gzipped: () => Buffer;
}

export function prepareJson(value: unknown): Prepared {
  return prepareText(JSON.stringify(value), "application/json; charset=utf-8");
}

export function prepareText(text: string, type: string): Prepared {
  let compressed: Buffer | undefined;
  const gzipped = () => (compressed ??= gzipSync(text));
  return { text, type, etag: `"${createHash("sha256").update(text).digest("base64url")}"`, gzipped };
}

/** Sends it, or 304 to a client that names its ETag. */
export function sendPrepared(
  request: FastifyRequest,
  reply: FastifyReply,
  { text, type, etag: plainTag, gzipped }: Prepared,
): FastifyReply {
  const isGzipped = text.length >= gzippedLengthMin && takesGzip(request.headers["accept-encoding"]);
  // Other bytes have another strong tag.
  const etag = isGzipped ? plainTag.replace(/"$/, '-gzip"') : plainTag;
  void reply.headers({ etag, "cache-control": "public, max-age=60" });
  addVary(reply, "accept-encoding");
  if (isKnown(request.headers["if-none-match"], etag)) return reply.code(304).send();
  if (!isGzipped) return reply.type(type).send(text);
  return reply.type(type).header("content-encoding", "gzip").send(gzipped());
}

/** What is shorter fits in a packet. */
const gzippedLengthMin = 1024;

/** RFC 9110 §12.5.3; a weight of 0 refuses it. */
function takesGzip(accepted: string | undefined): boolean {
  const codings = (accepted ?? "")
    .toLowerCase()
    .split(",")
    .map((coding) => coding.replaceAll(/\s/g, ""));
  const [named] = [
    ...codings.filter((each) => /^gzip(;|$)/.test(each)),
    ...codings.filter((each) => /^\*(;|$)/.test(each)),
  ];
  return named !== undefined && !/;q=0(\.0*)?$/.test(named);
}

/** Names a request's header by which the answer differs, beside those that are named already. */
export function addVary(reply: FastifyReply, name: string): void {
  const named = reply.getHeader("vary");
  void reply.header("vary", named === undefined ? name : `${String(named)}, ${name}`);
}

/** Compared weakly, as RFC 9110 §13.1.2 asks: a proxy that compresses may have made the tag weak. */
function isKnown(ifNoneMatch: string | undefined, etag: string): boolean {
  const tags = ifNoneMatch?.split(",").map((tag) => tag.trim().replace(/^W\//, "")) ?? [];
  return tags.includes(etag) || tags.includes("*");
}
