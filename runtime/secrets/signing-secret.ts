import type { Secret } from "../../catalog/contract.ts";
import type { Random } from "../contracts/identifier.ts";

/** A new signing secret in the contract's form: `whsec_` and 64 hexadecimal digits, say (R-STECH-04). */
export function newSecret({ prefix, bytes, encoding }: Secret, random: Random): string {
  return prefix + Buffer.from(random(bytes)).toString(encoding);
}

/** What a sealed signing secret is bound to: in another endpoint's row it does not open. */
export function secretContext({ tenant, id }: { readonly tenant: string; readonly id: string }): string {
  return `${tenant}|${id}|signing_secret`;
}
