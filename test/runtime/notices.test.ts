import { createHash } from "node:crypto";
import { pino } from "pino";
import { describe, expect, onTestFinished, test } from "vitest";
import { createApp, type AppOptions } from "../../runtime/app.ts";
import { createOperatorNotices, logTold } from "../../runtime/notices.ts";
import type { Exchange, OutboundRequest } from "../../runtime/seams/outbound.ts";
import { catalog } from "../../runtime/generated/catalog.ts";
import { openKeyRing } from "../../runtime/secrets/key-ring.ts";
import type { NewEvent } from "../../runtime/seams/log-store.ts";
import { createFakeClock } from "../fake-clock.ts";
import { openReceiver } from "../receiver.ts";
import { act, ask } from "./asking/project.ts";

const noon = Date.parse("2026-05-08T12:00:00.000Z");
const deployment = {
  deploymentId: "dep_1",
  agentId: "agent_1",
  agentName: "support-triage",
  machineUrl: "https://a.example",
  deployedByUserId: null,
};

/** A receiver whose path says what it answers, and what came to `/notices`; a number, or a promise that hangs. */
async function openWorld(given: { notices?: () => number | Promise<number>; isAllowed?: boolean } = {}) {
  const { notices = () => 200, isAllowed = true } = given;
  const told: string[] = [];
  const delivered: string[] = [];
  const logLines: string[] = [];
  const receiver = await openReceiver(({ path, body }) => {
    if (path === "/notices") return (told.push(body.toString()), notices());
    delivered.push(path);
    return Number(path.slice(1));
  });
  const target = { cidr: "127.0.0.1/32", portMin: receiver.port, portMax: receiver.port };
  const options: AppOptions<unknown> = {
    database: ":memory:",
    catalog,
    keyRing: openKeyRing([{ id: "test", key: createHash("sha256").update("test").digest() }]),
    mode: "local",
    allowTargets: [target],
    log: pino({ level: "warn" }, { write: (line) => void logLines.push(line) }),
    notices: {
      url: new URL(`${receiver.url}/notices`),
      format: "slack",
      allowTargets: isAllowed ? [target] : [],
    },
  };
  const app = await createApp(options);
  await app.engine.start();
  onTestFinished(async () => {
    await receiver.close();
    await app.close();
  });
  const endpoint = async (status: number) => {
    const url = `${receiver.url}/${status}`;
    const of = { tenant: "acme", contract: "stech", url, description: null, events: ["*"], actorId: "operator" };
    return (await app.endpoints.create(of)).endpoint;
  };
  const emit = async (count: number) => {
    for (let index = 0; index < count; index += 1)
      await app.emit("stech", "deployment.created", { tenant: "acme", data: deployment });
  };
  return { app, endpoint, emit, told, delivered, logLines, url: receiver.url };
}

describe("with a receiver of its own", () => {
  test("an endpoint that is disabled is told to the operator (R-STECH-66)", async () => {
    const { app, endpoint, emit, told, logLines } = await openWorld();
    const { id } = await endpoint(404);
    await emit(50);
    await expect.poll(() => told.length, { timeout: 20_000 }).toBe(1);
    const { text } = JSON.parse(told[0] ?? "");
    expect(text).toContain(
      "*endpoint.disabled* An endpoint was disabled because too many attempts in a row had failed.",
    );
    expect(text).toContain(`tenant acme, endpointId ${id}, contract stech, failureCount 50, lastStatus 404`);
    const lines = logLines.map((line) => JSON.parse(line)).filter(({ type }) => type === "endpoint.disabled");
    expect(lines).toMatchObject([{ level: 40, tenant: "acme", endpointId: id, failureCount: 50, lastStatus: 404 }]);
    expect(await app.metrics.text()).toMatch(/^hookwright_endpoints_disabled_total\{contract="stech"\} 1$/m);
  });

  test("deliveries go on while the URL for notices hangs", async () => {
    const { app, endpoint, emit, told, delivered } = await openWorld({ notices: () => new Promise(() => {}) });
    await endpoint(404);
    await emit(50);
    await expect.poll(() => told.length, { timeout: 20_000 }).toBe(1);
    await endpoint(200);
    await emit(20);
    await app.engine.idle();
    expect(delivered.filter((path) => path === "/200")).toHaveLength(20);
    expect(told).toHaveLength(1);
  });

  test("what endpoints may reach is not for notices: they have a list of their own, and no URL stands in the log", async () => {
    const { endpoint, emit, told, logLines } = await openWorld({ isAllowed: false });
    await endpoint(404);
    await emit(50);
    const warned = () => logLines.filter((line) => line.includes("A notice to the operator was not taken."));
    await expect.poll(() => warned().length, { timeout: 20_000 }).toBe(1);
    expect(warned()[0]).toContain("address_blocked");
    expect(warned()[0]).not.toContain("/notices");
    expect(told).toEqual([]);
  });

  test("an action that is killed is told", async () => {
    const { app, told, url } = await openWorld();
    await act(app, `${url}/500`);
    for (let asked = 0; asked < 100; asked += 1) await ask(app);
    await expect.poll(() => told.length, { timeout: 20_000 }).toBe(1);
    expect(told[0]).toContain("*action.killed*");
  });
});

describe("how it posts", () => {
  const event = (type: string, number: number): NewEvent => ({
    id: `evt_${number}`,
    contract: "hookwright",
    type,
    tenant: "<!channel>",
    time: noon,
    body: JSON.stringify({ type, timestamp: "2026-05-08T12:00:00.000Z", data: { number } }),
    idempotencyKey: null,
  });
  const disabled = (count: number) => Array.from({ length: count }, (_, number) => event("endpoint.disabled", number));

  function openNotices(format: "slack" | "json", answer: () => Promise<Exchange>) {
    const clock = createFakeClock(noon);
    const sent: { readonly at: number; readonly body: string }[] = [];
    const send = ({ body }: OutboundRequest) => (sent.push({ at: clock.now() - noon, body }), answer());
    const target = { url: new URL("https://chat.example/hooks/secret"), format };
    const log = { warn: () => {} };
    const outbound = { send, close: async () => {} };
    return { clock, sent, ...createOperatorNotices({ target, outbound, catalog, clock, log }) };
  }
  const taken = async (): Promise<Exchange> => ({ kind: "response", status: 200, body: null, durationMs: 1 });
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  async function pass(clock: ReturnType<typeof createFakeClock>, seconds: number): Promise<void> {
    for (let second = 0; second < seconds; second += 1) {
      clock.moveTo(clock.now() + 1000);
      await settled();
    }
  }

  test("one a second, in order; what exceeds two minutes' worth is counted and left out", async () => {
    const { told, sent, clock } = openNotices("json", taken);
    told(disabled(130));
    await settled();
    expect(sent.map(({ at }) => at)).toEqual([0]);
    await pass(clock, 200);
    expect(sent.map(({ at }) => at)).toEqual(Array.from({ length: 120 }, (_, index) => index * 1000));
    expect(sent.map(({ body }) => JSON.parse(body).data.number)).toEqual(sent.map((_, index) => index));
    expect(sent.reduce((sum, { body }) => sum + JSON.parse(body).leftOutCount, 0)).toBe(10);
  });

  test("one at a time, once each: a receiver that fails gets the next one, and not the same again", async () => {
    const { promise, resolve } = Promise.withResolvers<Exchange>();
    const answers = [promise, Promise.reject(new Error("no")), taken()];
    answers[1]?.catch(() => {});
    const { told, sent, clock } = openNotices("json", () => answers.shift() ?? taken());
    told(disabled(4));
    await pass(clock, 10);
    expect(sent).toHaveLength(1);
    resolve({ kind: "timeout", detail: "", durationMs: 5000 });
    await pass(clock, 10);
    expect(sent.map(({ body }) => JSON.parse(body).data.number)).toEqual([0, 1, 2, 3]);
  });

  test("only what an operator acts on, and nothing after the end", async () => {
    const { told, sent, clock, close } = openNotices("slack", taken);
    told([event("endpoint.created", 1), { ...event("endpoint.disabled", 2), contract: "stech" }]);
    told(["breaker.opened", "breaker.closed", "delivery.exhausted"].map(event));
    await pass(clock, 2);
    expect(sent.map(({ body }) => /\*(.*?)\*/.exec(JSON.parse(body).text)?.[1])).toEqual([
      "breaker.opened",
      "breaker.closed",
      "delivery.exhausted",
    ]);
    expect(sent[0]?.body).toContain("tenant &lt;!channel&gt;");
    told(disabled(3));
    await close();
    told(disabled(1));
    await pass(clock, 9);
    expect(sent).toHaveLength(3);
  });
});

test("disabling and exhaustion are lines of the log, with what their events say; nothing else is", () => {
  const lines: unknown[] = [];
  const told = logTold({ warn: (...line: unknown[]) => void lines.push(line) });
  const event = (type: string, contract = "hookwright") => ({
    ...{ id: "evt_1", contract, type, tenant: "org_1", time: 0, idempotencyKey: null, trace: null },
    body: JSON.stringify({ id: "evt_1", type, data: { endpointId: "whe_1", deliveryCount: 3 } }),
  });
  told([event("endpoint.disabled"), event("endpoint.created"), event("endpoint.disabled", "stech")]);
  told([event("delivery.exhausted")]);
  const data = { tenant: "org_1", endpointId: "whe_1", deliveryCount: 3 };
  expect(lines).toEqual([
    [{ type: "endpoint.disabled", ...data }, "An endpoint was disabled, as it failed too often."],
    [{ type: "delivery.exhausted", ...data }, "Deliveries were given up after their last attempt."],
  ]);
});
