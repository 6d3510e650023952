import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { SignatureScheme } from "../src/core/contract.ts";
import { WebhookError, type WebhookErrorCode } from "../src/core/errors.ts";
import { keysOf } from "../src/core/secrets.ts";
import { signatureHeaders, verifySignature } from "../src/core/signature.ts";

interface Vector {
  readonly name: string;
  readonly scheme: SignatureScheme;
  readonly secrets: readonly string[];
  readonly now: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly bodyBase64: string;
  readonly expect: { readonly ok: true } | { readonly ok: false; readonly code: WebhookErrorCode };
}

const file = new URL("../../../test/vectors/signatures.json", import.meta.url);
const vectors: readonly Vector[] = JSON.parse(readFileSync(file, "utf8"));

async function verify({ scheme, secrets, now, headers, bodyBase64 }: Vector): Promise<WebhookError | null> {
  try {
    const body = Buffer.from(bodyBase64, "base64");
    const { toleranceSeconds } = scheme;
    await verifySignature(scheme, keysOf(secrets, scheme), { body, headers, nowMs: now, toleranceSeconds });
    return null;
  } catch (error) {
    if (error instanceof WebhookError) return error;
    throw error;
  }
}

describe("signature vectors", () => {
  test.each(vectors.map((vector) => [vector.name, vector] as const))("%s", async (_name, vector) => {
    const error = await verify(vector);
    expect(error === null ? { ok: true } : { ok: false, code: error.code }).toEqual(vector.expect);
  });

  test("no error shows a secret", async () => {
    for (const vector of vectors) {
      const error = await verify(vector);
      const shown = `${error?.stack} ${error?.expected} ${error?.got}`;
      for (const secret of vector.secrets.filter((one) => one.length > 8)) expect(shown).not.toContain(secret.trim());
    }
  });

  // Stated here as well, so that no new edition of the file can move them.
  test.each([
    ["stech golden", "sha256=6b030e4d392c2568a846672721c4bc8ca4927db3ed33e92ab181bff06c24618f"],
    ["authio golden", "t=1700000000,v1=d2b7a36228bf93f2c5f86e7d94ac3d20d77da93f7a6cf9c66a4a0c52d9a8bae4"],
    ["authn golden", "v1,zzKhOW+FDNqS+5Z1m4ZA1FO7VeHKDidWH6mx54XRR/c="],
    ["authsignal golden", "t=1700000000,v2=inwBoPbqAoaMHV2oBcJiAo1V0+/0+KMnrRhOUCBAUcs"],
  ])("%s has the stated signature, and sign makes the same headers", async (name, signature) => {
    const vector = vectors.find((candidate) => candidate.name === name);
    if (vector === undefined) throw new Error(`The file has no vector "${name}".`);
    const { scheme, headers, bodyBase64, now } = vector;
    expect(headers[scheme.signatureHeader]).toBe(signature);
    const [key] = keysOf(vector.secrets, scheme);
    if (key === undefined) throw new Error("The vector has no secret.");
    const request = { body: Buffer.from(bodyBase64, "base64"), id: "whd_1", timestampMs: now + 999 };
    const atTheSecond = scheme.timestamp?.unit === "seconds" ? request : { ...request, timestampMs: now };
    expect(await signatureHeaders(scheme, key, atTheSecond)).toEqual(headers);
  });
});
