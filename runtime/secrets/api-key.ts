import { createHash } from "node:crypto";
import type { Random } from "../contracts/identifier.ts";

/** A new API key, `hwk_<id>_<secret>`: the prefix is for scanners that look for leaked secrets. */
export function newApiKey(random: Random): { readonly id: string; readonly key: string } {
  const id = Buffer.from(random(8)).toString("hex");
  return { id, key: `hwk_${id}_${Buffer.from(random(32)).toString("base64url")}` };
}

/** SHA-256 in hexadecimal digits. Enough for a key: it has 256 bits of chance in it, so no dictionary leads back to it. */
export function keyHash(key: string): string {
  return createHash("sha256").update(key, "utf8").digest("hex");
}
