import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { forbiddenReasonBeside, isForbiddenAddress } from "../../../runtime/outbound/address.ts";

const ipv4Text = (value: bigint) => [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 255n).join(".");
const ipv6Text = (value: bigint) =>
  [112n, 96n, 80n, 64n, 48n, 32n, 16n, 0n].map((shift) => ((value >> shift) & 65535n).toString(16)).join(":");
const hex = (groups: string) => BigInt(`0x${groups.replaceAll(":", "")}`);
const ipv4Value = (text: string) => text.split(".").reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);

interface Range {
  readonly first: bigint;
  readonly last: bigint;
}

/** Written out again, so that a line that is lost in the product is missed here. */
const ipv4Ranges: readonly Range[] = (
  "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 168.63.129.16/32 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 " +
  "192.0.2.0/24 192.31.196.0/24 192.52.193.0/24 192.88.99.0/24 192.168.0.0/16 192.175.48.0/24 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4"
)
  .split(" ")
  .map((cidr) => {
    const [network = "", prefix] = cidr.split("/");
    const first = ipv4Value(network);
    return { first, last: first + (1n << (32n - BigInt(prefix ?? 0))) - 1n };
  });

const ipv6Range = (firstGroups: string, prefix: bigint): Range => {
  const first = hex(firstGroups) << (128n - BigInt(firstGroups.replaceAll(":", "").length * 4));
  return { first, last: first + (1n << (128n - prefix)) - 1n };
};
const globalRange = ipv6Range("2000", 3n);
const specialRanges = [
  ipv6Range("2001:0000", 23n),
  ipv6Range("2001:0db8", 32n),
  ipv6Range("2002", 16n),
  ipv6Range("2620:004f:8000", 48n),
  ipv6Range("3fff", 20n),
];

const isIn = (value: bigint) => (range: Range) => value >= range.first && value <= range.last;
const ipv4IsForbidden = (value: bigint) => ipv4Ranges.some(isIn(value));
const isIsatap = (value: bigint) => ((value >> 32n) & 0xfcffffffn) === 0x5efen;
const ipv6IsForbidden = (value: bigint) =>
  !isIn(value)(globalRange) || specialRanges.some(isIn(value)) || isIsatap(value);

const ipv4Values = fc.bigInt({ min: 0n, max: 2n ** 32n - 1n });
const forbiddenIpv4Values = fc.oneof(...ipv4Ranges.map(({ first, last }) => fc.bigInt({ min: first, max: last })));

describe("IPv4", () => {
  test.each(ipv4Ranges)(
    "the ends of $first to $last are forbidden, their neighbours only by another block",
    (range) => {
      for (const value of [range.first, range.last]) expect(isForbiddenAddress(ipv4Text(value))).toBe(true);
      for (const value of [range.first - 1n, range.last + 1n])
        if (value >= 0n && value < 2n ** 32n) expect(isForbiddenAddress(ipv4Text(value))).toBe(ipv4IsForbidden(value));
    },
  );

  test("every address is judged by its block alone", () => {
    fc.assert(
      fc.property(fc.oneof(ipv4Values, forbiddenIpv4Values), (value) => {
        expect(isForbiddenAddress(ipv4Text(value))).toBe(ipv4IsForbidden(value));
      }),
      { numRuns: 2000 },
    );
  });

  test.each([
    ["metadata of AWS, Azure, Google and DigitalOcean", "169.254.169.254"],
    ["metadata of ECS tasks", "169.254.170.2"],
    ["metadata of EKS pods", "169.254.170.23"],
    ["metadata of Alibaba Cloud", "100.100.100.200"],
    ["metadata of Oracle Cloud", "192.0.0.192"],
    ["Azure's host agent", "168.63.129.16"],
  ])("%s is forbidden", (_name, address) => {
    expect(isForbiddenAddress(address)).toBe(true);
  });

  test.each(["1.1.1.1", "8.8.8.8", "93.184.216.34", "168.63.129.15", "168.63.129.17"])("%s is public", (address) => {
    expect(isForbiddenAddress(address)).toBe(false);
  });
});

describe("an address that a resolver made for a network with IPv6 alone (DNS64)", () => {
  test.each([
    ["64:ff9b::8.8.8.8", ["8.8.8.8"], true],
    ["64:ff9b::808:808", ["1.1.1.1", "8.8.8.8"], true],
    ["64:ff9b::8.8.8.8", [], false],
    ["64:ff9b::8.8.8.8", ["64:ff9b::8.8.8.8", "8.8.4.4"], false],
    ["64:ff9b::10.0.0.1", ["10.0.0.1"], false],
    ["64:ff9b::169.254.169.254", ["169.254.169.254"], false],
    ["64:ff9b:1::8.8.8.8", ["8.8.8.8"], false],
    ["64:ff9b::1:808:808", ["8.8.8.8"], false],
    ["::ffff:8.8.8.8", ["8.8.8.8"], false],
    ["2002:808:808::", ["8.8.8.8"], false],
    ["2606:4700:4700::1111", ["10.0.0.1"], true],
  ])("%s beside %j: may be sent to, %s", (address, beside, mayBe) => {
    expect(forbiddenReasonBeside(address, beside) === null).toBe(mayBe);
  });
});

describe("IPv6", () => {
  test.each([globalRange, ...specialRanges])("the ends of $first to $last and their neighbours", ({ first, last }) => {
    for (const value of [first - 1n, first, last, last + 1n])
      expect(isForbiddenAddress(ipv6Text(value))).toBe(ipv6IsForbidden(value));
  });

  test("every address is judged by its block alone", () => {
    const values = fc.oneof(
      fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }),
      ...[globalRange, ...specialRanges].map(({ first, last }) => fc.bigInt({ min: first, max: last })),
    );
    fc.assert(
      fc.property(values, (value) => {
        expect(isForbiddenAddress(ipv6Text(value))).toBe(ipv6IsForbidden(value));
      }),
      { numRuns: 2000 },
    );
  });

  const low = (prefix: string) => (value: bigint) => (hex(prefix) << 32n) | value;
  test.each<[string, (value: bigint) => bigint]>([
    ["mapped", low("ffff")],
    ["compatible", (value) => value],
    ["translated", low("ffff:0000")],
    ["6to4", (value) => (hex("2002") << 112n) | (value << 80n)],
    ["NAT64", (value) => (hex("0064:ff9b") << 96n) | value],
    ["NAT64 of a local prefix", (value) => (hex("0064:ff9b:0001") << 80n) | value],
    ["Teredo, as server", (value) => (hex("2001:0000") << 96n) | (value << 64n)],
    ["Teredo, as client", (value) => (hex("2001:0000") << 96n) | (value ^ 0xffffffffn)],
    ["ISATAP", (value) => (hex("fe80") << 112n) | (hex("5efe") << 32n) | value],
    ["ISATAP in a public network", (value) => (hex("2a00:1450") << 96n) | (hex("5efe") << 32n) | value],
    ["ISATAP of a public IPv4 in one", (value) => (hex("2a00:1450") << 96n) | (hex("0200:5efe") << 32n) | value],
    ["ISATAP of a group", (value) => (hex("2a00:1450") << 96n) | (hex("0300:5efe") << 32n) | value],
    ["ISATAP of a public IPv4", (value) => (hex("fe80") << 112n) | (hex("0200:5efe") << 32n) | value],
  ])("whatever IPv4 address is embedded, it is forbidden: %s", (_name, embed) => {
    fc.assert(
      fc.property(fc.oneof(ipv4Values, forbiddenIpv4Values), (value) => {
        expect(isForbiddenAddress(ipv6Text(embed(value)))).toBe(true);
      }),
    );
  });

  test.each([
    "::",
    "::1",
    "::ffff:127.0.0.1",
    "::ffff:7f00:1",
    "::127.0.0.1",
    "64:ff9b::8.8.8.8",
    "100::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",
    "fd20:ce::254",
    "fe80::1",
    "fec0::1",
    "ff02::1",
  ])("%s is forbidden", (address) => {
    expect(isForbiddenAddress(address)).toBe(true);
  });

  test.each(["2606:4700:4700::1111", "2a00:1450:4001:82a::200e", "2001:4860:4860::8888"])("%s is public", (address) => {
    expect(isForbiddenAddress(address)).toBe(false);
  });
});

test.each([
  "",
  "localhost",
  "1.1.1",
  "1.1.1.1.",
  " 1.1.1.1",
  "01.1.1.1",
  "0x1.1.1.1",
  "16843009",
  "1.1.1.1/32",
  "[2606:4700:4700::1111]",
  "2606:4700:4700::1111%eth0",
  "fe80::1%1",
  "2606::4700::1111",
])("what is not plainly an address is forbidden: %j", (text) => {
  expect(isForbiddenAddress(text)).toBe(true);
});

test("any text that is no address is forbidden", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(isForbiddenAddress(`x${text}`)).toBe(true);
    }),
  );
});
