import { hash } from "node:crypto";
import type { Random } from "../contracts/identifier.ts";

/** What a key says of itself, for scanners that look for leaked secrets, and for whoever finds one. */
export const keyPrefixes = { apiKey: "hwk_", portalToken: "hwp_" } as const;

/** A new API key, `hwk_<id>_<secret>`, or a token in the same form. The secret has 256 bits from `random`. */
export function newApiKey(id: string, random: Random, prefix: string = keyPrefixes.apiKey): string {
  return `${prefix}${id}_${Buffer.from(random(32)).toString("base64url")}`;
}

/** SHA-256 in hexadecimal digits. Enough for a key: it has 256 bits of chance in it, so no dictionary leads back to it. */
export function keyHash(key: string): string {
  return hash("sha256", key, "hex");
}
