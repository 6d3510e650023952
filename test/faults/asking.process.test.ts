import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createDatabase, startCluster } from "../postgres/cluster.ts";
import { describePostgres } from "../postgres/describe-postgres.ts";
import { openReceiver } from "../receiver.ts";
import { question } from "./asking-question.ts";
import { startProcess } from "./process.ts";
import { openWholeApp } from "./whole-app.ts";

/** Has a process ask a receiver that always fails until the action is killed, and kills the process without warning. */
async function killAction(database: string): Promise<{ readonly askedCount: () => number }> {
  let askedCount = 0;
  const receiver = await openReceiver(() => {
    askedCount += 1;
    return 500;
  });
  onTestFinished(() => receiver.close());
  const worker = startProcess({ script: "asking-process.ts", args: [database, `${receiver.url}/action`] });
  onTestFinished(() => void worker.child.kill("SIGKILL"));
  await worker.said("killed");
  worker.child.kill("SIGKILL");
  await worker.ended;
  return { askedCount: () => askedCount };
}

const killed = { decision: "allow", status: "killed" };

test("an action that was killed is not asked after the process was, without warning (F-AUTHIO-11)", async () => {
  const folder = mkdtempSync(join(tmpdir(), "hookwright-asking-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const database = join(folder, "hookwright.db");
  const { askedCount } = await killAction(database);
  const before = askedCount();
  const app = await openWholeApp(database);
  onTestFinished(() => app.close());
  expect(await app.ask("authio", question.trigger, question)).toMatchObject(killed);
  const [action] = await app.actions.list({ tenant: question.tenant, contract: "authio" });
  expect(action).toMatchObject({ killedReason: "consecutive_5xx" });
  expect(askedCount()).toBe(before);
}, 60_000);

describePostgres(
  "replicas on PostgreSQL",
  () => {
    test("share what one that died has killed, and it outlives a crash of the database (F-AUTHIO-11)", async () => {
      const cluster = await startCluster();
      onTestFinished(() => cluster.stop());
      const { url } = await createDatabase(cluster.url);
      const replica = await openWholeApp(url);
      onTestFinished(() => replica.close());
      // It knows by now that there is no action, and has to find out.
      expect(await replica.ask("authio", question.trigger, question)).toMatchObject({ status: null });
      const { askedCount } = await killAction(url);
      const before = askedCount();
      await cluster.crash();
      // What it knew before, that there is no action, it may go by for a second.
      const ask = () => replica.ask("authio", question.trigger, question);
      await expect.poll(async () => (await ask()).status, { timeout: 5000, interval: 100 }).toBe("killed");
      expect(await ask()).toMatchObject(killed);
      expect(askedCount()).toBe(before);
      const facts = { tenant: question.tenant, contract: "hookwright", types: ["action.killed"], after: 0, limit: 9 };
      await replica.engine.start();
      await replica.engine.idle();
      expect(await replica.store.events.list(facts)).toHaveLength(1);
    }, 120_000);
  },
  "own cluster",
);
