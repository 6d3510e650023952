import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import type { Logger } from "pino";
import type { Clock } from "./seams/clock.ts";
import { liveForMs, type LiveProcess, type ProcessStore } from "./seams/process-store.ts";

/** Says to the other processes on a database that this one is there, and which keys it knows. */
export interface Presence {
  /** Says so, and again every 10 s. Rejects when the database does not take it; then it may be called again. */
  readonly start: () => Promise<void>;
  /** The other processes that are live now. */
  readonly others: () => Promise<readonly LiveProcess[]>;
  readonly stop: () => Promise<void>;
}

export interface PresenceParts {
  readonly store: ProcessStore;
  /** The one that seals first. */
  readonly keyIds: readonly string[];
  /** Told of the other live processes each time that this one says it is there; `first` before anything is served. */
  readonly met: (others: readonly LiveProcess[], time: "first" | "again") => Promise<void>;
  readonly clock: Clock;
  readonly log: Pick<Logger, "warn">;
}

export function createPresence({ store, keyIds, met, clock, log }: PresenceParts): Presence {
  const self: LiveProcess = { id: randomUUID(), host: hostname(), pid: process.pid, keyIds };
  let phase: "new" | "started" | "stopped" = "new";
  let cancel = (): void => undefined;
  let beating: Promise<void> = Promise.resolve();

  const warnedOf = new Set<string>();

  async function beat(time: "first" | "again"): Promise<void> {
    const others = await store.seen(self);
    warnOfUnknown(others);
    await met(others, time);
  }

  /** Once of each key. */
  function warnOfUnknown(others: readonly LiveProcess[]): void {
    for (const {
      host,
      pid,
      keyIds: [sealsWith = ""],
    } of others) {
      if (keyIds.includes(sealsWith) || warnedOf.has(sealsWith)) continue;
      warnedOf.add(sealsWith);
      const line = "Another process seals secrets with a key that this one does not have, and so cannot open.";
      log.warn({ keyId: sealsWith, host, otherPid: pid }, line);
    }
  }

  function arm(): void {
    cancel();
    if (phase === "stopped") return;
    cancel = clock.after(liveForMs / 3, () => {
      beating = beat("again")
        .catch((error: unknown) =>
          log.warn({ err: error }, "Other processes could not be told that this one is there."),
        )
        .then(arm);
    });
  }

  return {
    start: async () => {
      await beat("first");
      phase = "started";
      arm();
    },
    others: async () => (await store.live()).filter(({ id }) => id !== self.id),
    stop: async () => {
      const before = phase;
      phase = "stopped";
      cancel();
      await beating;
      // Nothing is lost with it: the others forget this process after a while.
      if (before === "started")
        await store
          .leave(self.id)
          .catch((err: unknown) => log.warn({ err }, "Other processes were not told of the end."));
    },
  };
}
