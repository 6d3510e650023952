import { expect, test } from "vitest";
import type { Packed } from "./packed.ts";

/** The product: an order is placed in a transaction, and its event is part of it. */
const shop = `import type { Hookwright, ProductTransaction } from "hookwright";
import type { Emitters } from "./runtime/generated/catalog.ts";

interface Orders {
  transaction<Answer>(work: (tx: ProductTransaction) => Promise<Answer>): Promise<Answer>;
}

export const placeOrder = (orders: Orders, hooks: Pick<Hookwright<Emitters>, "shop">, orderId: string) =>
  orders.transaction(async (tx) => {
    if (orderId === "") throw new Error("An order needs an id.");
    const total = { amount: 1999, currency: "EUR" } as const;
    await hooks.shop.emit("order.placed", { tenant: "shop_1", data: { orderId, total, note: null }, tx });
  });
`;

/** As the README shows it, with node:test. */
const nodeTest = `import assert from "node:assert/strict";
import test from "node:test";
import { assertEmitted, failing, openTesting } from "hookwright/testing";
import { catalog } from "./runtime/generated/catalog.ts";
import { Webhook } from "./sdks/typescript/src/contracts/shop.ts";
import { placeOrder } from "./shop.ts";

test("an order that is placed is told", async () => {
  const hooks = openTesting({ catalog });
  await placeOrder(hooks, hooks, "ord_1");
  assertEmitted(hooks, { contract: "shop", type: "order.placed", tenant: "shop_1", data: { orderId: "ord_1" } });
  const [event] = hooks.emitted("shop", "order.placed");
  assert.equal(event?.data.total.amount, 1999);
});

test("one that is not placed is not told", async () => {
  const hooks = openTesting({ catalog });
  await assert.rejects(placeOrder(hooks, hooks, ""));
  assert.deepEqual(hooks.emitted(), []);
});

test("a customer whose server fails twice gets it all the same", async () => {
  const hooks = openTesting({ catalog });
  const webhook = new Webhook(hooks.secretOf("shop"), { now: hooks.clock.now });
  const received: string[] = [];
  const customer = webhook.handler(
    { "order.placed": async (event) => void received.push(event.data.orderId) },
    { fallback: () => {} },
  );
  await hooks.shop.emit("order.placed", { tenant: "shop_1", data: hooks.example("shop", "order.placed") });
  const attempts = await hooks.deliverAll(failing([503, "timeout"], customer));
  assert.deepEqual(attempts.map(({ result }) => result), ["retry", "retry", "delivered"]);
  assert.deepEqual(received, ["ord_1"]);
});
`;

const vitest = `import { expect, test } from "vitest";
import { matchers, openTesting, type EmittedMatchers } from "hookwright/testing";
import { catalog } from "./runtime/generated/catalog.ts";
import { placeOrder } from "./shop.ts";

declare module "vitest" {
  interface Matchers<T = any> extends EmittedMatchers<T> {}
}
expect.extend(matchers);

test("an order that is placed is told", async () => {
  const hooks = openTesting({ catalog });
  await placeOrder(hooks, hooks, "ord_1");
  expect(hooks).toHaveEmitted("shop", "order.placed", { data: { orderId: expect.any(String) } });
  expect(hooks).not.toHaveEmitted("shop", "order.paid");
  expect(hooks).toHaveEmittedTimes("shop", "order.placed", 1);
});
`;

/** A product's own tests, in its own runner. */
export function describeShop(packed: () => Packed): void {
  test("is tested with node:test and with vitest, and its tests fit their types", { timeout: 180_000 }, () => {
    const app = packed().app({ "package.json": JSON.stringify({ private: true }) });
    const run = (...command: readonly string[]) => {
      const ran = app.run(command);
      expect(ran.status, `${command.join(" ")}\n${ran.stdout}${ran.stderr}`).toBe(0);
      return ran.stdout;
    };
    run("hookwright", "init", "--yes");
    run("hookwright", "generate", "--only", "typebox,emit,openapi,typescript");
    app.write({ "shop.ts": shop, "shop.test.ts": nodeTest, "shop.spec.ts": vitest });
    expect(run("node", "--test", "shop.test.ts")).toMatch(/pass 3/);
    expect(run("vitest", "run", "shop.spec.ts")).toMatch(/1 passed/);
    expect(run("tsc", "-p", ".")).toBe("");
  });
}
