import { HookwrightError } from "../errors.ts";
import type { KeyRing } from "../secrets/key-ring.ts";

/** Positions as texts that say nothing: not how long the log is, nor how much others have in it. */
export interface FeedCursors {
  readonly write: (tenant: string, position: number) => string;
  /** Throws `invalid_request` for what was not written for this tenant. */
  readonly read: (tenant: string, cursor: string) => number;
}

/** Every position has as many digits, or its cursor's length would tell its magnitude. */
const digits = String(Number.MAX_SAFE_INTEGER).length;

/** Sealed with the key ring: a cursor opens for its tenant alone, and while the key that sealed it is in the ring. */
export function createFeedCursors(keyRing: KeyRing): FeedCursors {
  const context = (tenant: string) => `${tenant}|feed_cursor`;
  return {
    write: (tenant, position) => keyRing.seal(String(position).padStart(digits, "0"), context(tenant)),
    read: (tenant, cursor) => {
      try {
        return Number(keyRing.open(cursor, context(tenant)));
      } catch (cause) {
        const message = "cursor: expected one that an earlier page or a consumer of this tenant gave, got other text.";
        throw new HookwrightError("invalid_request", message, { path: "cursor", cause });
      }
    },
  };
}
