import { bodyAlreadyParsed, bodyBytes, bodyTooLarge, type RawBody } from "./body.ts";
import type { HeaderSource } from "./headers.ts";

/** A request as a handler takes it. A Fetch `Request` is one; the adapters make one of what their framework has. */
export interface WebhookRequest {
  readonly headers: HeaderSource;
  /** The bytes, or a stream of them. Anything else is refused with body_already_parsed. */
  readonly body: RawBody | ReadableStream<Uint8Array> | AsyncIterable<Uint8Array | string> | null;
  /** Whether something has read the stream before. */
  readonly bodyUsed?: boolean;
}

/** Throws body_already_parsed and body_too_large. */
export async function readBody({ body, bodyUsed }: WebhookRequest, bytesMax: number): Promise<Uint8Array> {
  if (bodyUsed === true) throw bodyAlreadyParsed("a request whose body was read before");
  if (body === null) return new Uint8Array();
  if (isStream(body)) return joined(piecesOf(body), bytesMax);
  if (isIterable(body)) return joined(body, bytesMax);
  return bodyBytes(body, bytesMax);
}

// By what it can do: a stream of another realm or of a polyfill is one as well.
function isStream(body: object | string): body is ReadableStream<Uint8Array> {
  return typeof body === "object" && "getReader" in body;
}

function isIterable(body: object | string): body is AsyncIterable<Uint8Array | string> {
  return typeof body === "object" && Symbol.asyncIterator in body;
}

// Not every runtime can iterate over its streams.
async function* piecesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  try {
    for (let read = await reader.read(); read.value !== undefined; read = await reader.read()) yield read.value;
  } finally {
    await reader.cancel();
  }
}

// Read piece by piece: a body without a declared length must not fill the memory before it is refused.
async function joined(pieces: AsyncIterable<Uint8Array | string>, bytesMax: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let total = 0;
  for await (const piece of pieces) {
    const chunk = bodyBytes(piece, Infinity);
    total += chunk.byteLength;
    if (total > bytesMax) throw bodyTooLarge(bytesMax);
    chunks.push(chunk);
  }
  const body = new Uint8Array(total);
  let offset = 0;
  for (const chunk of chunks) {
    body.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return body;
}
