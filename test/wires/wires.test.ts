/** What the engine sends on other people's wires, verified by those people's own libraries. */
import { verify as verifiedByGithub } from "@octokit/webhooks-methods";
import { shopifyApi } from "@shopify/shopify-api";
import "@shopify/shopify-api/adapters/node";
import Stripe from "stripe";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { WireCatalog } from "../../runtime/contracts/wire-contract.ts";
import {
  generateIn,
  openHarbor,
  receiverIn,
  temporaryFolder,
  type Harbor,
  type Ring,
} from "../runtime/harbor/place.ts";
import { index } from "./catalog.ts";

const folder = temporaryFolder();
let catalog: WireCatalog;
let place: Harbor;

beforeAll(async () => {
  catalog = await generateIn(folder.path, index);
  place = await openHarbor(catalog, `${folder.path}/wires.db`, "local");
}, 60_000);

afterAll(async () => {
  await place.close();
  folder.dispose();
});

interface Sent {
  readonly secret: string;
  readonly endpointId: string;
  readonly eventId: string;
  readonly ring: Ring;
  /** A header as it came. */
  readonly header: (name: string) => string;
}

/** Emits an event of a contract to a new endpoint of its own, and gives what came there. */
async function deliver(
  contract: string,
  type: string,
  { tenant, data }: { tenant: string; data: object },
): Promise<Sent> {
  const made = await place.call("POST", `/v1/orgs/${tenant}/webhook-endpoints`, {
    ...{ contract, url: place.receiverUrl, events: ["*"] },
  });
  const emitted = await place.call("POST", `/v1/orgs/${tenant}/events`, { contract, type, data });
  await place.settle();
  await place.call("DELETE", `/v1/orgs/${tenant}/webhook-endpoints/${made.body.endpoint.id}`);
  const ring = place.rings.at(-1);
  if (ring === undefined || made.status !== 201 || emitted.status !== 202)
    throw new Error(JSON.stringify([made, emitted]));
  return {
    secret: made.body.signingSecret,
    endpointId: made.body.endpoint.id,
    eventId: emitted.body.event.id,
    ring,
    header: (name) => String(ring.headers[name.toLowerCase()]),
  };
}

/** What the receiver that was generated for the contract makes of a request: the event, or why it is refused. */
async function received(contract: string, { secret, ring }: Pick<Sent, "secret" | "ring">): Promise<object> {
  const { Webhook } = await receiverIn(folder.path, contract);
  const webhook = new Webhook(secret, { now: () => place.clock.now() });
  return webhook.verify(ring.body, ring.headers).catch((error: unknown) => Object(error).code);
}

const seconds = () => Math.floor(place.clock.now() / 1000);

describe("GitHub's wire", () => {
  const data = { ref: "refs/heads/größe", repository: { id: 1, full_name: "octocat/Hello-World" } };

  test("is verified by @octokit/webhooks-methods, and not once it was changed", async () => {
    const { secret, ring, header } = await deliver("github", "push", { tenant: "octocat", data });
    const signature = header("X-Hub-Signature-256");
    expect(await verifiedByGithub(secret, ring.body, signature)).toBe(true);
    expect(await verifiedByGithub(secret, `${ring.body} `, signature)).toBe(false);
  });

  test("has the data alone as its body, and type and id in headers, from where the receiver takes them", async () => {
    const sent = await deliver("github", "push", { tenant: "octocat", data });
    expect(JSON.parse(sent.ring.body)).toEqual(data);
    expect(sent.header("X-GitHub-Event")).toBe("push");
    expect(sent.header("X-GitHub-Delivery")).toBe(sent.eventId);
    expect(sent.header("X-GitHub-Hook-ID")).toBe(sent.endpointId);
    expect(await received("github", sent)).toEqual({ ...data, event: "push", delivery: sent.eventId });
  });

  test("is whole in the feed, which has no headers", async () => {
    await deliver("github", "push", { tenant: "feed-reader", data });
    const { body } = await place.call("GET", "/v1/orgs/feed-reader/events?contract=github");
    expect(body.events).toEqual([{ ...data, event: "push", delivery: expect.any(String) }]);
  });
});

describe("Stripe's wire", () => {
  const data = { object: { id: "pi_1", amount: 2000, currency: "eur" } };
  const stripe = { tenant: "acct_1", data };

  test("is verified by stripe's constructEvent, and not by another secret or too late", async () => {
    const { secret, ring, eventId, header } = await deliver("stripe", "payment_intent.succeeded", stripe);
    const signature = header("Stripe-Signature");
    const construct = (by: string, at: number) =>
      Stripe.webhooks.constructEvent(ring.body, signature, by, 300, undefined, at * 1000);
    expect(construct(secret, seconds())).toMatchObject({
      ...{ id: eventId, object: "event", type: "payment_intent.succeeded", livemode: true, data },
      created: expect.any(Number),
    });
    expect(() => construct("whsec_another", seconds())).toThrow("No signatures found");
    expect(() => construct(secret, seconds() + 302)).toThrow("Timestamp outside the tolerance zone");
  });

  test("is read by the receiver that was generated for it", async () => {
    const sent = await deliver("stripe", "payment_intent.succeeded", stripe);
    expect(await received("stripe", sent)).toEqual(JSON.parse(sent.ring.body));
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
    const sent = await deliver("shopify", "orders/create", shop);
    expect(await validated(sent)).toMatchObject({
      ...{ valid: true, topic: "ORDERS_CREATE", domain: shop.tenant, apiVersion: "2026-10", eventId: sent.eventId },
      triggeredAt: expect.stringMatching(/^\d{4}-.*Z$/),
    });
    expect(await validated({ ...sent, secret: "another" })).toMatchObject({ valid: false, reason: "invalid_hmac" });
  });

  test("is read by the receiver that was generated for it", async () => {
    const sent = await deliver("shopify", "orders/create", shop);
    expect(JSON.parse(sent.ring.body)).toEqual(data);
    expect(await received("shopify", sent)).toEqual({
      ...data,
      ...{ topic: "orders/create", shopDomain: shop.tenant, eventId: sent.eventId, apiVersion: "2026-10" },
      triggeredAt: sent.header("X-Shopify-Triggered-At"),
    });
  });

  test("carries what no header can hold percent-encoded, and the receiver decodes it", async () => {
    const sent = await deliver("shopify", "orders/create", { tenant: encodeURIComponent('Käthes 100% "Laden"'), data });
    expect(sent.header("X-Shopify-Shop-Domain")).toBe("K%C3%A4thes%20100%25%20%22Laden%22");
    expect(await received("shopify", sent)).toMatchObject({ shopDomain: 'Käthes 100% "Laden"' });
  });
});

describe("Slack's wire", () => {
  const data = { type: "app_mention", user: "U061F7AUR", text: "Is it?", channel: "C0LAN2Q65" };

  test("is read by the receiver that was generated for it", async () => {
    const sent = await deliver("slack", "app_mention", { tenant: "T061EG9R6", data });
    expect(sent.header("X-Slack-Signature")).toMatch(/^v0=[0-9a-f]{64}$/);
    expect(Number(sent.header("X-Slack-Request-Timestamp"))).toBeCloseTo(seconds(), -2);
    expect(await received("slack", sent)).toEqual(JSON.parse(sent.ring.body));
    const later = {
      ...sent.ring,
      headers: { ...sent.ring.headers, "x-slack-request-timestamp": String(seconds() + 1) },
    };
    expect(await received("slack", { ...sent, ring: later })).toBe("no_matching_signature");
  });
});
