import { execFile } from "node:child_process";
import type { Socket } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { endlessChunk, endlessHead, receivers, writeForEver } from "./hostile-receivers.ts";
import type { Report } from "./hostile-sender.ts";
import { okResponse, openTcpReceiver } from "./tcp-receiver.ts";

/** 200 MiB in 204 KB. */
const bomb = gzipSync(Buffer.alloc(200 * 1024 * 1024));
const bombHead = `HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: ${bomb.length}\r\n\r\n`;

const known = (name: keyof typeof receivers) => {
  const receiver = receivers[name];
  if (receiver === undefined) throw new Error(`There is no receiver that ${name}.`);
  return { [name]: [receiver[0], receiver[1]] as const };
};

const twelve: Readonly<Record<string, readonly [(socket: Socket) => void, string]>> = {
  "sends a gzip bomb": [(socket) => void (socket.write(bombHead), socket.write(bomb)), "response"],
  "sends a body without end": [
    (socket) => {
      socket.write(endlessHead);
      writeForEver(socket, endlessChunk);
    },
    "response",
  ],
  ...known("sends its body a byte at a time"),
  ...known("sends its headers a byte at a time"),
  ...known("sends headers without end"),
  ...known("says continue without end"),
  "answers twice": [(socket) => socket.write(okResponse + okResponse), "response"],
  ...known("gives its body two lengths"),
  "redirects to where nothing may go": [
    (socket) => socket.write("HTTP/1.1 307 Go\r\nLocation: http://169.254.169.254/\r\nContent-Length: 0\r\n\r\n"),
    "response",
  ],
  ...known("does not answer"),
  ...known("resets the connection before it answers"),
  ...known("does not speak HTTP"),
};

const timeoutMs = 1000;
const atOnce = 64;
const sender = join(import.meta.dirname, "hostile-sender.ts");

test("there are twelve of them", () => expect(Object.keys(twelve)).toHaveLength(12));

test.each(Object.entries(twelve))(
  `a receiver that %s: ${atOnce} at once end by their deadline and 250 ms, within 20 MB`,
  async (_name, [answer, kind]) => {
    const { port } = await openTcpReceiver(answer);
    const parameters = ["--expose-gc", sender, String(port), String(timeoutMs), String(atOnce)];
    const { stdout } = await promisify(execFile)(process.execPath, parameters);
    const { exchanges, grownBytes }: Report = JSON.parse(stdout);
    expect(exchanges).toHaveLength(atOnce);
    // Sixty-four floods on a busy machine may reach the deadline first, and then end by it.
    expect([kind, "timeout"]).toEqual(expect.arrayContaining(exchanges.map((exchange) => exchange.kind)));
    expect(Math.max(...exchanges.map(({ durationMs }) => durationMs))).toBeLessThanOrEqual(timeoutMs + 250);
    expect(grownBytes / 1024 / 1024).toBeLessThanOrEqual(20);
  },
);
