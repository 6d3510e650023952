import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openStore } from "../../runtime/store/open-store.ts";
import { openReceiver, type TestReceiver } from "../receiver.ts";
import { startProcess, type TestProcess } from "./process.ts";

const eventCount = 500;
/** How many requests a process gets to send before it is killed. */
const kills = [1, 60, 130, 20];

let folder: string;
let receiver: TestReceiver;
let receivedCount: number;
let onReceive: () => void;
const workers: TestProcess[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "hookwright-redelivery-kill-"));
  receivedCount = 0;
  onReceive = () => {};
  receiver = await openReceiver(() => {
    receivedCount += 1;
    onReceive();
    return 200;
  });
});

afterEach(async () => {
  for (const { child } of workers.splice(0)) child.kill("SIGKILL");
  await receiver.close();
  rmSync(folder, { recursive: true });
});

const database = () => join(folder, "hookwright.db");

function start(does: "prepare" | "miss" | "work"): TestProcess {
  const args = [database(), receiver.url, does, String(eventCount)];
  const worker = startProcess({ script: "redelivery-worker.ts", args });
  workers.push(worker);
  return worker;
}

async function kill({ child, ended }: TestProcess): Promise<void> {
  child.kill("SIGKILL");
  await ended;
}

const redeliveries = [
  ["of what was delivered", "prepare", 1],
  ["of what was missed", "miss", 0],
] as const;

test.each(redeliveries)(
  "a bulk redelivery %s through four kills without warning makes one new delivery of each event, and counts each once",
  async (_, does, madeRun) => {
    const first = start(does);
    await first.said("done");
    await kill(first);
    for (const requests of kills) {
      let seen = 0;
      const reached = new Promise<void>((resolve) => {
        onReceive = () => void ((seen += 1) > requests && resolve());
      });
      const worker = start("work");
      await Promise.race([reached, worker.said("done")]);
      await kill(worker);
    }
    const last = start("work");
    await last.said("done");
    await kill(last);

    const store = await openStore({ database: database() });
    const [endpoint] = await store.endpoints.list({ tenant: "org_1", contract: "stech" });
    const { key: endpointKey = 0, id: endpointId = "" } = endpoint ?? {};
    const [job] = (await store.redeliveries.list({ tenant: "org_1", endpointId, before: null, limit: 9 })) ?? [];
    const deliveries = await store.deliveries.list({ endpointKey, before: null, limit: 5000 });
    await store.close();
    const counts = { foundCount: eventCount, redeliveredCount: eventCount, deliveredCount: eventCount, failedCount: 0 };
    expect(job).toMatchObject({ state: "finished", ...counts });
    expect(deliveries.filter(({ run }) => run === madeRun)).toHaveLength(eventCount);
    expect(deliveries.filter(({ run }) => run > madeRun)).toEqual([]);
    expect(deliveries.every(({ dueAt }) => dueAt === null)).toBe(true);
    // What a killed process had sent and not written down comes again, as the same delivery.
    expect(receivedCount).toBeGreaterThanOrEqual((madeRun + 1) * eventCount);
  },
  120_000,
);
