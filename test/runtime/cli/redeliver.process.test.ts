import { afterAll, beforeAll, expect, test } from "vitest";
import { openReceiver, type TestReceiver } from "../../receiver.ts";
import { openLocalServer, type LocalServer } from "./local-server.ts";

let server: LocalServer;
let receiver: TestReceiver;
let answer = 404;
let receivedCount = 0;
let endpoint = "";
beforeAll(async () => {
  server = await openLocalServer();
  receiver = await openReceiver(() => {
    receivedCount += 1;
    return answer;
  });
  const body = { url: receiver.url, events: ["*"] };
  endpoint = (await server.api<{ endpoint: { id: string } }>("POST", "/webhook-endpoints", body)).endpoint.id;
});
afterAll(async () => {
  await server.close();
  await receiver.close();
});

/** Not with `run`, which would keep the receiver of this process from answering. */
async function redeliver(...args: readonly string[]) {
  const started = server.start("redeliver", "--endpoint", endpoint, ...args);
  const status = await started.ended;
  return { status, output: started.output() };
}

test("what failed is counted by a dry run, redelivered and waited for, and then there is none", async () => {
  for (let count = 0; count < 7; count += 1) {
    expect(await server.start("trigger", "deployment.failed", "--wait").ended).toBe(0);
  }
  expect(receivedCount).toBe(7);
  const dry = await redeliver("--undelivered", "--dry-run");
  expect(dry).toMatchObject({ status: 0, output: expect.stringMatching(/^7 deliveries would be redelivered\.\n/) });
  expect(dry.output.match(/ {2}deployment\.failed {2}gave_up {2}dlv_/g)).toHaveLength(5);
  expect(receivedCount).toBe(7);
  // Refused again.
  const refused = await redeliver("--undelivered", "--wait");
  expect(refused).toMatchObject({ status: 1, output: expect.stringContaining("7 failed, 0 waiting") });
  answer = 200;
  const done = await redeliver(
    "--status",
    "gave_up",
    "--types",
    "deployment.failed",
    "--rate",
    "1000",
    "--wait",
    "60",
    "--json",
  );
  expect([done.status, JSON.parse(done.output)]).toMatchObject([
    0,
    { state: "finished", found: 7, redelivered: 7, delivered: 7, failed: 0, waiting: 0, ratePerSecond: 1000 },
  ]);
  expect(receivedCount).toBe(21);
  const none = await redeliver("--undelivered", "--dry-run", "--json");
  expect(JSON.parse(none.output)).toEqual({ dryRun: true, found: 0, isWhole: true, examples: [], events: [] });
}, 120_000);

test("what an endpoint missed is counted, sent by its id, and sent in bulk", async () => {
  const from = new Date(Date.now() - 60_000).toISOString();
  await server.api("PATCH", `/webhook-endpoints/${endpoint}`, { enabled: false });
  for (let count = 0; count < 3; count += 1) {
    expect(await server.start("trigger", "agent_run.failed").ended).toBe(0);
  }
  await server.api("PATCH", `/webhook-endpoints/${endpoint}`, { enabled: true });
  const range = [
    "--missed",
    "--types",
    "agent_run.failed",
    "--from",
    from,
    "--to",
    new Date(Date.now() + 60_000).toISOString(),
  ];
  await expect
    .poll(async () => (await redeliver(...range, "--dry-run")).output, { timeout: 20_000 })
    .toMatch(/^3 deliveries would be made\.\n( {2}\S+ {2}agent_run\.failed {2}missed {2}\S+\n){3}/);
  const dry = await redeliver(...range, "--dry-run", "--json");
  const [{ id: first }] = JSON.parse(dry.output).events;
  const resend = async (...args: readonly string[]) => {
    const started = server.start("resend", first, "--missed", ...args);
    return [await started.ended, started.output()];
  };
  expect(await resend()).toEqual([1, expect.stringContaining("expected --endpoint")]);
  expect(await resend("--endpoint", endpoint, "--dry-run")).toEqual([0, expect.stringContaining("would be sent to")]);
  expect(await resend("--endpoint", endpoint)).toEqual([0, expect.stringMatching(/^sent agent_run\.failed to whe_/)]);
  const done = await redeliver(...range, "--wait", "60");
  expect(done).toMatchObject({
    status: 0,
    output: expect.stringContaining("2 of 2 redelivered, 2 delivered, 0 failed"),
  });
  const why = server.start("explain-event", first);
  expect([await why.ended, why.output()]).toEqual([0, expect.stringContaining("sent_later")]);
}, 120_000);

test("says what is wrong: no choice, no such endpoint, a rate that is none", async () => {
  expect(await redeliver()).toMatchObject({ status: 1, output: expect.stringContaining("expected one of types") });
  expect(await redeliver("--undelivered", "--rate", "0")).toMatchObject({
    status: 1,
    output: expect.stringContaining("from 1 to 10000"),
  });
  const other = server.start("redeliver", "--endpoint", "whe_none", "--undelivered");
  expect([await other.ended, other.output()]).toEqual([1, expect.stringContaining("whe_none")]);
}, 60_000);
