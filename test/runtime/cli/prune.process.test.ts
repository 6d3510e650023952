import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openStore } from "../../../runtime/store/open-store.ts";
import type { StoredEvent } from "../../../runtime/seams/log-store.ts";
import { leaseOf, newEvents, settlement, settleOne, readPage } from "../store/suite/harness.ts";
import { temporaryFolder } from "../store/temporary-store.ts";

const command = join(import.meta.dirname, "../../../runtime/cli/hookwright.ts");
const day = 24 * 3600 * 1000;

async function folder(): Promise<string> {
  const { path, dispose } = await temporaryFolder();
  onTestFinished(dispose);
  return path;
}

/** A database with events of two months ago and of now, all settled. */
async function filledDatabase(oldCount: number): Promise<string> {
  const path = join(await folder(), "hookwright.db");
  const store = await openStore({ database: path });
  const lease = await leaseOf(store, "one");
  await store.log.append(newEvents(oldCount, { time: Date.now() - 60 * day }));
  await store.log.append(newEvents(2, { time: Date.now() }));
  await settleOne(store, settlement(lease, { cursor: oldCount + 3 }));
  await store.log.release({ owner: "one", shards: "all" });
  await store.close();
  return path;
}

function run(database: string, ...args: readonly string[]) {
  const env = { PATH: process.env["PATH"], HOOKWRIGHT_DATABASE_URL: database };
  return spawnSync(process.execPath, [command, "prune", ...args], { env, encoding: "utf8" });
}

async function eventsIn(path: string): Promise<readonly StoredEvent[]> {
  const store = await openStore({ database: path });
  const events = await readPage(store, { shard: 0, after: 0, limit: 100 });
  await store.close();
  return events;
}

test("drops what is old, says so, and leaves an event that says so too", async () => {
  const database = await filledDatabase(12);
  const first = run(database, "--older-than", "30d", "--step", "5");
  expect(first).toMatchObject({ status: 0, stderr: "" });
  expect(first.stdout).toMatch(/^13 events that happened before \d{4}-\S+Z dropped, with 0 attempts\.\n$/);
  const kept = await eventsIn(database);
  expect(kept.map(({ type, tenant }) => [type, tenant])).toEqual([
    ["deployment.created", "org_1"],
    ["deployment.created", "org_1"],
    ["log.pruned", "_hookwright"],
  ]);
  expect(run(database, "--older-than", "30d").stdout).toMatch(/^0 events/);
  expect(await eventsIn(database)).toEqual(kept);
});

test("--dry-run says the same and changes nothing; --json is one object", async () => {
  const database = await filledDatabase(12);
  const before = await eventsIn(database);
  const text = run(database, "--older-than", "1d", "--dry-run");
  expect(text.stdout).toMatch(/^13 events that happened before \S+ would be dropped, with 0 attempts\.\n$/);
  const json = JSON.parse(run(database, "--older-than", "720h", "--dry-run", "--json").stdout);
  expect(json).toEqual({
    dryRun: true,
    horizon: expect.any(String),
    eventCount: 13,
    attemptCount: 0,
    payloadCount: 0,
    keptCount: 0,
  });
  expect(Date.now() - Date.parse(json.horizon)).toBeGreaterThanOrEqual(30 * day);
  expect(await eventsIn(database)).toEqual(before);
});

test("keeps what is not settled, and says how much as old is kept", async () => {
  const path = join(await folder(), "hookwright.db");
  const store = await openStore({ database: path });
  const lease = await leaseOf(store, "one");
  await store.log.append(newEvents(5, { time: Date.now() - 60 * day }));
  await settleOne(store, settlement(lease, { cursor: 6 }));
  await store.close();
  expect(run(path, "--older-than", "30d").stdout).toMatch(/^5 events .*\n1 as old kept: /);
});

test.each([
  [["--older-than", "30"], "such as 30d, 12h or 90m"],
  [["--older-than", "0d"], "such as 30d, 12h or 90m"],
  [["--older-than", "1d", "--step", "0"], "from 1 to 10000"],
  [["--older-than", "1d", "--step", "10001"], "from 1 to 10000"],
  [[], "--older-than"],
])("%j is refused with what was expected", (args, expected) => {
  const { status, stderr } = run("none.db", ...args);
  expect(status).toBe(1);
  expect(stderr).toContain(expected);
});

test("a database that is not there is not made", async () => {
  const path = join(await folder(), "wrong.db");
  const { status, stderr } = run(path, "--older-than", "30d");
  expect(status).toBe(1);
  expect(stderr).toContain(`expected an existing SQLite file or a postgres:// URL, got ${path}`);
  expect(existsSync(path)).toBe(false);
  const env = { PATH: process.env["PATH"], HOOKWRIGHT_DATABSE_URL: path };
  const typo = spawnSync(process.execPath, [command, "prune", "--older-than", "1d"], { env, encoding: "utf8" });
  expect(typo).toMatchObject({ status: 1, stderr: expect.stringContaining("did you mean HOOKWRIGHT_DATABASE_URL?") });
});

test("payloads go before their events with an age of their own", async () => {
  const database = await filledDatabase(12);
  // That of the lease is from long ago.
  const bare = run(database, "--older-than", "90d", "--payloads-older-than", "30d");
  expect(bare.stdout).toMatch(
    /^1 event that happened before \S+ dropped, with 0 attempts, and of 12 the payload alone\.\n$/,
  );
  const kept = await eventsIn(database);
  expect(kept.filter(({ body }) => body === "")).toHaveLength(12);
  const facts = kept.filter(({ type }) => type === "log.pruned").map(({ body }) => JSON.parse(body).data);
  expect(facts).toMatchObject([{ eventCount: 1, payloadCount: 12 }]);
});

test("a server with HOOKWRIGHT_RETENTION_DAYS prunes by itself", async () => {
  const database = await filledDatabase(12);
  const env = {
    PATH: process.env["PATH"],
    HOOKWRIGHT_DATABASE_URL: database,
    HOOKWRIGHT_PORT: "0",
    HOOKWRIGHT_RETENTION_DAYS: "30",
  };
  const child = spawn(process.execPath, [command, "serve"], { env, stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const ended = new Promise((resolve) => child.once("close", resolve));
  let output = "";
  for await (const chunk of child.stdout) if ((output += String(chunk)).includes("Dropped what is older")) break;
  expect(output).toMatch(/"eventCount":13,/);
  child.kill("SIGTERM");
  expect(await ended).toBe(0);
  expect((await eventsIn(database)).map(({ type }) => type).toSorted()).toEqual([
    "deployment.created",
    "deployment.created",
    "log.pruned",
  ]);
});
