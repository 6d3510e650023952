/** What the generator emits for test/generator/mode-contracts.ts. */
import type { ReceiverContract } from "../src/core/contract.ts";
import { defineStream } from "../src/core/stream.ts";

export interface Reading {
  meter: string;
  value: number;
  note?: string;
}

/** What every event has beside its data. */
export interface Envelope<Type extends string> {
  /** The version of the envelope. */
  version: number;
  /** The record. */
  id: string;
  /** Who recorded it. */
  source: "https://records.example";
  /** When it was recorded. */
  time: string;
  /** Whose it is. */
  tenantId: string;
  /** What was recorded. */
  type: Type;
}

/** A meter was read. */
export interface ReadingTaken extends Envelope<"reading.taken"> {
  /** The record itself. */
  record: Reading;
}

/** An event of a type that was added after this was generated. */
export interface UnknownEvent extends Envelope<"$unknown"> {
  /** The type that was sent. */
  rawType: string;
  /** The record itself. */
  record: unknown;
}

/** The known events by type. */
export interface EventMap {
  "reading.taken": ReadingTaken;
}

/** Any event, also one of a type that was added later. */
export type WebhookEvent = EventMap[keyof EventMap] | UnknownEvent;

/** What the core has to know to verify and read these events. */
export const contract: ReceiverContract = {
  id: "records",
  mode: "stream",
  signature: {
    algorithms: [{ name: "hmac-sha256", key: "utf8", secretPrefix: "", prefix: "v2=", encoding: "base64-unpadded" }],
    content: ["timestamp", "body"],
    signatureHeader: "X-Records-Signature",
    separator: ",",
    timestamp: { unit: "seconds", carrier: "signature", prefix: "t=" },
    idHeader: null,
    toleranceSeconds: 300,
    toleranceSides: "past",
  },
  authorizationHeader: null,
  typeKey: "type",
  eventId: {
    in: "envelope",
    name: "id",
  },
  dataKey: "record",
  metaKey: null,
  envelope: {
    version: { type: "integer" },
    id: { type: "string" },
    source: { type: { constant: "https://records.example" } },
    time: { type: "string" },
    tenantId: { type: "string" },
    type: { type: "string" },
  },
  knownWith: {
    version: 1,
  },
  events: {
    "reading.taken": "Reading",
  },
  metas: {},
  batch: {
    body: { kind: "object", member: "records" },
    single: false,
  },
  verdict: null,
  shapes: {
    Reading: {
      fields: { meter: { type: "string" }, value: { type: "number" }, note: { type: "string", optional: true } },
    },
  },
};

/** The receiver of Record batches. */
export const Webhook = defineStream<EventMap, UnknownEvent>(contract);
export type Webhook = InstanceType<typeof Webhook>;
