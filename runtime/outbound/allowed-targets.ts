import { isIPv4, isIPv6 } from "node:net";
import { cidrMatcher } from "./address.ts";

/** A block of addresses and a range of ports, both ends included, that requests may go to though it is not public. */
export interface AllowedTarget {
  /** Without brackets: `127.0.0.0/8`, `::1/128`. */
  readonly cidr: string;
  readonly portMin: number;
  readonly portMax: number;
}

/**
 * Reads `HOOKWRIGHT_ALLOW_TARGETS`, such as `127.0.0.0/8:9000-9100,[::1]/128:9000`.
 *
 * ```
 * list   = [ target *( "," target ) ]          spaces around a target are ignored
 * target = block ":" ports
 * block  = IPv4 "/" prefix | "[" IPv6 "]/" prefix
 * ports  = port [ "-" port ]                   1 to 65535, the lower one first
 * ```
 * Prefix and port have no default. A block wider than /8 (IPv4) or /32 (IPv6) is refused: it would switch the address
 * guard off rather than make an exception from it. Each problem names its target.
 */
export function parseAllowedTargets(
  text: string,
): { readonly targets: readonly AllowedTarget[] } | { readonly problems: readonly string[] } {
  if (text.trim() === "") return { targets: [] };
  const results = text.split(",").map((item) => parseTarget(item.trim()));
  const problems = results.filter((result) => typeof result === "string");
  if (problems.length > 0) return { problems };
  return { targets: results.filter((result) => typeof result !== "string") };
}

export function isAllowedTarget(targets: readonly AllowedTarget[], address: string, port: number): boolean {
  return targets.some(({ cidr, portMin, portMax }) => port >= portMin && port <= portMax && cidrMatcher(cidr)(address));
}

const targetPattern =
  /^(?:\[(?<ipv6>[^\]]*)\]|(?<ipv4>[^[\]/:]*))\/(?<prefix>\d{1,3}):(?<low>\d{1,5})(?:-(?<high>\d{1,5}))?$/;

function parseTarget(text: string): AllowedTarget | string {
  const fields = targetPattern.exec(text)?.groups;
  if (fields === undefined) return expected("a target such as 127.0.0.0/8:9000-9100 or [::1]/128:9000", text);
  const { ipv4, ipv6, prefix, low, high = low } = fields;
  const network = ipv6 ?? ipv4 ?? "";
  if (ipv6 === undefined ? !isIPv4(network) : !isIPv6(network) || network.includes("%"))
    return expected(`an ${ipv6 === undefined ? "IPv4" : "IPv6"} address before the prefix`, text);
  const prefixProblem = checkPrefix(Number(prefix), ipv6 === undefined ? { min: 8, max: 32 } : { min: 32, max: 128 });
  if (prefixProblem !== null) return expected(prefixProblem, text);
  const [portMin, portMax] = [Number(low), Number(high)];
  if (portMin < 1 || portMax > 65535 || portMin > portMax)
    return expected("ports from 1 to 65535, the lower one first", text);
  return { cidr: `${network}/${prefix}`, portMin, portMax };
}

function checkPrefix(prefix: number, { min, max }: { readonly min: number; readonly max: number }): string | null {
  return prefix >= min && prefix <= max ? null : `a prefix from /${min} to /${max}`;
}

function expected(what: string, text: string): string {
  return `expected ${what}, got "${text}"`;
}
