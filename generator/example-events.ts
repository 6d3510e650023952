import { createHash } from "node:crypto";
import type { EnvelopeField, IdFormat } from "../catalog/contract.ts";
import { carriedFields, envelopeFields } from "./envelope.ts";
import type { ContractModel, Declaration, EventType } from "./model.ts";
import { once } from "./once.ts";

/** A catalog's example as the event that a receiver gets. */
export interface ExampleEvent {
  readonly name: string;
  readonly id: string;
  readonly event: Readonly<Record<string, unknown>>;
  /** The event without what headers carry. */
  readonly body: Readonly<Record<string, unknown>>;
  /** What headers carry in place of the body, by their names. */
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * The examples of an event type in their envelopes. Id and time follow from the names of contract, type and example
 * alone, so an example keeps them whatever else changes; every document and every SDK shows the same ones.
 */
export function exampleEvents(contract: ContractModel, eventType: EventType): readonly ExampleEvent[] {
  return examplesOf(contract)(eventType);
}

// Every document and every SDK asks for them.
const examplesOf = once(({ declaration }: ContractModel) =>
  once((eventType: EventType) => examplesIn(declaration, eventType)),
);

function examplesIn(declaration: Declaration, eventType: EventType): readonly ExampleEvent[] {
  return eventType.examples.map(({ name, data, meta }) => {
    const digest = createHash("sha256").update(`${declaration.id}\n${eventType.name}\n${name}`).digest();
    const time = exampleTime(digest);
    const id = exampleId(declaration.ids.event, digest, time);
    const values: Values = {
      "event.id": id,
      "event.type": eventType.name,
      "endpoint.id": exampleId(declaration.ids.endpoint, digest, time),
      tenant: declaration.tenant.example,
      data,
      meta,
      time,
    };
    const members = envelopeFields(declaration).flatMap(([key, field]) => membersOf(key, field, values));
    const event: Readonly<Record<string, unknown>> = Object.fromEntries(members);
    const carried = carriedFields(declaration);
    const isCarried = (key: string) => carried.some((each) => each.key === key);
    const body = Object.fromEntries(members.filter(([key]) => !isCarried(key)));
    const headers = Object.fromEntries(carried.map(({ key, header }) => [header, headerValue(String(event[key]))]));
    return { name, id, event, body, headers };
  });
}

/** Percent-encoded as `EnvelopeField` says; names of types and tenants are well-formed. */
export function headerValue(text: string): string {
  return text.replaceAll(/[^\x21\x23\x24\x26-\x7e]/gu, (each) =>
    [...Buffer.from(each)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`).join(""),
  );
}

/** A batch as it is sent: the first examples of up to three event types. Text where the records stand on lines. */
export function exampleBatch(contract: ContractModel): unknown {
  const { declaration, events } = contract;
  if (declaration.mode !== "stream") throw new Error(`The contract "${declaration.id}" sends no batches.`);
  const { body, record: wrapper } = declaration.batch;
  const wrapped = ({ id, event }: ExampleEvent) =>
    wrapper === undefined ? event : { [wrapper.id]: id, [wrapper.member]: event };
  const records = events.slice(0, 3).flatMap((event) => exampleEvents(contract, event).slice(0, 1).map(wrapped));
  if (body.kind === "lines") return records.map((record) => `${JSON.stringify(record)}\n`).join("");
  return body.kind === "object" ? { [body.member]: records } : records;
}

interface Values {
  readonly "event.id": string;
  readonly "event.type": string;
  readonly "endpoint.id": string;
  readonly tenant: string;
  readonly data: unknown;
  readonly meta: unknown;
  readonly time: number;
}

const firstTime = Date.UTC(2026, 4, 8, 15);
const hourMs = 3_600_000;

function exampleTime(digest: Buffer): number {
  return firstTime + (digest.readUInt32BE(0) % hourMs);
}

/** A UUID of version 7 (RFC 9562 §5.7), a ULID or 56 digits: the time, then bits of the digest in place of random ones. */
function exampleId({ prefix, format }: IdFormat, digest: Buffer, time: number): string {
  const bytes = Buffer.from(digest.subarray(8, 24));
  bytes.writeUIntBE(time, 0, 6);
  if (format === "ulid") return prefix + crockford(BigInt(`0x${bytes.toString("hex")}`));
  const random = BigInt(`0x${bytes.subarray(6).toString("hex")}`);
  if (format === "decimal-56") return prefix + String(time).padStart(15, "9") + String(random).padStart(41, "0");
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x70, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString("hex");
  const parts = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)];
  return prefix + parts.join("-");
}

/** 128 bits as the 26 characters of a ULID. */
function crockford(bits: bigint): string {
  const digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  return Array.from({ length: 26 }, (_, index) => digits[Number((bits >> BigInt(5 * (25 - index))) & 31n)]).join("");
}

/** What a field of the envelope puts into the event. */
function membersOf(key: string, field: EnvelopeField, values: Values): readonly (readonly [string, unknown])[] {
  if ("constant" in field) return [[key, field.constant]];
  if (field.from === "data.members") return Object.entries(values.data as object);
  if (field.from === "meta") return values.meta === undefined ? [] : [[key, values.meta]];
  const own = field.from === "event.time" ? instantOf(field, values) : values[field.from];
  return [[key, ("given" in field && givenIn(values.data, field.given)) || own]];
}

/** What the data say themselves, as the runtime has it. */
function givenIn(data: unknown, names: readonly string[] = []): unknown {
  const members = Object.entries(data as object);
  return names.map((name) => members.find(([key]) => key === name)?.[1]).find((value) => typeof value === "string");
}

function instantOf(field: Extract<EnvelopeField, { from: "event.time" }>, values: Values): string | number {
  switch (field.format) {
    case "iso-8601-ms":
      return new Date(values.time).toISOString();
    case "unix-ms":
      return values.time;
    case "unix-seconds":
      return Math.floor(values.time / 1000);
  }
}
