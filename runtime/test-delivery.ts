import type { Endpoint } from "./store.ts";
import type { Clock } from "./clock.ts";
import { attemptId, deliveryId } from "./contracts/delivery-id.ts";
import { pushContractOf } from "./contracts/contract-of.ts";
import { renderEnvelope } from "./contracts/envelope.ts";
import { examplesOf } from "./contracts/examples.ts";
import { newId, type Random } from "./contracts/identifier.ts";
import { decideOutcome, type Outcome } from "./contracts/outcome.ts";
import { requestHeaders } from "./contracts/request-headers.ts";
import { signingKeys } from "./contracts/signature.ts";
import type { WireCatalog } from "./contracts/wire-contract.ts";
import { HookwrightError } from "./errors.ts";
import type { Exchange, Outbound } from "./outbound.ts";

export interface TestRequest {
  readonly type: string;
  /** The name of one of the type's examples. Null: the first. */
  readonly example: string | null;
}

/** What was sent, and what came of it by the contract's table; it is written nowhere. */
export interface TestDelivery {
  readonly eventId: string;
  readonly body: string;
  readonly exchange: Exchange;
  readonly outcome: Outcome;
}

/**
 * Sends an example to an endpoint, with the headers and the signature of a first attempt and an event id of its own, and
 * waits for the answer. It is sent to a disabled or paused endpoint too. Throws `unknown_event_type` or
 * `invalid_request`.
 */
export type SendTest = (endpoint: Endpoint, request: TestRequest) => Promise<TestDelivery>;

export function createSendTest(parts: {
  readonly catalog: WireCatalog;
  readonly outbound: Outbound;
  readonly clock: Clock;
  readonly random: Random;
  readonly openSecret: (endpoint: Endpoint, which: "current") => string;
}): SendTest {
  return async (endpoint, request) => {
    const contract = pushContractOf(parts.catalog, endpoint.contract);
    const { declaration } = contract;
    const { name: _, ...payload } = chosenExample(contract, request);
    const now = parts.clock.now();
    const eventId = newId(declaration.ids.event, now, parts.random);
    const identity = { eventId, endpointId: endpoint.id, run: 0 };
    const body = renderEnvelope(declaration.envelope, {
      id: eventId,
      endpointId: endpoint.id,
      type: request.type,
      time: now,
      tenant: endpoint.tenant,
      ...payload,
    });
    const keys = signingKeys(parts.openSecret(endpoint, "current"), declaration);
    const attempt = {
      eventId,
      eventType: request.type,
      endpointId: endpoint.id,
      authorization: null,
      deliveryId: deliveryId({ ...identity, prefix: declaration.ids.delivery.prefix }),
      attemptId: attemptId({ ...identity, prefix: declaration.ids.attempt.prefix, number: 1 }),
      body,
      now,
    };
    const exchange = await parts.outbound.send({
      url: new URL(endpoint.url),
      headers: { ...endpoint.headers, ...requestHeaders(declaration, attempt, keys) },
      body,
      timeoutMs: declaration.timeoutSeconds * 1000,
      responseBodyBytesMax: declaration.log.responseBodyBytesMax,
    });
    return { eventId, body, exchange, outcome: decideOutcome(declaration, exchange, 1) };
  };
}

function chosenExample(contract: Parameters<typeof examplesOf>[0], { type, example }: TestRequest) {
  const examples = examplesOf(contract, type);
  const chosen = example === null ? examples[0] : examples.find(({ name }) => name === example);
  if (chosen !== undefined) return chosen;
  const names = examples.map(({ name }) => JSON.stringify(name)).join(", ");
  const message = `example: expected one of ${type}, which are ${names || "none"}, got ${JSON.stringify(example)}.`;
  throw new HookwrightError("invalid_request", message, { path: "example" });
}
