import type { PushContract } from "../../catalog/contract.ts";
import { attemptIds } from "../contracts/delivery-id.ts";
import type { Random } from "../contracts/identifier.ts";
import { decideOutcome } from "../contracts/outcome.ts";
import { attemptRequest } from "../contracts/request-headers.ts";
import { signingKeys } from "../contracts/signature.ts";
import { retryAfterMs } from "../outbound/retry-after.ts";
import { newSecrets, type NewSecrets } from "../secrets/signing-secret.ts";
import type { AttemptResult, NewEvent } from "../seams/log-store.ts";
import type { Exchange } from "../seams/outbound.ts";

/** Takes a delivery as a receiver does: what an SDK's `webhook.handler(…)` gives is one. */
export type TestReceiver = (request: Request) => Response | Promise<Response>;

/** How a receiver fails: with a status, or without an answer. */
export type Failure = number | "timeout" | "network_error";

/** One attempt of a test. */
export interface TestAttempt {
  readonly type: string;
  readonly eventId: string;
  /** From 1 within the delivery. */
  readonly number: number;
  readonly result: AttemptResult;
  /** Null when there was no response. */
  readonly status: number | null;
  /** When the next attempt is due, in milliseconds since 1970. Null: there is none. */
  readonly dueAt: number | null;
}

/** The receiver behind it, after so many failures: one for each request, the first ones first. */
export function failing(failures: readonly Failure[], receiver: TestReceiver): TestReceiver {
  const left = [...failures];
  return async (request) => {
    const failure = left.shift();
    if (failure === undefined) return receiver(request);
    if (typeof failure === "number") return new Response(null, { status: failure });
    throw new TestFailure(failure);
  };
}

class TestFailure extends Error {
  readonly kind: "timeout" | "network_error";
  constructor(kind: "timeout" | "network_error") {
    super(`The receiver fails on demand: ${kind}.`);
    this.kind = kind;
  }
}

/** The same bytes every time, so that a test's receiver can have its secret as a constant. */
const fixed: Random = (bytes) => new Uint8Array(bytes).fill(7);

/** What a contract's deliveries are signed with in tests. */
export function testSecrets(declaration: PushContract): NewSecrets {
  return newSecrets(declaration, fixed);
}

const endpointId = "whe_test";
const url = new URL("https://receiver.example/hooks");

/** Sends one attempt, signed as the contract says, and decides it by the contract's table. */
export async function attemptOf(
  declaration: PushContract,
  event: NewEvent,
  { number, now, receiver }: { readonly number: number; readonly now: number; readonly receiver: TestReceiver },
): Promise<TestAttempt> {
  const { headers, body } = attemptRequest(declaration, {
    ...{ url, body: event.body, now, eventId: event.id, eventType: event.type, endpointId, authorization: null },
    ...attemptIds(declaration, { eventId: event.id, endpointId, run: 0, number }),
    ...{ attemptNumber: number, eventTime: event.time, tenant: event.tenant },
    keys: signingKeys(testSecrets(declaration).text, declaration),
    timeoutMs: declaration.timeoutSeconds * 1000,
    responseBodyBytesMax: 0,
  });
  const exchange = await exchanged(receiver, new Request(url, { method: "POST", headers, body }), now);
  const { result, status, waitMs } = decideOutcome(declaration, exchange, { number, random: middle });
  return { type: event.type, eventId: event.id, number, result, status, dueAt: waitMs === null ? null : now + waitMs };
}

/** No jitter: a wait is the plan's to the millisecond, as near as half of the range comes to it. */
const middle: Random = (bytes) => Uint8Array.from({ length: bytes }, (_, index) => (index === 0 ? 0x80 : 0));

async function exchanged(receiver: TestReceiver, request: Request, now: number): Promise<Exchange> {
  try {
    const response = await receiver(request);
    const { status } = response;
    const asked = retryAfterMs(status, response.headers.get("retry-after") ?? undefined, now);
    return { kind: "response", durationMs: 0, status, body: null, ...(asked !== null && { retryAfterMs: asked }) };
  } catch (error) {
    const kind = error instanceof TestFailure ? error.kind : "network_error";
    return { kind, durationMs: 0, detail: error instanceof Error ? error.message : String(error) };
  }
}
