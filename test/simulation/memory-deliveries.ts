import { everyDelivery, type DeliveryFilter } from "../../runtime/endpoints/delivery-filter.ts";
import type { DeliveryKey } from "../../runtime/seams/log-store.ts";
import type { Delivery, DeliveryStore } from "../../runtime/seams/store.ts";
import { append, logged } from "./memory-log.ts";
import { attemptsOf, eventText, pendingText, putPending, type Tables } from "./memory-tables.ts";
import type { Immediate } from "./immediate.ts";

export function memoryDeliveries(tables: Tables): Immediate<DeliveryStore> {
  const positionOf = (eventId: string): number => tables.log.findIndex((event) => event.id === eventId) + 1;

  return {
    list: ({ endpointKey, before, limit, filter = everyDelivery }) =>
      tables.log
        .flatMap(({ position }) => runsOf(tables, { endpointKey, position }))
        .filter((of) => before === null || newerFirst(before, of) < 0)
        .sort(newerFirst)
        .map((key) => deliveryOf(tables, key))
        .filter((delivery) => passes(tables, delivery, filter))
        .slice(0, limit),
    get: ({ endpointKey, eventId, run }) => {
      const key = { endpointKey, position: positionOf(eventId), run };
      return runsOf(tables, key).some((known) => known.run === run) ? deliveryOf(tables, key) : null;
    },
    sendMissed: () => {
      throw new Error("Nobody sends what was missed here.");
    },
    redeliver: ({ endpointKey, eventId, at }, facts) => {
      const position = positionOf(eventId);
      const runs = runsOf(tables, { endpointKey, position }).map((key) => key.run);
      const row = tables.endpoints[endpointKey - 1];
      if (row === undefined || row.deletedAt !== null || runs.length === 0) return null;
      const key = { endpointKey, position, run: Math.max(...runs) + 1 };
      putPending(tables, { ...key, attemptCount: 0, dueAt: at });
      const asked = tables.redelivered.get(eventText(key)) ?? new Map<number, number>();
      tables.redelivered.set(eventText(key), asked.set(key.run, at));
      const made = deliveryOf(tables, key);
      append(tables, facts(made), null);
      return made;
    },
  };
}

const newerFirst = (a: Pick<DeliveryKey, "position" | "run">, b: Pick<DeliveryKey, "position" | "run">): number =>
  b.position - a.position || b.run - a.run;

/** The deliveries of an event to an endpoint that were tried or wait. */
function runsOf(tables: Tables, of: Pick<DeliveryKey, "endpointKey" | "position">): readonly DeliveryKey[] {
  const waiting = tables.pending.get(of.endpointKey)?.values() ?? [];
  const pending = [...waiting].filter(({ position }) => position === of.position).map(({ run }) => run);
  const runs = new Set([...(tables.attempts.get(eventText(of))?.keys() ?? []), ...pending]);
  return [...runs].map((run) => ({ endpointKey: of.endpointKey, position: of.position, run }));
}

function deliveryOf(tables: Tables, key: DeliveryKey): Delivery {
  const { id, type, time } = logged(tables, key.position);
  const attempts = attemptsOf(tables, key);
  const dueAt = tables.pending.get(key.endpointKey)?.get(pendingText(key))?.dueAt ?? null;
  const askedAt = tables.redelivered.get(eventText(key))?.get(key.run);
  const need = tables.pending.get(key.endpointKey)?.get(pendingText(key))?.need ?? null;
  const createdAt = key.run === 0 ? time : (askedAt ?? attempts[0]?.startedAt ?? dueAt ?? time);
  const { endpointKey, position, run } = key;
  return { endpointKey, position, run, event: { id, type, time }, createdAt, attempts, dueAt, need };
}

function passes(tables: Tables, delivery: Delivery, { states, types, from, until, runs }: DeliveryFilter): boolean {
  const { event, run, attempts, dueAt } = delivery;
  const state = dueAt === null ? attempts.at(-1)?.result : "pending";
  const isLatest = () => runsOf(tables, delivery).every((other) => other.run <= run);
  return (
    (states === null || states.some((each) => each === state)) &&
    (types === null || types.includes(event.type)) &&
    event.time >= (from ?? -Infinity) &&
    event.time < (until ?? Infinity) &&
    (runs === "all" || isLatest())
  );
}
