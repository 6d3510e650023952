/** What the generator emits for test/generator/mode-contracts.ts. */
import type { Authorization } from "../src/core/authorization.ts";
import type { ReceiverContract } from "../src/core/contract.ts";
import { defineStream } from "../src/core/stream.ts";

export interface Entry {
  ip: string;
  user_id: string;
  details?: Record<string, unknown>;
  /** What it says beside. */
  [member: string]: unknown;
}

/** What every event has beside its data. */
export interface Envelope<Type extends string> {
  /** When it happened. */
  date: string;
  /** The code of the entry. */
  type: Type;
  /** The entry. */
  _id: string;
}

/**
 * Failed Login: Somebody failed to log in.
 *
 * Level: error. Since 2.
 */
export interface F extends Envelope<"f">, Entry {}

/** An event of a type that was added after this was generated. */
export interface UnknownEvent extends Envelope<"$unknown"> {
  /** The type that was sent. */
  rawType: string;
  /** Whatever it says. */
  [member: string]: unknown;
}

/** The known events by type. */
export interface EventMap {
  f: F;
}

/** Any event, also one of a type that was added later. */
export type WebhookEvent = EventMap[keyof EventMap] | UnknownEvent;

/** What the core has to know to verify and read these events. */
export const contract: ReceiverContract = {
  id: "tape",
  mode: "stream",
  signature: null,
  authorizationHeader: "Authorization",
  typeKey: "type",
  eventId: {
    in: "envelope",
    name: "_id",
  },
  dataKey: null,
  metaKey: null,
  envelope: {
    date: { type: "string" },
    type: { type: "string" },
    _id: { type: "string" },
  },
  events: {
    f: "Entry",
  },
  metas: {},
  batch: {
    body: { kind: "array" },
    single: true,
  },
  verdict: null,
  shapes: {
    Entry: {
      fields: {
        ip: { type: "string" },
        user_id: { type: "string" },
        details: { type: { record: { type: "unknown" } }, optional: true },
      },
    },
  },
};

/** The receiver of Tape. */
export const Webhook = defineStream<EventMap, UnknownEvent, Authorization>(contract);
export type Webhook = InstanceType<typeof Webhook>;
