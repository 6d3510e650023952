import { isIPv4, isIPv6 } from "node:net";
import { cidrMatcher } from "./address.ts";

/**
 * A block of addresses, or a host by its name, and a range of ports, both ends included, that requests may go to though
 * they are not public.
 */
export type AllowedTarget = {
  readonly portMin: number;
  readonly portMax: number;
} & (
  | {
      /** Without brackets: `127.0.0.0/8`, `::1/128`. */
      readonly cidr: string;
    }
  | {
      /** In lower case. It may have any address: whoever answers for the name decides where requests go. */
      readonly host: string;
    }
);

/**
 * Reads `HOOKWRIGHT_ALLOW_TARGETS`, such as `127.0.0.0/8:9000-9100,[::1]/128:9000,hooks.internal:8080`.
 *
 * ```
 * list   = [ target *( "," target ) ]          spaces around a target are ignored
 * target = ( block | host ) ":" ports
 * block  = IPv4 "/" prefix | "[" IPv6 "]/" prefix
 * host   = label *( "." label )                a name without a dot at its end, as it stands in the URL; no address
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

export interface Target {
  /** As it stands in the URL. */
  readonly hostname: string;
  /** Null: not known yet. */
  readonly address: string | null;
  readonly port: number;
}

export function isAllowedTarget(targets: readonly AllowedTarget[], { hostname, address, port }: Target): boolean {
  return targets.some((target) => {
    if (port < target.portMin || port > target.portMax) return false;
    if ("host" in target) return hostname.toLowerCase() === target.host;
    return address !== null && cidrMatcher(target.cidr)(address);
  });
}

const targetPattern =
  /^(?:\[(?<ipv6>[^\]]*)\]|(?<ipv4>[^[\]/:]*))\/(?<prefix>\d{1,3}):(?<low>\d{1,5})(?:-(?<high>\d{1,5}))?$/;

/** The last label has a letter: without one, the URL's host would be an IPv4 address. */
const hostPattern =
  /^(?<host>(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)*(?=[a-z0-9-]*[a-z])[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?):(?<low>\d{1,5})(?:-(?<high>\d{1,5}))?$/i;

function parseTarget(text: string): AllowedTarget | string {
  const fields = targetPattern.exec(text)?.groups ?? hostPattern.exec(text)?.groups;
  if (fields === undefined)
    return expected("a target such as 127.0.0.0/8:9000-9100, [::1]/128:9000 or hooks.internal:8080", text);
  const { host, low, high = low } = fields;
  const [portMin, portMax] = [Number(low), Number(high)];
  const blockOrProblem = host === undefined ? parseBlock(fields, text) : { host: host.toLowerCase() };
  if (typeof blockOrProblem === "string") return blockOrProblem;
  if (portMin < 1 || portMax > 65535 || portMin > portMax)
    return expected("ports from 1 to 65535, the lower one first", text);
  return { ...blockOrProblem, portMin, portMax };
}

function parseBlock(fields: Readonly<Record<string, string>>, text: string): { readonly cidr: string } | string {
  const { ipv4, ipv6, prefix } = fields;
  const network = ipv6 ?? ipv4 ?? "";
  if (ipv6 === undefined ? !isIPv4(network) : !isIPv6(network) || network.includes("%"))
    return expected(`an ${ipv6 === undefined ? "IPv4" : "IPv6"} address before the prefix`, text);
  const prefixProblem = checkPrefix(Number(prefix), ipv6 === undefined ? { min: 8, max: 32 } : { min: 32, max: 128 });
  return prefixProblem === null ? { cidr: `${network}/${prefix}` } : expected(prefixProblem, text);
}

function checkPrefix(prefix: number, { min, max }: { readonly min: number; readonly max: number }): string | null {
  return prefix >= min && prefix <= max ? null : `a prefix from /${min} to /${max}`;
}

function expected(what: string, text: string): string {
  return `expected ${what}, got "${text}"`;
}
