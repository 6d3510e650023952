import { expectTypeOf, test } from "vitest";
import type { HandlerOptions, HeaderSource, WebhookConstructor } from "../src/core/webhook.ts";
import { flagged, paid } from "./orders.ts";
import {
  type EventMap,
  type FraudSuspected,
  type OrderFlag,
  type OrderFlagged,
  type OrderPaid,
  type OrderRefunded,
  type UnknownEvent,
  type UnknownFlag,
  Webhook,
  type WebhookEvent,
} from "./shop.ts";

const webhook = new Webhook("whsec_test");

test("verify and parse give the union of all events and the unknown one", () => {
  expectTypeOf(webhook.verify).returns.resolves.toEqualTypeOf<WebhookEvent>();
  expectTypeOf(webhook.parse).returns.toEqualTypeOf<WebhookEvent>();
  expectTypeOf(Webhook).toEqualTypeOf<WebhookConstructor<EventMap, UnknownEvent>>();
});

test("the type narrows, with the unknown event in the union, to never at the end", () => {
  const narrow = (event: WebhookEvent): string => {
    switch (event.type) {
      case "order.paid":
        expectTypeOf(event).toEqualTypeOf<OrderPaid>();
        return event.data.customer.name;
      case "order.flagged":
        expectTypeOf(event).toEqualTypeOf<OrderFlagged>();
        return event.data.orderId;
      case "order.refunded":
        expectTypeOf(event).toEqualTypeOf<OrderRefunded>();
        return event.data.last4;
      case "$unknown":
        expectTypeOf(event).toEqualTypeOf<UnknownEvent>();
        expectTypeOf(event.data).toBeUnknown();
        return event.rawType;
      default:
        expectTypeOf(event).toBeNever();
        return event;
    }
  };
  expectTypeOf(narrow).parameter(0).toEqualTypeOf<WebhookEvent>();
  narrow(webhook.parse(JSON.stringify(paid)));
});

test("a mistyped event name is an error", () => {
  const event = webhook.parse(JSON.stringify(flagged));
  // @ts-expect-error There is no such event.
  void (event.type === "order.payed");
});

test("an open union narrows in the same way", () => {
  const narrow = (flag: OrderFlag) => {
    if (flag.kind === "fraud_suspected") expectTypeOf(flag).toEqualTypeOf<FraudSuspected>();
    if (flag.kind === "$unknown") expectTypeOf(flag).toEqualTypeOf<UnknownFlag>();
  };
  narrow({ kind: "stock_missing", skus: [] });
});

test("each handler gets its own event, the fallback gets any", () => {
  webhook.handler(
    {
      "order.paid": (event) => expectTypeOf(event).toEqualTypeOf<OrderPaid>(),
      "order.flagged": async (event) => expectTypeOf(event).toEqualTypeOf<OrderFlagged>(),
    },
    { fallback: (event) => expectTypeOf(event).toEqualTypeOf<WebhookEvent>() },
  );
  // @ts-expect-error A handler for an event that does not exist.
  webhook.handler({ "order.payed": () => undefined }, { fallback: () => undefined });
  expectTypeOf<HandlerOptions<WebhookEvent>>().toHaveProperty("fallback");
  expectTypeOf<{ onError: () => void }>().not.toExtend<HandlerOptions<WebhookEvent>>();
});

test("what servers call headers is accepted", () => {
  expectTypeOf<Headers>().toExtend<HeaderSource>();
  expectTypeOf<Map<string, string>>().toExtend<HeaderSource>();
  expectTypeOf<[string, string][]>().toExtend<HeaderSource>();
  expectTypeOf<NodeJS.Dict<string | string[]>>().toExtend<HeaderSource>();
  expectTypeOf<{ [name: string]: string | undefined }>().toExtend<HeaderSource>();
});
