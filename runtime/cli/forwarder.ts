import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { Agent, request, type Dispatcher } from "undici";
import type { ReceivedDelivery } from "./verify-delivery.ts";

/** What became of a delivery: the answer it got, or why it got none. */
export type Forwarded =
  { readonly status: number; readonly durationMs: number } | { readonly failure: string; readonly durationMs: number };

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
 * Takes deliveries on a port of this machine and sends each on: same method, headers and bytes. Its sender gets the
 * status that the receiver answered, 502 when there was none, and 401 when it was not forwarded.
 */
export async function openForwarder(parts: ForwarderParts): Promise<Forwarder> {
  const agent = new Agent({ maxResponseSize: bodyBytesMax });
  const server = createServer((incoming, response) => {
    take(parts, agent, incoming)
      .then((status) => response.writeHead(status).end())
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

async function take(parts: ForwarderParts, agent: Agent, incoming: IncomingMessage): Promise<number> {
  const body = await bodyOf(incoming);
  if (body === null) return 413;
  const delivery = { headers: incoming.headers, body };
  if ((await parts.arrived(delivery)) !== null) return 401;
  const forwarded = await forward(parts, agent, delivery);
  parts.answered(delivery, forwarded);
  return "status" in forwarded ? forwarded.status : 502;
}

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
      headers: Object.fromEntries(Object.entries(headers).filter(([name]) => !ownHeaders.has(name))),
      body,
      signal: AbortSignal.timeout(timeoutMs),
    });
    await response.body.dump();
    return { status: response.statusCode, durationMs: durationMs() };
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
