import { createServer, type IncomingHttpHeaders, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { Agent, request, type Dispatcher } from "undici";
import type { ReceivedDelivery } from "./verify-delivery.ts";

/** What became of a delivery: the answer it got, or why it got none. */
export type Forwarded = { readonly durationMs: number } & (
  | { readonly status: number; readonly headers: IncomingHttpHeaders; readonly body: Buffer }
  | { readonly failure: string }
);

export interface ForwarderParts {
  readonly port: number;
  readonly forwardTo: URL;
  readonly timeoutMs: number;
  /** Called when a delivery came. What it gives is why it is not forwarded; null: it is. */
  readonly arrived: (delivery: ReceivedDelivery) => Promise<string | null>;
  readonly answered: (delivery: ReceivedDelivery, forwarded: Forwarded) => void;
}

export interface Forwarder {
  readonly url: string;
  /** Ends once what is under way was answered. */
  readonly close: () => Promise<void>;
}

/** More than any delivery has; a receiver's answer is cut there too. */
const bodyBytesMax = 8 * 1024 * 1024;

/**
 * Takes deliveries on a port of this machine and sends each on: same method, headers and bytes. Its sender gets what the
 * receiver answered, to the byte, 502 when that was nothing, and 401 when it was not forwarded.
 */
export async function openForwarder(parts: ForwarderParts): Promise<Forwarder> {
  const agent = new Agent({ maxResponseSize: bodyBytesMax });
  const server = createServer((incoming, response) => {
    take(parts, agent, incoming)
      .then(({ status, headers, body }) => response.writeHead(status, endToEnd(headers)).end(body))
      .catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause) => reject(portTaken(parts.port, cause))).listen(parts.port, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeIdleConnections();
      await closed;
      await agent.close();
    },
  };
}

function portTaken(port: number, cause: Error): Error {
  return new Error(`--port: expected one that can be listened on, got ${port}: ${cause.message}.`, { cause });
}

type Answer = Omit<Extract<Forwarded, { readonly status: number }>, "durationMs">;

async function take(parts: ForwarderParts, agent: Agent, incoming: IncomingMessage): Promise<Answer> {
  const body = await bodyOf(incoming);
  if (body === null) return ownAnswer(413);
  const delivery = { headers: incoming.headers, body };
  if ((await parts.arrived(delivery)) !== null) return ownAnswer(401);
  const forwarded = await forward(parts, agent, delivery);
  parts.answered(delivery, forwarded);
  return "status" in forwarded ? forwarded : ownAnswer(502);
}

const ownAnswer = (status: number): Answer => ({ status, headers: {}, body: Buffer.alloc(0) });

async function bodyOf(incoming: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming) {
    size += chunk.length;
    if (size > bodyBytesMax) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** These are of one connection (RFC 9110 §7.6.1), or follow from the URL and the body. */
const ownHeaders = new Set(["host", "connection", "keep-alive", "transfer-encoding", "content-length", "upgrade"]);

function endToEnd(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !ownHeaders.has(name)));
}

async function forward(
  { forwardTo, timeoutMs }: ForwarderParts,
  dispatcher: Dispatcher,
  { headers, body }: ReceivedDelivery,
): Promise<Forwarded> {
  const startedAt = performance.now();
  const durationMs = () => Math.round(performance.now() - startedAt);
  try {
    const response = await request(forwardTo, {
      dispatcher,
      method: "POST",
      headers: endToEnd(headers),
      body,
      signal: AbortSignal.timeout(timeoutMs),
    });
    const answer = Buffer.from(await response.body.arrayBuffer());
    return { status: response.statusCode, headers: response.headers, body: answer, durationMs: durationMs() };
  } catch (error) {
    return { failure: failureOf(error, timeoutMs), durationMs: durationMs() };
  }
}

function failureOf(error: unknown, timeoutMs: number): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === "TimeoutError") return `no answer within ${timeoutMs / 1000} s`;
  const { code } = error as NodeJS.ErrnoException;
  return code === "ECONNREFUSED" ? "nothing listens there" : error.message || String(code);
}
