import { HookwrightError } from "../errors.ts";
import type { PushContract, Secret } from "../../catalog/contract.ts";
import type { Random } from "../contracts/identifier.ts";
import { privateKeyOf, publicKeyBytes, secretSeparator } from "../contracts/signature.ts";
import type { Endpoint } from "../seams/log-store.ts";
import type { KeyRing } from "./key-ring.ts";

/** A new signing secret in the contract's form: `whsec_` and 64 hexadecimal digits, say (R-STECH-04). */
export function newSecret({ prefix, bytes, encoding }: Secret, random: Random): string {
  return prefix + Buffer.from(random(bytes)).toString(encoding);
}

/** What an endpoint gets to sign with, and what of it its owner is shown. */
export interface NewSecrets {
  /** What is sealed: a secret, or one for each of two algorithms. */
  readonly text: string;
  /** Shared with the receiver, and shown once. Null: there is a private key alone, which nobody is shown. */
  readonly shared: string | null;
  /** Null: the contract has no key pairs. */
  readonly publicKey: string | null;
}

/** New secrets of an endpoint, as the contract declares them. */
export function newSecrets({ signature, secret }: PushContract, random: Random): NewSecrets {
  if (signature.algorithm === "ed25519") {
    const pair = newKeyPair({ ...signature, secretPrefix: secret.prefix }, random);
    return { text: pair.secret, shared: null, publicKey: pair.publicKey };
  }
  const shared = newSecret(secret, random);
  if (signature.beside === undefined) return { text: shared, shared, publicKey: null };
  const pair = newKeyPair(signature.beside, random);
  return { text: shared + secretSeparator + pair.secret, shared, publicKey: pair.publicKey };
}

/** A private key is written as 32 random bytes and the 32 of its public key, as libraries for Ed25519 do. */
function newKeyPair(
  { secretPrefix, publicKeyPrefix }: { readonly secretPrefix: string; readonly publicKeyPrefix: string },
  random: Random,
): { readonly secret: string; readonly publicKey: string } {
  const seed = Buffer.from(random(32));
  const bytes = publicKeyBytes(privateKeyOf(seed));
  return {
    secret: secretPrefix + Buffer.concat([seed, bytes]).toString("base64"),
    publicKey: publicKeyPrefix + bytes.toString("base64"),
  };
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

/** Whether the ring opens the endpoint's current secret. */
export function canOpenSecret(keyRing: KeyRing, endpoint: Endpoint): boolean {
  try {
    openSecret(keyRing, endpoint, "current");
    return true;
  } catch {
    return false;
  }
}

/**
 * The id of the key that the ring lacks to open a secret of the endpoint, given the error that opening it made. Null: that
 * is not what the error is about.
 */
export function missingKeyOf(keyRing: KeyRing, error: unknown, endpoint: Endpoint): string | null {
  if (!(error instanceof HookwrightError) || error.code !== "secret_unreadable") return null;
  const sealed = [endpoint.sealedSecret, ...(endpoint.previousSecret === null ? [] : [endpoint.previousSecret.sealed])];
  return sealed.map(keyRing.keyIdOf).find((id) => !keyRing.ids.includes(id)) ?? null;
}
