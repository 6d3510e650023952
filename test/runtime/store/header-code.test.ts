import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { keepHeaders } from "../../../runtime/contracts/kept-headers.ts";
import { decodeHeaders, encodeHeaders } from "../../../runtime/store/header-code.ts";
import { headerNames, headerPairs } from "../../../runtime/store/header-words.ts";

const at = Date.parse("2026-05-08T14:00:00.482Z");
const stored = (headers: Readonly<Record<string, string>>) => {
  const kept = keepHeaders(headers) ?? { fields: [], isCut: false };
  const bytes = encodeHeaders(kept, at);
  return { kept, bytes, read: decodeHeaders(bytes, at) };
};

const name = fc.oneof(
  fc.constantFrom(...headerNames),
  fc.string({ minLength: 1, maxLength: 40, unit: fc.constantFrom(..."abcdefgh-_0123456789") }),
);
const value = fc.oneof(
  fc.string({ unit: "binary", maxLength: 300 }).map((text) => text.toWellFormed()),
  fc.constantFrom(...headerPairs.map(([, text]) => text)),
  fc.date({ min: new Date(0), max: new Date(8e14), noInvalidDate: true }).map((date) => date.toUTCString()),
  fc.integer({ min: 0, max: 9000 }).map((length) => "x".repeat(length)),
);

/** Bytes of names and values as they came, and as they are stored. */
const sizes = (headers: Readonly<Record<string, string>>) => [
  Object.entries(headers).flat().join("").length,
  stored(headers).bytes.length,
];

describe("headers as they are stored", () => {
  test("are read as they were kept, whatever they are", () => {
    const pair = fc.oneof(fc.tuple(name, value), fc.tuple(fc.constant("date"), value));
    fc.assert(
      fc.property(fc.array(pair, { maxLength: 60 }), (pairs) => {
        const { kept, read } = stored(Object.fromEntries(pairs));
        expect(read).toEqual(kept);
      }),
    );
  });

  test("of a receiver on Node.js are 9 bytes in place of 125, behind Cloudflare 32 in place of 284", () => {
    const plain = {
      "content-type": "text/plain; charset=utf-8",
      date: "Fri, 08 May 2026 14:00:01 GMT",
      connection: "keep-alive",
      "keep-alive": "timeout=5",
      "content-length": "19",
    };
    expect(sizes(plain)).toEqual([125, 9]);
    const edge = {
      date: "Fri, 08 May 2026 13:59:59 GMT",
      "content-type": "application/json",
      "transfer-encoding": "chunked",
      connection: "keep-alive",
      server: "cloudflare",
      "cf-ray": "9c3f1d2b4a5e6f70-FRA",
      "cf-cache-status": "DYNAMIC",
      "strict-transport-security": "max-age=31536000; includeSubDomains",
      "x-content-type-options": "nosniff",
      "alt-svc": 'h3=":443"; ma=86400',
    };
    expect(sizes(edge)).toEqual([284, 32]);
  });

  test("keep a date that is not written as most are, or that is far away", () => {
    for (const date of ["Friday, 08-May-26 14:00:00 GMT", "soon", "", "Thu, 01 Jan 1970 00:00:00 GMT"]) {
      expect(stored({ date }).read.fields).toEqual([["date", date]]);
    }
  });

  test("that a later version wrote in words of its own are left out, and whatever is stored can be read", () => {
    const [known, unknown] = [stored({ server: "nginx" }).bytes, 255];
    expect(headerPairs.length).toBeLessThan(unknown - 128);
    expect(decodeHeaders(Uint8Array.of(...known, unknown, 1), at)).toEqual({
      fields: [["server", "nginx"]],
      isCut: true,
    });
    fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => void decodeHeaders(bytes, at)));
  });

  test("have words that stay where they are for good: new ones are added at the end", () => {
    const [nameCount, pairCount] = [96, 91];
    const released = [headerNames.slice(0, nameCount), headerPairs.slice(0, pairCount)];
    expect([headerNames.length >= nameCount, headerPairs.length >= pairCount]).toEqual([true, true]);
    expect(createHash("sha256").update(JSON.stringify(released)).digest("hex").slice(0, 16)).toBe("38851d773e6aa72b");
    expect(headerNames.length).toBeLessThanOrEqual(119);
    expect(headerPairs.length).toBeLessThanOrEqual(128);
    expect(new Set(headerNames).size).toBe(headerNames.length);
    expect(new Set(headerPairs.map(String)).size).toBe(headerPairs.length);
  });
});
