import { createHmac } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openReceiver, type ReceivedRequest } from "../../receiver.ts";
import { openLocalServer, type LocalServer } from "./local-server.ts";

let server: LocalServer;
beforeEach(async () => {
  server = await openLocalServer();
});
afterEach(() => server.close());

const listen = (forwardTo: string, ...more: readonly string[]) => {
  const secrets = join(server.folder, "listen.json");
  return server.start("listen", "--forward-to", forwardTo, "--port", "0", "--secrets", secrets, ...more);
};

/** What the receiver of a listener got first. */
async function firstRequest(status: number) {
  const { promise, resolve } = Promise.withResolvers<ReceivedRequest>();
  const receiver = await openReceiver((request) => {
    resolve(request);
    return status;
  });
  return { ...receiver, request: promise };
}

interface Endpoints {
  readonly endpoints: readonly { readonly id: string; readonly enabled: boolean; readonly events: readonly string[] }[];
}
const endpoints = async () => (await server.api<Endpoints>("GET", "/webhook-endpoints")).endpoints;

test("a delivery is forwarded with its headers and its bytes, so that the receiver can verify it too", async () => {
  const receiver = await firstRequest(204);
  const listener = listen(`${receiver.url}/hooks`);
  const [, secret = ""] = await listener.prints(/signing secret +(whsec_\S+)\n/);
  expect(server.run(["trigger", "deployment.created"]).status).toBe(0);
  const { path, headers, body } = await receiver.request;
  expect(path).toBe("/hooks");
  expect(headers).toMatchObject({ "x-stech-event": "deployment.created", "user-agent": "Stech-Webhooks/1.0" });
  const signed = `${headers["x-stech-timestamp"]}.${body.toString()}`;
  expect(headers["x-stech-signature"]).toBe(`sha256=${createHmac("sha256", secret).update(signed).digest("hex")}`);
  await listener.prints(
    /--> deployment\.created {2}\S+ {2}dla_\S+ {2}verified\n\S+ <-- 204 {2}\d+ ms {2}http:\S+\/hooks\n/,
  );
  await receiver.close();
});

test("the endpoint is disabled at the end, and has the same secret the next time", async () => {
  const first = listen("http://127.0.0.1:9/", "--events", "deployment.created,deployment.failed");
  const [, secret = ""] = await first.prints(/signing secret +(whsec_\S+)\n/);
  expect(await endpoints()).toMatchObject([{ enabled: true, events: ["deployment.created", "deployment.failed"] }]);
  first.child.kill("SIGINT");
  expect(await first.ended).toBe(0);
  expect(await endpoints()).toMatchObject([{ enabled: false }]);
  expect(statSync(join(server.folder, "listen.json")).mode & 0o777).toBe(0o600);
  const second = listen("http://127.0.0.1:9/");
  expect((await second.prints(/signing secret +(whsec_\S+)\n/))[1]).toBe(secret);
  expect(await endpoints()).toMatchObject([{ enabled: true, events: ["*"] }]);
});

test("with --on-exit remove the endpoint goes, and its secret with it", async () => {
  const listener = listen("http://127.0.0.1:9/", "--on-exit", "remove");
  await listener.prints(/signing secret/);
  listener.child.kill("SIGTERM");
  expect(await listener.ended).toBe(0);
  expect(await endpoints()).toEqual([]);
  expect(JSON.parse(readFileSync(join(server.folder, "listen.json"), "utf8"))).toEqual({});
});

describe("--format json", () => {
  test("prints one object for each line of text; a receiver that is not there counts as 502", async () => {
    const listener = listen("http://127.0.0.1:9/", "--format", "json");
    const [ready = ""] = await listener.prints(/^\{.*\}\n/);
    expect(JSON.parse(ready)).toMatchObject({ kind: "ready", tenant: "acme", events: ["*"] });
    server.run(["trigger", "deployment.created"]);
    await listener.prints(/"kind":"answer".*\n/);
    const lines = listener.output().trimEnd().split("\n").slice(1, 3);
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { kind: "arrival", type: "deployment.created", verified: true, problem: null },
      { kind: "answer", type: "deployment.created", failure: "nothing listens there" },
    ]);
  });

  test("what the endpoint's secret did not sign is not forwarded", async () => {
    const receiver = await firstRequest(200);
    const listener = listen(receiver.url, "--format", "json");
    await listener.prints(/"kind":"ready"/);
    const [{ id = "" } = {}] = await endpoints();
    const { endpoint } = await server.api<{ endpoint: { url: string } }>("GET", `/webhook-endpoints/${id}`);
    const now = Math.floor(Date.now() / 1000);
    const sign = (secret: string, timestamp: number, body: string) => ({
      "x-stech-timestamp": String(timestamp),
      "x-stech-signature": `sha256=${createHmac("sha256", secret).update(`${timestamp}.${body}`).digest("hex")}`,
    });
    const { signingSecret } = JSON.parse((await listener.prints(/\{"kind":"ready".*\}/))[0]);
    const forged = [
      sign("whsec_other", now, "{}"),
      sign(signingSecret, now, "{ }"),
      sign(signingSecret, now - 301, "{}"),
      {},
    ];
    for (const headers of forged) {
      expect((await fetch(endpoint.url, { method: "POST", headers, body: "{}" })).status).toBe(401);
    }
    expect(listener.output()).not.toContain('"kind":"answer"');
    const good = await fetch(endpoint.url, { method: "POST", headers: sign(signingSecret, now, "{}"), body: "{}" });
    expect(good.status).toBe(200);
    await receiver.close();
  });
});

test("without a server, a key or a good URL it says what to do, and ends with 1", () => {
  const none = server.run([
    "listen",
    "--forward-to",
    "http://127.0.0.1:9/",
    "--port",
    "0",
    "--api",
    "http://127.0.0.1:9",
  ]);
  expect([none.status, none.stderr]).toEqual([1, expect.stringContaining('Start "hookwright serve"')]);
  const keyless = server.run(["listen", "--forward-to", "http://127.0.0.1:9/"], { HOOKWRIGHT_API_KEY: "" });
  expect([keyless.status, keyless.stderr]).toEqual([1, expect.stringContaining("HOOKWRIGHT_API_KEY")]);
  const urlless = server.run(["listen", "--forward-to", "3000"]);
  expect([urlless.status, urlless.stderr]).toEqual([1, expect.stringContaining("http://localhost:3000/webhooks")]);
});
