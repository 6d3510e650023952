import { join } from "node:path";
import { pino } from "pino";
import { expect, onTestFinished, test } from "vitest";
import { createApi } from "../../runtime/api.ts";
import { createApp } from "../../runtime/app.ts";
import { accountsText } from "../../runtime/cli/event-outcome.ts";
import { catalog } from "../../runtime/generated/catalog.ts";
import { keyHash } from "../../runtime/secrets/api-key.ts";
import { openKeyRing } from "../../runtime/secrets/key-ring.ts";
import { deployment, operatorKey } from "./http/harness.ts";
import { temporaryFolder } from "./store/temporary-store.ts";

const ringOf = (id: string, byte: number) => openKeyRing([{ id, key: new Uint8Array(32).fill(byte) }]);

async function openApp(database: string, keyRing: ReturnType<typeof ringOf>) {
  const logLines: string[] = [];
  const app = await createApp({
    ...{ database, catalog, keyRing, mode: "local", allowTargets: [] },
    log: pino({ level: "warn" }, { write: (line) => void logLines.push(line) }),
  });
  onTestFinished(app.close);
  return { app, logLines };
}

/** Whether a delivery of an endpoint that was made with one ring can be told to wait in a process with another. */
async function waitingWith(ring: ReturnType<typeof ringOf>) {
  const folder = await temporaryFolder();
  onTestFinished(folder.dispose);
  const database = join(folder.path, "hookwright.db");
  const before = await openApp(database, ringOf("older", 1));
  const endpoint = { tenant: "acme", contract: "stech", url: "https://example.com/", description: null, events: ["*"] };
  await before.app.endpoints.create({ ...endpoint, actorId: "operator" });
  await before.app.close();
  const { app, logLines } = await openApp(database, ring);
  const api = createApi(app, { adminKeyHash: keyHash(operatorKey), isReady: () => true });
  onTestFinished(() => api.close());
  await app.start();
  const { id } = await app.emit("stech", "deployment.created", { tenant: "acme", data: deployment });
  const explained = async () => {
    const headers = { authorization: `Bearer ${operatorKey}` };
    return accountsText((await api.inject({ url: `/v1/orgs/acme/events/${id}/deliveries`, headers })).json());
  };
  return { metrics: app.metrics.text, logLines, explained };
}

test("a delivery whose secret is sealed with a key that nobody has is a metric, a line, and a word in explain-event", async () => {
  const { metrics, logLines, explained } = await waitingWith(ringOf("newer", 2));
  await expect.poll(metrics, { timeout: 10_000 }).toMatch(/^hookwright_unserved_deliveries\{need="key:older"\} 1$/m);
  expect(await metrics()).toMatch(/^hookwright_waiting_deliveries\{cause="unserved"\} 1$/m);
  const line =
    '1 deliveries wait for a process that has the key \\"older\\", with which the endpoint\'s secret is sealed.';
  await expect.poll(() => logLines.join(""), { timeout: 10_000 }).toContain(line);
  expect(await explained()).toMatch(/waits for a process that has the key "older".*\n.*held back: no process/);
});

test("so is one whose secret the key of that name did not seal, which is looked at again", async () => {
  const { metrics, logLines, explained } = await waitingWith(ringOf("older", 3));
  const counted = /^hookwright_attempts_not_made_total\{contract="stech",reason="secret_unreadable"\} 1$/m;
  await expect.poll(metrics, { timeout: 10_000 }).toMatch(counted);
  expect(logLines.join("")).toContain("An attempt could not be made.");
  expect(logLines.join("")).toContain("secret_unreadable");
  await expect.poll(metrics, { timeout: 10_000 }).toMatch(/^hookwright_waiting_deliveries\{cause="later"\} 1$/m);
  expect(await explained()).toContain("held back: the server cannot open the endpoint's signing secret");
});
