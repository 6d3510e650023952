import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { setImmediate } from "node:timers/promises";
import { onTestFinished } from "vitest";
import type { OutboundRequest } from "../../../runtime/seams/outbound.ts";
import type { AllowedTarget } from "../../../runtime/outbound/allowed-targets.ts";
import { createOutbound } from "../../../runtime/outbound/outbound.ts";
import type { Resolve } from "../../../runtime/outbound/resolve.ts";

/** A receiver below HTTP, which may answer a request with any bytes, late, or not at all. */
export interface TcpReceiver {
  readonly port: number;
  /** The requests that came, whole and as text. */
  readonly requests: string[];
  readonly sockets: Socket[];
}

/** `answer` is called with each whole request: its socket and how many came before it, on any connection. */
export async function openTcpReceiver(
  answer: (socket: Socket, number: number) => void,
  listenOn: { readonly host: string; readonly port: number } = { host: "127.0.0.1", port: 0 },
): Promise<TcpReceiver> {
  const requests: string[] = [];
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    // A reset by the sender is part of many of these tests.
    socket.on("error", () => {});
    readRequests(socket, (text) => answer(socket, requests.push(text) - 1));
  });
  server.listen(listenOn.port, listenOn.host);
  await once(server, "listening");
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { port, requests, sockets };
}

function readRequests(socket: Socket, take: (request: string) => void): void {
  let pending = Buffer.alloc(0);
  socket.on("data", (chunk) => {
    pending = Buffer.concat([pending, chunk]);
    const headLength = pending.indexOf("\r\n\r\n") + 4;
    if (headLength < 4) return;
    const bodyLength = Number(/content-length: (\d+)/i.exec(pending.toString("latin1", 0, headLength))?.[1] ?? 0);
    if (pending.length < headLength + bodyLength) return;
    const text = pending.toString("utf8", 0, headLength + bodyLength);
    pending = pending.subarray(headLength + bodyLength);
    take(text);
  });
}

/** Resolves when the receiver's first connection has ended, by whatever. */
export function socketIsClosed({ sockets: [socket] }: TcpReceiver): Promise<void> {
  return new Promise((resolve) => {
    if (socket === undefined || socket.closed) resolve();
    else socket.once("close", () => resolve());
  });
}

/** undici uses a connection again in the turn of the event loop after its response, not before. */
export const connectionIsFree = () => setImmediate();

export const okResponse = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

/** An outbound that may reach the port on this machine, and is closed with the test. */
export function openOutbound(options: {
  readonly port?: number;
  readonly allowTargets?: readonly AllowedTarget[];
  readonly resolve?: Resolve;
}) {
  const { port, resolve = unexpectedResolve } = options;
  const local = port === undefined ? [] : [{ cidr: "127.0.0.1/32", portMin: port, portMax: port }];
  const outbound = createOutbound({ allowTargets: options.allowTargets ?? local, resolve });
  onTestFinished(() => outbound.close());
  return outbound;
}

const unexpectedResolve: Resolve = (name) => Promise.reject(new Error(`nobody should have asked for ${name}`));

export function requestTo(url: string, change: Partial<OutboundRequest> = {}): OutboundRequest {
  const headers = { "content-type": "application/json" };
  return { url: new URL(url), headers, body: "{}", timeoutMs: 5000, responseBodyBytesMax: 8192, ...change };
}

/** A resolver that gives one answer after the other for any name, and the names it was asked for. */
export function scriptedResolve(...answers: readonly (readonly string[])[]): { resolve: Resolve; asked: string[] } {
  const asked: string[] = [];
  const resolve: Resolve = (name) => {
    const answer = answers[asked.push(name) - 1];
    return answer === undefined ? Promise.reject(new Error("asked too often")) : Promise.resolve(answer);
  };
  return { resolve, asked };
}
