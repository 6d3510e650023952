import { contract } from "../../../catalog/contract.ts";
import { stripeWire } from "../../../catalog/vendor-presets.ts";
import type { Id, Int } from "../../../catalog/vocabulary.ts";

export interface StripeEvents {
  /** A payment succeeded. */
  "payment_intent.succeeded": { object: { id: Id; amount: Int; currency: string } };
}

export const stripe = contract<StripeEvents>({
  ...stripeWire,
  envelope: { ...stripeWire.envelope, api_version: { constant: "2026-11-01", doc: "The version of the resources." } },
  id: "stripe",
  title: "Payment webhooks",
  doc: "What becomes of payments, on Stripe's wire.",
  tenant: { noun: "account", example: "acct_1032D82eZvKYlo2C" },
  userAgent: "Stripe/1.0",
  examples: {
    "payment_intent.succeeded": { one: { object: { id: "pi_1", amount: 2000, currency: "eur" } } },
  },
});
