import { createHash } from "node:crypto";
import type { EnvelopeField, IdFormat } from "../catalog/contract.ts";
import { envelopeFields } from "./envelope.ts";
import type { ContractModel, EventType } from "./model.ts";

/** A catalog's example as the event that a receiver gets. */
export interface ExampleEvent {
  readonly name: string;
  readonly event: Readonly<Record<string, unknown>>;
}

/**
 * The examples of an event type in their envelopes. Id and time follow from the names of contract, type and example
 * alone, so an example keeps them whatever else changes; every document and every SDK shows the same ones.
 */
export function exampleEvents(contract: ContractModel, eventType: EventType): readonly ExampleEvent[] {
  const { declaration } = contract;
  return eventType.examples.map(({ name, data }) => {
    const digest = createHash("sha256").update(`${declaration.id}\n${eventType.name}\n${name}`).digest();
    const time = exampleTime(digest);
    const values: Values = {
      "event.id": exampleId(declaration.ids.event, digest, time),
      "event.type": eventType.name,
      tenant: declaration.tenant.example,
      data,
      time,
    };
    const fields = envelopeFields(declaration).map(([key, field]) => [key, valueOf(field, values)] as const);
    return { name, event: Object.fromEntries(fields) };
  });
}

interface Values {
  readonly "event.id": string;
  readonly "event.type": string;
  readonly tenant: string;
  readonly data: unknown;
  readonly time: number;
}

const firstTime = Date.UTC(2026, 4, 8, 15);
const hourMs = 3_600_000;

function exampleTime(digest: Buffer): number {
  return firstTime + (digest.readUInt32BE(0) % hourMs);
}

/** A UUID of version 7 (RFC 9562 §5.7): 48 bits of time, then bits of the digest in place of random ones. */
function exampleId(format: IdFormat, digest: Buffer, time: number): string {
  const bytes = Buffer.from(digest.subarray(8, 24));
  bytes.writeUIntBE(time, 0, 6);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x70, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString("hex");
  const parts = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)];
  return format.prefix + parts.join("-");
}

function valueOf(field: EnvelopeField, values: Values): unknown {
  if ("constant" in field) return field.constant;
  if (field.from !== "event.time") return values[field.from];
  switch (field.format) {
    case "iso-8601-ms":
      return new Date(values.time).toISOString();
    case "unix-ms":
      return values.time;
    case "unix-seconds":
      return Math.floor(values.time / 1000);
  }
}
