import type { Endpoint } from "../seams/log-store.ts";
import type { Clock } from "../seams/clock.ts";
import { pushContractOf } from "../contracts/contract-of.ts";
import { renderEnvelope } from "../contracts/envelope.ts";
import { examplesOf } from "../contracts/examples.ts";
import type { NewId, Random } from "../contracts/identifier.ts";
import { decideOutcome, type Outcome } from "../contracts/outcome.ts";
import type { WireCatalog } from "../contracts/wire-contract.ts";
import type { OpenSecret } from "../engine/endpoints/directory.ts";
import { pushRequest } from "../engine/send/attempt.ts";
import { HookwrightError } from "../errors.ts";
import type { Exchange, Outbound } from "../seams/outbound.ts";

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
 * Sends an example to an endpoint, with the headers and the signatures of a first attempt and an event id of its own, and
 * waits for the answer. It is sent to a disabled or paused endpoint too. Throws `unknown_event_type` or
 * `invalid_request`.
 */
export type SendTest = (endpoint: Endpoint, request: TestRequest) => Promise<TestDelivery>;

export function createSendTest(parts: {
  readonly catalog: WireCatalog;
  readonly outbound: Outbound;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly random: Random;
  readonly openSecret: OpenSecret;
}): SendTest {
  return async (endpoint, request) => {
    const contract = pushContractOf(parts.catalog, endpoint.contract);
    const { declaration } = contract;
    const { name: _, ...payload } = chosenExample(contract, request);
    const now = parts.clock.now();
    const id = parts.newId(declaration.ids.event, now);
    const { type } = request;
    const { tenant } = endpoint;
    const told = { id, endpointId: endpoint.id, type, time: now, tenant, ...payload };
    const body = renderEnvelope(declaration.envelope, told);
    const state = { endpoint, contract, keys: null, url: null };
    const event = { id, type, time: now, body };
    const exchange = await parts.outbound.send(pushRequest(state, parts.openSecret, { event, run: 0, number: 1, now }));
    return {
      eventId: id,
      body,
      exchange,
      outcome: decideOutcome(declaration, exchange, { number: 1, random: parts.random }),
    };
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
