import { describeNeed } from "../contracts/needs.ts";
import type { Pending } from "../seams/log-store.ts";
import type { EngineContext, UnservedReport } from "./context.ts";

/** How often it is said what deliveries wait for. */
const sayEveryMs = 60_000;
/** Enough to see how much it is. */
const countMax = 100_000;

export function createUnservedReport(): UnservedReport {
  return { cancel: null };
}

/** Deliveries were written that wait for another process: it takes their shard by its next renewal of leases. */
export function noteUnserved(context: EngineContext, pending: readonly Pending[]): void {
  if (!pending.some(({ need }) => need !== undefined)) return;
  const { parts, renewal, unservedReport } = context;
  // Others learn of it now; what this process itself can serve, as after a change of keys, it takes now.
  parts.store.signals?.notify("work");
  if (pending.some(({ need }) => need !== undefined && parts.serves?.(need))) renewal.soon();
  unservedReport.cancel ??= parts.clock.after(0, () => void say(context));
}

/** Says once a minute, for as long as it is so, what deliveries wait for that no process has. */
async function say(context: EngineContext): Promise<void> {
  const { lifecycle, parts, unservedReport } = context;
  unservedReport.cancel = null;
  if (lifecycle.phase !== "running") return;
  try {
    const waiting = await parts.store.unserved({ countMax });
    for (const { need, count, isServed } of waiting) {
      if (isServed) continue;
      const text = `${count} deliveries wait for a process that has ${describeNeed(need)}.`;
      parts.log.warn({ need, count }, text);
    }
    if (waiting.length === 0) return;
  } catch (error) {
    parts.log.error({ err: error }, "It could not be found out what deliveries wait for.");
  }
  unservedReport.cancel = parts.clock.after(sayEveryMs, () => void say(context));
}

/** Says nothing more. */
export function stopSaying({ unservedReport }: EngineContext): void {
  unservedReport.cancel?.();
  unservedReport.cancel = null;
}
