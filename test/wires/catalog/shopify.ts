import { contract } from "../../../catalog/contract.ts";
import { shopifyWire } from "../../../catalog/vendor-presets.ts";
import type { Int } from "../../../catalog/vocabulary.ts";

export interface ShopifyEvents {
  /** An order was placed. */
  "orders/create": { id: Int; total_price: string; note: string | null };
}

export const shopify = contract<ShopifyEvents>({
  ...shopifyWire,
  envelope: {
    ...shopifyWire.envelope,
    apiVersion: { constant: "2026-10", header: "X-Shopify-API-Version", doc: "The version of the resources." },
  },
  id: "shopify",
  title: "Order webhooks",
  doc: "What becomes of orders, on Shopify's wire.",
  tenant: { noun: "shop", example: "johns-apparel.myshopify.com" },
  userAgent: "Shopify-Captain-Hook",
  examples: { "orders/create": { one: { id: 820982911946, total_price: "403.00", note: null } } },
});
