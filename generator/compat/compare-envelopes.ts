import { isDeepStrictEqual } from "node:util";
import type { EnvelopeField } from "../../catalog/contract.ts";
import type { DeclaredDifference } from "./compare-declarations.ts";
import type { RuleId } from "./rules.ts";

type Envelope = Readonly<Record<string, EnvelopeField>>;

/** What changed in the envelope. Where the type and the data stand is told once, whatever stood there. */
export function compareEnvelopes(before: Envelope, after: Envelope): readonly DeclaredDifference[] {
  const moved = [
    movedSource(before, after, { rule: "event-type-moved", is: (from) => from === "event.type" }),
    movedSource(before, after, { rule: "data-moved", is: (from) => from === "data" || from === "data.members" }),
  ].filter((move) => move !== null);
  const told = new Set(moved.flatMap(({ keys }) => keys));
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((key) => !told.has(key));
  const others = keys.flatMap((key) => fieldDifferences(key, before[key], after[key]));
  return [...moved.map(({ difference }) => difference), ...others];
}

interface Source {
  readonly rule: RuleId;
  readonly is: (from: string) => boolean;
}

function movedSource(before: Envelope, after: Envelope, { rule, is }: Source) {
  const find = (envelope: Envelope) =>
    Object.entries(envelope).find(([, field]) => "from" in field && is(field.from)) ?? null;
  const [was, now] = [find(before), find(after)];
  if (was === null || now === null || fieldText(was) === fieldText(now)) return null;
  const says = `it was ${fieldText(was)} and is ${fieldText(now)} now`;
  const difference: DeclaredDifference = { rule, member: ["envelope", now[0]], says };
  return { difference, keys: [was[0], now[0]] };
}

function fieldText([key, field]: readonly [string, EnvelopeField]): string {
  return "from" in field && field.from === "data.members" ? "the members of the body" : `the field ${key}`;
}

function fieldDifferences(
  key: string,
  before: EnvelopeField | undefined,
  after: EnvelopeField | undefined,
): readonly DeclaredDifference[] {
  const member = ["envelope", key];
  if (before === undefined) return [{ rule: "envelope-field-added", member, says: "every event has it" }];
  if (after === undefined) return [{ rule: "envelope-field-removed", member, says: "no event has it any more" }];
  const { doc: wasDoc, header: wasIn, ...was } = before;
  const { doc: isDoc, header: isIn, ...is } = after;
  const found: DeclaredDifference[] = [];
  // Names of headers match without regard to case (RFC 9110 §5.1).
  if (wasIn?.toLowerCase() !== isIn?.toLowerCase()) {
    const says = `it was in ${placeText(wasIn)} and is in ${placeText(isIn)} now`;
    found.push({ rule: "envelope-field-moved", member, says });
  }
  if (!isDeepStrictEqual(was, is)) {
    const says = `it was ${JSON.stringify(was)} and is ${JSON.stringify(is)} now`;
    found.push({ rule: changeRule(before, after), member, says });
  }
  if (wasDoc !== isDoc) found.push({ rule: "description-changed", member, says: "its description is another" });
  return found;
}

function placeText(header: string | undefined): string {
  return header === undefined ? "the body" : `the header ${header}`;
}

function changeRule(before: EnvelopeField, after: EnvelopeField): RuleId {
  if ("constant" in before && "constant" in after) return "envelope-constant-changed";
  return isUnix(before) && isUnix(after) ? "unit-changed" : "envelope-field-changed";
}

function isUnix(field: EnvelopeField): boolean {
  return "from" in field && field.from === "event.time" && field.format !== "iso-8601-ms";
}
