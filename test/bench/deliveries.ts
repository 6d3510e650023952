/**
 * Deliveries a second on SQLite, beside what the same sender reaches without a database in the same minute. Absolute
 * figures depend on the machine; the ratio is what counts.
 *
 *     npm run bench
 */
import { fork } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pino from "pino";
import { createApp, type App } from "../../runtime/app.ts";
import { requestHeaders } from "../../runtime/contracts/request-headers.ts";
import { signingKey } from "../../runtime/contracts/signature.ts";
import { catalog } from "../../runtime/generated/catalog.ts";
import { createOutbound } from "../../runtime/outbound/outbound.ts";
import { openKeyRing } from "../../runtime/secrets/key-ring.ts";

const rounds = 5;
const deliveryCount = 20_000;
const endpointCount = 100;
const inFlightMax = 256;
const allowTargets = [{ cidr: "127.0.0.0/8", portMin: 1024, portMax: 65_535 }];
const contract = catalog.stech.declaration;
const data = {
  runId: "run_8w3n5t7c2k",
  deploymentId: "dep_4kpq2v8m1x",
  agentName: "support-triage",
  conversationId: "cnv_7m1h4r9z6d",
  stopReason: "end_turn",
  finalText: "x".repeat(480),
  iterations: 3,
  usage: { input: 4218, output: 612 },
};

const receiver = fork(join(import.meta.dirname, "receiver.ts"), [String(endpointCount)], {
  stdio: ["ignore", "pipe", "inherit", "ipc"],
});
const ports = await new Promise<number[]>((resolve) =>
  receiver.stdout?.once("data", (line: Buffer) => resolve(JSON.parse(line.toString()))),
);
const urls = ports.map((port) => `http://127.0.0.1:${port}/`);

const results: { ceiling: number; sqlite: number }[] = [];
for (let round = 0; round < rounds + 1; round += 1) {
  const result = { ceiling: await ceiling(), sqlite: await sqlite() };
  // The first round warms compiler and connections.
  if (round > 0) results.push(result);
}
receiver.disconnect();
print(results);

/** Signs and sends without a database. */
async function ceiling(): Promise<number> {
  const outbound = createOutbound({ allowTargets });
  const key = signingKey(`whsec_${"a".repeat(64)}`, { signature: contract.signature, secretPrefix: "whsec_" });
  const body = JSON.stringify({ id: "x".repeat(36), type: "agent_run.completed", createdAt: "", data });
  let next = 0;
  async function send(): Promise<void> {
    while (next < deliveryCount) {
      const number = (next += 1);
      const attempt = { eventId: "", eventType: "agent_run.completed", deliveryId: "", body, now: Date.now() };
      const headers = requestHeaders(contract, { ...attempt, attemptId: `dla_${number}` }, [key]);
      const url = new URL(urls[number % urls.length] ?? "");
      await outbound.send({ url, headers, body, timeoutMs: 30_000, responseBodyBytesMax: 8192 });
    }
  }
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: inFlightMax }, send));
  const perSecond = deliveryCount / ((performance.now() - startedAt) / 1000);
  await outbound.close();
  return perSecond;
}

/** The same number of events, one endpoint each, from the log to their attempts on disk. */
async function sqlite(): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "hookwright-bench-"));
  const app = await createApp({
    database: join(folder, "hookwright.db"),
    catalog,
    keyRing: openKeyRing([{ id: "bench", key: createHash("sha256").update("bench").digest() }]),
    mode: "local",
    allowTargets,
    log: pino({ level: "warn" }),
  });
  await prepare(app);
  const startedAt = performance.now();
  await app.engine.start();
  await app.engine.idle();
  const perSecond = deliveryCount / ((performance.now() - startedAt) / 1000);
  await app.close();
  rmSync(folder, { recursive: true });
  return perSecond;
}

async function prepare(app: App): Promise<void> {
  for (const [index, url] of urls.entries()) {
    await app.endpoints.create({
      tenant: `org_${index}`,
      contract: contract.id,
      url,
      description: null,
      events: ["*"],
    });
  }
  const emits = Array.from({ length: deliveryCount }, (_, number) =>
    app.emit(contract.id, "agent_run.completed", { tenant: `org_${number % urls.length}`, data }),
  );
  await Promise.all(emits);
}

function print(rows: readonly { ceiling: number; sqlite: number }[]): void {
  const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
  const figures = [
    ...rows,
    { ceiling: median(rows.map((row) => row.ceiling)), sqlite: median(rows.map((row) => row.sqlite)) },
  ];
  console.log("round   no database   SQLite   ratio");
  figures.forEach(({ ceiling: without, sqlite: with_ }, index) => {
    const name = index === rows.length ? "median" : String(index + 1);
    const cells = [name.padEnd(6), without.toFixed(0).padStart(11), with_.toFixed(0).padStart(8)];
    console.log(`${cells.join(" ")}   ${(with_ / without).toFixed(2).padStart(5)}`);
  });
  const ratios = rows.map((row) => row.sqlite / row.ceiling);
  console.log(`deliveries a second; median of the ratios: ${median(ratios).toFixed(2)}`);
}
