import { HookwrightError } from "../errors.ts";
import type { EngineContext, Lifecycle } from "./context.ts";
import { abandonAll, endLeases } from "./shard/leasing.ts";

export function createLifecycle(): Lifecycle {
  const failure = Promise.withResolvers<never>();
  // Without a listener of its own the rejection would end the process.
  failure.promise.catch(() => undefined);
  return { phase: "new", failure };
}

/** Moves on to the next phase. Gives whether the engine was in the phase before. */
export function enter(lifecycle: Lifecycle, phase: "running" | "stopping" | "stopped"): boolean {
  const before = { running: "new", stopping: "running", stopped: "stopping" } as const;
  if (lifecycle.phase !== before[phase]) return false;
  lifecycle.phase = phase;
  return true;
}

/** Stops the engine at once: another process has its database. Attempts under way are that process's to make again. */
export function fail(context: EngineContext, error: HookwrightError): void {
  const { lifecycle, parts } = context;
  if (lifecycle.phase === "stopped") return;
  parts.log.error({ err: error }, "The engine stops.");
  lifecycle.phase = "stopped";
  context.turns.stop();
  context.renewal.stop();
  abandonAll(context);
  endLeases(context.leasing);
  context.idle.giveUp("The engine failed.");
  lifecycle.failure.reject(error);
}
