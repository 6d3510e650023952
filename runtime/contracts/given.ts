import type { Contract, EnvelopeField } from "../../catalog/contract.ts";
import { HookwrightError } from "../errors.ts";

/** What an open record says itself in place of a field of the envelope. Undefined: it says nothing of it. */
export function givenValue(field: EnvelopeField, data: unknown): unknown {
  if (!("given" in field) || field.given === undefined) return undefined;
  return field.given.map((name) => memberOf(data, name)).find((value) => value !== undefined && value !== null);
}

/** Throws `invalid_event_data` for a member that would hide a field of the envelope, or say something else than it. */
export function checkGiven(type: string, envelope: Contract["envelope"], data: unknown): void {
  const fields = Object.entries(envelope);
  if (!fields.some(([, field]) => "from" in field && field.from === "data.members")) return;
  for (const [key, field] of fields) {
    const names = "given" in field ? (field.given ?? []) : [];
    for (const name of names) checkMember({ type, name, field }, memberOf(data, name));
    if (!names.includes(key) && !isFromMembers(field) && memberOf(data, key) !== undefined)
      throw refusal(type, key, "the envelope has a field of that name; remove it");
  }
}

interface Place {
  readonly type: string;
  readonly name: string;
  readonly field: EnvelopeField;
}

function checkMember({ type, name, field }: Place, value: unknown): void {
  if (value === undefined || value === null) return;
  if (typeof value !== "string" || value === "") {
    throw refusal(type, name, `expected text, got ${value === "" ? "none" : typeof value}`);
  }
  const isType = "from" in field && field.from === "event.type";
  if (isType && value !== type) {
    throw refusal(type, name, `expected ${JSON.stringify(type)}, the type that is emitted, got ${shortened(value)}`);
  }
}

function isFromMembers(field: EnvelopeField): boolean {
  return "from" in field && field.from === "data.members";
}

function memberOf(data: unknown, name: string): unknown {
  return typeof data === "object" && data !== null && Object.hasOwn(data, name) ? Reflect.get(data, name) : undefined;
}

function shortened(text: string): string {
  return text.length > 40 ? `text of ${text.length} characters` : JSON.stringify(text);
}

function refusal(type: string, name: string, says: string): HookwrightError {
  return new HookwrightError("invalid_event_data", `${type}: data.${name}: ${says}.`, { path: `data.${name}` });
}
