/**
 * A process of subscribers for the benchmarks, apart from the sender so that each has a core. It tells its parent its
 * ports; when it received which event when it is asked for `times`; how many milliseconds of its own it took for which
 * question when it is asked for `own times`; and, for `counts`, how many events it received that it has not told of yet,
 * and how many connections it accepted in all.
 *
 *     receiver.ts <number of ports> <answers|hangs>
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

const [portCount = "1", behaviour = "answers"] = process.argv.slice(2);
const receivedAt = new Map<string, number>();
const ownTimes = new Map<string, number>();
const ports: number[] = [];
let connectionCount = 0;

for (let index = 0; index < Number(portCount); index += 1) {
  const server = createServer(receive);
  server.keepAliveTimeout = 60_000;
  server.on("connection", () => (connectionCount += 1));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  ports.push((server.address() as AddressInfo).port);
}

/** The event is told from its delivery's attempt id, so that no body has to be parsed. */
function receive(request: IncomingMessage, response: ServerResponse): void {
  const attempt = request.headers["x-stech-delivery"];
  if (typeof attempt === "string") receivedAt.set(attempt.slice("dla_".length).split("_")[0] ?? "", now());
  const question = request.headers["authio-invocation-id"];
  const startedAt = performance.now();
  request.resume();
  if (behaviour === "hangs") return;
  request.on("end", () => {
    response.end();
    if (typeof question === "string") ownTimes.set(question, performance.now() - startedAt);
  });
}

/** Milliseconds since 1970 with their fraction: half of what is measured takes less than two. */
function now(): number {
  return performance.timeOrigin + performance.now();
}

process.send?.(ports);
process.on("message", (asked) => {
  if (asked === "counts") return void process.send?.([receivedAt.size, connectionCount]);
  const told = asked === "times" ? receivedAt : ownTimes;
  process.send?.([...told]);
  told.clear();
});
process.on("disconnect", () => process.exit(0));
