import type { Socket } from "node:net";

/** Writes the text again and again, as fast as it is read or every so many milliseconds, until the socket ends. */
export function writeForEver(socket: Socket, text: string, everyMs?: number): void {
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

export const endlessHead = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
export const endlessChunk = `1000\r\n${"x".repeat(4096)}\r\n`;

/** What a receiver does with a request, and what the exchange comes to: a kind, and a part of its detail. */
export const receivers: Record<string, readonly [(socket: Socket) => void, string, string]> = {
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
    (socket) => writeForEver(socket, "HTTP/1.1 100 Continue\r\n\r\n", 10),
    "timeout",
    "waiting for the response",
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
