/** What the engine sends on vendors' wires, verified by the vendors' own libraries. */
import { verify as verifiedByGithub } from "@octokit/webhooks-methods";
import { shopifyApi } from "@shopify/shopify-api";
import "@shopify/shopify-api/adapters/node";
import { AwsLambdaReceiver } from "@zoom/rivet/marketplace";
import Stripe from "stripe";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { openWires, type Sent, type Wires } from "./place.ts";

let wires: Wires;
beforeAll(async () => void (wires = await openWires()), 60_000);
afterAll(() => wires.close());

describe("GitHub's wire", () => {
  const data = { ref: "refs/heads/größe", repository: { id: 1, full_name: "octocat/Hello-World" } };

  test("is verified by @octokit/webhooks-methods, and not once it was changed", async () => {
    const { secret, ring, header } = await wires.deliver("github", "push", { tenant: "octocat", data });
    const signature = header("X-Hub-Signature-256");
    expect(await verifiedByGithub(secret, ring.body, signature)).toBe(true);
    expect(await verifiedByGithub(secret, `${ring.body} `, signature)).toBe(false);
  });

  test("has the data alone as its body, and type and id in headers, from where the receiver takes them", async () => {
    const sent = await wires.deliver("github", "push", { tenant: "octocat", data });
    expect(JSON.parse(sent.ring.body)).toEqual(data);
    expect(sent.header("X-GitHub-Event")).toBe("push");
    expect(sent.header("X-GitHub-Delivery")).toBe(sent.eventId);
    expect(sent.header("X-GitHub-Hook-ID")).toBe(sent.endpointId);
    expect(await wires.received("github", sent)).toEqual({ ...data, event: "push", delivery: sent.eventId });
  });

  test("is whole in the feed, which has no headers", async () => {
    await wires.deliver("github", "push", { tenant: "feed-reader", data });
    const { body } = await wires.harbor.call("GET", "/v1/orgs/feed-reader/events?contract=github");
    expect(body.events).toEqual([{ ...data, event: "push", delivery: expect.any(String) }]);
  });
});

describe("Stripe's wire", () => {
  const data = { object: { id: "pi_1", amount: 2000, currency: "eur" } };
  const stripe = { tenant: "acct_1", data };

  test("is verified by stripe's constructEvent, and not by another secret or too late", async () => {
    const { secret, ring, eventId, header } = await wires.deliver("stripe", "payment_intent.succeeded", stripe);
    const signature = header("Stripe-Signature");
    const construct = (by: string, at: number) =>
      Stripe.webhooks.constructEvent(ring.body, signature, by, 300, undefined, at * 1000);
    expect(construct(secret, wires.seconds())).toMatchObject({
      ...{ id: eventId, object: "event", type: "payment_intent.succeeded", livemode: true, data },
      created: expect.any(Number),
    });
    expect(() => construct("whsec_another", wires.seconds())).toThrow("No signatures found");
    expect(() => construct(secret, wires.seconds() + 302)).toThrow("Timestamp outside the tolerance zone");
  });

  test("is read by the receiver that was generated for it", async () => {
    const sent = await wires.deliver("stripe", "payment_intent.succeeded", stripe);
    expect(await wires.received("stripe", sent)).toEqual(JSON.parse(sent.ring.body));
  });
});

describe("Shopify's wire", () => {
  const data = { id: 820982911946, total_price: "403.00", note: null };
  const shop = { tenant: "johns-apparel.myshopify.com", data };

  /** What Shopify's own library says of a request. */
  async function validated({ secret, ring }: Pick<Sent, "secret" | "ring">) {
    const { webhooks } = shopifyApi({
      ...{ apiKey: "key", apiSecretKey: secret, hostName: "app.example", apiVersion: "2026-10" as never },
      isEmbeddedApp: false,
      logger: { log: () => {} },
    });
    return webhooks.validate({ rawBody: ring.body, rawRequest: ring, rawResponse: {} });
  }

  test("is validated by @shopify/shopify-api, which finds topic, shop, ids and time in the headers", async () => {
    const sent = await wires.deliver("shopify", "orders/create", shop);
    expect(await validated(sent)).toMatchObject({
      ...{ valid: true, topic: "ORDERS_CREATE", domain: shop.tenant, apiVersion: "2026-10", eventId: sent.eventId },
      triggeredAt: expect.stringMatching(/^\d{4}-.*Z$/),
    });
    expect(await validated({ ...sent, secret: "another" })).toMatchObject({ valid: false, reason: "invalid_hmac" });
  });

  test("is read by the receiver that was generated for it", async () => {
    const sent = await wires.deliver("shopify", "orders/create", shop);
    expect(JSON.parse(sent.ring.body)).toEqual(data);
    expect(await wires.received("shopify", sent)).toEqual({
      ...data,
      ...{ topic: "orders/create", shopDomain: shop.tenant, eventId: sent.eventId, apiVersion: "2026-10" },
      triggeredAt: sent.header("X-Shopify-Triggered-At"),
    });
  });

  test("carries what no header can hold percent-encoded, and the receiver decodes it", async () => {
    const sent = await wires.deliver("shopify", "orders/create", { tenant: 'Käthes 100% "Laden"', data });
    expect(sent.header("X-Shopify-Shop-Domain")).toBe("K%C3%A4thes%20100%25%20%22Laden%22");
    expect(await wires.received("shopify", sent)).toMatchObject({ shopDomain: 'Käthes 100% "Laden"' });
  });
});

describe("Slack's wire", () => {
  const data = { type: "app_mention", user: "U061F7AUR", text: "Is it?", channel: "C0LAN2Q65" };

  test("is read by the receiver that was generated for it", async () => {
    const sent = await wires.deliver("slack", "app_mention", { tenant: "T061EG9R6", data });
    expect(sent.header("X-Slack-Signature")).toMatch(/^v0=[0-9a-f]{64}$/);
    expect(Number(sent.header("X-Slack-Request-Timestamp"))).toBeCloseTo(wires.seconds(), -2);
    expect(await wires.received("slack", sent)).toEqual(JSON.parse(sent.ring.body));
    const later = {
      ...sent.ring,
      headers: { ...sent.ring.headers, "x-slack-request-timestamp": String(wires.seconds() + 1) },
    };
    expect(await wires.received("slack", { ...sent, ring: later })).toBe("no_matching_signature");
  });
});

describe("Zoom's wire", () => {
  const data = { account_id: "AAAAAABBBB", object: { id: "1234567890", topic: "Größe" } };

  /** What Zoom's own library answers to a request. It prints each one. */
  async function answered({ secret, ring }: Pick<Sent, "secret" | "ring">): Promise<unknown> {
    const print = vi.spyOn(console, "debug").mockImplementation(() => {});
    const handle = new AwsLambdaReceiver({ webhooksSecretToken: secret }).start();
    const answer = await handle(
      { body: ring.body, headers: ring.headers, isBase64Encoded: false } as never,
      {} as never,
    );
    print.mockRestore();
    return Object(answer).statusCode;
  }

  test("is taken by @zoom/rivet, and refused once it was changed", async () => {
    const sent = await wires.deliver("zoom", "meeting.started", { tenant: "AAAAAABBBB", data });
    expect(await answered(sent)).toBe(200);
    const ring = { ...sent.ring, body: sent.ring.body.replace("1234567890", "1234567891") };
    expect(await answered({ ...sent, ring })).toBe(400);
  });

  test("is read by the receiver that was generated for it", async () => {
    const sent = await wires.deliver("zoom", "meeting.started", { tenant: "AAAAAABBBB", data });
    const received = await wires.received("zoom", sent);
    expect(received).toEqual({ ...JSON.parse(sent.ring.body), trackingId: sent.eventId });
  });
});
