import { execFile } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import type { Grown } from "./large-event-sender.ts";

const endpointCount = 1280;
const mebibyte = 1024 * 1024;

test("an event of 1 MB to 1,280 endpoints takes no more than 150 MB, as it comes and as it has waited", async () => {
  let received = 0;
  const server = createServer((request, response) => {
    request.on("data", (chunk: Buffer) => (received += chunk.length));
    // Long enough for all places to be taken at once.
    request.on("end", () => void setTimeout(100).then(() => response.end()));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const sender = join(import.meta.dirname, "large-event-sender.ts");
  const parameters = ["--expose-gc", sender, String(port), String(endpointCount)];
  const { stdout } = await promisify(execFile)(process.execPath, parameters);
  server.closeAllConnections();
  server.close();
  const { live, pending }: Grown = JSON.parse(stdout);
  const figures = Object.entries({ live, pending }).map(([name, bytes]) => `${name} ${Math.round(bytes / mebibyte)}`);
  console.log(`MiB: ${figures.join(", ")}`);
  // On a busy machine some reach their deadline, and wait for another attempt.
  expect(received).toBeGreaterThan(1.5 * endpointCount * 1_000_000);
  expect(live / mebibyte).toBeLessThanOrEqual(150);
  expect(pending / mebibyte).toBeLessThanOrEqual(150);
}, 180_000);
