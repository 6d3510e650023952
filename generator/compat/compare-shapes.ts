import type { Doc, Field, ObjectShape, Shape, Span, UnionShape } from "../model.ts";
import { compareFields } from "./compare-slots.ts";
import type { Nested } from "./compare-slots.ts";
import type { Difference } from "./finding.ts";
import { letterPairs, mostSimilar, similarity } from "./similarity.ts";

export interface ComparedShape {
  readonly differences: readonly Difference[];
  readonly nested: readonly Nested[];
}

/** What changed in a shape itself; the shapes in it are only named. */
export function compareShape(before: Shape, after: Shape): ComparedShape {
  const places = { before: placeOf(before), after: placeOf(after) };
  const own: Difference[] = [];
  if (before.name !== after.name)
    own.push({ ...places, rule: "type-name-changed", at: "", says: `${before.name} is called ${after.name} now` });
  if (docText(before.doc) !== docText(after.doc))
    own.push({ ...places, rule: "description-changed", at: "", says: "its description is another" });
  const inner = compareContent(before, after, places);
  return { differences: [...own, ...inner.differences], nested: inner.nested };
}

interface Places {
  readonly before: Span | null;
  readonly after: Span | null;
}

function compareContent(before: Shape, after: Shape, places: Places): ComparedShape {
  if (before.kind === "object" && after.kind === "object") return compareObjects(before, after);
  if (before.kind === "union" && after.kind === "union") return compareUnions(before, after, places);
  const says = after.kind === "union" ? "one object is one of several now" : "one of several objects is one now";
  return { differences: [{ ...places, rule: "type-changed", at: "", says }], nested: [] };
}

function compareObjects(before: ObjectShape, after: ObjectShape): ComparedShape {
  const isIn = (fields: readonly Field[]) => (field: Field) => fields.some(({ name }) => name === field.name);
  const gone = before.fields.filter((field) => !isIn(after.fields)(field));
  const come = after.fields.filter((field) => !isIn(before.fields)(field));
  const renamed = mostSimilar(gone, come, { score: renameScore, least: 0.5 });
  const taken = new Set(renamed.values());
  const kept = before.fields.flatMap((was) => {
    const is = after.fields.find(({ name }) => name === was.name);
    return is === undefined ? [] : [keptField(was, is)];
  });
  return {
    differences: [
      ...gone.map((field) => goneField(field, renamed.get(field))),
      ...come.filter((field) => !taken.has(field)).map(newField),
      ...kept.flatMap(({ differences }) => differences),
      ...openness(before, after),
    ],
    nested: kept.flatMap(({ nested }) => nested),
  };
}

function openness(before: ObjectShape, after: ObjectShape): readonly Difference[] {
  if (before.open === after.open) return [];
  const place = { at: "", before: placeOf(before), after: placeOf(after) };
  if (after.open === true) return [{ ...place, rule: "object-opened", says: "it has members that are not named" }];
  return [{ ...place, rule: "object-closed", says: "it has no members but those that are named" }];
}

/** A field that came with the type and state of one that went, and a name like it, is the same field. */
function renameScore(gone: Field, come: Field): number {
  const structure = ({ type, nullable, optional }: Field) => JSON.stringify([type, nullable, optional]);
  return structure(gone) === structure(come) ? similarity(letterPairs(gone.name), letterPairs(come.name)) : 0;
}

function goneField(field: Field, successor: Field | undefined): Difference {
  const place = { at: `.${field.name}`, before: field.span, after: successor?.span ?? null };
  if (successor !== undefined) return { ...place, rule: "field-renamed", says: `it is called ${successor.name} now` };
  const rule = field.optional ? "optional-field-removed" : "required-field-removed";
  return { ...place, rule, says: "it is not sent any more" };
}

function newField(field: Field): Difference {
  const rule = field.optional ? "field-added" : "required-field-added";
  const says = field.optional ? "it may be sent" : "it is always sent";
  return { rule, at: `.${field.name}`, says, before: null, after: field.span };
}

function keptField(before: Field, after: Field): ComparedShape {
  const places = { before: before.span, after: after.span };
  const { changes, nested } = compareFields(before, after);
  const at = `.${after.name}`;
  return {
    differences: [
      ...changes.map((change) => ({ ...change, ...places, at: at + change.at })),
      ...docDifferences(before.doc, after.doc, "field").map((change) => ({ ...change, ...places, at })),
    ],
    nested: nested.map((pair) => ({ ...pair, at: at + pair.at })),
  };
}

/** What of a comment changed: the text, and whether it says `@deprecated`. */
export function docDifferences(
  before: Doc | null,
  after: Doc | null,
  of: "field" | "event",
): readonly Pick<Difference, "rule" | "says">[] {
  const [was, is] = [before?.deprecated ?? null, after?.deprecated ?? null];
  const found: Pick<Difference, "rule" | "says">[] = [];
  if (docText(before) !== docText(after)) {
    const rule = of === "field" ? "description-changed" : "meaning-changed";
    found.push({ rule, says: "its description is another" });
  }
  if (was === null && is !== null) found.push({ rule: `${of}-deprecated`, says: `it is deprecated: ${is}`.trim() });
  if (was !== null && is === null) found.push({ rule: `${of}-undeprecated`, says: "it is no longer deprecated" });
  if (was !== null && is !== null && was !== is)
    found.push({ rule: "description-changed", says: "what is said about its deprecation is another" });
  return found;
}

function docText(doc: Doc | null): string {
  return doc === null ? "" : `${doc.summary}\n\n${doc.details}`.trim();
}

function compareUnions(before: UnionShape, after: UnionShape, places: Places): ComparedShape {
  if (before.discriminator !== after.discriminator) {
    const says = `${before.discriminator} told them apart, ${after.discriminator} does now`;
    return { differences: [{ ...places, rule: "union-discriminator-changed", at: "", says }], nested: [] };
  }
  const gone = before.variants.filter(({ tag }) => !after.variants.some((other) => other.tag === tag));
  const come = after.variants.filter(({ tag }) => !before.variants.some((other) => other.tag === tag));
  const renamed = mostSimilar(gone, come, { score: (one, other) => (one.shape === other.shape ? 1 : 0), least: 1 });
  const taken = new Set(renamed.values());
  const difference = (rule: Difference["rule"], tag: string, says: string): Difference => {
    return { ...places, rule, at: `<${tag}>`, says };
  };
  return {
    differences: [
      ...gone.map((variant) => {
        const successor = renamed.get(variant);
        if (successor === undefined) return difference("variant-removed", variant.tag, "it is not sent any more");
        return difference("variant-tag-changed", variant.tag, `its tag is ${successor.tag} now`);
      }),
      ...come
        .filter((variant) => !taken.has(variant))
        .map(({ tag }) => difference(before.open ? "open-variant-added" : "closed-variant-added", tag, "it is new")),
      ...(before.open || !after.open
        ? []
        : [{ ...places, rule: "union-opened", at: "", says: "others may come" } as const]),
      ...(!before.open || after.open
        ? []
        : [{ ...places, rule: "union-closed", at: "", says: "no others may come" } as const]),
    ],
    nested: before.variants.flatMap(({ tag, shape }) => {
      const other = after.variants.find((variant) => variant.tag === tag);
      return other === undefined ? [] : [{ at: `<${tag}>`, before: shape, after: other.shape }];
    }),
  };
}

/** A shape has no place of its own; its first field is near enough. */
function placeOf(shape: Shape): Span | null {
  return shape.kind === "object" ? (shape.fields[0]?.span ?? null) : null;
}
