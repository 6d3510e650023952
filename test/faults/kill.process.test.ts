import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openReceiver, type ReceivedRequest, type TestReceiver } from "../receiver.ts";
import { startProcess, type TestProcess } from "./process.ts";

const eventCount = 2000;
const killCount = 10;
/** No more than this is read and not settled, so no more can be sent twice for one kill. */
const windowMax = 100;

let folder: string;
let receiver: TestReceiver;
let received: ReceivedRequest[];
let onReceive: () => void;
const workers: TestProcess[] = [];

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

function startWorker(first: number, count: number): TestProcess {
  const args = [join(folder, "hookwright.db"), `${receiver.url}/hook`, String(first), String(count), String(windowMax)];
  const worker = startProcess({ script: "worker.ts", args });
  workers.push(worker);
  return worker;
}

const ackedBy = (worker: TestProcess) =>
  worker.lines.flatMap((line) => (line.startsWith("acked ") ? [line.slice("acked ".length)] : []));
const eventIdOf = ({ body }: ReceivedRequest): string => JSON.parse(body.toString()).id;

test("2,000 deliveries through ten kills without warning: nothing acknowledged is lost, nothing is made up, ids stay", async () => {
  const acked = new Set<string>();
  const share = eventCount / killCount;
  for (let index = 0; index < killCount; index += 1) {
    const worker = startWorker(index * share, share);
    const killAt = received.length + share * 0.7;
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
  expect(received.length - eventCount).toBeLessThanOrEqual(killCount * windowMax);
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
