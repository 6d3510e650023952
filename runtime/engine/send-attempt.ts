import type { Logger } from "pino";
import type { Clock } from "../clock.ts";
import { attemptId, deliveryId } from "../contracts/delivery-id.ts";
import { requestHeaders } from "../contracts/request-headers.ts";
import type { Outbound } from "../outbound.ts";
import type { Attempt } from "../store.ts";
import { traceRequest, type TracedRequest } from "../tracing.ts";
import { concludeAttempt, type Conclusion } from "./conclude.ts";
import { keysOf, urlOf, type OpenSecret } from "./endpoint-directory.ts";
import type { Task } from "./task.ts";

export interface AttemptParts {
  readonly outbound: Outbound;
  readonly clock: Clock;
  readonly openSecret: OpenSecret;
  readonly log: Pick<Logger, "info" | "warn" | "error">;
  /** Told of every attempt once it has ended. */
  readonly attempted: (contract: string, attempt: Attempt) => void;
}

/** Makes one attempt with the endpoint's settings and secrets as they are now, and concludes it. */
export function sendAttempt(parts: AttemptParts, task: Task): Promise<Conclusion> {
  return traceRequest(
    () => spanOf(task),
    () => attempt(parts, task),
    ({ attempt: { result, status, error } }) => ({
      outcome: result,
      status,
      error: result === "delivered" ? null : (error ?? `${status}`),
    }),
  );
}

function spanOf({ event, number, run, state: { contract, endpoint } }: Task): TracedRequest {
  const { id, ids } = contract.declaration;
  const delivery = deliveryId({ prefix: ids.delivery.prefix, eventId: event.id, endpointId: endpoint.id, run });
  return {
    ...{ name: "hookwright.attempt", url: new URL(endpoint.url), contract: id, tenant: event.tenant },
    attributes: {
      "messaging.message.id": event.id,
      "hookwright.event.type": event.type,
      "hookwright.endpoint.id": endpoint.id,
      "hookwright.delivery.id": delivery,
      "hookwright.attempt.number": number,
    },
    events: [event.trace],
  };
}

async function attempt(parts: AttemptParts, task: Task): Promise<ReturnType<typeof concludeAttempt>> {
  const { endpoint, contract } = task.state;
  const { declaration } = contract;
  const startedAt = parts.clock.now();
  const identity = { eventId: task.event.id, endpointId: endpoint.id, run: task.run };
  const headers = requestHeaders(
    declaration,
    {
      eventId: task.event.id,
      eventType: task.event.type,
      endpointId: task.state.endpoint.id,
      authorization: null,
      deliveryId: deliveryId({ ...identity, prefix: declaration.ids.delivery.prefix }),
      attemptId: attemptId({ ...identity, prefix: declaration.ids.attempt.prefix, number: task.number }),
      body: task.event.body,
      now: startedAt,
    },
    keysOf(task.state, parts.openSecret, startedAt),
  );
  const exchange = await parts.outbound.send({
    url: urlOf(task.state),
    // What the owner added stands first: whatever the contract sends cannot be replaced.
    headers: { ...endpoint.headers, ...headers },
    body: task.event.body,
    ownDomains: declaration.url.ownDomains ?? [],
    timeoutMs: declaration.timeoutSeconds * 1000,
    responseBodyBytesMax: declaration.log.responseBodyBytesMax,
  });
  if (exchange.kind === "address_blocked") {
    // The tenant is told the word alone: the detail may name addresses inside the network.
    const ids = { eventId: task.event.id, endpointId: endpoint.id, attemptNumber: task.number };
    parts.log.warn({ ...ids, detail: exchange.detail }, "not sent: its address is forbidden");
  }
  const conclusion = concludeAttempt(declaration, task, exchange, startedAt);
  parts.attempted(declaration.id, conclusion.attempt);
  return conclusion;
}
