import { isDeepStrictEqual } from "node:util";
import { shapeOf } from "../model.ts";
import type { ContractModel, EventType } from "../model.ts";
import { docDifferences } from "./compare-shapes.ts";
import type { Difference } from "./finding.ts";
import { mostSimilar, similarity } from "./similarity.ts";

/** What changed in the list of event types, and in each of them but for its payload. `at` is the event type's name. */
export function compareEvents(before: ContractModel, after: ContractModel): readonly Difference[] {
  const gone = before.events.filter((event) => !after.events.some(({ name }) => name === event.name));
  const come = after.events.filter((event) => !before.events.some(({ name }) => name === event.name));
  const score = (one: EventType, other: EventType) =>
    renameScore(fieldsOf(before, one), fieldsOf(after, other), one, other);
  const renamed = mostSimilar(gone, come, { score, least: 0.8 });
  const taken = new Set(renamed.values());
  return [
    ...gone.map((event) => goneEvent(event, renamed.get(event))),
    ...come.filter((event) => !taken.has(event)).map(newEvent),
    ...after.events.flatMap((event) => {
      const was = before.events.find(({ name }) => name === event.name);
      return was === undefined ? [] : keptEvent(was, event);
    }),
  ];
}

/** The fields of an event's data with their kinds. */
function fieldsOf(contract: ContractModel, event: EventType): ReadonlySet<string> {
  const shape = shapeOf(contract, event.data);
  if (shape.kind === "union") return new Set(shape.variants.map(({ tag }) => tag));
  return new Set(shape.fields.map(({ name, type }) => `${name}: ${type.kind}`));
}

/** Equal data alone says little, as many event types carry one resource: noun or verb must be the same as well. */
function renameScore(was: ReadonlySet<string>, is: ReadonlySet<string>, before: EventType, after: EventType): number {
  const verb = ({ name }: EventType) => name.split(".").at(-1);
  return before.group === after.group || verb(before) === verb(after) ? similarity(was, is) : 0;
}

function goneEvent(event: EventType, successor: EventType | undefined): Difference {
  const place = { at: event.name, before: event.span, after: successor?.span ?? null };
  if (successor === undefined) return { ...place, rule: "event-removed", says: "it is not sent any more" };
  return { ...place, rule: "event-renamed", says: `it is called ${successor.name} now` };
}

function newEvent(event: EventType): Difference {
  return { rule: "event-added", at: event.name, says: event.doc.summary, before: null, after: event.span };
}

function keptEvent(before: EventType, after: EventType): readonly Difference[] {
  const found: Pick<Difference, "rule" | "says">[] = [...docDifferences(before.doc, after.doc, "event")];
  if (before.level !== after.level)
    found.push({ rule: "event-level-changed", says: `its level was ${before.level} and is ${after.level} now` });
  if (before.title !== after.title)
    found.push({ rule: "event-title-changed", says: `its title was ${before.title} and is ${after.title} now` });
  if (before.since !== after.since)
    found.push({ rule: "event-since-changed", says: `it came with ${before.since}, now with ${after.since}` });
  if (before.meta !== null && after.meta === null)
    found.push({ rule: "event-meta-removed", says: "it says nothing beside its data any more" });
  if (before.meta === null && after.meta !== null)
    found.push({ rule: "event-meta-added", says: "it says something beside its data" });
  // As JSON, since that is what a baseline keeps of them.
  const [was, is] = [before, after].map(({ examples }) => JSON.parse(JSON.stringify(examples)) as unknown);
  if (!isDeepStrictEqual(was, is)) found.push({ rule: "example-changed", says: "its examples are others" });
  return found.map((change) => ({ ...change, at: after.name, before: before.span, after: after.span }));
}
