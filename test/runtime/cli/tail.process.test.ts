import { afterAll, beforeAll, expect, test } from "vitest";
import { openLocalServer, type LocalServer } from "./local-server.ts";

let server: LocalServer;
beforeAll(async () => {
  server = await openLocalServer();
});
afterAll(() => server.close());

const trigger = (type: string) => server.start("trigger", type).prints(/emitted (\S+) (\S+)\n/);

test("prints events as they come, the chosen types alone, until a signal ends it", async () => {
  const [, , before = ""] = await trigger("deployment.created");
  const all = server.start("tail", "--from", "beginning");
  await all.prints(new RegExp(before));
  const failed = server.start("tail", "--types", "deployment.failed", "--from", "beginning", "--json");
  await trigger("deployment.created");
  const [, , id = ""] = await trigger("deployment.failed");
  await all.prints(new RegExp(`${id}  deployment.failed  .* {"`));
  const [line = ""] = await failed.prints(/^.*\n/);
  expect(JSON.parse(line)).toMatchObject({ id, type: "deployment.failed" });
  expect(all.output().trimEnd().split("\n")).toHaveLength(3);
  for (const { child, ended } of [all, failed]) {
    child.kill("SIGINT");
    expect(await ended).toBe(0);
  }
});

test("what the server refuses ends it with 1", () => {
  const { status, stderr } = server.run(["tail", "--types", "deploymnt.failed"]);
  expect([status, stderr]).toEqual([1, expect.stringContaining('Did you mean "deployment.failed"?')]);
});
