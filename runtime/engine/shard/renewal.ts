import type { EngineContext, Renewal } from "../context.ts";
import { fail } from "../lifecycle.ts";
import { handOver } from "./hand-over.ts";
import { inOrder, isLeaseLost, takeLeases } from "./leasing.ts";
import type { Shard } from "./shard.ts";

export function createRenewal(context: () => EngineContext): Renewal {
  let isOn = false;
  let cancel = (): void => undefined;

  function arm(): void {
    const { clock, limits } = context().parts;
    cancel();
    if (isOn) cancel = clock.after(limits.leaseMs / 3, () => void renew(context()).then(arm));
  }

  return {
    start: () => {
      isOn = true;
      arm();
    },
    stop: () => {
      isOn = false;
      cancel();
    },
    soon: () => void renew(context()),
  };
}

/** Renews the leases and follows what became of them. The engine fails when it has none any more and gets none. */
async function renew(context: EngineContext): Promise<void> {
  let surplus: readonly Shard[] = [];
  await inOrder(context.leasing, async () => {
    const { phase } = context.lifecycle;
    if (phase !== "running" && phase !== "stopping") return;
    try {
      surplus = await takeLeases(context);
    } catch (error) {
      if (isLeaseLost(error)) fail(context, error);
      else context.parts.log.error({ err: error }, "The leases were not renewed; trying again.");
    }
  });
  for (const shard of surplus) void handOver(context, shard);
  context.idle.check();
}
