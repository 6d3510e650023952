import type { Socket } from "node:net";

/**
 * Lets a receiver say `100 Continue` though nobody asked: a client passes over any number of informational responses
 * (RFC 9110 §15.2), and undici ends the connection at this one, so that what was delivered counted as an error. It passes
 * over 102 as over all others; so the last digit of 100 becomes a 2 on the way from the socket to its parser.
 */
export function passOverContinue(socket: Socket): Socket {
  const scan: Scan = { part: "status-line", at: 0 };
  const read = socket.read.bind(socket);
  const write = socket.write.bind(socket) as (...parameters: unknown[]) => boolean;
  socket.read = (size?: number): unknown => {
    const chunk: unknown = read(size);
    if (chunk instanceof Uint8Array) rewrite(scan, chunk);
    return chunk;
  };
  // undici sends the next request once it has read the response to the one before.
  Object.assign(socket, {
    write: (...parameters: unknown[]): boolean => {
      if (scan.part === "response") Object.assign(scan, { part: "status-line", at: 0 });
      return write(...parameters);
    },
  });
  return socket;
}

/** Where in the responses of a connection the reader is; `at` is how much of what it looks for has come. */
interface Scan {
  part: "status-line" | "informational" | "response";
  at: number;
}

const statusStart = Buffer.from("HTTP/1.1 1");
const [zero = 0, two = 0] = Buffer.from("02");
const headEnd = Buffer.from("\r\n\r\n");

function rewrite(scan: Scan, chunk: Uint8Array): void {
  for (let index = 0; index < chunk.length && scan.part !== "response"; index += 1) {
    if (scan.part === "informational") passHead(scan, chunk[index]);
    else passStatus(scan, chunk, index);
  }
}

/** The two digits after the first one say which of the informational responses it is. */
function passStatus(scan: Scan, chunk: Uint8Array, index: number): void {
  const digit = scan.at - statusStart.length;
  if (digit < 0 && chunk[index] !== statusStart[scan.at]) scan.part = "response";
  else if (digit < 1) scan.at = digit === 0 && chunk[index] !== zero ? endOfStatus(scan) : scan.at + 1;
  else {
    if (chunk[index] === zero) chunk[index] = two;
    endOfStatus(scan);
  }
}

function endOfStatus(scan: Scan): 0 {
  scan.part = "informational";
  scan.at = 0;
  return 0;
}

function passHead(scan: Scan, byte: number | undefined): void {
  scan.at = byte === headEnd[scan.at] ? scan.at + 1 : byte === headEnd[0] ? 1 : 0;
  if (scan.at < headEnd.length) return;
  scan.part = "status-line";
  scan.at = 0;
}
