import { describe, expect, test } from "vitest";
import type { Handlers } from "../src/core/webhook.ts";
import { flagged, paid, paidWith } from "./orders.ts";
import { type EventMap, Webhook, WebhookError, type WebhookEvent } from "./shop.ts";

const webhook = new Webhook("whsec_test", { maxBodyBytes: 2000 });
const url = "https://receiver.example/hooks";

/** A handler that keeps what it is told, and the means to send it events. */
function receiver(handlers: Handlers<EventMap> = {}) {
  const fallen: WebhookEvent[] = [];
  const errors: unknown[] = [];
  const handle = webhook.handler(handlers, {
    fallback: (event) => void fallen.push(event),
    onError: (error) => void errors.push(error),
  });
  const send = async (body: string, headers?: Record<string, string>) =>
    handle(new Request(url, { method: "POST", body, headers: headers ?? (await webhook.sign(body)) }));
  return { handle, send, fallen, errors };
}

describe("handler", () => {
  test("calls the handler of the event's type and answers 200 when it is done", async () => {
    const done: string[] = [];
    const { send, fallen, errors } = receiver({
      "order.paid": async (event) => {
        await Promise.resolve();
        done.push(event.data.customer.name);
      },
    });
    const response = await send(JSON.stringify(paid));
    expect([response.status, await response.text()]).toEqual([200, "ok"]);
    expect([done, fallen, errors]).toEqual([["Zoë"], [], []]);
  });

  test("the fallback gets known events without a handler, and unknown ones", async () => {
    const { send, fallen } = receiver({ "order.paid": () => undefined });
    expect((await send(JSON.stringify(flagged))).status).toBe(200);
    expect((await send(JSON.stringify({ ...paid, type: "later" }))).status).toBe(200);
    expect(fallen.map((event) => (event.type === "$unknown" ? event.rawType : event.type))).toEqual([
      "order.flagged",
      "later",
    ]);
  });

  test.each<[string, number, string, Record<string, string>?]>([
    ["missing_header", 400, JSON.stringify(paid), {}],
    ["body_too_large", 400, "x".repeat(2001)],
    ["invalid_json", 422, "{"],
    ["invalid_field", 422, paidWith({ total: null })],
  ])("%s is answered %i and reported", async (code, status, body, headers) => {
    const { send, errors, fallen } = receiver();
    const response = await send(body, headers);
    expect(response.status).toBe(status);
    expect(await response.text()).toContain(code);
    expect(errors).toMatchObject([{ code }]);
    expect(fallen).toEqual([]);
  });

  test("a wrong signature is answered 400 and no handler is called", async () => {
    const body = JSON.stringify(paid);
    const { send, errors, fallen } = receiver();
    expect((await send(body, await new Webhook("whsec_other").sign(body))).status).toBe(400);
    expect(errors).toMatchObject([{ code: "no_matching_signature" }]);
    expect(fallen).toEqual([]);
  });

  test.each<[string, unknown]>([
    ["an error", new Error("the database is gone")],
    ["a WebhookError", new WebhookError("invalid_field", "of another webhook")],
    ["text", "oops"],
  ])("a handler that throws %s is answered 500, reported, and not told to the sender", async (_name, thrown) => {
    const { send, errors } = receiver({
      "order.paid": () => {
        throw thrown;
      },
    });
    const response = await send(JSON.stringify(paid));
    expect([response.status, await response.text()]).toEqual([500, "The handler failed."]);
    expect(errors).toEqual([thrown]);
  });

  test("a promise that is rejected is answered 500", async () => {
    const { send } = receiver({ "order.paid": () => Promise.reject(new Error("later")) });
    expect((await send(JSON.stringify(paid))).status).toBe(500);
  });

  test("a request whose body was read before is body_already_parsed", async () => {
    const { handle, errors } = receiver();
    const request = new Request(url, { method: "POST", body: "{}" });
    await request.text();
    expect((await handle(request)).status).toBe(500);
    expect(errors).toMatchObject([{ code: "body_already_parsed" }]);
  });

  test("a request without a body is checked like any other", async () => {
    const { handle, errors } = receiver();
    expect((await handle(new Request(url))).status).toBe(400);
    expect(errors).toMatchObject([{ code: "missing_header" }]);
  });

  test("a body of unknown length is cut off at the limit", async () => {
    let sent = 0;
    let cancelled = false;
    const long = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent += 1;
        controller.enqueue(new Uint8Array(1000));
        if (sent === 50) controller.close();
      },
      cancel() {
        cancelled = true;
      },
    });
    const { handle, errors } = receiver();
    const init: RequestInit = { method: "POST", body: long, duplex: "half" };
    expect((await handle(new Request(url, init))).status).toBe(400);
    expect(errors).toMatchObject([{ code: "body_too_large" }]);
    expect(cancelled).toBe(true);
    expect(sent).toBeLessThan(10);
  });

  test("a body in several pieces is put together in order", async () => {
    const bytes = new TextEncoder().encode(JSON.stringify(paid));
    const pieces = [bytes.subarray(0, 7), new Uint8Array(), bytes.subarray(7, 100), bytes.subarray(100)];
    const { handle, fallen } = receiver();
    const init: RequestInit = { method: "POST", body: ReadableStream.from(pieces), duplex: "half" };
    const request = new Request(url, { ...init, headers: await webhook.sign(bytes) });
    expect((await handle(request)).status).toBe(200);
    expect(fallen).toEqual([paid]);
  });

  test("the fallback is not optional", () => {
    // @ts-expect-error It is required by the types as well.
    expect(() => webhook.handler({})).toThrow(TypeError);
  });
});
