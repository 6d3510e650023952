import type { Socket } from "node:net";
import { describe, expect, test } from "vitest";
import {
  connectionIsFree,
  okResponse,
  openOutbound,
  openTcpReceiver,
  requestTo,
  socketIsClosed,
} from "./tcp-receiver.ts";

/** Writes the text again and again, as fast as it is read or every so many milliseconds, until the socket ends. */
function writeForEver(socket: Socket, text: string, everyMs?: number): void {
  if (everyMs !== undefined) {
    const timer = setInterval(() => socket.write(text), everyMs);
    socket.on("close", () => clearInterval(timer));
    return;
  }
  const fill = () => {
    while (!socket.destroyed && socket.write(text));
  };
  socket.on("drain", fill);
  fill();
}

const endlessHead = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
const endlessChunk = `1000\r\n${"x".repeat(4096)}\r\n`;

/** What a receiver does with a request, and what the exchange comes to: a kind, and a part of its detail. */
const receivers: Record<string, readonly [(socket: Socket) => void, string, string]> = {
  "does not answer": [() => {}, "timeout", "waiting for the response"],
  "sends its headers a byte at a time": [
    (socket) => {
      socket.write("HTTP/1.1 200 OK\r\nX-Slow: ");
      writeForEver(socket, "x", 10);
    },
    "timeout",
    "waiting for the response",
  ],
  "sends its body a byte at a time": [
    (socket) => {
      socket.write("HTTP/1.1 200 OK\r\nContent-Length: 10000\r\n\r\n");
      writeForEver(socket, "x", 10);
    },
    "timeout",
    "reading the body of a 200 response",
  ],
  "sends headers and no body": [
    (socket) => socket.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n"),
    "timeout",
    "reading the body of a 200 response",
  ],
  "sends informational responses without end": [
    (socket) => writeForEver(socket, "HTTP/1.1 103 Early Hints\r\n\r\n", 10),
    "timeout",
    "waiting for the response",
  ],
  "sends headers without end": [
    (socket) => {
      socket.write("HTTP/1.1 200 OK\r\n");
      writeForEver(socket, `X-More: ${"x".repeat(1000)}\r\n`);
    },
    "network_error",
    "UND_ERR_HEADERS_OVERFLOW",
  ],
  "says continue without end": [
    (socket) => writeForEver(socket, "HTTP/1.1 100 Continue\r\n\r\n".repeat(1000)),
    "network_error",
    "UND_ERR_SOCKET",
  ],
  "resets the connection before it answers": [(socket) => socket.resetAndDestroy(), "network_error", "ECONNRESET"],
  "closes the connection before it answers": [(socket) => socket.end(), "network_error", "UND_ERR_SOCKET"],
  "resets the connection in its body": [
    (socket) => {
      socket.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nxxxx", () => socket.resetAndDestroy());
    },
    "network_error",
    "",
  ],
  "closes the connection in its body": [
    (socket) => socket.end("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nxxxx"),
    "network_error",
    "UND_ERR",
  ],
  "gives its body two lengths": [
    (socket) =>
      socket.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n"),
    "network_error",
    "UND_ERR",
  ],
  "switches protocols": [
    (socket) => socket.write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n"),
    "network_error",
    "UND_ERR_SOCKET",
  ],
  "does not speak HTTP": [(socket) => socket.write("SSH-2.0-OpenSSH_9.9\r\n"), "network_error", "HTTP/1.1"],
};

describe("a receiver that", () => {
  test.each(Object.entries(receivers))("%s", async (_name, [answer, kind, detail]) => {
    const receiver = await openTcpReceiver(answer);
    const { port } = receiver;
    // Long enough that a busy machine does not turn another end into this one.
    const timeoutMs = kind === "timeout" ? 150 : 5000;
    const request = requestTo(`http://127.0.0.1:${port}/`, { timeoutMs });
    expect(await openOutbound({ port }).send(request)).toMatchObject({ kind, detail: expect.stringContaining(detail) });
    // Whatever it came to, the connection is gone.
    await socketIsClosed(receiver);
    expect(receiver.sockets).toHaveLength(1);
  });

  test("sends a body without end has answered, and is cut off", async () => {
    const receiver = await openTcpReceiver((socket) => {
      socket.write(endlessHead);
      writeForEver(socket, endlessChunk);
    });
    const { port } = receiver;
    const exchange = await openOutbound({ port }).send(requestTo(`http://127.0.0.1:${port}/`));
    expect(exchange).toMatchObject({ kind: "response", status: 200 });
    await socketIsClosed(receiver);
    // What the buffers between the two hold, not what a receiver could send in five seconds.
    expect(receiver.sockets[0]?.bytesWritten).toBeLessThan(32 * 1024 * 1024);
  });

  test("answers twice has its second answer taken for no other request", async () => {
    const forged = "HTTP/1.1 500 Forged\r\nContent-Length: 6\r\n\r\nforged";
    const { port } = await openTcpReceiver((socket, number) => {
      socket.write(number % 2 === 0 ? okResponse + forged : okResponse);
    });
    const outbound = openOutbound({ port });
    const statuses: (number | string)[] = [];
    for (let count = 0; count < 6; count += 1) {
      const exchange = await outbound.send(requestTo(`http://127.0.0.1:${port}/`));
      statuses.push(exchange.kind === "response" ? exchange.status : exchange.kind);
      await connectionIsFree();
    }
    expect(statuses[0]).toBe(200);
    expect(statuses).not.toContain(500);
  });

  test("refuses the connection is a network error", async () => {
    const { port, sockets } = await openTcpReceiver(() => {});
    const allowTargets = [{ cidr: "127.0.0.0/8", portMin: port, portMax: port }];
    // Nobody listens on this address of the same machine.
    const exchange = await openOutbound({ allowTargets }).send(requestTo(`http://127.0.0.5:${port}/`));
    expect(exchange).toMatchObject({ kind: "network_error", detail: expect.stringContaining("ECONNREFUSED") });
    expect(sockets).toEqual([]);
  });
});
