import { afterEach, beforeEach, expect, test } from "vitest";
import type { App } from "../../runtime/app.ts";
import { createDatabase, sharedServer, type TestDatabase } from "../postgres/cluster.ts";
import { describePostgres } from "../postgres/describe-postgres.ts";
import { openReceiver, type TestReceiver } from "../receiver.ts";
import { startProcess, type TestProcess } from "./process.ts";
import { openWholeApp } from "./whole-app.ts";

const of = { tenant: "org_1", contract: "authsignal" };

describePostgres("a worker that is stopped past its lease with a batch in its hands", () => {
  let database: TestDatabase;
  let receiver: TestReceiver;
  /** Makes the stream and emits; works nothing itself. */
  let app: App;
  /** The events' ids in the order in which they came, each batch has one. */
  let received: string[];
  const workers: TestProcess[] = [];

  beforeEach(async () => {
    database = await createDatabase(await sharedServer());
    received = [];
    receiver = await openReceiver(({ body }) => {
      received.push(...JSON.parse(body.toString()).records.map(({ id }: { id: string }) => id));
      return 200;
    });
    app = await openWholeApp(database.url);
    await app.signingKeys.create(of);
    await app.streams.create({ ...of, settings: { url: `${receiver.url}/logs`, challengeTokenDurationSeconds: 0 } });
  });

  afterEach(async () => {
    for (const { child, ended } of workers.splice(0)) {
      child.kill("SIGKILL");
      await ended;
    }
    await app.close();
    await receiver.close();
    await database.drop();
  });

  function startWorker(stopsAt: "signed" | "connected" | "never"): TestProcess {
    const worker = startProcess({ script: "stopping-stream-worker.ts", args: [database.url, stopsAt] });
    workers.push(worker);
    return worker;
  }

  async function emit(number: number): Promise<string> {
    const time = "2026-05-08T14:00:00.000Z";
    const challenge = { userId: "usr_1", actionCode: "signIn", createdAt: time, type: "PUSH_SENT" };
    const data = { tenantId: of.tenant, idempotencyKey: `challenge-${number}`, ...challenge };
    return (await app.emit(of.contract, "challenge.log_created", { tenant: of.tenant, data })).id;
  }

  const cameLast = (id: string) => expect.poll(() => received.at(-1), { timeout: 20_000 }).toBe(id);

  test.each(["signed", "connected"] as const)(
    "stopped once it has %s, it never sends it after the later batches of its successor",
    async (stopsAt) => {
      const ids = [await emit(0)];
      const stopped = startWorker(stopsAt);
      await stopped.said("stops");
      expect(received).toEqual([]);
      await startWorker("never").said("started");
      await cameLast(ids[0]!);
      for (const number of [1, 2]) {
        ids.push(await emit(number));
        await cameLast(ids[number]!);
      }
      stopped.child.kill("SIGCONT");
      await stopped.said("settled");
      ids.push(await emit(3));
      await cameLast(ids[3]!);
      expect(received).toEqual(ids);
    },
    60_000,
  );
});
