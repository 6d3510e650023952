import type { ReceiverContract } from "./contract.ts";
import type { Once } from "./dedupe.ts";
import type { ErrorOptions } from "./handler.ts";
import { type HeaderSource, valuesOf } from "./headers.ts";

/** Handlers by event type. What they return is ignored; a promise is awaited. */
export type Handlers<EventMap> = { readonly [Type in keyof EventMap]?: (event: EventMap[Type]) => unknown };

export interface HandlerOptions<Event> extends ErrorOptions {
  /** Gets every event that has no handler, known or unknown. What it returns is ignored; a promise is awaited. */
  readonly fallback: (event: Event) => unknown;
  /** Handles each event once: `dedupe(store)`. Left out, an event that is delivered again is handled again. */
  readonly dedupe?: Once;
}

/** Calls the handler of an event, or the fallback. */
export function dispatcher<Event extends object, Result>(
  contract: ReceiverContract,
  handlers: object,
  fallback: (event: Event) => Result,
): (event: Event) => Result {
  const byType = new Map<string, unknown>(Object.entries(handlers));
  return (event) => {
    const type = ownText(event, contract.typeKey);
    // Handlers pair each type with a handler of its event, which a lookup by type cannot express.
    const handler = (type === null ? undefined : byType.get(type)) as ((event: Event) => Result) | undefined;
    return (handler ?? fallback)(event);
  };
}

/** What handles an event once by its id, where `once` is given and the event has one. */
export function handledOnce<Event extends object>(
  contract: ReceiverContract,
  handle: (event: Event) => unknown,
  once: Once | undefined,
): (event: Event, headers: HeaderSource) => Promise<void> {
  return async (event, headers) => {
    const id = eventIdOf(contract, event, headers);
    if (once === undefined || id === null) await handle(event);
    else await once(id, () => handle(event));
  };
}

function eventIdOf({ eventId }: ReceiverContract, event: object, headers: HeaderSource): string | null {
  if (eventId === null) return null;
  return eventId.in === "envelope" ? ownText(event, eventId.name) : (valuesOf(headers, eventId.name)[0] ?? null);
}

/** The event with the id that a header of its request carried; one that has its id itself stays as it is. */
export function withCarriedId<Event extends object>(
  { eventId }: ReceiverContract,
  event: Event,
  headers: HeaderSource,
): Event {
  if (eventId?.in !== "header" || eventId.as === undefined) return event;
  const [id] = valuesOf(headers, eventId.name);
  return id === undefined ? event : Object.assign(event, { [eventId.as]: id });
}

/** An event as `parse` gives it, which sees no header: without the member that has the id of one. */
export type Parsed<Event, IdKey extends string> = [IdKey] extends [never]
  ? Event
  : Event extends unknown
    ? { [Member in keyof Event as Member extends IdKey ? never : Member]: Event[Member] }
    : never;

/** An object's text under a key; null when there is none. */
export function ownText(object: object, key: string): string | null {
  const value: unknown = Object.getOwnPropertyDescriptor(object, key)?.value;
  return typeof value === "string" ? value : null;
}
