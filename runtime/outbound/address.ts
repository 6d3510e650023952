import { BlockList, isIPv4, isIPv6 } from "node:net";

interface Block {
  readonly cidr: string;
  readonly reason: string;
}

/** IANA's special-purpose IPv4 blocks that no subscriber can have, and what clouds put into public space. */
export const forbiddenIpv4Blocks: readonly Block[] = [
  { cidr: "0.0.0.0/8", reason: "this network; Linux connects 0.0.0.0 to itself" },
  { cidr: "10.0.0.0/8", reason: "private" },
  { cidr: "100.64.0.0/10", reason: "carrier-grade NAT, metadata of Alibaba Cloud" },
  { cidr: "127.0.0.0/8", reason: "loopback" },
  { cidr: "168.63.129.16/32", reason: "Azure's host agent, in public space" },
  { cidr: "169.254.0.0/16", reason: "link-local, metadata of most clouds" },
  { cidr: "172.16.0.0/12", reason: "private" },
  { cidr: "192.0.0.0/24", reason: "protocol assignments, metadata of Oracle Cloud" },
  { cidr: "192.0.2.0/24", reason: "documentation" },
  { cidr: "192.88.99.0/24", reason: "6to4 relay" },
  { cidr: "192.168.0.0/16", reason: "private" },
  { cidr: "198.18.0.0/15", reason: "benchmarking" },
  { cidr: "198.51.100.0/24", reason: "documentation" },
  { cidr: "203.0.113.0/24", reason: "documentation" },
  { cidr: "224.0.0.0/4", reason: "multicast" },
  { cidr: "240.0.0.0/4", reason: "reserved, broadcast" },
];

/**
 * The IPv6 addresses that IANA has given out. Whatever lies outside is forbidden without being named: loopback, unique
 * local, link-local, multicast, and every form that carries an IPv4 address (mapped, compatible, translated, NAT64).
 * Lists of what to refuse have always missed one of these.
 */
export const globalIpv6Block = "2000::/3";

/** What is special inside `globalIpv6Block`. */
export const forbiddenIpv6Blocks: readonly Block[] = [
  { cidr: "2001::/23", reason: "protocol assignments; Teredo carries an IPv4 address" },
  { cidr: "2001:db8::/32", reason: "documentation" },
  { cidr: "2002::/16", reason: "6to4 carries an IPv4 address" },
  { cidr: "3fff::/20", reason: "documentation" },
];

const ipv4Rules = forbiddenIpv4Blocks.map(compileBlock);
const ipv6Rules = forbiddenIpv6Blocks.map(compileBlock);
const isGlobalIpv6 = cidrMatcher(globalIpv6Block);

/** Whether no request may go to this address. Only an allowed target overrules it. */
export function isForbiddenAddress(address: string): boolean {
  return forbiddenReason(address) !== null;
}

/** Why no request may go to this address; null when it may. What is no address at all is forbidden too. */
export function forbiddenReason(address: string): string | null {
  if (isIPv4(address)) return reasonAmong(ipv4Rules, address);
  if (!isIPv6(address)) return "not an address";
  return isGlobalIpv6(address) ? reasonAmong(ipv6Rules, address) : "not a global IPv6 address";
}

/** A predicate for the addresses in a block, for those of its own family only. Throws on what is no CIDR block. */
export function cidrMatcher(cidr: string): (address: string) => boolean {
  const [network = "", prefix = ""] = cidr.split("/");
  const family = familyOf(network);
  if (family === null) throw new TypeError(`expected a block of addresses such as 127.0.0.0/8, got ${cidr}`);
  const list = new BlockList();
  list.addSubnet(network, Number(prefix), family);
  // The list alone would match ::ffff:127.0.0.1 with 127.0.0.0/8: an IPv4 block shall not allow an IPv6 address.
  return (address) => familyOf(address) === family && list.check(address, family);
}

function familyOf(address: string): "ipv4" | "ipv6" | null {
  if (isIPv4(address)) return "ipv4";
  // A zone id names an interface of this machine: such an address is in no block, so never global and never allowed.
  return isIPv6(address) && !address.includes("%") ? "ipv6" : null;
}

function compileBlock({ cidr, reason }: Block) {
  return { reason, matches: cidrMatcher(cidr) };
}

function reasonAmong(rules: readonly ReturnType<typeof compileBlock>[], address: string): string | null {
  return rules.find((rule) => rule.matches(address))?.reason ?? null;
}
