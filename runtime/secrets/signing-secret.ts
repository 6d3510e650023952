import type { Secret } from "../../catalog/contract.ts";
import type { Random } from "../contracts/identifier.ts";
import type { Endpoint } from "../store.ts";
import type { KeyRing } from "./key-ring.ts";

/** A new signing secret in the contract's form: `whsec_` and 64 hexadecimal digits, say (R-STECH-04). */
export function newSecret({ prefix, bytes, encoding }: Secret, random: Random): string {
  return prefix + Buffer.from(random(bytes)).toString(encoding);
}

/** What a sealed signing secret is bound to: in another endpoint's row, or in another place of its own, it does not open. */
export function secretContext(
  { tenant, id }: { readonly tenant: string; readonly id: string },
  which: "current" | "previous",
): string {
  return `${tenant}|${id}|${places[which]}`;
}

const places = { current: "signing_secret", previous: "previous_signing_secret" } as const;

/** What the other secrets are bound to. */
export function sealingContext(
  { tenant, id }: { readonly tenant: string; readonly id: string },
  place: "authorization" | "notice_url" | "signing_key",
): string {
  return `${tenant}|${id}|${place}`;
}

/** An endpoint's secret in clear. Throws `secret_unreadable`. */
export function openSecret(keyRing: KeyRing, endpoint: Endpoint, which: "current" | "previous"): string {
  const sealed = which === "current" ? endpoint.sealedSecret : endpoint.previousSecret?.sealed;
  return keyRing.open(sealed ?? "", secretContext(endpoint, which));
}
