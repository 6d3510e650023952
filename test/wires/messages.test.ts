/** What the engine sends as signed HTTP messages, verified by a library for RFC 9421 and by Node's own cryptography. */
import { createHash, createHmac, createPublicKey, verify } from "node:crypto";
import { httpbis } from "http-message-signatures";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openWires, type Sent, type Wires } from "./place.ts";

let wires: Wires;
beforeAll(async () => void (wires = await openWires()), 60_000);
afterAll(() => wires.close());

const event = { tenant: "grid-1", data: { meterId: "m_1", value: 12 } };

type Key = Parameters<Parameters<typeof httpbis.verifyMessage>[0]["keyLookup"]>[0];
type Verifier = (data: Buffer, signature: Buffer) => Promise<boolean>;

/** What the library says of a request, by this key. */
function verified({ ring }: Pick<Sent, "ring">, algorithm: string, by: Verifier): Promise<boolean | null> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(ring.headers)) if (typeof value === "string") headers[name] = value;
  const config = {
    keyLookup: async (_parameters: Key) => ({ algs: [algorithm], verify: by }),
    requiredFields: ["@method", "content-type", "content-digest", "webhook-id"],
    requiredParams: ["created"],
    notAfter: new Date(wires.harbor.clock.now() + 60_000),
    tolerance: 60,
  };
  return httpbis.verifyMessage(config, { method: "POST", url: "https://receiver.example/", headers });
}

const changed = (sent: Sent, headers: Record<string, string>) => ({
  ...sent,
  ring: { ...sent.ring, headers: { ...sent.ring.headers, ...headers } },
});

test("the digest is that of the body (RFC 9530)", async () => {
  const { ring, header } = await wires.deliver("messages", "meter.read", event);
  const digest = createHash("sha256").update(ring.body).digest("base64");
  expect(header("content-digest")).toBe(`sha-256=:${digest}:`);
});

describe("with a key pair", () => {
  const keyOf = (publicKey: string): Verifier => {
    const x = Buffer.from(publicKey.replace(/^whpk_/, ""), "base64").toString("base64url");
    const key = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
    return async (data, signature) => verify(null, data, key, signature);
  };

  test("is verified by http-message-signatures, and not once a covered header was changed", async () => {
    const sent = await wires.deliver("messages", "meter.read", event);
    expect(await verified(sent, "ed25519", keyOf(sent.publicKey))).toBe(true);
    const other = changed(sent, { "webhook-id": "another" });
    expect(await verified(other, "ed25519", keyOf(sent.publicKey))).toBe(false);
  });

  test("is verified with the key that the endpoint's key set has under the request's keyid", async () => {
    const sent = await wires.deliver("messages", "meter.read", { ...event, tenant: "grid-2" }, "stays");
    const at = `/.well-known/orgs/grid-2/webhook-endpoints/${sent.endpointId}/jwks.json`;
    const { status, body } = await wires.harbor.call("GET", at);
    const keys = Reflect.get(body, "keys");
    expect([status, keys]).toEqual([
      200,
      [{ kty: "OKP", crv: "Ed25519", x: expect.any(String), kid: expect.any(String), alg: "EdDSA", use: "sig" }],
    ]);
    expect(sent.header("signature-input")).toContain(`;keyid="${keys[0].kid}"`);
    const key = createPublicKey({ key: keys[0], format: "jwk" });
    expect(await verified(sent, "ed25519", async (data, signature) => verify(null, data, key, signature))).toBe(true);
    const { kid, x } = keys[0];
    expect(kid).toBe(createHash("sha256").update(`{"crv":"Ed25519","kty":"OKP","x":"${x}"}`).digest("base64url"));
  });

  test("has no keys for an endpoint that is not there, nor for one with a shared secret", async () => {
    const shared = await wires.deliver("messagesShared", "meter.read", { ...event, tenant: "grid-3" }, "stays");
    for (const id of [shared.endpointId, "whe_none"]) {
      const at = `/.well-known/orgs/grid-3/webhook-endpoints/${id}/jwks.json`;
      expect(await wires.harbor.call("GET", at)).toMatchObject({ status: 200, body: { keys: [] } });
    }
  });

  test("is read by the receiver that was generated for it, and refused once anything covered was changed", async () => {
    const sent = await wires.deliver("messages", "meter.read", event);
    const received = (of: Sent) => wires.received("messages", { ...of, secret: sent.publicKey });
    expect(await received(sent)).toMatchObject({ type: "meter.read", id: sent.eventId, data: event.data });
    for (const name of ["webhook-id", "content-type", "content-digest"])
      expect(await received(changed(sent, { [name]: "another" }))).toBe("no_matching_signature");
    const body = { ...sent.ring, body: sent.ring.body.replace("12", "13") };
    expect(await received({ ...sent, ring: body })).toBe("no_matching_signature");
    const fewer = sent.header("signature-input").replace(' "webhook-id"', "");
    expect(await received(changed(sent, { "signature-input": fewer }))).toBe("invalid_header");
    const later = sent.header("signature-input").replace(/created=\d+/, `created=${wires.seconds() + 1}`);
    expect(await received(changed(sent, { "signature-input": later }))).toBe("no_matching_signature");
    const old = sent.header("signature-input").replace(/created=\d+/, "created=1700000000");
    expect(await received(changed(sent, { "signature-input": old }))).toBe("timestamp_too_old");
  });
});

test("with a shared secret, it is verified by http-message-signatures and by the receiver that was generated for it", async () => {
  const sent = await wires.deliver("messagesShared", "meter.read", event);
  const key = Buffer.from(sent.secret.replace(/^whsec_/, ""), "base64");
  const by: Verifier = async (data, signature) => createHmac("sha256", key).update(data).digest().equals(signature);
  expect(await verified(sent, "hmac-sha256", by)).toBe(true);
  expect(await wires.received("messagesShared", sent)).toMatchObject({ id: sent.eventId, data: event.data });
});

test("what the receiver signs for a test, it verifies", async () => {
  const { secret, ring } = await wires.deliver("messagesShared", "meter.read", event);
  const headers = await wires.signed("messagesShared", { secret, body: ring.body });
  expect(await wires.received("messagesShared", { secret, ring: { headers, body: ring.body } })).toMatchObject({
    data: event.data,
  });
});
