import { describe, expect, expectTypeOf, test } from "vitest";
import { dedupe, memoryStore } from "../src/core/dedupe.ts";
import { defineWebhook, type Secrets } from "../src/core/webhook.ts";
import { paid } from "./orders.ts";
import { contract, type EventMap, type UnknownEvent, Webhook } from "./shop.ts";

const body = JSON.stringify(paid);

describe("dedupe", () => {
  test("works once for each id (R-STECH-69)", async () => {
    const once = dedupe(memoryStore());
    const done: string[] = [];
    const results = [];
    for (const id of ["a", "b", "a"]) results.push(await once(id, () => done.push(id)));
    expect(results).toEqual([true, true, false]);
    expect(done).toEqual(["a", "b"]);
  });

  test("of two at the same time one works", async () => {
    const once = dedupe(memoryStore());
    expect(await Promise.all([once("a", () => undefined), once("a", () => undefined)])).toEqual([true, false]);
  });

  test("what failed is done again", async () => {
    const once = dedupe(memoryStore());
    await expect(once("a", () => Promise.reject(new Error("gone")))).rejects.toThrow("gone");
    expect(await once("a", () => undefined)).toBe(true);
  });

  test("the memory keeps the newest ids up to its bound", async () => {
    const store = memoryStore(2);
    for (const id of ["a", "b", "c"]) await store.add(id);
    expect([await store.add("b"), await store.add("c"), await store.add("a")]).toEqual([false, false, true]);
  });
});

describe("the id that a header carries", () => {
  type Carried = { [Type in keyof EventMap]: EventMap[Type] & { messageId: string } };
  const carried = { ...contract, eventId: { in: "header", name: "Shop-Id", as: "messageId" } } as const;
  const Carrying = defineWebhook<Carried, UnknownEvent & { messageId: string }, Secrets, "messageId">(carried);

  test("is a member of the event, by which it is handled once", async () => {
    const webhook = new Carrying("whsec_test");
    const headers = await webhook.sign(body, { id: "evt_7" });
    const event = await webhook.verify(body, headers);
    const handled: string[] = [];
    const once = dedupe(memoryStore());
    for (const _ of [1, 2]) await once(event.messageId, () => handled.push(event.messageId));
    expect(handled).toEqual(["evt_7"]);
  });

  test("is none of what parse gives, which sees no header", () => {
    const event = new Carrying("whsec_test").parse(body);
    expectTypeOf(event).not.toHaveProperty("messageId");
    expect(event).not.toHaveProperty("messageId");
  });
});

describe("a handler with dedupe", () => {
  const deliver = async (webhook: InstanceType<typeof Webhook>, ids: readonly string[]) => {
    let count = 0;
    const handle = webhook.handler({}, { fallback: () => (count += 1), dedupe: dedupe(memoryStore()) });
    for (const id of ids) {
      const headers = await webhook.sign(body, { id });
      const response = await handle(new Request("https://a.example", { method: "POST", body, headers }));
      expect(response.status).toBe(200);
    }
    return count;
  };

  test("handles an event once by the id in its envelope, and answers 200 to each delivery of it", async () => {
    expect(await deliver(new Webhook("whsec_test"), ["dlv_1", "dlv_2"])).toBe(1);
  });

  test("takes the id from the header where the envelope has none", async () => {
    const byHeader = { ...contract, eventId: { in: "header", name: "Shop-Id" } } as const;
    const ByHeader = defineWebhook<EventMap, UnknownEvent>(byHeader);
    expect(await deliver(new ByHeader("whsec_test"), ["evt_1", "evt_1", "evt_2"])).toBe(2);
  });
});
