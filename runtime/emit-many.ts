import type { EmittedEvent, UntypedInput } from "./emitter.ts";
import { HookwrightError } from "./errors.ts";
import { checkEmit, emitted, type EventParts, type RenderEvent } from "./events.ts";
import type { Executor, LogStore } from "./seams/log-store.ts";
import { traceEmit } from "./tracing.ts";

/** One event of several. */
export type ManyInput = Omit<UntypedInput, "tx" | "tenant"> & { readonly contract: string; readonly type: string };

/**
 * Emits several events of a tenant in one statement: all of them, or none when one is refused. `path` of the error begins
 * with the place of that one, `events[3].data.agentName`.
 */
export type EmitMany = (tenant: string, inputs: readonly ManyInput[]) => Promise<readonly EmittedEvent[]>;

export interface EmitManyParts extends Pick<EventParts, "catalog" | "wake"> {
  readonly store: Pick<LogStore, "append">;
  /** Runs work in a transaction of the store's, which is rolled back when the work rejects. */
  readonly inTransaction: <Answer>(work: (executor: Executor) => Promise<Answer>) => Promise<Answer>;
}

export function createEmitMany(parts: EmitManyParts, render: RenderEvent): EmitMany {
  async function emitAll(tenant: string, inputs: readonly ManyInput[], trace: string | null) {
    const rendered = inputs.map(({ contract, type, ...input }, at) =>
      placed(at, () => {
        checkEmit(parts.catalog, contract, tenant);
        return render(contract, type, { ...input, tenant, trace });
      }),
    );
    const all = rendered.flat();
    // A key that was used for something else is found out after the insert, which then has to be undone.
    const events = await parts.inTransaction(async (executor) => {
      const appended = await parts.store.append(all, executor);
      return rendered.map(([first], at) =>
        placed(at, () => emitted(appended[all.indexOf(first)], first, parts.catalog)),
      );
    });
    parts.wake("log");
    return events;
  }

  return async (tenant, inputs) => {
    const [first] = inputs;
    if (first === undefined) return [];
    let events: readonly EmittedEvent[] = [];
    await traceEmit({ contract: first.contract, type: first.type, tenant }, async (trace) => {
      events = await emitAll(tenant, inputs, trace);
      return { id: events[0]?.id ?? "", created: events.some(({ created }) => created) };
    });
    return events;
  };
}

/** Gives an error the place of the event that it is about. */
function placed<Answer>(at: number, work: () => Answer): Answer {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof HookwrightError)) throw error;
    const place = `events[${at}]`;
    const path = error.path === null ? place : `${place}.${error.path}`;
    throw new HookwrightError(error.code, `${place}.${error.message}`, { path, cause: error });
  }
}
