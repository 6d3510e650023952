import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** An event, a record or a question, as the SDK gives it. */
export interface Item {
  readonly id: string;
  readonly type: string;
}

export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A subscriber as a customer would write one: the generated SDK verifies every request before it is looked at. */
export interface Subscriber {
  readonly verify: (body: Uint8Array, headers: IncomingHttpHeaders) => Promise<readonly Item[]>;
  /** The answer to its n-th verified request, counted from 1. */
  readonly reply: (items: readonly Item[], count: number) => Reply | Promise<Reply>;
}

/** One request as its subscriber saw it. */
export interface Received {
  readonly subscriber: string;
  /** What the subscriber has of it from now on. */
  readonly items: readonly Item[];
  readonly isVerified: boolean;
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface Receivers {
  readonly port: number;
  readonly url: (subscriber: string) => string;
  readonly open: (subscriber: string, how: Subscriber) => void;
  /** What a subscriber got so far, in the order in which it came. */
  readonly of: (subscriber: string) => readonly Received[];
  readonly close: () => Promise<void>;
}

/** Whether a subscriber really has what it accepts. Tests make one that loses something. */
export type Keeps = (subscriber: string, item: Item) => boolean;

/** All subscribers behind one port, told apart by the path. */
export async function openReceivers(keeps: Keeps): Promise<Receivers> {
  const subscribers = new Map<string, Subscriber>();
  const received: Received[] = [];

  async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const subscriber = (request.url ?? "/").slice(1);
    const { headers } = request;
    const body = await bytesOf(request);
    const how = subscribers.get(subscriber);
    const items = await how?.verify(body, headers).catch(() => null);
    const count = received.filter((each) => each.subscriber === subscriber && each.isVerified).length + 1;
    const reply = how && items ? await how.reply(items, count) : { status: 400 };
    const kept = (items ?? []).filter((item) => keeps(subscriber, item));
    const isVerified = items !== null && items !== undefined;
    received.push({ subscriber, items: kept, isVerified, status: reply.status, headers, body });
    response.writeHead(reply.status, reply.headers).end(reply.body);
  }

  const server = createServer((request, response) => {
    receive(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: (subscriber) => `http://127.0.0.1:${port}/${subscriber}`,
    open: (subscriber, how) => void subscribers.set(subscriber, how),
    of: (subscriber) => received.filter((each) => each.subscriber === subscriber),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function bytesOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks);
}
