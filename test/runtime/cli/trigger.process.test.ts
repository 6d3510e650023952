import { openReceiver } from "../../receiver.ts";
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

test("--wait says what became of it, explain-event the same later, and resend delivers it again", async () => {
  const received: string[] = [];
  const receiver = await openReceiver(({ body }) => {
    received.push(body.toString());
    return 200;
  });
  const make = (events: readonly string[]) =>
    server.api<{ endpoint: { id: string } }>("POST", "/webhook-endpoints", { url: receiver.url, events });
  const { endpoint } = await make(["deployment.failed"]);
  const { endpoint: other } = await make(["agent_run.completed"]);
  const start = server.start("trigger", "deployment.failed", "--wait");
  expect(await start.ended).toBe(0);
  const [, id = ""] = /emitted deployment\.failed (\S+)\n/.exec(start.output()) ?? [];
  expect(start.output()).toContain(`delivering  ${endpoint.id}`);
  expect(start.output()).toMatch(/dlv_\S+ {2}delivered, 1 attempt, the last one: status 200\n/);
  const explained = server.start("explain-event", id);
  expect(await explained.ended).toBe(0);
  expect(start.output()).toContain(explained.output());
  expect(explained.output()).toMatch(
    new RegExp(`not_subscribed {2}${other.id} .*\n.*was not subscribed.*\n.*endpoint.created`),
  );
  const again = server.start("resend", id);
  expect(await again.ended).toBe(0);
  const [, delivery = ""] = /resent deployment\.failed to whe_\S+: (dlv_\S+)\n/.exec(again.output()) ?? [];
  const third = server.start("resend", delivery, "--json");
  expect(await third.ended).toBe(0);
  expect(JSON.parse(third.output())).toMatchObject({ eventId: id, endpointId: endpoint.id });
  const none = server.start("resend", "none");
  expect([await none.ended, none.output()]).toEqual([1, expect.stringContaining("explain-event")]);
  await receiver.close();
  expect(new Set(received).size).toBe(1);
});
