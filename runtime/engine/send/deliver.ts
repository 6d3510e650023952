import { needOfKey } from "../../contracts/needs.ts";
import type { EngineContext } from "../context.ts";
import { HookwrightError } from "../../errors.ts";
import { isErased } from "../../seams/log-store.ts";
import { canClaim, expectDue, noteDueAt } from "../shard/claiming.ts";
import { canRead } from "../shard/diversions.ts";
import { settleSoon } from "../shard/settling.ts";
import { beginAttempt, concludeTask, endAttempt, type Shard } from "../shard/shard.ts";
import { followAttempt } from "./allowance.ts";
import { sendAttempt } from "./attempt.ts";
import { mustWaitFor, pauseOf } from "./breaker.ts";
import { dropped, waiting, waitingFor, type Conclusion } from "./conclude.ts";
import { maySend, type Task } from "./task.ts";

/** What cannot be attempted through a fault of ours is looked at again after this long. */
const faultWaitMs = 60_000;

/** Makes the attempt of a task whose turn it is. What it resolves to concludes the task, once its place is free again. */
export async function deliver(context: EngineContext, task: Task): Promise<() => void> {
  const shard = context.shards.get(task.shard);
  if (shard === undefined) return () => undefined;
  beginAttempt(shard);
  const conclusion = await attempt(context, shard, task);
  if (conclusion.attempt !== null) followAttempt(task.state, context.parts.limits, conclusion.attempt);
  return () => conclude(context, shard, { task, conclusion });
}

async function attempt({ parts }: EngineContext, shard: Shard, task: Task): Promise<Conclusion> {
  const { tenant, id } = task.event;
  const { directory } = shard;
  try {
    if (directory.isOutdated(tenant)) await directory.refresh([tenant]);
    // Lost meanwhile: whoever has the shard now makes the attempt, and what this one comes to is not followed.
    if (shard.state === "lost") return waiting(task, task.dueAt);
    if (task.state.endpoint.deletedAt !== null || isErased(task.event)) return dropped;
    if (!maySend(task.state)) return waiting(task, parts.clock.now());
    if (mustWaitFor(directory.breakers, task)) return waiting(task, task.dueAt);
    return await sendAttempt(parts, task);
  } catch (error) {
    // No request was made, so it is no attempt and not the receiver's failure.
    const keyId = parts.missingKeyOf?.(error, task.state.endpoint) ?? null;
    if (keyId !== null) return waitingFor(needOfKey(keyId), task, parts.clock.now());
    const isSecret = error instanceof HookwrightError && error.code === "secret_unreadable";
    parts.notAttempted?.(task.state.endpoint.contract, isSecret ? "secret_unreadable" : "fault");
    parts.log.error({ err: error, eventId: id, endpointId: task.state.endpoint.id }, "An attempt could not be made.");
    return waiting(task, parts.clock.now() + faultWaitMs);
  }
}

function conclude(
  context: EngineContext,
  shard: Shard,
  { task, conclusion }: { readonly task: Task; readonly conclusion: Conclusion },
): void {
  endAttempt(shard, task);
  if (context.lifecycle.phase === "stopped" || shard.state === "lost") return;
  if (concludeTask(shard, context.parts, task, conclusion)) expectDue(context.backlog);
  const pausedUntil = pauseOf(shard.directory.breakers, task.endpointKey);
  if (pausedUntil !== null) noteDueAt(context, pausedUntil);
  settleSoon(context);
  if (canRead(shard, context.parts.limits.windowMax) || canClaim(context)) context.turns.takeTurn();
}
