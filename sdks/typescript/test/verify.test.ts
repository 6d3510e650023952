import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { keysOf } from "../src/core/secrets.ts";
import type { HeaderSource, RawBody, WebhookErrorCode } from "../src/core/webhook.ts";
import { paid, paidWith } from "./orders.ts";
import { contract, Webhook, WebhookError } from "./shop.ts";

const secret = "whsec_0123456789abcdef";
const previous = "whsec_fedcba9876543210";
const nowMs = 1_700_000_000_000;
const webhook = new Webhook(secret, { now: () => nowMs, maxBodyBytes: 2000 });
const body = JSON.stringify(paid);

async function errorOf(work: () => unknown): Promise<WebhookError> {
  try {
    await work();
  } catch (error) {
    if (error instanceof WebhookError) return error;
    throw error;
  }
  throw new Error("Expected a WebhookError, but nothing was thrown.");
}

const refusal = (sent: RawBody, headers: HeaderSource) => errorOf(() => webhook.verify(sent, headers));

// A caller without types hands over what a parser made.
const untyped = (value: unknown): RawBody => JSON.parse(JSON.stringify(value));

const [algorithm] = contract.signature.algorithms;
const withBase64Key = { ...contract.signature, algorithms: [{ ...algorithm, key: "base64-after-prefix" }] } as const;

describe("what verify takes", () => {
  const bytes = new TextEncoder().encode(body);
  test.each<[string, RawBody]>([
    ["text", body],
    ["a Uint8Array", bytes],
    ["a Buffer inside a larger one", Buffer.concat([Buffer.from("x"), bytes, Buffer.from("y")]).subarray(1, -1)],
    ["an ArrayBuffer", bytes.slice().buffer],
  ])("%s as the body", async (_name, sent) => {
    expect(await webhook.verify(sent, await webhook.sign(sent))).toEqual(paid);
  });

  test.each<[string, (headers: Record<string, string>) => HeaderSource]>([
    ["a Headers object", (headers) => new Headers(headers)],
    ["an object as Node gives it", (headers) => Object.fromEntries(lowerCase(headers))],
    ["an object of lists with one element", (headers) => listed(headers)],
    ["pairs", (headers) => Object.entries(headers)],
    ["a map", (headers) => new Map(lowerCase(headers))],
    ["absent headers beside", (headers) => ({ ...headers, cookie: undefined })],
  ])("%s as headers", async (_name, form) => {
    expect(await webhook.verify(body, form(await webhook.sign(body)))).toEqual(paid);
  });

  test("a body that is not UTF-8 is hashed as bytes (R-STECH-93) and then refused as JSON", async () => {
    const bytes = Uint8Array.of(0x22, 0xff, 0x22);
    expect((await refusal(bytes, await webhook.sign(bytes))).code).toBe("invalid_json");
  });

  function lowerCase(headers: Record<string, string>): [string, string][] {
    return Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
  }

  function listed(headers: Record<string, string>): Record<string, string[]> {
    return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]]));
  }
});

describe("secrets", () => {
  test.each<[string, string | undefined | readonly string[]]>([
    ["absent", undefined],
    ["an empty list", []],
    ["empty", ""],
    ["without its prefix", "0123456789abcdef"],
    ["only its prefix", "whsec_"],
    ["with a line break", `${secret}\n`],
    ["second of the list without its prefix", [secret, "fedcba9876543210"]],
  ])("%s is secret_invalid", async (_name, secrets) => {
    const error = await errorOf(() => new Webhook(secrets));
    expect(error).toMatchObject({ code: "secret_invalid", status: 500, path: null });
    expect(error.message).not.toContain("0123456789abcdef");
    expect(error.message).not.toContain("fedcba9876543210");
  });

  test("a delivery signed with either secret passes while they rotate (R-STECH-51)", async () => {
    const rotating = new Webhook([secret, previous], { now: () => nowMs });
    for (const one of [secret, previous]) {
      const headers = await new Webhook(one, { now: () => nowMs }).sign(body);
      expect(await rotating.verify(body, headers)).toEqual(paid);
    }
    const headers = await rotating.sign(body);
    expect(await webhook.verify(body, headers)).toEqual(paid);
  });

  test.each(["AAECAw==", "AAECAw", "AAEC"])("base64 after the prefix, %s", (text) => {
    const [key] = keysOf(`whsec_${text}`, withBase64Key);
    expect(key?.bytes).toEqual(new Uint8Array(Buffer.from(text, "base64")));
  });

  test.each(["AAECA", "AAECAw=", "AAEC=", "AA-_", "AA=C", "===="])("%s is not base64", async (text) => {
    expect((await errorOf(() => keysOf(`whsec_${text}`, withBase64Key))).code).toBe("secret_invalid");
  });

  test("printing the webhook shows no secret", () => {
    expect(inspect(webhook, { depth: 9, showHidden: true })).not.toContain("0123456789abcdef");
    expect(JSON.stringify(webhook)).not.toContain("0123456789abcdef");
  });
});

describe("every code", () => {
  test.each<[string, unknown]>([
    ["an object", paid],
    ["an array", [paid]],
    ["null", null],
    ["a number", 5],
  ])("%s as the body is body_already_parsed, with the fix", async (got, sent) => {
    const error = await refusal(untyped(sent), await webhook.sign(body));
    expect(error).toMatchObject({ code: "body_already_parsed", status: 500 });
    if (got !== "a number") expect(error.got).toBe(got);
    for (const framework of ["Express", "Fastify", "NestJS", "Next", "Hono", "Lambda"]) {
      expect(error.message).toContain(framework);
    }
  });

  test("a body above the limit is body_too_large, counted in bytes", async () => {
    const small = new Webhook(secret, { maxBodyBytes: 3 });
    expect(await errorOf(() => small.verify("éé", {}))).toMatchObject({ code: "body_too_large", status: 400 });
    expect((await errorOf(() => small.verify("abc", {}))).code).toBe("missing_header");
  });

  test.each<[WebhookErrorCode, string, Record<string, string | string[]>]>([
    ["missing_header", "Shop-Signature", { "Shop-Signature": [] }],
    ["missing_header", "Shop-Timestamp", { "Shop-Timestamp": "" }],
    ["missing_header", "Shop-Id", { "Shop-Id": "" }],
    ["invalid_header", "Shop-Signature", { "Shop-Signature": ["sha256=1", "sha256=2"] }],
    ["invalid_header", "Shop-Timestamp", { "Shop-Timestamp": "1700000000, 1700000000" }],
    ["timestamp_invalid", 'string "1.7e9"', { "Shop-Timestamp": "1.7e9" }],
    ["timestamp_too_old", "301 s in the past", { "Shop-Timestamp": "1699999699" }],
    ["timestamp_too_new", "301 s in the future", { "Shop-Timestamp": "1700000301" }],
    ["no_matching_signature", "Shop-Signature", { "Shop-Signature": "sha256=00" }],
    ["no_matching_signature", 'starts with "sha256="', { "Shop-Signature": "sha384=00" }],
  ])("%s names %s", async (code, text, headers) => {
    const error = await refusal(body, { ...(await webhook.sign(body)), ...headers });
    expect(error).toMatchObject({ code, status: 400 });
    expect(error.message).toContain(text);
  });

  test("names that differ in case are the same header", async () => {
    const headers = await webhook.sign(body);
    const error = await refusal(body, [...Object.entries(headers), ["shop-timestamp", "1700000000"]]);
    expect(error.code).toBe("invalid_header");
  });

  test.each<[WebhookErrorCode, string, string, string | null]>([
    ["invalid_json", "{", "not JSON", null],
    ["invalid_json", "", "not JSON", null],
    ["not_an_object", "[]", "got an array", null],
    ["not_an_object", "null", "got null", null],
    ["missing_type", "{}", "got nothing", "type"],
    ["missing_type", '{"type":7}', "got number 7", "type"],
    ["invalid_field", paidWith({ total: "12" }), 'expected integer, got string "12"', "data.total"],
  ])("%s for %s", async (code, sent, text, path) => {
    const error = await refusal(sent, await webhook.sign(sent));
    expect(error).toMatchObject({ code, path, status: 422 });
    expect(error.message).toContain(text);
    expect(await errorOf(() => webhook.parse(sent))).toMatchObject({ code, path });
  });
});

describe("order: of two faults the earlier is told", () => {
  const good = () => webhook.sign(body);
  const cases: readonly [WebhookErrorCode, string, () => Promise<WebhookError>][] = [
    ["secret_invalid", "any other", () => errorOf(() => new Webhook("x").verify(untyped({}), {}))],
    ["body_already_parsed", "missing_header", () => refusal(untyped({}), {})],
    ["body_too_large", "missing_header", () => refusal("x".repeat(2001), {})],
    ["missing_header", "invalid_header", () => refusal(body, { "Shop-Id": ["a", "b"] })],
    [
      "invalid_header",
      "timestamp_invalid",
      async () => refusal(body, { ...(await good()), "Shop-Timestamp": "x", "Shop-Signature": "sha256=0, sha256=1" }),
    ],
    [
      "timestamp_invalid",
      "no_matching_signature",
      async () => refusal(body, { ...(await good()), "Shop-Timestamp": "x" }),
    ],
    [
      "timestamp_too_old",
      "no_matching_signature",
      async () => refusal(body, { ...(await good()), "Shop-Timestamp": "1" }),
    ],
    [
      "timestamp_too_new",
      "no_matching_signature",
      async () => refusal(body, { ...(await good()), "Shop-Timestamp": "1800000000" }),
    ],
    ["no_matching_signature", "invalid_json", async () => refusal("{", await good())],
    ["missing_type", "invalid_field", () => errorOf(() => webhook.parse('{"id":5}'))],
  ];
  test.each(cases)("%s before %s", async (code, _later, work) => {
    expect((await work()).code).toBe(code);
  });
});

describe("options", () => {
  const at = (ms: number, tolerance?: number) =>
    new Webhook(secret, { now: () => nowMs + ms, ...(tolerance === undefined ? {} : { tolerance }) });

  test.each([
    [300_000, undefined],
    [-300_000, undefined],
    [0, 0],
    [10_000, 10],
    [86_400_000, Infinity],
  ])("%i ms off with tolerance %s passes (R-STECH-47)", async (ms, tolerance) => {
    const headers = await webhook.sign(body, { timestamp: nowMs });
    expect(await at(ms, tolerance).verify(body, headers)).toEqual(paid);
  });

  test.each([
    [300_001, undefined, "timestamp_too_old"],
    [-300_001, undefined, "timestamp_too_new"],
    [1, 0, "timestamp_too_old"],
    [-10_001, 10, "timestamp_too_new"],
    [Number.NaN, undefined, "timestamp_too_old"],
  ])("%d ms off with tolerance %s is %s", async (ms, tolerance, code) => {
    const headers = await webhook.sign(body, { timestamp: nowMs });
    expect((await errorOf(() => at(ms, tolerance).verify(body, headers))).code).toBe(code);
  });

  test.each([{ tolerance: Number.NaN }, { tolerance: -1 }, { maxBodyBytes: Number.NaN }, { maxBodyBytes: -1 }])(
    "%o is refused",
    (options) => {
      expect(() => new Webhook(secret, options)).toThrow(RangeError);
    },
  );

  test("the clock and the limit have defaults", async () => {
    const plain = new Webhook(secret);
    expect(await plain.verify(body, await plain.sign(body))).toEqual(paid);
    expect((await errorOf(() => plain.parse(" ".repeat(1024 * 1024 + 1)))).code).toBe("body_too_large");
    expect((await errorOf(() => plain.parse(" ".repeat(1024 * 1024)))).code).toBe("invalid_json");
  });

  test("sign takes the identifier and the time, and otherwise makes them", async () => {
    expect(await webhook.sign(body, { id: "evt_1", timestamp: 1_600_000_000_999 })).toMatchObject({
      "Shop-Id": "evt_1",
      "Shop-Timestamp": "1600000000",
    });
    const ids = [await webhook.sign(body), await webhook.sign(body)].map((headers) => headers["Shop-Id"]);
    expect(new Set(ids).size).toBe(2);
  });
});
