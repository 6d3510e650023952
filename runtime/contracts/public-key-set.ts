import { createPublicKey } from "node:crypto";
import type { Signature } from "../../catalog/contract.ts";
import { keyThumbprint } from "./message-signature.ts";

/** A public key as a JSON Web Key (RFC 7517, RFC 8037). */
export interface PublicJwk {
  readonly kty: "OKP";
  readonly crv: "Ed25519";
  readonly x: string;
  readonly kid: string;
  readonly alg: "EdDSA";
  readonly use: "sig";
}

/** The key set of an endpoint by its public key as it is shown, `whpk_…`. Without a key pair it is empty. */
export function publicKeySet(signature: Signature | null, shown: string | null): { readonly keys: PublicJwk[] } {
  const pair = signature?.algorithm === "ed25519" ? signature : signature?.beside;
  if (pair === undefined || shown === null || !shown.startsWith(pair.publicKeyPrefix)) return { keys: [] };
  const x = Buffer.from(shown.slice(pair.publicKeyPrefix.length), "base64").toString("base64url");
  const key = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
  return { keys: [{ kty: "OKP", crv: "Ed25519", x, kid: keyThumbprint(key), alg: "EdDSA", use: "sig" }] };
}
