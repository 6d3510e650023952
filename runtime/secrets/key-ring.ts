import { createCipheriv, createDecipheriv, createSecretKey, randomBytes, type KeyObject } from "node:crypto";
import { HookwrightError } from "../errors.ts";

/** A key of 32 bytes for AES-256-GCM, and the name its ciphertexts carry. */
export interface SealingKey {
  readonly id: string;
  readonly key: Uint8Array;
}

/**
 * Seals secrets at rest (R-STECH-52): AES-256-GCM with a random 96-bit nonce. The first key seals, all of them open, so
 * a key is retired by putting a new one before it.
 */
export interface KeyRing {
  /** The key that seals. */
  readonly newestId: string;
  /** Of all keys, the newest first. */
  readonly ids: readonly string[];
  /** The key that sealed this, in the ring or not. */
  readonly keyIdOf: (sealed: string) => string;
  /** `context` says whose secret it is and in which column: a ciphertext moved to another row does not open. */
  readonly seal: (plaintext: string, context: string) => string;
  /** Throws `secret_unreadable` when no key of the ring sealed it, or it was made for another context or changed. */
  readonly open: (sealed: string, context: string) => string;
}

const version = "v1";
const algorithm = "aes-256-gcm";
const nonceBytes = 12;
const keyBytes = 32;

export function openKeyRing(keys: readonly SealingKey[]): KeyRing {
  const ring = new Map(keys.map(({ id, key }) => [id, keyObject(id, key)]));
  const [first] = ring;
  if (first === undefined) throw invalid("expected at least one key, got none");

  return {
    newestId: first[0],
    ids: [...ring.keys()],
    keyIdOf: (sealed) => sealed.split(".")[1] ?? "",
    seal: (plaintext, context) => {
      const [id, key] = first;
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv(algorithm, key, nonce).setAAD(aad(context, id));
      const ciphertext = Buffer.concat([cipher.update(plaintext, "utf8"), cipher.final()]);
      return [version, id, ...[nonce, ciphertext, cipher.getAuthTag()].map((part) => part.toString("base64url"))].join(
        ".",
      );
    },
    open: (sealed, context) => {
      const [given, id = "", nonce = "", ciphertext = "", tag = "", ...rest] = sealed.split(".");
      const key = ring.get(id);
      if (given !== version || rest.length > 0) throw unreadable("it is not in the form this version writes");
      if (key === undefined) throw unreadable(`the key ring has no key ${JSON.stringify(id)}`);
      try {
        const decipher = createDecipheriv(algorithm, key, Buffer.from(nonce, "base64url"), { authTagLength: 16 })
          .setAAD(aad(context, id))
          .setAuthTag(Buffer.from(tag, "base64url"));
        return decipher.update(Buffer.from(ciphertext, "base64url"), undefined, "utf8") + decipher.final("utf8");
      } catch {
        throw unreadable(`the key ${JSON.stringify(id)} did not seal it for this place`);
      }
    },
  };
}

/** Reads `HOOKWRIGHT_SECRET_KEYS`: `id:base64,id2:base64`. Throws `invalid_configuration`; no key is ever in a message. */
export function parseKeyRing(text: string): KeyRing {
  const keys = text.split(",").map((entry) => {
    const [id = "", encoded = "", ...rest] = entry.trim().split(":");
    if (!/^[A-Za-z0-9_-]{1,32}$/.test(id) || rest.length > 0) {
      throw invalid("expected id:base64 with an id of 1 to 32 letters, digits, _ or -");
    }
    return { id, key: Buffer.from(encoded, "base64") };
  });
  if (new Set(keys.map(({ id }) => id)).size < keys.length) throw invalid("expected each id once");
  return openKeyRing(keys);
}

function keyObject(id: string, key: Uint8Array): KeyObject {
  if (key.length !== keyBytes)
    throw invalid(`key ${JSON.stringify(id)}: expected ${keyBytes} bytes, got ${key.length}`);
  return createSecretKey(key);
}

function aad(context: string, keyId: string): Buffer {
  return Buffer.from(`${context}|${keyId}`, "utf8");
}

function invalid(problem: string): HookwrightError {
  return new HookwrightError("invalid_configuration", `HOOKWRIGHT_SECRET_KEYS: ${problem}.`);
}

function unreadable(reason: string): HookwrightError {
  return new HookwrightError("secret_unreadable", `A sealed secret cannot be opened: ${reason}.`);
}
