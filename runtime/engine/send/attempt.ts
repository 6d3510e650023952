import type { Logger } from "pino";
import type { Clock } from "../../seams/clock.ts";
import { attemptIds, deliveryId } from "../../contracts/delivery-id.ts";
import type { Random } from "../../contracts/identifier.ts";
import { attemptRequest } from "../../contracts/request-headers.ts";
import type { Outbound, OutboundRequest } from "../../seams/outbound.ts";
import type { Attempt, Endpoint, StoredEvent } from "../../seams/log-store.ts";
import { countedBytes } from "../../seams/page-bytes.ts";
import { traceRequest, type TracedRequest } from "../../tracing.ts";
import { concludeAttempt, type Conclusion } from "./conclude.ts";
import { keysOf, urlOf, type OpenSecret, type SignedEndpoint } from "../endpoints/directory.ts";
import type { Task } from "./task.ts";

export interface AttemptParts {
  readonly outbound: Outbound;
  readonly clock: Clock;
  readonly random: Random;
  readonly openSecret: OpenSecret;
  /** The id of the key that this process lacks, if that is why a secret of the endpoint could not be opened. */
  readonly missingKeyOf?: (error: unknown, endpoint: Endpoint) => string | null;
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
  const now = parts.clock.now();
  const exchange = await parts.outbound.send(pushRequest(task.state, parts.openSecret, { ...task, now }));
  if (exchange.kind === "address_blocked") {
    // The tenant is told the word alone: the detail may name addresses inside the network.
    const ids = { eventId: task.event.id, endpointId: endpoint.id, attemptNumber: task.number };
    parts.log.warn({ ...ids, detail: exchange.detail }, "not sent: its address is forbidden");
  }
  const { headers: ownHeaders } = endpoint;
  const exchanged = { exchange, startedAt: now, ownHeaders, random: parts.random };
  const conclusion = concludeAttempt(contract.declaration, task, exchanged);
  parts.attempted(contract.declaration.id, conclusion.attempt);
  return conclusion;
}

/** The request of an attempt, or of a test that is to look like one. Throws `secret_unreadable`. */
export function pushRequest(
  state: SignedEndpoint,
  openSecret: OpenSecret,
  { event, run, number, now }: Pick<Task, "run" | "number"> & PushedEvent,
): OutboundRequest {
  const { endpoint, contract } = state;
  const { declaration } = contract;
  return attemptRequest(declaration, {
    url: urlOf(state),
    eventId: event.id,
    eventType: event.type,
    eventTime: event.time,
    tenant: endpoint.tenant,
    endpointId: endpoint.id,
    ...attemptIds(declaration, { eventId: event.id, endpointId: endpoint.id, run, number }),
    attemptNumber: number,
    ...(event.position !== undefined && { position: event.position }),
    authorization: null,
    body: event.body,
    bodyBytes: sharedBytes(event),
    now,
    keys: keysOf(state, openSecret, now),
    ownHeaders: endpoint.headers,
    timeoutMs: declaration.timeoutSeconds * 1000,
    responseBodyBytesMax: declaration.log.responseBodyBytesMax,
    responseHeaders: "all",
  });
}

/** Bodies that are not small, as bytes, for as long as their events are in memory. */
const encoded = new WeakMap<PushedEvent["event"], Uint8Array>();

/**
 * The bytes of a large body once for all endpoints that it goes to: as text each request would encode it for itself, and
 * 1 MB under way to 1,280 of them would be 1.3 GB. A small one is quicker as text.
 */
function sharedBytes(event: PushedEvent["event"]): OutboundRequest["bodyBytes"] {
  if (countedBytes(event) === 0) return undefined;
  const known = encoded.get(event);
  if (known !== undefined) return known;
  const bytes = Buffer.from(event.body);
  encoded.set(event, bytes);
  return bytes;
}

interface PushedEvent {
  /** A test's has no position. */
  readonly event: Pick<StoredEvent, "id" | "type" | "time" | "body"> & Partial<Pick<StoredEvent, "position">>;
  /** When it is signed. */
  readonly now: number;
}
