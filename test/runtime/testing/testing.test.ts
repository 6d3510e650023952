import { describe, expect, expectTypeOf, test } from "vitest";
import { catalog } from "../../../runtime/generated/catalog.ts";
import type { DeploymentCreatedData } from "../../../runtime/generated/stech/schemas.ts";
import { assertEmitted, failing, matchers, openTesting } from "../../../runtime/testing/testing.ts";
import { Webhook } from "../../../sdks/typescript/src/contracts/stech.ts";

const tenant = "org_1";
const open = () => openTesting({ catalog, now: 1_778_248_931_482 });
const emit = (hooks: ReturnType<typeof open>, more: { idempotencyKey?: string } = {}) =>
  hooks.stech.emit("deployment.created", { tenant, data: hooks.example("stech", "deployment.created"), ...more });

describe("emitted", () => {
  test("gives what was emitted, typed, and all rules of emit hold", async () => {
    const hooks = open();
    await emit(hooks);
    const [event] = hooks.emitted("stech", "deployment.created");
    expectTypeOf(event?.data).toEqualTypeOf<DeploymentCreatedData | undefined>();
    expect(event?.data).toEqual(hooks.example("stech", "deployment.created"));
    expect(event).toMatchObject({ contract: "stech", tenant, type: "deployment.created", time: 1_778_248_931_482 });
    const wrong = { ...hooks.example("stech", "deployment.created"), secret: "x" };
    await expect(hooks.stech.emit("deployment.created", { tenant, data: wrong })).rejects.toMatchObject({
      code: "invalid_event_data",
    });
    expect(hooks.emitted().length).toBe(1);
    expect(hooks.emitted("authn")).toEqual([]);
    hooks.clear();
    expect(hooks.emitted()).toEqual([]);
  });

  test("an idempotency key gives the first event, and refuses other content", async () => {
    const hooks = open();
    const first = await emit(hooks, { idempotencyKey: "a" });
    expect(await emit(hooks, { idempotencyKey: "a" })).toEqual({ ...first, created: false });
    const data = { ...hooks.example("stech", "deployment.created"), agentName: "another" };
    const other = hooks.stech.emit("deployment.created", { tenant, data, idempotencyKey: "a" });
    await expect(other).rejects.toMatchObject({ code: "idempotency_conflict" });
    expect(hooks.emitted().length).toBe(1);
  });

  test("companions come along, and not with a repeat", async () => {
    const hooks = open();
    const data = hooks.example("stech", "agent_run.blocked");
    await hooks.stech.emit("agent_run.blocked", { tenant, data, idempotencyKey: "a" });
    await hooks.stech.emit("agent_run.blocked", { tenant, data, idempotencyKey: "a" });
    expect(hooks.emitted("stech").map(({ type }) => type)).toEqual(["agent_run.blocked", "audit.flagged"]);
    await emit(hooks, { idempotencyKey: "b" });
    const refused = hooks.stech.emit("agent_run.blocked", { tenant, data, idempotencyKey: "b" });
    await expect(refused).rejects.toMatchObject({ code: "idempotency_conflict" });
    expect(hooks.emitted("stech").length).toBe(3);
  });

  test("what was emitted in a transaction is there once that commits", async () => {
    const hooks = open();
    const data = hooks.example("stech", "deployment.created");
    await hooks.transaction(async (tx) => {
      await hooks.stech.emit("deployment.created", { tenant, data, tx });
      expect(hooks.emitted()).toEqual([]);
    });
    const broken = hooks.transaction(async (tx) => {
      await hooks.stech.emit("deployment.created", { tenant, data, tx });
      throw new Error("broken");
    });
    await expect(broken).rejects.toThrow("broken");
    expect(hooks.emitted().length).toBe(1);
  });
});

describe("deliver", () => {
  test("a receiver verifies what comes, and what it refuses comes again when it is due, by the contract's waits", async () => {
    const hooks = open();
    const webhook = new Webhook(hooks.secretOf("stech"), { now: hooks.clock.now });
    const names: string[] = [];
    const handler = webhook.handler(
      { "deployment.created": async (event) => void names.push(event.data.agentName) },
      { fallback: () => {} },
    );
    const receiver = failing([500, "timeout"], handler);
    await emit(hooks);
    expect(await hooks.deliver(receiver)).toMatchObject([{ number: 1, result: "retry", status: 500 }]);
    expect(await hooks.deliver(receiver)).toEqual([]);
    const [first = 0, second = 0] = catalog.stech.declaration.retry.waitsSeconds;
    hooks.clock.advance(first * 1000 - 1);
    expect(await hooks.deliver(receiver)).toEqual([]);
    hooks.clock.advance(1);
    expect(await hooks.deliver(receiver)).toMatchObject([{ number: 2, result: "retry", status: null }]);
    const before = hooks.clock.now();
    expect(await hooks.deliverAll(receiver)).toMatchObject([
      { number: 3, result: "delivered", status: 200, dueAt: null },
    ]);
    expect(hooks.clock.now() - before).toBe(second * 1000);
    expect(names).toEqual([hooks.example("stech", "deployment.created").agentName]);
    expect(await hooks.deliverAll(receiver)).toEqual([]);
  });

  test("one that never accepts exhausts the contract's plan", async () => {
    const hooks = open();
    await emit(hooks);
    const attempts = await hooks.deliverAll(
      failing(
        Array.from({ length: 50 }, () => 503),
        () => new Response(),
      ),
    );
    expect(attempts.length).toBe(catalog.stech.declaration.retry.waitsSeconds.length + 1);
    expect(attempts.at(-1)?.result).toBe("exhausted");
  });
});

describe("matchers", () => {
  test("name the event, and as much of it as matters", async () => {
    const hooks = open();
    await emit(hooks);
    const { agentName } = hooks.example("stech", "deployment.created");
    const has = (pattern: object) => matchers.toHaveEmitted(hooks, "stech", "deployment.created", pattern).pass;
    expect(has({})).toBe(true);
    expect(has({ tenant, data: { agentName } })).toBe(true);
    expect(has({ data: { agentName: expect.any(String) } })).toBe(true);
    expect(has({ data: { agentName: "another" } })).toBe(false);
    expect(has({ tenant: "org_2" })).toBe(false);
    expect(matchers.toHaveEmittedTimes(hooks, "stech", "deployment.created", 1).pass).toBe(true);
    expect(matchers.toHaveEmittedTimes(hooks, "stech", "deployment.created", 2).message()).toContain(
      "expected 2, not 1",
    );
    expect(() => assertEmitted(hooks, { contract: "stech", type: "deployment.failed" })).toThrow(
      /expected one of stech deployment\.failed; emitted: \n {2}stech deployment\.created of org_1/,
    );
    assertEmitted(hooks, { contract: "stech", type: "deployment.created", data: { agentName } });
  });
});

test("an example that is not there is named with those that are", () => {
  expect(() => open().example("stech", "deployment.created", "none")).toThrow(
    /^name: expected an example of deployment/,
  );
});
