import { describe, expect, test } from "vitest";
import { isAllowedTarget, parseAllowedTargets } from "../../../runtime/outbound/allowed-targets.ts";

describe("HOOKWRIGHT_ALLOW_TARGETS", () => {
  test("a list of blocks with a port or a range of ports", () => {
    const text = "127.0.0.0/8:9000-9100, [::1]/128:9000, Hooks.internal:8080, localhost:80-90, a-1.b_c.x1:443";
    expect(parseAllowedTargets(text)).toEqual({
      targets: [
        { cidr: "127.0.0.0/8", portMin: 9000, portMax: 9100 },
        { cidr: "::1/128", portMin: 9000, portMax: 9000 },
        { host: "hooks.internal", portMin: 8080, portMax: 8080 },
        { host: "localhost", portMin: 80, portMax: 90 },
        { host: "a-1.b_c.x1", portMin: 443, portMax: 443 },
      ],
    });
  });

  test.each(["", "  "])("without a target nothing is allowed: %j", (text) => {
    expect(parseAllowedTargets(text)).toEqual({ targets: [] });
  });

  test.each([
    ["127.0.0.0/8", "a target such as"],
    ["127.0.0.1:9000", "a target such as"],
    ["127.0.0.0/8:*", "a target such as"],
    ["*:9000", "a target such as"],
    ["*.internal:9000", "a target such as"],
    ["hooks.internal", "a target such as"],
    ["hooks.internal.:9000", "a target such as"],
    ["hooks..internal:9000", "a target such as"],
    ["-a.internal:9000", "a target such as"],
    ["https://hooks.internal:9000", "a target such as"],
    ["hooks.internal:0", "ports from 1 to 65535"],
    ["*", "a target such as"],
    ["localhost/8:9000", "an IPv4 address"],
    ["127.0.0/8:9000", "an IPv4 address"],
    ["::1/128:9000", "a target such as"],
    ["[127.0.0.1]/32:9000", "an IPv6 address"],
    ["[fe80::1%eth0]/128:9000", "an IPv6 address"],
    ["0.0.0.0/0:9000", "a prefix from /8"],
    ["0.0.0.0/1:9000", "a prefix from /8"],
    ["10.0.0.0/33:9000", "a prefix from /8"],
    ["[::]/0:9000", "a prefix from /32"],
    ["[2000::]/3:9000", "a prefix from /32"],
    ["[::1]/129:9000", "a prefix from /32"],
    ["127.0.0.0/8:0", "ports from 1 to 65535"],
    ["127.0.0.0/8:9100-9000", "ports from 1 to 65535"],
    ["127.0.0.0/8:65536", "ports from 1 to 65535"],
    ["127.0.0.0/8:9000,", "a target such as"],
  ])("%s is refused, and the problem says what was expected", (text, expected) => {
    const result = parseAllowedTargets(text);
    expect(result).toEqual({ problems: [expect.stringContaining(`expected ${expected}`)] });
  });

  test("every problem is told, each with its target", () => {
    expect(parseAllowedTargets("0.0.0.0/0:80,127.0.0.0/8:9000,nonsense")).toEqual({
      problems: [expect.stringContaining('"0.0.0.0/0:80"'), expect.stringContaining('"nonsense"')],
    });
  });
});

describe("an allowed target", () => {
  const targets = [
    { cidr: "127.0.0.0/8", portMin: 9000, portMax: 9100 },
    { cidr: "fd12:3456::/32", portMin: 443, portMax: 443 },
    { host: "hooks.internal", portMin: 8080, portMax: 8081 },
  ];
  const hostname = "any.example";

  test.each([
    ["127.0.0.1", 9000, true],
    ["127.255.255.255", 9100, true],
    ["127.0.0.1", 8999, false],
    ["127.0.0.1", 9101, false],
    ["128.0.0.1", 9000, false],
    ["fd12:3456::7", 443, true],
    ["fd12:3457::7", 443, false],
    ["fd12:3456::7", 9000, false],
  ])("%s port %i: %s", (address, port, isAllowed) => {
    expect(isAllowedTarget(targets, { hostname, address, port })).toBe(isAllowed);
  });

  test.each([
    ["hooks.internal", "10.0.0.1", 8080, true],
    ["HOOKS.internal", null, 8081, true],
    ["hooks.internal", "10.0.0.1", 8082, false],
    ["a.hooks.internal", "10.0.0.1", 8080, false],
    ["hooks.internal.example", "10.0.0.1", 8080, false],
    ["hooks.internal.", "10.0.0.1", 8080, false],
    ["any.example", "10.0.0.1", 8080, false],
    ["any.example", null, 9000, false],
  ])("%s at %s port %i: %s", (name, address, port, isAllowed) => {
    expect(isAllowedTarget(targets, { hostname: name, address, port })).toBe(isAllowed);
  });

  test("an IPv4 block allows no IPv6 address that carries one, no zone and no other text", () => {
    for (const address of ["::ffff:127.0.0.1", "::127.0.0.1", "fd12:3456::7%eth0", "localhost", ""])
      expect(isAllowedTarget(targets, { hostname, address, port: 9000 })).toBe(false);
  });

  test("nothing is allowed by an empty list", () => {
    expect(isAllowedTarget([], { hostname, address: "127.0.0.1", port: 9000 })).toBe(false);
  });
});
