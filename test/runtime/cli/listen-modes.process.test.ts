import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { answerNode } from "../../../sdks/typescript/src/adapters/node-server.ts";
import { Webhook as Auth0Webhook } from "../../../sdks/typescript/src/contracts/auth0.ts";
import { Webhook as Auth0LogStreamWebhook } from "../../../sdks/typescript/src/contracts/auth0LogStream.ts";
import { allow, deny, Webhook as AuthioWebhook } from "../../../sdks/typescript/src/contracts/authio.ts";
import { Webhook as AuthsignalWebhook } from "../../../sdks/typescript/src/contracts/authsignal.ts";
import type { WebhookHandler } from "../../../sdks/typescript/src/core/handler.ts";
import { openLocalServer, type LocalServer, type LocalTenant, type Running } from "./local-server.ts";

let whole: LocalServer;
beforeAll(async () => {
  whole = await openLocalServer();
}, 60_000);
afterAll(() => whole.close());

/** A tenant of each test's own. */
let server: LocalTenant;
let count = 0;
beforeEach(() => {
  server = whole.ofTenant(`org_${(count += 1)}`);
});

/** A receiver built on the SDK, whose handler is known once its secret is. */
async function openSdkReceiver() {
  let handler: WebhookHandler = async () => new Response("not yet", { status: 500 });
  const listener: RequestListener = (request, response) => void answerNode(handler, request, response);
  const receiver = createServer(listener);
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    receiver.closeAllConnections();
    await new Promise((resolve) => receiver.close(resolve));
  });
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hooks`;
  return { url, use: (next: WebhookHandler) => (handler = next) };
}

const listen = (contract: string, forwardTo: string, ...more: readonly string[]) => {
  const place = ["--port", "0", "--secrets", join(server.folder, "listen.json")];
  return server.start("listen", "--contract", contract, "--forward-to", forwardTo, ...place, ...more);
};

/** Not synchronous: the receivers are in this process. */
async function trigger(...args: readonly string[]): Promise<string> {
  const { ended, output } = server.start("trigger", ...args);
  expect([await ended, output()]).toEqual([0, expect.stringContaining("")]);
  return output();
}

async function run(...args: readonly string[]): Promise<{ status: number | null; text: string }> {
  const { ended, output } = server.start(...args);
  return { status: await ended, text: output() };
}

async function end({ child, ended, output }: Running): Promise<string> {
  child.kill("SIGINT");
  expect(await ended).toBe(0);
  return output().trimEnd().split("\n").at(-1) ?? "";
}

interface Streams {
  readonly logStreams: readonly { readonly id: string; readonly status: string; readonly settings: object }[];
}
const streams = async () => (await server.api<Streams>("GET", "/log-streams")).logStreams;

describe("listen to a contract in mode stream", () => {
  test("forwards the batches of what comes from now on, and the SDK verifies them with the key that is shown", async () => {
    const receiver = await openSdkReceiver();
    await trigger("challenge.log_created");
    const listener = listen("authsignal", receiver.url);
    const [, key = ""] = await listener.prints(/signing key +(\S+)\n/);
    await listener.prints(/settings +challengeTokenDurationSeconds=0\n/);
    const got: string[] = [];
    const webhook = new AuthsignalWebhook(key);
    receiver.use(webhook.handler({}, { fallback: ({ type }) => void got.push(type) }));
    const [, id = ""] = /emitted \S+ (\S+)\n/.exec(await trigger("action.log_created")) ?? [];
    await listener.prints(
      new RegExp(`--> 1 record  action\\.log_created  ${id}  verified\\n\\S+ <-- 200  \\d+ ms  http:\\S+/hooks\\n`),
    );
    expect(got).toEqual(["action.log_created"]);
    expect(await end(listener)).toMatch(/^The log stream lgw_\S+ is paused\.$/);
    expect(await streams()).toMatchObject([{ status: "paused" }]);
  });

  test("verifies with its own key where another one of the tenant signs first", async () => {
    const receiver = await openSdkReceiver();
    const first = listen("authsignal", receiver.url, "--format", "json");
    const [ready = ""] = await first.prints(/^\{.*\}\n/);
    receiver.use(new AuthsignalWebhook(JSON.parse(ready).signingSecret).handler({}, { fallback: () => {} }));
    await server.api("POST", "/signing-keys", { contract: "authsignal" });
    await trigger("action.log_created");
    const [answer = ""] = await first.prints(/\{"kind":"answer".*\}\n/);
    expect(JSON.parse(answer)).toMatchObject({ recordCount: 1, status: 200 });
  });

  test("an owner's settings: chosen types, every 2 seconds, behind an authorization that stays from run to run", async () => {
    const receiver = await openSdkReceiver();
    // What happened before, or between the runs, does not come.
    await trigger("f", "--contract", "auth0");
    const first = listen("auth0", receiver.url, "--events", "f,fp");
    const [, authorization = ""] = await first.prints(/authorization +(Bearer \S+)\n/);
    await first.prints(/settings +Schedule="\*\/2 \* \* \* \* \*", LOG_TYPES=\["f","fp"\]\n/);
    await end(first);
    const [before] = await streams();
    const second = listen("auth0", receiver.url, "--format", "json", "--events", "f", "--on-exit", "remove");
    const [ready = ""] = await second.prints(/^\{.*\}\n/);
    expect(JSON.parse(ready)).toMatchObject({ logStreamId: before?.id, signingSecret: authorization });
    receiver.use(new Auth0Webhook(authorization).handler({}, { fallback: () => {} }));
    await trigger("fp", "--contract", "auth0");
    const [, id = ""] =
      /emitted \S+ (\S+)\n/.exec(await trigger("f", "--contract", "auth0", "--set", "user_name=ada")) ?? [];
    const [arrival = ""] = await second.prints(/\{"kind":"arrival".*\}\n/);
    expect(JSON.parse(arrival)).toMatchObject({ recordCount: 1, records: [{ type: "f", id }], verified: true });
    await second.prints(/"kind":"answer".*"status":200/);
    expect(JSON.parse(await end(second))).toMatchObject({ kind: "ended", onExit: "remove" });
    expect(await streams()).toEqual([]);
  });

  test("D-AUTH0-08: an event that stands in a wrapper is shown by its own type and id", async () => {
    const receiver = await openSdkReceiver();
    const listener = listen("auth0LogStream", receiver.url, "--format", "json");
    const [ready = ""] = await listener.prints(/^\{.*\}\n/);
    const got: string[] = [];
    const webhook = new Auth0LogStreamWebhook(JSON.parse(ready).signingSecret);
    receiver.use(webhook.handler({}, { fallback: ({ type }) => void got.push(type) }));
    const [, id = ""] = /emitted \S+ (\S+)\n/.exec(await trigger("fp", "--contract", "auth0LogStream")) ?? [];
    const [arrival = ""] = await listener.prints(/\{"kind":"arrival".*\}\n/);
    expect(JSON.parse(arrival)).toMatchObject({ recordCount: 1, records: [{ type: "fp", id }], verified: true });
    await listener.prints(/"kind":"answer".*"status":200/);
    expect(got).toEqual(["fp"]);
  });

  test("what does not carry its secret is not forwarded; types that nobody chooses are refused", async () => {
    const listener = listen("auth0", "http://127.0.0.1:9/", "--format", "json");
    await listener.prints(/"kind":"ready"/);
    const [{ settings = {} } = {}] = await streams();
    const response = await fetch(String(Reflect.get(settings, "Webhook_URL")), {
      method: "POST",
      headers: { authorization: "Bearer other" },
      body: "[]",
    });
    expect(response.status).toBe(401);
    await listener.prints(/"verified":false,"problem":"its authorization is not the one that was configured"/);
    const typed = listen("authsignal", "http://127.0.0.1:9/", "--events", "action.log_created");
    expect([await typed.ended, typed.output()]).toEqual([1, expect.stringContaining("sends all its event types")]);
    const misspelt = listen("auth0", "http://127.0.0.1:9/", "--events", "fpp");
    expect([await misspelt.ended, misspelt.output()]).toEqual([1, expect.stringContaining("Did you mean")]);
    expect(await streams()).toHaveLength(1);
  });
});

interface Actions {
  readonly actions: readonly { readonly id: string; readonly trigger: string; readonly enabled: boolean }[];
}
const actions = async () => (await server.api<Actions>("GET", "/actions")).actions;

describe("listen to a contract in mode action", () => {
  test("forwards each question and gives its verdict back, to the byte, with its signature", async () => {
    const receiver = await openSdkReceiver();
    const listener = listen("authio", receiver.url, "--events", "pre_register,pre_token_mint", "--format", "json");
    const [ready = ""] = await listener.prints(/^\{.*\}\n/);
    const { actions: made }: { actions: { trigger: string; signingSecret: string }[] } = JSON.parse(ready);
    expect(made.map((each) => each.trigger)).toEqual(["pre_register", "pre_token_mint"]);
    const webhook = new AuthioWebhook(made.map((each) => each.signingSecret));
    receiver.use(
      webhook.handler(
        {
          pre_register: ({ user }) => (user === null ? deny({ code: "compliance_block" }) : allow()),
          pre_token_mint: () => allow({ overrides: { override_roles: ["admin", "root"] } }),
        },
        { fallback: () => allow() },
      ),
    );
    expect(await trigger("pre_register")).toMatch(
      /^asked pre_register inv_\S+\n {2}deny {2}rejected {2}compliance_block {2}status 200 {2}\d+ ms\n$/,
    );
    expect(await trigger("pre_register", "--set", 'user={"id":"usr_1","email":null}')).toContain(
      "\n  allow  ok  status 200",
    );
    const settings = ["--setting", "roles_action_override=true", "--setting", 'roles=["admin"]'];
    const more = ["--setting", "permissions=[]", "--json"];
    const { outcome } = JSON.parse(await trigger("pre_token_mint", ...settings, ...more));
    expect(outcome).toMatchObject({ decision: "allow", overrides: { override_roles: ["admin"] }, isOverride: true });
    const lines = listener
      .output()
      .trimEnd()
      .split("\n")
      .map((line): object => JSON.parse(line));
    expect(lines.slice(1)).toMatchObject([
      { kind: "arrival", type: "pre_register", verified: true },
      { kind: "answer", type: "pre_register", decision: "deny", code: "compliance_block", overrides: {}, status: 200 },
      { kind: "arrival", type: "pre_register" },
      { kind: "answer", decision: "allow", code: null },
      { kind: "arrival", type: "pre_token_mint" },
      { kind: "answer", decision: "allow", overrides: { override_roles: ["admin", "root"] } },
    ]);
    await end(listener);
    expect(await actions()).toMatchObject([{ enabled: false }, { enabled: false }]);
    expect(await trigger("pre_register")).toContain("nobody is asked at pre_register");
  });

  test("a signed answer still verifies behind it", async () => {
    const receiver = await openSdkReceiver();
    const listener = listen("authio", receiver.url, "--events", "pre_register", "--on-exit", "remove");
    const [, secret = ""] = await listener.prints(/pre_register +action_\S+ +(asec_\S+)\n/);
    const webhook = new AuthioWebhook(secret);
    receiver.use(webhook.handler({}, { fallback: () => deny({ code: "no" }), signResponses: true }));
    expect(await trigger("pre_register")).toContain("\n  deny  rejected  no  status 200");
    await listener.prints(/--> pre_register {2}inv_\S+ {2}verified\n\S+ <-- 200 {2}deny {2}no {2}\d+ ms {2}http/);
    await end(listener);
    expect(await actions()).toEqual([]);
  });

  test("an action that is asked there is left alone, or with --replace disabled until the end", async () => {
    const { action } = await server.api<{ action: { id: string } }>("POST", "/actions", {
      ...{ trigger: "pre_register", url: "http://127.0.0.1:9/" },
    });
    const refused = listen("authio", "http://127.0.0.1:9/");
    expect([await refused.ended, refused.output()]).toEqual([1, expect.stringContaining(`${action.id}, http`)]);
    expect(await actions()).toMatchObject([{ id: action.id, enabled: true }]);
    const listener = listen("authio", "http://127.0.0.1:9/", "--replace", "--on-exit", "remove");
    await listener.prints(/post_register/);
    expect((await actions()).filter(({ enabled }) => enabled)).toHaveLength(6);
    expect((await actions()).find(({ id }) => id === action.id)).toMatchObject({ enabled: false });
    expect(await end(listener)).toBe(`6 actions removed. ${action.id} asked again.`);
    expect(await actions()).toMatchObject([{ id: action.id, enabled: true }]);
  });

  test("unknown triggers suggest near ones, and nothing is made where one cannot be", async () => {
    const misspelt = listen("authio", "http://127.0.0.1:9/", "--events", "pre_registr");
    expect([await misspelt.ended, misspelt.output()]).toEqual([
      1,
      expect.stringContaining('Did you mean "pre_register"'),
    ]);
    const asked = await run("trigger", "pre_registr");
    expect([asked.status, asked.text]).toEqual([1, expect.stringContaining("did you mean pre_register")]);
    expect(await actions()).toEqual([]);
  });
});

describe("what is no delivery", () => {
  test("a record is explained by its log streams, and a question by its log; neither is sent again by hand", async () => {
    const stream = listen("auth0", "http://127.0.0.1:9/", "--events", "f");
    const [, streamId = ""] = await stream.prints(/log stream +(\S+)\n/);
    const [, filtered = ""] = /emitted \S+ (\S+)\n/.exec(await trigger("fp", "--contract", "auth0")) ?? [];
    expect((await run("explain-event", filtered)).text).toMatch(new RegExp(`(filtered|passed)  ${streamId}\n`));
    const resent = await run("resend", filtered);
    expect([resent.status, resent.text]).toEqual([1, expect.stringContaining(`log-streams/${streamId}/rewind`)]);

    const action = listen("authio", "http://127.0.0.1:9/", "--events", "pre_register");
    await action.prints(/pre_register +action_/);
    const [, asked = ""] = /asked pre_register (\S+)\n/.exec(await trigger("pre_register")) ?? [];
    const explained = await run("explain-event", asked);
    expect([explained.status, explained.text]).toEqual([
      0,
      expect.stringMatching(/action_\S+ {2}http_error {2}status 502/),
    ]);
    const again = await run("resend", asked);
    expect([again.status, again.text]).toEqual([1, expect.stringContaining("asked once")]);
    const none = await run("explain-event", "none");
    expect([none.status, none.text]).toEqual([1, expect.stringContaining('no event or question "none"')]);
  });

  test("tail prints the records of a contract in mode stream, and says where questions are", async () => {
    const records = server.start("tail", "--contract", "auth0", "--from", "beginning", "--json");
    await trigger("f", "--contract", "auth0");
    const [line = ""] = await records.prints(/^.*\n/);
    expect(JSON.parse(line)).toMatchObject({ type: "f" });
    const asked = await run("tail", "--contract", "authio");
    expect([asked.status, asked.text]).toEqual([1, expect.stringContaining("hookwright listen --contract authio")]);
  });
});
