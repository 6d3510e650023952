import { afterAll, beforeAll, expect, test } from "vitest";
import { openLocalServer, type LocalServer } from "./local-server.ts";

let server: LocalServer;
beforeAll(async () => {
  server = await openLocalServer();
});
afterAll(() => server.close());

interface Feed {
  readonly events: readonly { readonly id: string; readonly type: string; readonly data: Record<string, unknown> }[];
}
const lastEvent = async () => (await server.api<Feed>("GET", "/events")).events.at(-1);

test("the catalog's example is emitted, with what --set changes: JSON, or text where it is none", async () => {
  const { status, stdout } = server.run([
    "trigger",
    "deployment.created",
    ...["--set", "agentName=support 2", "--set", "data.deployedByUserId=null"],
  ]);
  expect(status).toBe(0);
  const event = await lastEvent();
  expect(stdout).toBe(`emitted deployment.created ${event?.id}\n`);
  expect(event?.data).toMatchObject({ agentName: "support 2", deployedByUserId: null });
});

test("--edit hands the event to the editor, arguments and all", async () => {
  const EDITOR = 'sed -i s/agentName.*/agentName\\":\\"edited\\",/';
  expect(server.run(["trigger", "deployment.created", "--edit"], { EDITOR })).toMatchObject({ status: 0 });
  expect((await lastEvent())?.data).toMatchObject({ agentName: "edited" });
  const failed = server.run(["trigger", "deployment.created", "--edit"], { EDITOR: "false" });
  expect([failed.status, failed.stderr]).toEqual([1, expect.stringContaining("nothing was emitted")]);
});

test("unknown names suggest near ones, and what the type does not name is refused with its path", () => {
  const type = server.run(["trigger", "deploymnt.created"]);
  expect([type.status, type.stderr]).toEqual([1, expect.stringContaining("did you mean deployment.created")]);
  const example = server.run(["trigger", "deployment.created", "--example", "no such one"]);
  expect([example.status, example.stderr]).toEqual([1, expect.stringContaining("its examples are")]);
  const field = server.run(["trigger", "deployment.created", "--set", "agentNam=x"]);
  expect([field.status, field.stderr]).toEqual([1, expect.stringContaining("data.agentNam")]);
});
