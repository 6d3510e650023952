import { createHash } from "node:crypto";
import { closeSync, openSync, writeSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Webhook } from "../../sdks/typescript/src/contracts/stech.ts";
import { timeoutMs } from "./quick-catalog.ts";
import { createRandom, type SeededRandom } from "./random.ts";

/** One POST as its receiver saw it. */
export interface Receipt {
  readonly endpointId: string;
  readonly eventId: string;
  readonly tenant: string;
  readonly type: string;
  readonly attemptId: string;
  /** The header, as text. */
  readonly timestamp: string;
  /** SHA-256, in hexadecimal digits. */
  readonly bodyHash: string;
  /** Why the SDK refused it. Null: it did not. */
  readonly problem: string | null;
  /** The status it was answered with, as a whole response; null: it was not. */
  readonly answered: number | null;
}

/** What a receiver is like. Each answers properly more often than not, but for the one that always fails. */
export const receiverKinds = ["steady", "failing", "broken", "refusing", "hanging", "closing", "lying"] as const;
export type ReceiverKind = (typeof receiverKinds)[number];

export interface Receiver {
  readonly kind: ReceiverKind;
  readonly urlOf: (endpoint: number) => string;
  readonly close: () => Promise<void>;
}

/** The endpoints by the number in their URL, as they become known. */
export type KnownEndpoints = Map<string, { readonly id: string; readonly signingSecret: string }>;

interface Answer {
  readonly status: number | null;
  readonly send: (response: ServerResponse) => void | Promise<void>;
}

const whole = (status: number): Answer => ({ status, send: (response) => void response.writeHead(status).end("ok") });

const late = (ms: number): Answer => ({
  status: 200,
  send: (response) => sleep(ms).then(() => whole(200).send(response)),
});

const never: Answer = { status: null, send: () => undefined };

const cutShort: Answer = {
  status: null,
  send: (response) => {
    response.writeHead(200, { "content-length": 1000 }).write("half of");
    setTimeout(() => response.destroy(), 20);
  },
};

export const answers: Readonly<Record<ReceiverKind, (random: SeededRandom) => Answer>> = {
  steady: () => whole(200),
  failing: (random) => whole(random.isLucky(0.4) ? 500 : 204),
  broken: () => whole(503),
  refusing: (random) => whole(random.isLucky(0.3) ? 410 : 200),
  hanging: (random) => (random.isLucky(0.2) ? never : whole(200)),
  closing: (random) => (random.isLucky(0.4) ? cutShort : whole(200)),
  // Says that it has taken the event, now and then when nobody listens any more.
  lying: (random) => late(random.isLucky(0.1) ? timeoutMs + 300 : random.below(600)),
};

export interface ReceiverOptions {
  readonly folder: string;
  readonly seed: string;
  readonly endpoints: KnownEndpoints;
}

/** One server of each kind, with a journal of its own that is written before it answers. */
export function openReceivers(options: ReceiverOptions): Promise<readonly Receiver[]> {
  return Promise.all(receiverKinds.map((kind) => openReceiver(kind, options)));
}

export const receiptsPath = (folder: string, kind: ReceiverKind) => join(folder, `received-by-${kind}.jsonl`);

async function openReceiver(kind: ReceiverKind, { folder, seed, endpoints }: ReceiverOptions): Promise<Receiver> {
  const random = createRandom(`${seed} ${kind}`);
  const journal = openSync(receiptsPath(folder, kind), "a");
  const server = createServer((request, response) => {
    receive(request, endpoints)
      .then((seen) => {
        const { status, send } = answers[kind](random);
        writeSync(journal, `${JSON.stringify({ ...seen, answered: status })}\n`);
        return send(response);
      })
      // The sender died in the middle of its request: nothing was received.
      .catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    kind,
    urlOf: (endpoint) => `http://127.0.0.1:${port}/${endpoint}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      closeSync(journal);
    },
  };
}

export const sha256 = (of: string | Buffer) => createHash("sha256").update(of).digest("hex");

async function receive(request: IncomingMessage, endpoints: KnownEndpoints): Promise<Omit<Receipt, "answered">> {
  const body = Buffer.concat(await request.toArray());
  const endpoint = endpoints.get((request.url ?? "").slice(1));
  if (endpoint === undefined) throw new Error(`Nobody has an endpoint ${request.url}.`);
  const webhook = new Webhook(endpoint.signingSecret);
  const problem = await webhook.verify(body, request.headers).then(
    () => null,
    (error: unknown) => String(error),
  );
  // Read apart from the SDK, so that one it refused is recorded too.
  const { id, organizationId, type } = JSON.parse(body.toString());
  return {
    endpointId: endpoint.id,
    eventId: id,
    tenant: organizationId,
    type,
    attemptId: String(request.headers["x-stech-delivery"]),
    timestamp: String(request.headers["x-stech-timestamp"]),
    bodyHash: sha256(body),
    problem,
  };
}
