import { existsSync, readdirSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import type { FastifyReply, FastifyRequest } from "fastify";
import { HookwrightError } from "../errors.ts";
import type { HttpParts, HttpServer } from "./parts.ts";

/** What `npm run dashboard` built: one page and its hashed files. */
const built = join(import.meta.dirname, "../dashboard/built");

const mediaTypes: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
};

interface File {
  readonly type: string;
  readonly bytes: Buffer;
  readonly gzipped: Buffer;
}

/**
 * Serves the dashboard, `/ui` for operators and `/portal` for a tenant's people: one page for every address under them,
 * and files whose names have their hashes. None of it is secret: what the page shows, it gets from the API with a key.
 */
export function addDashboard(app: HttpServer, { frameAncestors = [] }: Pick<HttpParts, "frameAncestors">): void {
  const page = existsSync(join(built, "index.html")) ? fileOf("index.html") : null;
  const files = page === null ? new Map<string, File>() : new Map(readdirSync(join(built, "assets")).map(assetOf));
  const headers = pageHeaders(frameAncestors);
  const hidden = { config: { access: "public" as const }, schema: { hide: true } };
  const sendPage = (request: FastifyRequest, reply: FastifyReply) => {
    if (page === null) throw new HookwrightError("not_found", "The dashboard was not built; run `npm run dashboard`.");
    return send(request, reply.headers(headers), page);
  };
  for (const face of ["/ui", "/portal"]) {
    app.get(face, hidden, sendPage);
    app.get(`${face}/*`, hidden, sendPage);
  }
  app.get<{ Params: { file: string } }>("/ui/assets/:file", hidden, (request, reply) => {
    const file = files.get(request.params.file);
    if (file === undefined) throw new HookwrightError("not_found", "There is no such file in this version.");
    return send(request, reply.header("cache-control", "public, max-age=31536000, immutable"), file);
  });
}

function pageHeaders(frameAncestors: readonly string[]): Record<string, string> {
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "connect-src 'self'",
    "img-src 'self' data:",
    "base-uri 'none'",
    "form-action 'none'",
    `frame-ancestors ${frameAncestors.length === 0 ? "'none'" : frameAncestors.join(" ")}`,
  ];
  return {
    "content-security-policy": policy.join("; "),
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cache-control": "no-cache",
  };
}

function fileOf(name: string): File {
  const bytes = readFileSync(join(built, name));
  return { type: mediaTypes[extname(name)] ?? "application/octet-stream", bytes, gzipped: gzipSync(bytes) };
}

const assetOf = (name: string): [string, File] => [name, fileOf(join("assets", name))];

function send(request: FastifyRequest, reply: FastifyReply, { type, bytes, gzipped }: File): FastifyReply {
  const etag = `"${createHash("sha256").update(bytes).digest("base64url").slice(0, 22)}"`;
  void reply.headers({ etag, vary: "accept-encoding" }).type(type);
  if (request.headers["if-none-match"] === etag) return reply.code(304).send();
  if (!/\bgzip\b/.test(String(request.headers["accept-encoding"] ?? ""))) return reply.send(bytes);
  return reply.header("content-encoding", "gzip").send(gzipped);
}
