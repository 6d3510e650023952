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
  { cidr: "192.31.196.0/24", reason: "AS112: answered by whoever is next" },
  { cidr: "192.52.193.0/24", reason: "AMT relay" },
  { cidr: "192.88.99.0/24", reason: "6to4 relay" },
  { cidr: "192.168.0.0/16", reason: "private" },
  { cidr: "192.175.48.0/24", reason: "AS112: answered by whoever is next" },
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
  { cidr: "2001::/23", reason: "protocol assignments, AMT and AS112 among them; Teredo carries an IPv4 address" },
  { cidr: "2001:db8::/32", reason: "documentation" },
  { cidr: "2002::/16", reason: "6to4 carries an IPv4 address" },
  { cidr: "2620:4f:8000::/48", reason: "AS112: answered by whoever is next" },
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
  if (!isGlobalIpv6(address)) return "not a global IPv6 address";
  return reasonAmong(ipv6Rules, address) ?? (isIsatap(address) ? "ISATAP carries an IPv4 address" : null);
}

/**
 * The same of an address that a name has beside others. In a network with IPv6 alone, a resolver (DNS64) makes an IPv6
 * address of the name's IPv4 address, which a translator there (NAT64) leads to: it is judged as the one that it
 * carries, if that is the name's too. Alone, it is what somebody wrote who knows of such a network.
 */
export function forbiddenReasonBeside(address: string, beside: readonly string[]): string | null {
  const reason = forbiddenReason(address);
  if (reason === null || !isNat64(address)) return reason;
  const carried = carriedIpv4(groupsOf(address));
  return beside.includes(carried) ? forbiddenReason(carried) : reason;
}

/** The well-known prefix (RFC 6052). That of a network of one's own is public space, and looks like any other address. */
const isNat64 = cidrMatcher("64:ff9b::/96");

/** An interface identifier that carries an IPv4 address (RFC 5214), in whatever network: a router there would unpack it. */
function isIsatap(address: string): boolean {
  const [, , , , high = 0, low = 0] = groupsOf(address);
  return (high & 0xfcff) === 0 && low === 0x5efe;
}

/** The eight numbers of an IPv6 address. */
function groupsOf(address: string): readonly number[] {
  // In one form whatever came: IPv4 digits at the end are two groups, and the longest row of zeros is left out.
  const canonical = new URL(`http://[${address}]/`).hostname.slice(1, -1);
  const [head = [], tail = []] = canonical.split("::").map((part) => part.split(":").filter((group) => group !== ""));
  const zeros = Array.from({ length: 8 - head.length - tail.length }, () => "0");
  return [...head, ...zeros, ...tail].map((group) => Number.parseInt(group, 16));
}

function carriedIpv4(groups: readonly number[]): string {
  return groups
    .slice(6)
    .flatMap((group) => [group >> 8, group & 255])
    .join(".");
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
