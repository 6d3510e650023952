import { afterEach, beforeEach, expect, test } from "vitest";
import { createDatabase, sharedServer, type TestDatabase } from "../postgres/cluster.ts";
import { describePostgres } from "../postgres/describe-postgres.ts";
import { startProcess, type TestProcess } from "./process.ts";
import { openProxy, type CuttingProxy } from "./proxy.ts";

describePostgres("a process and its connections", () => {
  let database: TestDatabase;
  let proxy: CuttingProxy;
  const processes: TestProcess[] = [];

  beforeEach(async () => {
    database = await createDatabase(await sharedServer());
    proxy = await openProxy(database.url);
  });
  afterEach(async () => {
    for (const { child, ended } of processes.splice(0)) {
      child.kill("SIGKILL");
      await ended;
    }
    await proxy.close();
    await database.drop();
  });

  async function start(url: string, given: "url" | "pool"): Promise<TestProcess> {
    const started = startProcess({ script: "connection-process.ts", args: [url, given] });
    processes.push(started);
    await started.said("open");
    return started;
  }

  const tell = ({ child }: TestProcess, line: string) => child.stdin?.write(`${line}\n`);
  const countOf = ({ lines }: TestProcess, line: string) => lines.filter((each) => each === line).length;
  const saidTimes = (of: TestProcess, line: string, count: number) =>
    expect.poll(() => countOf(of, line), { timeout: 20_000 }).toBeGreaterThanOrEqual(count);

  test.each(["url", "pool"] as const)(
    "survives connections that end as soon as they are made, given a %s",
    async (given) => {
      const one = await start(proxy.url, given);
      // Its first word is for what it may have missed before it listened.
      await saidTimes(one, "told", 1);
      proxy.cutAll();
      // One of them is that which listens, made again after a second.
      proxy.endNextMade(12);
      for (let asks = 1; proxy.endedCount() < 12; asks += 1) {
        tell(one, "ask");
        await expect.poll(() => countOf(one, "answered") + countOf(one, "not answered")).toBe(asks);
      }
      tell(one, "ask");
      await Promise.race([one.ended, saidTimes(one, "answered", 1)]);
      expect([one.child.exitCode, one.child.signalCode, countOf(one, "answered") > 0]).toEqual([null, null, true]);
      // And it is told again what others have to tell.
      await saidTimes(one, "told", 2);
    },
  );

  test("that notifies faster than the server answers queues nothing on its connection, and is heard to the last", async () => {
    const [one, two] = await Promise.all([start(proxy.url, "url"), start(database.url, "url")]);
    await saidTimes(two, "told", 1);
    proxy.delay(50);
    tell(one, "notify");
    await one.said("notified");
    const before = countOf(two, "told");
    expect(before).toBeGreaterThan(2);
    tell(one, "notify");
    await saidTimes(two, "told", before + 1);
    expect(one.lines.filter((line) => line.startsWith("warning"))).toEqual([]);
  });
});
