import { isIP } from "node:net";
import { forbiddenReason } from "./address.ts";
import { type AllowedTarget, isAllowedTarget } from "./allowed-targets.ts";

export interface EndpointUrlRules {
  /** Without the colon, as a contract declares them. */
  readonly schemes: readonly string[];
  readonly lengthMax: number;
  /** To them and what is below them nothing is sent (R-AUTHIO-11). */
  readonly ownDomains?: readonly string[];
  readonly allowTargets: readonly AllowedTarget[];
}

/**
 * Checks the URL of an endpoint when it is saved (R-STECH-11, R-STECH-12, R-STECH-13). `text` is parsed here and
 * nowhere else: store `url.href`, so that no second parser reads it in another way.
 *
 * This tells an owner early what cannot work. It resolves no name and so protects nothing: the connector checks the
 * addresses of every connection. An allowed target admits an address or a name with its port, as they stand in the URL; it
 * admits no scheme. `problem` says what was expected and what came.
 */
export function checkEndpointUrl(
  text: string,
  rules: EndpointUrlRules,
): { readonly url: URL } | { readonly problem: string } {
  if (text.length > rules.lengthMax) return { problem: lengthProblem(text.length, rules.lengthMax) };
  const url = URL.parse(text);
  if (url === null) return { problem: "expected an absolute URL, got text that is none" };
  const problem =
    formProblem(url, rules) ?? ownDomainProblem(url, rules.ownDomains) ?? targetProblem(url, rules.allowTargets);
  return problem === null ? { url } : { problem };
}

/** `problem` shows no user name and no password: they are secrets, and errors are logged. */
function formProblem(url: URL, { schemes, lengthMax }: EndpointUrlRules): string | null {
  if (!schemes.some((scheme) => url.protocol === `${scheme}:`))
    return `expected a URL that starts with ${schemes.map((scheme) => `${scheme}://`).join(" or ")}, got ${url.protocol}`;
  // Percent-encoding can make the stored form three times as long.
  if (url.href.length > lengthMax) return lengthProblem(url.href.length, lengthMax);
  if (url.username !== "" || url.password !== "") return "expected no user name or password in the URL, got some";
  if (url.href.includes("#")) return "expected no fragment, got one after #";
  return null;
}

function lengthProblem(length: number, lengthMax: number): string {
  return `expected a URL of at most ${lengthMax} characters, got ${length}`;
}

function targetProblem(url: URL, allowTargets: readonly AllowedTarget[]): string | null {
  const port = url.port === "" ? defaultPort(url) : Number(url.port);
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const address = isIP(host) === 0 ? null : host;
  if (isAllowedTarget(allowTargets, { hostname: host, address, port })) return null;
  if (address === null) return nameProblem(host) ?? portProblem(port);
  const reason = forbiddenReason(host);
  return reason === null ? portProblem(port) : `expected a public address, got ${host} (${reason})`;
}

function ownDomainProblem({ hostname }: URL, ownDomains: readonly string[] = []): string | null {
  const own = ownDomainOf(hostname, ownDomains);
  return own === null ? null : `expected a host of the receiver's, got ${hostname} (${own} is the sender's)`;
}

/** The one of these domains that a host is or is below, with or without the dot that completes a name. */
export function ownDomainOf(hostname: string, ownDomains: readonly string[]): string | null {
  const host = hostname.replace(/\.$/, "").toLowerCase();
  return ownDomains.find((domain) => host === domain || host.endsWith(`.${domain}`)) ?? null;
}

function defaultPort(url: URL): number {
  return url.protocol === "https:" ? 443 : 80;
}

/** Names that only mean something inside a network: RFC 6761, 6762 and 8375, ICANN's `.internal`, common habits. */
export const internalSuffixes: readonly string[] = [
  "localhost",
  "local",
  "localdomain",
  "internal",
  "intranet",
  "private",
  "lan",
  "home",
  "home.arpa",
  "corp",
  "svc",
  "metadata.tencentyun.com",
];

function nameProblem(host: string): string | null {
  const labels = host.split(".");
  // A dot at the end would turn `localhost.` into a name that no comparison below knows.
  if (labels.includes("")) return `expected a host name without empty labels or a dot at its end, got ${host}`;
  if (labels.length === 1) return `expected a host name with a domain, got ${host}`;
  const suffix = internalSuffixes.find((candidate) => host === candidate || host.endsWith(`.${candidate}`));
  return suffix === undefined ? null : `expected a public host name, got ${host} (${suffix} is internal)`;
}

/** Ports from 1024 on whose services might take an HTTP request for a command of their own, or obey one. */
export const forbiddenPorts: ReadonlyMap<number, string> = new Map([
  [2049, "NFS"],
  [2375, "Docker"],
  [2379, "etcd"],
  [3306, "MySQL"],
  [5060, "SIP"],
  [5432, "PostgreSQL"],
  [6379, "Redis"],
  [6667, "IRC"],
  [9200, "Elasticsearch"],
  [10250, "kubelet"],
  [11211, "memcached"],
  [27017, "MongoDB"],
]);

function portProblem(port: number): string | null {
  const service = forbiddenPorts.get(port);
  if (service !== undefined) return `expected a port for HTTP, got ${port} (${service})`;
  return port === 443 || port === 80 || port >= 1024 ? null : `expected port 443, 80 or one from 1024 on, got ${port}`;
}
