import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Signature } from "../../../catalog/contract.ts";
import { authio } from "../../../catalog/authio/contract.ts";
import { authsignal } from "../../../catalog/authsignal/contract.ts";
import { stech } from "../../../catalog/stech/contract.ts";
import { standardWebhooks, standardWebhooksBoth, standardWebhooksV1a } from "../../../catalog/presets.ts";
import { requestHeaders } from "../../../runtime/contracts/request-headers.ts";
import { signatureText, signingKey, signingKeys, timestampText } from "../../../runtime/contracts/signature.ts";
import { verificationKey, verifySignature } from "../../../runtime/contracts/verify-signature.ts";
import { newSecrets } from "../../../runtime/secrets/signing-secret.ts";

/** The golden vectors of the five systems: text that was computed elsewhere, never here. */
const body = '{"hello":"world"}';
const base = { algorithm: "hmac-sha256", key: "utf8", toleranceSeconds: 300, toleranceSides: "both" } as const;
const seconds = { unit: "seconds", carrier: "header" } as const;
const golden: readonly { name: string; signature: Signature; secret: string; now: number; expected: string }[] = [
  {
    name: "stech (R-STECH-43 to R-STECH-46)",
    signature: stech.signature,
    secret: `whsec_${"a".repeat(64)}`,
    now: 1_700_000_000_000,
    expected: "sha256=6b030e4d392c2568a846672721c4bc8ca4927db3ed33e92ab181bff06c24618f",
  },
  {
    name: "t= and v1= in one header, hexadecimal (F-AUTHIO-03)",
    signature: signatureOf(authio),
    secret: "asec_test",
    now: 1_700_000_000_000,
    expected: "t=1700000000,v1=d2b7a36228bf93f2c5f86e7d94ac3d20d77da93f7a6cf9c66a4a0c52d9a8bae4",
  },
  {
    name: "milliseconds, a signed delivery id, base64 (R-AUTHN-08, R-AUTHN-15)",
    signature: {
      ...base,
      content: ["delivery.id", "timestamp", "body"],
      encoding: "base64",
      prefix: "v1,",
      separator: ",",
      timestamp: { unit: "milliseconds", carrier: "header" },
    },
    secret: "whsec_test",
    now: 1_700_000_000_000,
    expected: "v1,zzKhOW+FDNqS+5Z1m4ZA1FO7VeHKDidWH6mx54XRR/c=",
  },
  {
    name: "unpadded base64 (F-AUTHSIGNAL-01, F-AUTHSIGNAL-02)",
    signature: signatureOf(authsignal),
    secret: "test-secret-key-123",
    now: 1_700_000_000_000,
    expected: "t=1700000000,v2=inwBoPbqAoaMHV2oBcJiAo1V0+/0+KMnrRhOUCBAUcs",
  },
];

function signatureOf({ signature }: { readonly signature: Signature | null }): Signature {
  if (signature === null) throw new Error("The contract signs nothing.");
  return signature;
}

test("each active key adds a signature behind the one timestamp, without a space (F-AUTHSIGNAL-01, F-AUTHSIGNAL-04)", () => {
  const signature = signatureOf(authsignal);
  const keys = ["test-secret-key-123", "another"].map((secret) => signingKey(secret, { signature, secretPrefix: "" }));
  const text = signatureText(signature, { deliveryId: "", eventId: "", timestamp: "1700000000", body }, keys);
  expect(text).toMatch(/^t=1700000000,v2=inwBoPbqAoaMHV2oBcJiAo1V0\+\/0\+KMnrRhOUCBAUcs,v2=[A-Za-z0-9+/]{43}$/);
});

test.each(golden)("$name", ({ signature, secret, now, expected }) => {
  const key = signingKey(secret, { signature, secretPrefix: "" });
  const parts = { deliveryId: "whd_1", eventId: "evt_1", timestamp: timestampText(signature, now), body };
  expect(signatureText(signature, parts, [key])).toBe(expected);
});

test("a second key adds a second signature behind the separator", () => {
  const signature: Signature = { ...stech.signature, ...base, timestamp: seconds };
  const keys = ["one", "two"].map((secret) => signingKey(secret, { signature, secretPrefix: "" }));
  const parts = { deliveryId: "", eventId: "", timestamp: "1", body };
  const both = signatureText(signature, parts, keys).split(",");
  expect(both).toEqual(keys.map((key) => signatureText(signature, parts, [key])));
});

interface Vector {
  readonly name: string;
  readonly scheme: { readonly algorithms: readonly [{ readonly key: string; readonly secretPrefix: string }] };
  readonly secrets: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  readonly bodyBase64: string;
  readonly expect: { readonly ok: boolean };
}

test("Standard Webhooks: the key is what the base64 after the prefix gives", () => {
  const file = new URL("../../vectors/signatures.json", import.meta.url);
  const read: readonly Vector[] | { readonly vectors: readonly Vector[] } = JSON.parse(readFileSync(file, "utf8"));
  const vectors = "vectors" in read ? read.vectors : read;
  const vector = vectors.find(({ scheme, expect: { ok } }) => ok && scheme.algorithms[0].key === "base64-after-prefix");
  if (vector === undefined) throw new Error("There is no such vector.");
  const headers = new Headers(vector.headers);
  const signature: Signature = {
    ...base,
    key: "base64-after-prefix",
    content: ["event.id", "timestamp", "body"],
    encoding: "base64",
    prefix: "v1,",
    separator: " ",
    timestamp: seconds,
  };
  const key = signingKey(vector.secrets[0] ?? "", {
    signature,
    secretPrefix: vector.scheme.algorithms[0].secretPrefix,
  });
  const parts = {
    deliveryId: "",
    eventId: headers.get("webhook-id") ?? "",
    timestamp: headers.get("webhook-timestamp") ?? "",
    body: Buffer.from(vector.bodyBase64, "base64").toString("utf8"),
  };
  expect(signatureText(signature, parts, [key])).toBe(headers.get("webhook-signature"));
});

describe("Standard Webhooks v1a, the signature of a key pair", () => {
  const parts = { deliveryId: "", eventId: "msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp: "1614265330" };
  const sent = { ...parts, body: '{"test": 2432232314}' };
  const secret = "whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg==";
  const publicKey = "whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=";
  const random = (count: number) => new Uint8Array(count).fill(7);
  const { signature } = standardWebhooksV1a;

  test("is the one in the specification's example of a header", () => {
    const keys = signingKeys(secret, standardWebhooksV1a);
    expect(signatureText(signature, sent, keys)).toBe(
      "v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg==",
    );
  });

  test("is made with a new private key, which no answer has, and verifies with its public key", () => {
    const { text, shared, publicKey: shown } = newSecrets({ ...stech, ...standardWebhooksV1a }, random);
    expect([shared, shown]).toEqual([null, expect.stringMatching(/^whpk_[A-Za-z0-9+/]{43}=$/)]);
    expect(text).toMatch(/^whsk_[A-Za-z0-9+/]{86}==$/);
    const header = signatureText(signature, sent, signingKeys(text, standardWebhooksV1a));
    const key = verificationKey(shown ?? "", standardWebhooksV1a);
    const signed = { ...sent, header, body: Buffer.from(sent.body) };
    const at = (now: number, given = signed) => verifySignature(signature, given, { key, now });
    expect([at(1_614_265_330_000), at(1_614_265_030_000), at(1_614_265_630_000)]).toEqual(["valid", "valid", "valid"]);
    // To the millisecond, though the signed time is in seconds.
    expect([at(1_614_265_029_999), at(1_614_265_630_001)]).toEqual(["untimely", "untimely"]);
    expect(at(1_614_265_330_000, { ...signed, body: Buffer.from("{}") })).toBe("wrong");
    expect(at(1_614_265_330_000, { ...signed, header: header.replace("v1a,", "v1,") })).toBe("malformed");
    const other = { key: verificationKey(publicKey, standardWebhooksV1a), now: 1_614_265_330_000 };
    expect(verifySignature(signature, signed, other)).toBe("wrong");
  });

  test("stands beside that of a shared secret, and each verifies alone", () => {
    const { text, shared, publicKey: shown } = newSecrets({ ...stech, ...standardWebhooksBoth }, random);
    const header = signatureText(standardWebhooksBoth.signature, sent, signingKeys(text, standardWebhooksBoth));
    expect(header).toMatch(/^v1,[A-Za-z0-9+/]{43}= v1a,[A-Za-z0-9+/]{86}==$/);
    const signed = { ...sent, header, body: Buffer.from(sent.body) };
    for (const one of [shared, shown]) {
      const key = verificationKey(one ?? "", standardWebhooksBoth);
      expect(verifySignature(standardWebhooksBoth.signature, signed, { key, now: 1_614_265_330_000 })).toBe("valid");
    }
  });

  test("an endpoint from before the key pair signs with its one secret", () => {
    const { text } = newSecrets({ ...stech, ...standardWebhooks }, random);
    expect(signatureText(standardWebhooksBoth.signature, sent, signingKeys(text, standardWebhooksBoth))).toMatch(
      /^v1,[A-Za-z0-9+/]{43}=$/,
    );
    expect(() => signingKeys(`whsk_${Buffer.alloc(32).toString("base64")}`, standardWebhooksV1a)).toThrow(
      "expected 64 bytes, got 32",
    );
  });
});

describe("request headers", () => {
  const ids = { eventId: "e", endpointId: "w", deliveryId: "d", attemptId: "a", attemptNumber: 1 };
  const attempt = { ...ids, eventType: "t.u", authorization: null, body, now: 1_700_000_000_999 };
  const key = signingKey(`whsec_${"a".repeat(64)}`, { signature: stech.signature, secretPrefix: "whsec_" });

  test("are the four of Stech, with the time in whole seconds, beside type and agent (R-STECH-42)", () => {
    expect(requestHeaders(stech, attempt, [key])).toEqual({
      "content-type": "application/json",
      "user-agent": "Stech-Webhooks/1.0",
      "X-Stech-Event": "t.u",
      "X-Stech-Delivery": "a",
      "X-Stech-Timestamp": "1700000000",
      "X-Stech-Signature": "sha256=6b030e4d392c2568a846672721c4bc8ca4927db3ed33e92ab181bff06c24618f",
    });
  });
});
