import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { forbiddenIpv4Blocks } from "../../../runtime/outbound/address.ts";
import { checkEndpointUrl } from "../../../runtime/outbound/endpoint-url.ts";
import { createResolve } from "../../../runtime/outbound/resolve.ts";
import { openNameServer, typeA, typeAaaa } from "./name-server.ts";
import { okResponse, openOutbound, openTcpReceiver, requestTo } from "./tcp-receiver.ts";

type Bytes = readonly [number, number, number, number];

const bytesOf = (value: number): Bytes => [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
const valueOf = (text: string) => text.split(".").reduce((sum, byte) => sum * 256 + Number(byte), 0);

/** The first and the last address of every forbidden block. */
const blocks = forbiddenIpv4Blocks.map(({ cidr }) => {
  const [network = "", prefix] = cidr.split("/");
  const first = valueOf(network);
  return { cidr, first, last: first + 2 ** (32 - Number(prefix)) - 1 };
});
const forbiddenValues = fc.oneof(...blocks.map(({ first, last }) => fc.integer({ min: first, max: last })));
const publicBytes: Bytes = [93, 184, 216, 34];

/** What URL parsers take for one and the same IPv4 address (WHATWG URL §3.5). */
const ipv4Spellings: Record<string, (bytes: Bytes) => string> = {
  dotted: (bytes) => bytes.join("."),
  "with a dot at its end": (bytes) => `${bytes.join(".")}.`,
  decimal: (bytes) => String(valueOf(bytes.join("."))),
  hexadecimal: (bytes) => `0x${valueOf(bytes.join(".")).toString(16)}`,
  "hexadecimal in capitals": (bytes) => `0X${valueOf(bytes.join(".")).toString(16).toUpperCase()}`,
  octal: (bytes) => `0${valueOf(bytes.join(".")).toString(8)}`,
  "octal by bytes": (bytes) => bytes.map((byte) => `0${byte.toString(8)}`).join("."),
  "octal with more zeros": (bytes) => bytes.map((byte) => `0000${byte.toString(8)}`).join("."),
  "hexadecimal by bytes": (bytes) => bytes.map((byte) => `0x${byte.toString(16)}`).join("."),
  "in two parts": ([a, b, c, d]) => `${a}.${(b << 16) | (c << 8) | d}`,
  "in three parts": ([a, b, c, d]) => `${a}.${b}.${(c << 8) | d}`,
  mixed: ([a, b, c, d]) => `0x${a.toString(16)}.0${b.toString(8)}.${(c << 8) | d}`,
  "percent-encoded": (bytes) => bytes.join(".").replaceAll(/\d/g, (digit) => `%3${digit}`),
  "in full-width digits": (bytes) =>
    bytes.join(".").replaceAll(/\d/g, (digit) => String.fromCharCode(0xff10 + Number(digit))),
  "with ideographic full stops": (bytes) => bytes.join("。"),
};

const pair = (high: number, low: number) => ((high << 8) | low).toString(16);

/** Every form in which an IPv6 address carries an IPv4 one. */
const ipv6Embeddings: Record<string, (bytes: Bytes) => string> = {
  mapped: (bytes) => `::ffff:${bytes.join(".")}`,
  "mapped in hexadecimal": ([a, b, c, d]) => `::ffff:${pair(a, b)}:${pair(c, d)}`,
  "mapped in full": ([a, b, c, d]) => `0000:0000:0000:0000:0000:FFFF:${pair(a, b)}:${pair(c, d)}`,
  compatible: (bytes) => `::${bytes.join(".")}`,
  translated: (bytes) => `::ffff:0:${bytes.join(".")}`,
  "6to4": ([a, b, c, d]) => `2002:${pair(a, b)}:${pair(c, d)}::1`,
  NAT64: (bytes) => `64:ff9b::${bytes.join(".")}`,
  "NAT64 of a local prefix": (bytes) => `64:ff9b:1::${bytes.join(".")}`,
  "Teredo, as client": ([a, b, c, d]) => `2001:0:5ef5:79fb::${pair(a ^ 255, b ^ 255)}:${pair(c ^ 255, d ^ 255)}`,
  "Teredo, as server": ([a, b, c, d]) => `2001:0:${pair(a, b)}:${pair(c, d)}::1`,
  ISATAP: (bytes) => `fe80::5efe:${bytes.join(".")}`,
};

const isRefused = (host: string) =>
  "problem" in checkEndpointUrl(`https://${host}/`, { schemes: ["https"], lengthMax: 2048, allowTargets: [] });

describe("in a URL, however it is spelled, an address of a forbidden block is refused (R-STECH-13)", () => {
  test.each(Object.entries(ipv4Spellings))("IPv4 %s; a public one is an address all the same", (_name, spell) => {
    for (const { cidr, first, last } of blocks)
      for (const value of [first, last]) expect(isRefused(spell(bytesOf(value))), cidr).toBe(true);
    fc.assert(fc.property(forbiddenValues, (value) => isRefused(spell(bytesOf(value)))));
    expect(isRefused(spell(publicBytes))).toBe(false);
  });

  test.each(Object.entries(ipv6Embeddings))("IPv6, %s, whatever it carries", (_name, embed) => {
    const all = fc.oneof(forbiddenValues, fc.integer({ min: 0, max: 2 ** 32 - 1 }));
    fc.assert(fc.property(all, (value) => isRefused(`[${embed(bytesOf(value))}]`)));
  });

  test.each(["[fe80::1%25eth0]", "[fe80::1%eth0]", "[::1%25lo]", "[2606:4700:4700::1111%25eth0]", "[::127.1]"])(
    "with a zone, or half an address: %s",
    (host) => {
      expect(isRefused(host)).toBe(true);
    },
  );
});

const hostName = "hooks.example.com";

/** A receiver that must not be reached, and a way to it whose name server says what it is told to say. */
async function openTrap(answers: () => readonly Bytes[], ipv6: () => readonly (readonly number[])[] = () => []) {
  const receiver = await openTcpReceiver((socket) =>
    socket.end(okResponse.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n")),
  );
  const { server, asked } = await openNameServer(() => ({ [typeA]: answers(), [typeAaaa]: ipv6() }));
  // 127.0.0.1 at this port alone is allowed, and stands for a public address.
  const outbound = openOutbound({ port: receiver.port, resolve: createResolve([server]) });
  const send = (host: string) => outbound.send(requestTo(`http://${host}:${receiver.port}/`));
  return { receiver, asked, send };
}

const samples = blocks.flatMap(({ first, last }) => [first, last]).filter((value) => value !== valueOf("127.0.0.1"));
const allowed: Bytes = [127, 0, 0, 1];

describe("no connection is made to any forbidden block (invariant 8)", () => {
  test("that stands in the URL", async () => {
    const { receiver, asked, send } = await openTrap(() => []);
    for (const value of samples) {
      for (const host of [bytesOf(value).join("."), `[${ipv6Embeddings["mapped"]?.(bytesOf(value))}]`])
        expect(await send(host), host).toMatchObject({ kind: "address_blocked" });
    }
    expect([receiver.sockets, asked]).toEqual([[], []]);
  });

  test("that the name server says a name has", async () => {
    let answer: Bytes = allowed;
    const { receiver, send } = await openTrap(() => [answer]);
    for (const value of samples) {
      answer = bytesOf(value);
      expect(await send(hostName), answer.join(".")).toMatchObject({ kind: "address_blocked" });
    }
    expect(receiver.sockets).toEqual([]);
  });

  test("that is one of several, in whatever place, of either family", async () => {
    let answers: readonly Bytes[] = [];
    const { receiver, send } = await openTrap(() => answers);
    for (const value of samples) {
      answers = value % 2 === 0 ? [allowed, bytesOf(value)] : [bytesOf(value), allowed];
      expect((await send(hostName)).kind, JSON.stringify(answers)).toBe("address_blocked");
    }
    const mapped = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 127, 0, 0, 1];
    const mixed = await openTrap(
      () => [allowed],
      () => [mapped],
    );
    expect((await mixed.send(hostName)).kind).toBe("address_blocked");
    expect([receiver.sockets, mixed.receiver.sockets]).toEqual([[], []]);
  });

  test("that a name has the second time (rebinding)", async () => {
    let turn = 0;
    let answer: Bytes = allowed;
    const { receiver, send } = await openTrap(() => [answer]);
    for (const value of samples.slice(0, 8)) {
      answer = allowed;
      expect(await send(hostName)).toMatchObject({ kind: "response", status: 200 });
      turn += 1;
      answer = bytesOf(value);
      expect((await send(hostName)).kind).toBe("address_blocked");
      expect(receiver.requests).toHaveLength(turn);
    }
  });
});

test("nothing is sent to the sender's own domains, where a contract declares them", async () => {
  const { receiver, asked, send } = await openTrap(() => [allowed]);
  expect((await send(hostName)).kind).toBe("response");
  const outbound = openOutbound({ port: receiver.port });
  for (const host of ["example.com", "HOOKS.example.com", "hooks.example.com.", "a.b.example.com"]) {
    const request = requestTo(`http://${host}:${receiver.port}/`, { ownDomains: ["example.com"] });
    expect(await outbound.send(request)).toMatchObject({
      kind: "address_blocked",
      detail: expect.stringContaining("own"),
    });
  }
  const other = requestTo(`http://notexample.com:${receiver.port}/`, { ownDomains: ["example.com"] });
  expect((await outbound.send(other)).kind).toBe("network_error");
  expect([receiver.requests.length, asked.length]).toEqual([1, 2]);
  const rules = { schemes: ["https"], lengthMax: 2048, allowTargets: [], ownDomains: ["example.com"] };
  expect(checkEndpointUrl("https://hooks.example.com/", rules)).toEqual({
    problem: "expected a host of the receiver's, got hooks.example.com (example.com is the sender's)",
  });
  expect(checkEndpointUrl("https://hooks.example.org/", rules)).toHaveProperty("url");
});
