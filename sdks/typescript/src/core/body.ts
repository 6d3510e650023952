import { WebhookError } from "./errors.ts";
import { describe } from "./values.ts";

/** A request's body as it came over the wire. Text is taken as UTF-8. */
export type RawBody = string | Uint8Array | ArrayBuffer;

const rawBodyRecipes = `
  Express       express.raw({ type: "application/json" }) on this route, before express.json()
  Fastify       addContentTypeParser("application/json", { parseAs: "buffer" }, ...) in a plugin of its own
  NestJS        NestFactory.create(AppModule, { rawBody: true }), then request.rawBody
  Next (app), Hono, Workers, Deno, Bun    await request.arrayBuffer(), once
  Next (pages)  export const config = { api: { bodyParser: false } }, then read the stream
  Lambda        Buffer.from(event.body, event.isBase64Encoded ? "base64" : "utf8")`;

export function bodyAlreadyParsed(got: string): WebhookError {
  const expected = "the raw body (string, Uint8Array or ArrayBuffer)";
  const reason = "The signature covers the bytes as they were sent; JSON that was parsed and printed again has others.";
  const remedy = `Take the body before a parser reads it:${rawBodyRecipes}`;
  return new WebhookError("body_already_parsed", `Expected ${expected}, got ${got}. ${reason} ${remedy}`, {
    expected,
    got,
  });
}

export function bodyTooLarge(bytesMax: number): WebhookError {
  const expected = `at most ${bytesMax} bytes`;
  const message = `The body is too large: expected ${expected}. Raise maxBodyBytes if such events are real.`;
  return new WebhookError("body_too_large", message, { expected });
}

/** The bytes of a body. Throws body_already_parsed and body_too_large. */
export function bodyBytes(body: RawBody, bytesMax: number): Uint8Array {
  const bytes = rawBytes(body);
  if (bytes === null) throw bodyAlreadyParsed(describe(body));
  if (bytes.byteLength > bytesMax) throw bodyTooLarge(bytesMax);
  return bytes;
}

// By brand, not `instanceof`: a test runner's sandbox hands over arrays of another realm.
function rawBytes(body: unknown): Uint8Array | null {
  if (typeof body === "string") return new TextEncoder().encode(body);
  if (ArrayBuffer.isView(body)) return new Uint8Array(body.buffer, body.byteOffset, body.byteLength);
  return isArrayBuffer(body) ? new Uint8Array(body) : null;
}

function isArrayBuffer(value: unknown): value is ArrayBuffer {
  return Object.prototype.toString.call(value) === "[object ArrayBuffer]";
}
