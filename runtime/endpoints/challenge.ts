import type { KeyObject } from "node:crypto";
import type { Challenge, PushContract } from "../../catalog/contract.ts";
import type { Random } from "../contracts/identifier.ts";
import { attemptRequest } from "../contracts/request-headers.ts";
import { HookwrightError } from "../errors.ts";
import type { Clock } from "../seams/clock.ts";
import type { Exchange, Outbound } from "../seams/outbound.ts";

export interface ChallengeParts {
  readonly outbound: Pick<Outbound, "send">;
  readonly clock: Clock;
  readonly random: Random;
}

/** An endpoint as it is to become. */
export interface Challenged {
  readonly endpointId: string;
  readonly url: URL;
  readonly keys: readonly KeyObject[];
}

/** More than any answer with a challenge has. */
const answerBytesMax = 4096;

/**
 * Asks a URL to give a random text back, signed like any request, where the contract says so. Throws `invalid_url` when
 * it does not, so that nobody can have events sent to a server that knows nothing of them.
 */
export async function challengeUrl(
  parts: ChallengeParts,
  declaration: PushContract,
  { endpointId, url, keys }: Challenged,
): Promise<void> {
  const { challenge, ids } = declaration;
  if (challenge === undefined) return;
  const text = Buffer.from(parts.random(32)).toString("base64url");
  const request = attemptRequest(declaration, {
    ...{ url, keys, endpointId, eventId: null, eventType: null, authorization: null, now: parts.clock.now() },
    deliveryId: `${ids.delivery.prefix}challenge`,
    attemptId: `${ids.attempt.prefix}challenge`,
    attemptNumber: 1,
    body: challengeBody(challenge, text),
    timeoutMs: declaration.timeoutSeconds * 1000,
    responseBodyBytesMax: answerBytesMax,
  });
  const exchange = await parts.outbound.send(request);
  if (isAnswered(challenge, exchange, text)) return;
  const got = exchange.kind === "response" ? `status ${exchange.status} with another answer` : exchange.kind;
  const message = `url: expected an endpoint that gives the challenge back in ${challenge.answer}, got ${got}.`;
  throw new HookwrightError("invalid_url", message, { path: "url" });
}

function challengeBody({ body }: Challenge, text: string): string {
  const members = Object.entries(body).map(([name, member]) => [name, "constant" in member ? member.constant : text]);
  return JSON.stringify(Object.fromEntries(members));
}

/** As a member of a JSON object, or as the whole of a text. */
function isAnswered({ answer }: Challenge, exchange: Exchange, text: string): boolean {
  if (exchange.kind !== "response" || exchange.status !== 200 || exchange.body === null) return false;
  const said = Buffer.from(exchange.body).toString("utf8");
  if (said.trim() === text) return true;
  try {
    const parsed: unknown = JSON.parse(said);
    return typeof parsed === "object" && parsed !== null && Reflect.get(parsed, answer) === text;
  } catch {
    return false;
  }
}
