import type { Clock } from "../seams/clock.ts";
import { HookwrightError } from "../errors.ts";
import type { IdempotencyKey, IdempotencyStore, KeyedRequest } from "../seams/idempotency-store.ts";
import type { KeyRing } from "../secrets/key-ring.ts";

const keptMs = 24 * 3600_000;
/** Longer than any request takes: one without an answer after it was cut off by a crash, and a repeat goes on. */
const abandonedMs = 120_000;

export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** A request that has its key, until it is answered. */
export interface Claim {
  /** Keeps the answer for repeats. */
  readonly complete: (answer: Answer) => Promise<void>;
  /** Nothing was changed, so a repeat may try again. */
  readonly release: () => Promise<void>;
}

/** Answers repeats of a request, by the key it brings, with the first answer. Keys are kept for a day. */
export interface Idempotency {
  /** Throws `idempotency_conflict` when the key was used for another request, or the first one has no answer yet. */
  readonly begin: (
    request: Omit<KeyedRequest, "at">,
  ) => Promise<{ readonly repeat: Answer } | { readonly claim: Claim }>;
}

export function createIdempotency(parts: {
  readonly store: IdempotencyStore;
  readonly keyRing: KeyRing;
  readonly clock: Clock;
}): Idempotency {
  const { store, keyRing, clock } = parts;
  return {
    begin: async (given) => {
      const at = clock.now();
      const request = { ...given, at };
      const found = await store.claim({ ...request, expiredBy: at - keptMs, abandonedBy: at - abandonedMs });
      if (found === "claimed") {
        return {
          claim: {
            complete: ({ status, body }) =>
              store.complete(request, { status, sealed: keyRing.seal(body, answerContext(request)) }),
            release: () => store.release(request),
          },
        };
      }
      if (found.fingerprint !== given.fingerprint) throw conflict("it was used for another request");
      if (found.answer === null) throw conflict("the request it was first used for has no answer yet");
      const { status, sealed } = found.answer;
      return { repeat: { status, body: keyRing.open(sealed, answerContext(request)) } };
    },
  };
}

/** An answer opens for nobody but the caller it was given to. */
export function answerContext({ tenant, actorId, key }: IdempotencyKey): string {
  return JSON.stringify([tenant, actorId, key, "idempotent_answer"]);
}

function conflict(reason: string): HookwrightError {
  return new HookwrightError("idempotency_conflict", `Idempotency-Key: ${reason}.`, { path: "idempotency-key" });
}
