import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Logger } from "pino";
import type { Metrics } from "../metrics.ts";
import { keyHash } from "../secrets/api-key.ts";
import { isSameHash } from "./auth.ts";

export interface MetricsServerParts {
  readonly metrics: Pick<Metrics, "text" | "contentType">;
  /** Null: whoever reaches the port may read. */
  readonly keyHash: string | null;
  readonly log: Pick<Logger, "warn">;
}

/**
 * Serves `GET /metrics` and nothing else, on a port of its own that no customer reaches. Not listening yet. Answers 503
 * while the database does not answer.
 */
export function createMetricsServer(parts: MetricsServerParts): Server {
  return createServer({ requestTimeout: 10_000, maxHeaderSize: 8192 }, (request, response) => {
    const { status, ...refusal } = judge(parts, request);
    if (status === 200) void sendMetrics(parts, response);
    else send(response, status, refusal.text);
  });
}

function judge({ keyHash: expected }: MetricsServerParts, { method, url, headers }: IncomingMessage) {
  if (url?.split("?")[0] !== "/metrics") return { status: 404, text: "There is /metrics alone." };
  if (method !== "GET") return { status: 405, text: "Expected GET." };
  const [, key = ""] = /^Bearer +(\S+)$/i.exec(headers.authorization ?? "") ?? [];
  if (expected === null || isSameHash(keyHash(key), expected)) return { status: 200, text: "" };
  return { status: 401, text: 'Authorization: expected "Bearer <HOOKWRIGHT_METRICS_KEY>".' };
}

async function sendMetrics({ metrics, log }: MetricsServerParts, response: ServerResponse): Promise<void> {
  try {
    const text = await metrics.text();
    response.writeHead(200, { "content-type": metrics.contentType, "cache-control": "no-store" }).end(text);
  } catch (error) {
    log.warn({ err: error }, "Metrics could not be read.");
    send(response, 503, "The database does not answer.");
  }
}

function send(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8" }).end(`${text}\n`);
}
