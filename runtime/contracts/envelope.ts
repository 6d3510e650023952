import type { Contract, EnvelopeField } from "../../catalog/contract.ts";
import type { Payload } from "./event-data.ts";
import { givenValue } from "./given.ts";

/** What an envelope is made of. `time` is milliseconds since 1970. */
export interface EnvelopeInput extends Payload {
  readonly id: string;
  readonly type: string;
  readonly time: number;
  readonly tenant: string;
  /** Left out of an event that is rendered once, before it is known who gets it. */
  readonly endpointId?: string;
}

/**
 * A body in the contract's envelope, its keys in the declared order, without what headers carry. This text is stored,
 * signed and sent.
 */
export function renderEnvelope(envelope: Contract["envelope"], input: EnvelopeInput): string {
  const body = Object.entries(envelope).flatMap(([key, field]): readonly (readonly [string, unknown])[] => {
    if (field.header !== undefined) return [];
    if (isFrom(field, "data.members")) return membersBeside(envelope, input.data);
    return [[key, givenValue(field, input.data) ?? envelopeValue(field, input)]];
  });
  // An event type without a meta has none here either: JSON leaves out what is undefined.
  return JSON.stringify(Object.fromEntries(body));
}

/** The generator has refused members with the name of an envelope's field; an open record may have one all the same. */
function membersBeside(envelope: Contract["envelope"], data: unknown) {
  const isSent = (name: string) => {
    const field = Object.hasOwn(envelope, name) ? envelope[name] : undefined;
    return field !== undefined && !isFrom(field, "data.members");
  };
  return Object.entries(data as object).filter(([name]) => !isSent(name));
}

/** The fields of the envelope that headers carry, by the headers' names. */
export function envelopeHeaders(
  envelope: Contract["envelope"],
  input: EnvelopeInput,
): Readonly<Record<string, string>> {
  const carried = Object.values(envelope).flatMap((field) =>
    field.header === undefined ? [] : [[field.header, headerValue(String(envelopeValue(field, input)))] as const],
  );
  return Object.fromEntries(carried);
}

/**
 * The text of a whole event: its body, and in front of it what headers carry beside that. What names an endpoint is left
 * out, for the event is of all endpoints.
 */
export function wholeText(envelope: Contract["envelope"], { body, ...event }: EventText): string {
  const input = { ...event, data: undefined };
  const carried = Object.entries(envelope).filter(
    ([, field]) => field.header !== undefined && !isFrom(field, "endpoint.id"),
  );
  if (carried.length === 0) return body;
  const members = Object.fromEntries(carried.map(([key, field]) => [key, envelopeValue(field, input)]));
  const rest = body.slice(1).trimStart();
  return `${JSON.stringify(members).slice(0, -1)}${rest.startsWith("}") ? "" : ","}${rest}`;
}

/** An event as it is stored. */
interface EventText extends Pick<EnvelopeInput, "id" | "type" | "time" | "tenant"> {
  readonly body: string;
}

/** Half a surrogate pair has no form in UTF-8 and becomes U+FFFD. */
function headerValue(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[^\x21\x23\x24\x26-\x7e]/gu, (each) =>
      [...Buffer.from(each)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`).join(""),
    );
}

/** The data of a body that was rendered with this envelope. */
export function dataOf(envelope: Contract["envelope"], body: string): unknown {
  return payloadOf(envelope, body).data;
}

/** Data and meta of a body that was rendered with this envelope. */
export function payloadOf(envelope: Contract["envelope"], body: string): Payload {
  const parsed: Record<string, unknown> = JSON.parse(body);
  const fields = Object.entries(envelope);
  const at = (source: "data" | "meta") => {
    const found = fields.find(([, field]) => isFrom(field, source));
    return found === undefined ? undefined : parsed[found[0]];
  };
  const meta = at("meta");
  if (!fields.some(([, field]) => isFrom(field, "data.members"))) return { data: at("data"), meta };
  const own = new Set(fields.filter(([, field]) => !isFrom(field, "data.members")).map(([key]) => key));
  return { data: Object.fromEntries(Object.entries(parsed).filter(([key]) => !own.has(key))), meta };
}

type Source = Extract<EnvelopeField, { from: string }>["from"];

function isFrom(field: EnvelopeField, source: Source): boolean {
  return "from" in field && field.from === source;
}

function envelopeValue(field: EnvelopeField, input: EnvelopeInput): unknown {
  if ("constant" in field) return field.constant;
  switch (field.from) {
    case "event.id":
      return input.id;
    case "event.type":
      return input.type;
    case "event.time":
      return formatTime(field.format, input.time);
    case "tenant":
      return input.tenant;
    case "data":
      return input.data;
    case "meta":
      return input.meta;
    case "endpoint.id":
      if (input.endpointId !== undefined) return input.endpointId;
      throw new Error(`The envelope's source "${field.from}" has no value in an event that is stored.`);
    case "data.members":
      throw new Error(`The envelope's source "${field.from}" is no value but several.`);
  }
}

function formatTime(format: "iso-8601-ms" | "unix-ms" | "unix-seconds", time: number): string | number {
  switch (format) {
    case "iso-8601-ms":
      return new Date(time).toISOString();
    case "unix-ms":
      return time;
    case "unix-seconds":
      return Math.floor(time / 1000);
  }
}
