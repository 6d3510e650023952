/** A contract that programs subscribe to: what they have to be able to do with a subscription. */
import { textAt, valueAt } from "./evaluated.ts";
import type { Evaluated, EvaluatedObject } from "./evaluated.ts";
import type { Report } from "./report.ts";

export function checkSubscribers(declaration: EvaluatedObject, report: Report): void {
  const subscribers = valueAt(declaration, "subscribers");
  if (subscribers?.kind !== "object") return;
  const refuse = (message: string, at = subscribers.node) => report({ code: "HW085", at, message });
  if (textAt(declaration, "signature", "algorithm") === "ed25519")
    refuse("a subscriber brings a secret, and requests are signed with a key pair");
  if (valueAt(declaration, "signature", "beside")?.kind === "object")
    refuse("a subscriber brings one secret, and requests have a second signature with a key pair");
  if (textAt(declaration, "secret", "scope") === "tenant")
    refuse("each subscriber brings a secret, and all endpoints of a tenant share theirs");
  const headers = valueAt(declaration, "headers");
  const values = headers?.kind === "object" ? [...headers.entries.values()].map(({ value }) => value) : [];
  if (values.every((value) => value.kind !== "invalid" && textAt(value) !== "endpoint.id"))
    refuse("a subscriber that has several subscriptions cannot tell which secret is that of a delivery");
  const ttl = valueAt(subscribers, "ttlSeconds");
  const [min, usual, max] = ["min", "default", "max"].map((name) => numberOf(valueAt(ttl, name)));
  if (min === undefined || usual === undefined || max === undefined) return;
  if (min < 1 || min > usual || usual > max)
    refuse(`a subscription is granted from ${min} to ${max} seconds, and usually ${usual}`, ttl?.node);
}

function numberOf(value: Evaluated | undefined): number | undefined {
  return value?.kind === "scalar" && typeof value.value === "number" ? value.value : undefined;
}
