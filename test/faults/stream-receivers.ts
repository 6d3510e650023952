import { closeSync, openSync, writeSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Webhook } from "../../sdks/typescript/src/contracts/authsignal.ts";
import { createRandom } from "./random.ts";
import { answers, sha256, type ReceiverKind } from "./receivers.ts";

/** One batch as its receiver saw it. */
export interface BatchReceipt {
  readonly streamId: string;
  readonly recordIds: readonly string[];
  readonly bodyHash: string;
  /** Why the SDK refused it. Null: it did not. */
  readonly problem: string | null;
  /** The status it was answered with, as a whole response; null: it was not. */
  readonly answered: number | null;
}

/** None that accepts when nobody listens any more: how often that is repeated has no bound. */
export const streamReceiverKinds = [
  "steady",
  "failing",
  "hanging",
  "closing",
] as const satisfies readonly ReceiverKind[];

/** The streams by the number in their URL, as they become known. */
export type KnownStreams = Map<string, { readonly id: string; readonly key: string }>;

export interface StreamReceivers {
  readonly urlOf: (stream: number) => string;
  /** How many batches of a stream stand in the journal. */
  readonly receivedCount: (streamId: string) => number;
  /** Resolves when the next batch has come, or after so long. */
  readonly nextBatch: (withinMs: number) => Promise<void>;
  readonly close: () => Promise<void>;
}

export const batchesPath = (folder: string) => join(folder, "received-batches.jsonl");

/** A server for all streams, each of a kind of its own, with one journal that is written before it answers. */
export async function openStreamReceivers(of: {
  readonly folder: string;
  readonly seed: string;
  readonly streams: KnownStreams;
}): Promise<StreamReceivers> {
  const randoms = new Map(streamReceiverKinds.map((kind) => [kind, createRandom(`${of.seed} streams ${kind}`)]));
  const journal = openSync(batchesPath(of.folder), "a");
  const counts = new Map<string, number>();
  let next = Promise.withResolvers<void>();
  const server = createServer((request, response) => {
    receive(request, of.streams)
      .then((seen) => {
        const kind = kindOf(Number((request.url ?? "").slice(1)));
        const { status, send } = answers[kind](randoms.get(kind) ?? createRandom(kind));
        writeSync(journal, `${JSON.stringify({ ...seen, answered: status })}\n`);
        counts.set(seen.streamId, (counts.get(seen.streamId) ?? 0) + 1);
        next.resolve();
        next = Promise.withResolvers<void>();
        return send(response);
      })
      // The sender died in the middle of its request: nothing was received.
      .catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    urlOf: (stream) => `http://127.0.0.1:${port}/${stream}`,
    nextBatch: (withinMs) => Promise.race([next.promise, sleep(withinMs)]),
    receivedCount: (streamId) => counts.get(streamId) ?? 0,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      closeSync(journal);
    },
  };
}

const kindOf = (stream: number) => streamReceiverKinds[stream % streamReceiverKinds.length] ?? "steady";

async function receive(request: IncomingMessage, streams: KnownStreams): Promise<Omit<BatchReceipt, "answered">> {
  const body = Buffer.concat(await request.toArray());
  const stream = streams.get((request.url ?? "").slice(1));
  if (stream === undefined) throw new Error(`Nobody has a stream ${request.url}.`);
  const problem = await new Webhook(stream.key).verify(body, request.headers).then(
    () => null,
    (error: unknown) => String(error),
  );
  const { records }: { records: readonly { readonly id: string }[] } = JSON.parse(body.toString());
  return { streamId: stream.id, recordIds: records.map(({ id }) => id), bodyHash: sha256(body), problem };
}
