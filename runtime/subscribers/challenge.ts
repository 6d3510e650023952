import { timingSafeEqual } from "node:crypto";
import type { PushContract } from "../../catalog/contract.ts";
import type { Random } from "../contracts/identifier.ts";
import { attemptRequest } from "../contracts/request-headers.ts";
import { signingKeys } from "../contracts/signature.ts";
import type { Clock } from "../seams/clock.ts";
import type { Exchange, Outbound } from "../seams/outbound.ts";

/** Why a URL is not taken; of a fixed set, so that nobody learns from it what stands inside the network. */
export type Refusal =
  "challenge_failed" | "connection_refused" | "timeout" | "tls_error" | "http_3xx" | "http_4xx" | "http_5xx";

export interface ChallengeParts {
  readonly outbound: Outbound;
  readonly clock: Clock;
  readonly random: Random;
}

/** Room for the answer `{"challenge":"…"}`, and for some other members beside it. */
const answerBytesMax = 4096;

/**
 * Asks a URL whether it wants what will be sent there: POSTs a text that nobody can guess, signed with the subscriber's
 * secret and in the contract's headers, and expects it back. Null: it came back. Each text is used once and forgotten.
 */
export async function challenge(
  { outbound, clock, random }: ChallengeParts,
  declaration: PushContract,
  { id, url, secret }: { readonly id: string; readonly url: string; readonly secret: string },
): Promise<Refusal | null> {
  const nonce = Buffer.from(random(32)).toString("base64url");
  const messageId = `msg_verification_${Buffer.from(random(16)).toString("hex")}`;
  const request = attemptRequest(declaration, {
    url: new URL(url),
    ...{ eventId: messageId, eventType: "verification", deliveryId: messageId, attemptId: messageId },
    ...{ attemptNumber: 1, endpointId: id, authorization: null, now: clock.now() },
    body: JSON.stringify({ type: "verification", challenge: nonce }),
    keys: signingKeys(secret, declaration),
    timeoutMs: declaration.timeoutSeconds * 1000,
    responseBodyBytesMax: answerBytesMax,
  });
  return refusalOf(await outbound.send(request), nonce);
}

function refusalOf(exchange: Exchange, nonce: string): Refusal | null {
  switch (exchange.kind) {
    case "timeout":
      return "timeout";
    case "network_error":
      return /certificate|SSL|TLS|ERR_TLS|CERT_/i.test(exchange.detail) ? "tls_error" : "connection_refused";
    // Told apart from any other host that does not answer, it would say which addresses are inside.
    case "address_blocked":
      return "connection_refused";
    case "response": {
      const { status, body } = exchange;
      if (status >= 200 && status < 300) return isEcho(body, nonce) ? null : "challenge_failed";
      if (status >= 500) return "http_5xx";
      return status >= 400 ? "http_4xx" : "http_3xx";
    }
  }
}

function isEcho(body: Uint8Array | null, nonce: string): boolean {
  const [given, expected] = [Buffer.from(echoIn(body)), Buffer.from(nonce)];
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function echoIn(body: Uint8Array | null): string {
  try {
    const answer: unknown = JSON.parse(Buffer.from(body ?? []).toString("utf8"));
    const echo: unknown = typeof answer === "object" && answer !== null ? Reflect.get(answer, "challenge") : null;
    return typeof echo === "string" ? echo : "";
  } catch {
    return "";
  }
}
