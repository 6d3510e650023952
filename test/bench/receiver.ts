/**
 * A process that answers 200 to everything on several ports: subscribers for the benchmarks, apart from the sender so
 * that each has a core. Prints its ports as JSON on one line.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

const portCount = Number(process.argv[2] ?? "1");
const ports: number[] = [];
for (let index = 0; index < portCount; index += 1) {
  const server = createServer((request, response) => {
    request.resume();
    request.on("end", () => response.end());
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  ports.push((server.address() as AddressInfo).port);
}
process.stdout.write(`${JSON.stringify(ports)}\n`);
process.on("disconnect", () => process.exit(0));
