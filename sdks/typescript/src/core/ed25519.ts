/** Ed25519 (RFC 8032), as far as what every runtime has in WebCrypto leaves things open. */

type Bytes = Uint8Array<ArrayBuffer>;

/** Whether every library takes it: 32 bytes that encode a point in its one form, which is not of small order. */
export function isPublicKey(bytes: Uint8Array): boolean {
  return bytes.length === 32 && isStrongPoint(bytes);
}

/**
 * Whether this is the signature in base64 of these bytes. Runtimes differ in what they make of points of small order,
 * so these are refused before they are asked. Nothing here is secret, so that nothing has to take the same time.
 */
export async function verifyEd25519(publicKey: Bytes, content: Bytes, base64: string): Promise<boolean> {
  const signature = signatureBytes(base64);
  if (signature === null || !isStrongPoint(signature.subarray(0, 32))) return false;
  const key = await crypto.subtle.importKey("raw", publicKey, { name: "Ed25519" }, false, ["verify"]).catch(pointless);
  return key !== null && crypto.subtle.verify({ name: "Ed25519" }, key, signature, content);
}

// Some runtimes find out at once that a key is no point of the curve, others when they verify with it.
function pointless(error: unknown): null {
  if (error instanceof Error && error.name === "DataError") return null;
  throw error;
}

/** 64 bytes in the one form that base64 has for them. */
function signatureBytes(base64: string): Bytes | null {
  if (!/^[A-Za-z0-9+/]{86}==$/.test(base64)) return null;
  const text = atob(base64);
  return btoa(text) === base64 ? Uint8Array.from(text, (character) => character.charCodeAt(0)) : null;
}

/** The highest bit is the sign of x; the others are y, the least significant byte first. */
function isStrongPoint(bytes: Uint8Array): boolean {
  const y = Array.from(bytes, (byte, index) => (index === 31 ? byte & 0x7f : byte).toString(16).padStart(2, "0"))
    .reverse()
    .join("");
  return y < fieldPrime && !smallOrder.includes(y);
}

/** 2^255 - 19. */
const fieldPrime = `7f${"ff".repeat(30)}ed`;

/** y of the eight points whose order divides 8: 0, 1, -1, and of order 8 two. */
const smallOrder: readonly string[] = [
  "00".repeat(32),
  `${"00".repeat(31)}01`,
  `7f${"ff".repeat(30)}ec`,
  "7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7",
  "05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826",
];
