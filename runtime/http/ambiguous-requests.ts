import type { FastifyReply, FastifyRequest } from "fastify";
import { HookwrightError } from "../errors.ts";

/**
 * Refuses what two readers could take for different requests: two Host headers (RFC 9112 §3.2), of which Node keeps the
 * first and a proxy may keep the last; and a body in a coding that is not undone here (RFC 9110 §8.4).
 */
export function refuseAmbiguous({ headers, raw }: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void) {
  const hosts = raw.rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === "host");
  const coding = headers["content-encoding"];
  if (hosts.length > 1) done(new HookwrightError("invalid_request", `Host: expected one header, got ${hosts.length}.`));
  else if (coding === undefined || coding.toLowerCase() === "identity") done();
  else {
    void reply.header("accept-encoding", "identity");
    const message = `Content-Encoding: expected none or identity, got ${JSON.stringify(coding.slice(0, 40))}.`;
    done(new HookwrightError("unsupported_media_type", message));
  }
}
