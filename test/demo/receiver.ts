import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Webhook, type WebhookEvent } from "../../sdks/typescript/src/contracts/stech.ts";

/** One request that the receiver got, and whether the SDK verified it and knew the event. */
export interface Receipt {
  readonly endpoint: string;
  readonly eventId: string;
  readonly type: string;
  /** Which request for this event this is, from 1. */
  readonly attempt: number;
  readonly isVerified: boolean;
  /** What was answered. */
  readonly status: number;
  /** Milliseconds since the event was emitted. */
  readonly ms: number;
}

/** An endpoint's behaviour: the status for its n-th request, counted from 1. */
export type Behaviour = (count: number) => number;

export interface DemoReceiver {
  readonly port: number;
  readonly url: (endpoint: string) => string;
  /** The secret the API showed when the endpoint was made. */
  readonly trust: (endpoint: string, secret: string) => void;
  readonly receipts: readonly Receipt[];
  readonly close: () => Promise<void>;
}

/** A subscriber as a customer would write one: the generated SDK verifies every request before it is looked at. */
export async function openDemoReceiver(
  behaviours: Readonly<Record<string, Behaviour>>,
  { now, onReceipt }: { readonly now: () => number; readonly onReceipt: (receipt: Receipt) => void },
): Promise<DemoReceiver> {
  const webhooks = new Map<string, Webhook>();
  const counts = new Map<string, number>();
  const receipts: Receipt[] = [];

  async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const endpoint = (request.url ?? "/").slice(1);
    const event = await verified(webhooks.get(endpoint), await bytesOf(request), request);
    const count = (counts.get(endpoint) ?? 0) + 1;
    counts.set(endpoint, count);
    const status = event === null ? 400 : (behaviours[endpoint]?.(count) ?? 404);
    const eventId = event?.id ?? "";
    const receipt: Receipt = {
      endpoint,
      eventId,
      type: event?.type ?? "",
      attempt: receipts.filter((earlier) => earlier.endpoint === endpoint && earlier.eventId === eventId).length + 1,
      isVerified: event !== null && event.type !== "$unknown",
      status,
      ms: event === null ? 0 : now() - Date.parse(event.createdAt),
    };
    receipts.push(receipt);
    onReceipt(receipt);
    response.writeHead(status).end();
  }

  const server = createServer((request, response) => {
    receive(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: (endpoint) => `http://127.0.0.1:${port}/${endpoint}`,
    trust: (endpoint, secret) => void webhooks.set(endpoint, new Webhook(secret, { now })),
    receipts,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function verified(
  webhook: Webhook | undefined,
  body: Uint8Array,
  request: IncomingMessage,
): Promise<WebhookEvent | null> {
  try {
    return (await webhook?.verify(body, request.headers)) ?? null;
  } catch {
    return null;
  }
}

async function bytesOf(request: IncomingMessage): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks);
}
