import type { PushContract } from "../../catalog/contract.ts";
import { HookwrightError } from "../errors.ts";
import { stepInto } from "./value-path.ts";

const countMax = 16;
const nameLengthMax = 64;
const valueLengthMax = 1024;

/**
 * Names an endpoint's owner cannot set, beside those the contract sends. The first line frames the message (RFC 9110
 * §7.6.1, RFC 9112 §6). The second carries credentials: the values are not sealed, and it is the signature that says who
 * sends. The third says where a request comes from, which the receiver's own proxies say, and the fourth what it is for:
 * a proxy or framework would take it for another method or path. The fifth belongs to traces, which are ours. The last
 * are what cloud metadata services demand, because nobody who makes a server send a request can set them.
 */
const denied = [
  ...["connection", "content-encoding", "content-length", "expect", "host", "keep-alive", "te", "trailer"],
  ...["transfer-encoding", "upgrade", "content-type", "accept-encoding", "user-agent", "date"],
  ...["authorization", "cookie", "proxy-authenticate", "proxy-authorization", "proxy-connection", "set-cookie"],
  ...["forwarded", "via", "x-real-ip", "x-client-ip", "true-client-ip", "cf-connecting-ip", "x-cluster-client-ip"],
  ...["x-http-method", "x-http-method-override", "x-method-override", "x-original-url", "x-rewrite-url", "proxy"],
  ...["max-forwards", "traceparent", "tracestate", "baggage", "metadata", "metadata-flavor"],
  ...["x-google-metadata-request", "x-metadata-token", "x-identity-header", "x-tencent-metadata-token"],
];
const deniedPrefixes = [
  "x-forwarded-",
  "x-original-",
  "x-aws-ec2-metadata-",
  "x-aliyun-ecs-metadata-",
  "x-vault-",
  "sec-",
];

/** An endpoint's headers with their names in lower case. Throws `invalid_request` for one that cannot be sent. */
export function customHeaders(
  contract: Pick<PushContract, "id" | "headers">,
  wanted: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const given = Object.entries(wanted);
  if (given.length > countMax) throw problem("headers", `expected at most ${countMax}, got ${given.length}`);
  const headers = new Map<string, string>();
  for (const [written, value] of given) {
    const path = stepInto("headers", written);
    const name = written.toLowerCase();
    if (written.length > nameLengthMax || !/^[!#$%&'*+.^_`|~0-9a-z-]+$/.test(name))
      throw problem(path, `expected a header's name of at most ${nameLengthMax} characters (RFC 9110 §5.6.2)`);
    if (isDenied(contract, name))
      throw problem(
        path,
        `expected a header that is not the contract's, hop-by-hop, a credential, or one that proxies, traces or metadata services read`,
      );
    if (headers.has(name)) throw problem(path, "expected each name once, whatever its case");
    if (value.length > valueLengthMax || !/^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/.test(value))
      throw problem(path, `expected 1 to ${valueLengthMax} printable ASCII characters`);
    headers.set(name, value);
  }
  return Object.fromEntries(headers);
}

function isDenied({ headers }: Pick<PushContract, "headers">, name: string): boolean {
  const own = Object.keys(headers).map((each) => each.toLowerCase());
  return denied.includes(name) || own.includes(name) || deniedPrefixes.some((prefix) => name.startsWith(prefix));
}

function problem(path: string, text: string): HookwrightError {
  return new HookwrightError("invalid_request", `${path}: ${text}.`, { path });
}
