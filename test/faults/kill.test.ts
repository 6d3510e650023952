import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openReceiver, type ReceivedRequest, type TestReceiver } from "../receiver.ts";

const eventCount = 2000;
/** No more than this is read and not settled (runtime/engine/engine.ts), so no more can be sent twice for one kill. */
const windowMax = 1000;

interface Worker {
  readonly child: ChildProcess;
  /** Every line the process printed before it died. */
  readonly lines: string[];
  readonly said: (line: string) => Promise<void>;
  readonly ended: Promise<void>;
}

let folder: string;
let receiver: TestReceiver;
let received: ReceivedRequest[];
let onReceive: () => void;
const workers: Worker[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "hookwright-kill-"));
  received = [];
  onReceive = () => {};
  receiver = await openReceiver((request) => {
    received.push(request);
    onReceive();
    return 200;
  });
});

afterEach(async () => {
  for (const { child } of workers.splice(0)) child.kill("SIGKILL");
  await receiver.close();
  rmSync(folder, { recursive: true });
});

function startWorker(first: number, count: number): Worker {
  const script = join(import.meta.dirname, "worker.ts");
  const args = [script, join(folder, "hookwright.db"), `${receiver.url}/hook`, String(first), String(count)];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const lines: string[] = [];
  const waiters = new Map<string, () => void>();
  createInterface({ input: child.stdout }).on("line", (line) => {
    lines.push(line);
    waiters.get(line)?.();
  });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const said = (line: string) =>
    new Promise<void>((resolve, reject) => {
      if (lines.includes(line)) return resolve();
      waiters.set(line, resolve);
      void ended.then(() => reject(new Error(`The worker ended before it said "${line}".`)));
    });
  const worker = { child, lines, said, ended };
  workers.push(worker);
  return worker;
}

const ackedBy = (worker: Worker) =>
  worker.lines.flatMap((line) => (line.startsWith("acked ") ? [line.slice("acked ".length)] : []));
const eventIdOf = ({ body }: ReceivedRequest): string => JSON.parse(body.toString()).id;

test("2,000 deliveries through four kills without warning: nothing acknowledged is lost, nothing is made up, ids stay", async () => {
  const acked = new Set<string>();
  for (const [index, killAt] of [150, 600, 1100, 1600].entries()) {
    const worker = startWorker((index * eventCount) / 4, eventCount / 4);
    const reached = new Promise<void>((resolve) => {
      onReceive = () => void (received.length >= killAt && resolve());
    });
    // Either way the kill comes in the middle of things: while it emits, or while it delivers.
    await Promise.race([reached, worker.said("idle")]);
    worker.child.kill("SIGKILL");
    await worker.ended;
    for (const id of ackedBy(worker)) acked.add(id);
  }
  // Emits everything once more: the idempotency keys make repeats of what was acknowledged.
  const last = startWorker(0, eventCount);
  await last.said("idle");
  const all = new Set(ackedBy(last));
  expect(all.size).toBe(eventCount);
  for (const id of acked) expect(all).toContain(id);

  const byEvent = Map.groupBy(received, eventIdOf);
  expect(new Set(byEvent.keys())).toEqual(all);
  expect(received.length - eventCount).toBeLessThanOrEqual(4 * windowMax);
  for (const requests of byEvent.values()) {
    expect(new Set(requests.map(({ body }) => body.toString())).size).toBe(1);
    expect(new Set(requests.map(({ headers }) => headers["x-stech-delivery"])).size).toBe(1);
  }
}, 60_000);

test("SIGTERM: what is under way is finished, the rest is given back, and the process ends by itself", async () => {
  const worker = startWorker(0, eventCount);
  await new Promise<void>((resolve) => {
    onReceive = () => void (received.length >= 200 && resolve());
  });
  worker.child.kill("SIGTERM");
  await worker.ended;
  expect(worker.child.exitCode).toBe(0);
  const beforeStop = received.length;
  const acked = ackedBy(worker);
  const next = startWorker(0, 0);
  await next.said("idle");
  const ids = received.map(eventIdOf);
  for (const id of acked) expect(ids).toContain(id);
  // A clean stop writes down everything it did, so nothing is sent a second time.
  expect(new Set(ids).size).toBe(received.length);
  expect(received.length).toBeGreaterThan(beforeStop);
}, 60_000);
