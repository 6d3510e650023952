import { createServer, connect, type AddressInfo, type Socket } from "node:net";
import { createMessageReader } from "./messages.ts";

/**
 * How a connection ends at a COMMIT. `withheld`: the server never sees it. `answered`: the server has committed and the
 * client never hears of it. `raced`: both sides are cut right after it was passed on.
 */
export type CommitCut = "withheld" | "answered" | "raced";

/** Stands between a process and PostgreSQL, and cuts connections with a reset. */
export interface CuttingProxy {
  readonly url: string;
  /** Resets every connection there is, and tells how many these were. */
  readonly cutAll: () => number;
  /** Whichever connection is the next to commit loses it. */
  readonly cutNextCommit: (how: CommitCut) => void;
  /** Ends the next so many connections as soon as they are made, as a server does that is told to. */
  readonly endNextMade: (count: number) => void;
  /** How many connections were ended so. */
  readonly endedCount: () => number;
  /** From now on what the server says is passed on so much later. */
  readonly delay: (ms: number) => void;
  /** The cuts at a COMMIT that have happened. */
  readonly commitCuts: () => readonly CommitCut[];
  readonly close: () => Promise<void>;
}

interface Pair {
  readonly client: Socket;
  readonly server: Socket;
}

export async function openProxy(target: string): Promise<CuttingProxy> {
  const { port: targetPort, hostname } = new URL(target);
  const pairs = new Set<Pair>();
  const armed: CommitCut[] = [];
  const done: CommitCut[] = [];
  let toEnd = 0;
  let endedCount = 0;
  let delayMs = 0;

  function join(client: Socket): void {
    const pair = { client, server: connect(Number(targetPort), hostname) };
    pairs.add(pair);
    const { server } = pair;
    client.setNoDelay(true);
    server.setNoDelay(true);
    const reader = createMessageReader();
    client.on("data", (chunk) => {
      for (const message of reader.read(chunk)) passOn(pair, message);
    });
    server.on("data", (chunk) => passBack(pair, chunk));
    for (const socket of [client, server]) {
      socket.on("error", () => cut(pair));
      socket.on("close", () => cut(pair));
    }
  }

  function passBack(pair: Pair, chunk: Buffer): void {
    if (delayMs > 0) return void setTimeout(() => pair.client.write(chunk), delayMs);
    if (toEnd === 0 || !isMade.equals(chunk.subarray(-isMade.length))) return void pair.client.write(chunk);
    toEnd -= 1;
    endedCount += 1;
    pair.server.removeAllListeners("data");
    // In one piece, so that the client reads both in one turn.
    pair.client.write(Buffer.concat([chunk, isEnded]), () => cut(pair));
  }

  function passOn(pair: Pair, message: Buffer): void {
    const how = isCommit(message) ? armed.shift() : undefined;
    if (how !== undefined) done.push(how);
    if (how === "withheld") return cut(pair);
    if (pair.server.destroyed) return;
    if (how === "answered") {
      pair.server.removeAllListeners("data");
      pair.server.once("data", () => cut(pair));
    }
    pair.server.write(message, () => how === "raced" && cut(pair));
  }

  function cut(pair: Pair): void {
    if (!pairs.delete(pair)) return;
    pair.client.resetAndDestroy();
    pair.server.resetAndDestroy();
  }

  const listener = createServer(join);
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  const url = new URL(target);
  url.port = String((listener.address() as AddressInfo).port);
  const cutAll = () => {
    const { size } = pairs;
    for (const pair of pairs) cut(pair);
    return size;
  };
  return {
    url: url.href,
    cutAll,
    cutNextCommit: (how) => void armed.push(how),
    endNextMade: (count) => void (toEnd = count),
    endedCount: () => endedCount,
    delay: (ms) => void (delayMs = ms),
    commitCuts: () => done,
    close: async () => {
      cutAll();
      await new Promise((resolve) => listener.close(resolve));
    },
  };
}

/** The server is ready for queries, and in no transaction. */
const isMade = Buffer.from([0x5a, 0, 0, 0, 5, 0x49]);
const endFields = "SFATAL\0VFATAL\0C57P01\0Mterminating connection due to administrator command\0\0";
const isEnded = Buffer.concat([Buffer.from([0x45, 0, 0, 0, 4 + endFields.length]), Buffer.from(endFields)]);

/**
 * A simple query (`Q`, its length, its text), which is how a transaction ends; or what is parsed (`P`, its length, no
 * name, its text) is the step of a stream, one statement that commits by itself.
 */
function isCommit(message: Buffer): boolean {
  if (message[0] === 0x51) return /^commit\b/i.test(message.toString("utf8", 5));
  return message[0] === 0x50 && /^with fenced\b/.test(message.toString("utf8", 6, 40));
}
