import { describe, expect, expectTypeOf, test } from "vitest";
import { dedupe, memoryStore } from "../src/core/dedupe.ts";
import { WebhookError } from "../src/core/errors.ts";
import type { Batch } from "../src/core/stream.ts";
import { type ReadingTaken, Webhook, type WebhookEvent } from "./records.ts";
import { type F, Webhook as Tape, type WebhookEvent as Entry } from "./tape.ts";

const webhook = new Webhook("key_1");

const reading = (id: string, value: unknown = 1): ReadingTaken => {
  const record = { meter: "m_1", value } as ReadingTaken["record"];
  const envelope = { version: 1, source: "https://records.example", time: "2026-05-08T15:00:00.000Z" } as const;
  return { ...envelope, id, tenantId: "tnt_1", type: "reading.taken", record };
};

const post = async (body: string) =>
  new Request("https://receiver.example", { method: "POST", body, headers: await webhook.sign(body) });

const ids = (records: readonly WebhookEvent[]) => records.map(({ id }) => id);

describe("a batch", () => {
  test("each record goes to the handler of its type, one after the other, the others to the fallback", async () => {
    const log: string[] = [];
    const handle = webhook.handler(
      {
        "reading.taken": async ({ id, record }) => {
          expectTypeOf(record.value).toBeNumber();
          log.push(`begin ${id}`);
          await Promise.resolve();
          log.push(`end ${id}`);
        },
      },
      { fallback: (event) => void log.push(`fallback ${event.id} ${event.type}`) },
    );
    const records = [reading("1"), { ...reading("2"), type: "later" }, reading("3")];
    expect((await handle(await post(JSON.stringify({ records })))).status).toBe(200);
    expect(log).toEqual(["begin 1", "end 1", "fallback 2 $unknown", "begin 3", "end 3"]);
  });

  test("a handler that throws ends the batch with 500, and with dedupe only the rest is handled again", async () => {
    const handled: string[] = [];
    const failing = new Set(["2"]);
    const handle = webhook.handler(
      {
        "reading.taken": ({ id }) => {
          if (failing.delete(id)) throw new Error("the disk is full");
          handled.push(id);
        },
      },
      { fallback: () => undefined, onError: () => undefined, dedupe: dedupe(memoryStore()) },
    );
    const body = JSON.stringify({ records: [reading("1"), reading("2"), reading("3")] });
    expect((await handle(await post(body))).status).toBe(500);
    expect(handled).toEqual(["1"]);
    expect((await handle(await post(body))).status).toBe(200);
    expect(handled).toEqual(["1", "2", "3"]);
  });

  test("one malformed record refuses the batch before a handler is called, with its place", async () => {
    const errors: unknown[] = [];
    const handle = webhook.handler(
      {},
      { fallback: () => expect.unreachable(), onError: (error) => errors.push(error) },
    );
    const response = await handle(await post(JSON.stringify({ records: [reading("1"), reading("2", "12")] })));
    expect(response.status).toBe(422);
    expect(errors).toMatchObject([{ code: "invalid_field", path: "records[1].record.value" }]);
  });

  test("verify and parse give the union of the records", async () => {
    const body = JSON.stringify({ records: [reading("1"), reading("2")] });
    expect(ids((await webhook.verify(body, await webhook.sign(body))).records)).toEqual(["1", "2"]);
    expect(ids(webhook.parse(body).records)).toEqual(["1", "2"]);
    expectTypeOf(webhook.parse).returns.toEqualTypeOf<Batch<WebhookEvent>>();
    expectTypeOf(webhook.verify).returns.resolves.toEqualTypeOf<Batch<WebhookEvent>>();
  });
});

test("a record narrows by its type, with its data's members in it, and the unknown one keeps whatever it has", () => {
  const narrow = (entry: Entry): string => {
    if (entry.type === "f") {
      expectTypeOf(entry).toEqualTypeOf<F>();
      return entry.user_id;
    }
    expectTypeOf(entry.type).toEqualTypeOf<"$unknown">();
    expectTypeOf(entry["ip"]).toBeUnknown();
    return entry.rawType;
  };
  expect(narrow({ date: "", type: "f", _id: "1", ip: "", user_id: "u_1" })).toBe("u_1");
  expect(narrow({ date: "", type: "$unknown", _id: "1", rawType: "later", ip: 7 })).toBe("later");
});

describe("a contract without signatures", () => {
  const body = '[{"date":"2026-05-08T15:00:00.000Z","type":"f","ip":"","user_id":"u_1","_id":"1"}]';

  test("one of several texts is enough while one replaces another, and sign sends the first", async () => {
    const tape = new Tape(["Bearer new", "Bearer old"]);
    for (const authorization of ["Bearer new", "Bearer old"]) {
      expect((await tape.verify(body, { authorization })).records).toHaveLength(1);
    }
    expect(await tape.sign(body)).toEqual({ Authorization: "Bearer new" });
    expect(await new Tape(null).sign(body)).toEqual({});
  });

  test("a wrong one is answered 401, and no error shows the right one", async () => {
    const errors: unknown[] = [];
    const handle = new Tape("Bearer 4f1d8c2a97").handler(
      {},
      { fallback: () => undefined, onError: (error) => errors.push(error) },
    );
    const request = (headers: Record<string, string>) =>
      new Request("https://a.example", { method: "POST", body, headers });
    const response = await handle(request({ authorization: "Bearer 4f1d8c2a98" }));
    expect([response.status, await response.text()]).toEqual([401, expect.stringContaining("authorization_mismatch")]);
    expect(String(errors[0])).not.toContain("4f1d8c2a97");
    expect((await handle(request({ authorization: "Bearer 4f1d8c2a97" }))).status).toBe(200);
  });

  test("the header twice is invalid_header", async () => {
    const twice = new Tape("a").verify(body, [
      ["authorization", "a"],
      ["Authorization", "a"],
    ]);
    await expect(twice).rejects.toMatchObject({ code: "invalid_header" });
  });

  test.each([[undefined], [""], [[]], [["a", ""]], ["Bearer a "], ["a\n"]])("%j is no authorization", (given) => {
    expect(() => new Tape(given)).toThrow(WebhookError);
  });

  test("null has to be said: it is not what a signed contract takes", () => {
    expectTypeOf<null>().toExtend<ConstructorParameters<typeof Tape>[0]>();
    expectTypeOf<null>().not.toExtend<ConstructorParameters<typeof Webhook>[0]>();
    expect(() => new Webhook(JSON.parse("null"))).toThrow(WebhookError);
  });
});
