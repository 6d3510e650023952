import type { Contract, EnvelopeField } from "../../catalog/contract.ts";

/** What an envelope is made of. `time` is milliseconds since 1970. */
export interface EnvelopeInput {
  readonly id: string;
  readonly type: string;
  readonly time: number;
  readonly tenant: string;
  readonly data: unknown;
}

/** A body in the contract's envelope, its keys in the declared order. This text is stored, signed and sent. */
export function renderEnvelope(envelope: Contract["envelope"], input: EnvelopeInput): string {
  const body: Record<string, unknown> = {};
  for (const [key, field] of Object.entries(envelope)) body[key] = envelopeValue(field, input);
  return JSON.stringify(body);
}

/** The data of a body that was rendered with this envelope. */
export function dataOf(envelope: Contract["envelope"], body: string): unknown {
  const parsed: Record<string, unknown> = JSON.parse(body);
  const entry = Object.entries(envelope).find(([, field]) => "from" in field && field.from === "data");
  return entry === undefined ? undefined : parsed[entry[0]];
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
    case "endpoint.id":
    case "data.members":
    case "meta":
      throw new Error(`The envelope's source "${field.from}" is not rendered yet.`);
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
