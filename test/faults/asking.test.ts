import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openReceiver } from "../receiver.ts";
import { createAskingApp, question } from "./asking-app.ts";
import { startProcess } from "./process.ts";

test("an action that was killed is not asked after the process was, without warning (F-AUTHIO-11)", async () => {
  const folder = mkdtempSync(join(tmpdir(), "hookwright-asking-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const database = join(folder, "hookwright.db");
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
  const before = askedCount;
  const app = await createAskingApp(database);
  onTestFinished(() => app.close());
  expect(await app.ask("authio", question.trigger, question)).toMatchObject({ decision: "allow", status: "killed" });
  const [action] = await app.actions.list({ tenant: question.tenant, contract: "authio" });
  expect(action).toMatchObject({ killedReason: "consecutive_5xx" });
  expect(askedCount).toBe(before);
}, 60_000);
