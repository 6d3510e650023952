import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openStore } from "../../runtime/store/open-store.ts";
import { openReceiver, type TestReceiver } from "../receiver.ts";
import { startProcess, type TestProcess } from "./process.ts";

const killCount = 8;
const share = 300;

let folder: string;
let receiver: TestReceiver;
/** The bodies that were answered with 200, in that order. */
let accepted: string[];
let onReceive: () => void;
const workers: TestProcess[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "hookwright-stream-kill-"));
  accepted = [];
  onReceive = () => {};
  let count = 0;
  receiver = await openReceiver(({ body }) => {
    // Every third request finds the receiver in trouble; what it refuses is not accepted.
    const isRefused = (count += 1) % 3 === 0;
    if (!isRefused) accepted.push(body.toString());
    onReceive();
    return isRefused ? 503 : 200;
  });
});

afterEach(async () => {
  for (const { child } of workers.splice(0)) child.kill("SIGKILL");
  await receiver.close();
  rmSync(folder, { recursive: true });
});

const database = () => join(folder, "hookwright.db");

function startWorker(first: number, count: number): TestProcess {
  const args = [database(), `${receiver.url}/logs`, String(first), String(count)];
  const worker = startProcess({ script: "stream-worker.ts", args });
  workers.push(worker);
  return worker;
}

const idsOf = (body: string): string[] => JSON.parse(body).records.map((record: { id: string }) => record.id);

/** Where the stream's cursor is, as whoever starts next will find it; and what waits is due at once. */
async function lookAtCursor(): Promise<string | null> {
  const store = await openStore({ database: database() });
  const [stream] = await store.streams.list({ tenant: "org_1" });
  await store.database.updateTable("hookwright_stream_cursors").set({ due_at: 0 }).execute();
  await store.close();
  return stream?.cursor.checkpoint ?? null;
}

test("batches through eight kills without warning: no gap, in the order of the log, the cursor never ahead, repeats are the same bytes", async () => {
  for (let index = 0; index < killCount; index += 1) {
    const worker = startWorker(index * share, share);
    const requests = index % 4;
    let seen = 0;
    const reached = new Promise<void>((resolve) => {
      onReceive = () => void ((seen += 1) > requests && resolve());
    });
    await Promise.race([reached, worker.said("idle")]);
    worker.child.kill("SIGKILL");
    await worker.ended;
    const checkpoint = await lookAtCursor();
    if (checkpoint !== null) expect(accepted.flatMap(idsOf)).toContain(checkpoint);
  }
  // Emits everything once more: the idempotency keys make repeats of what was there. Refusals end its runs, so it is
  // started until all was accepted.
  const whole = killCount * share;
  const sent = () => new Set(accepted.flatMap(idsOf)).size;
  for (let starts = 0; sent() < whole && starts < 20; starts += 1) {
    const last = startWorker(0, whole);
    await last.said("idle");
    last.child.kill("SIGTERM");
    await last.ended;
    await lookAtCursor();
  }

  const store = await openStore({ database: database() });
  const of = { tenant: "org_1", contract: "authsignal", types: null, after: 0, limit: whole + 1 };
  const log = (await store.events.list(of)).map((event) => event.id);
  await store.close();
  expect(log).toHaveLength(whole);
  const batches = [...new Set(accepted)];
  // Each batch's bytes once, in the order in which they first came, are the log: nothing is missing, made up or out of
  // its place; and what came again came as the same bytes.
  expect(batches.flatMap(idsOf)).toEqual(log);
  expect(accepted.length - batches.length).toBeLessThanOrEqual(killCount);
}, 120_000);
