/**
 * A contract as a language sees it: each shape has a name that nothing else has, and each event type, field and value a
 * text of which the language makes one. The names on the wire stay as they are.
 */
import { distinctText, hasPlainName, takenBy } from "./distinct-names.ts";
import type { NameOf, NameRule, Taken } from "./distinct-names.ts";
import { enumsIn, mapEnums, renameShapes } from "./model-changes.ts";
import type { ContractModel, EventType, Field, ObjectShape, Shape } from "./model.ts";
import { pascalCase } from "./names.ts";

export interface NamingRules {
  readonly typeName: NameOf;
  readonly reservedTypes: Iterable<string>;
  /** The type for later kinds of an open union. Null: there is none. */
  readonly laterName: ((union: string) => string) | null;
  /** Whether event types have types of their own. */
  readonly events: "types" | "none";
  /** Null: fields are called what they are called on the wire, and values have no names. */
  readonly members: MemberRules | null;
}

interface MemberRules {
  readonly fieldName: NameOf;
  readonly reservedFields: (shape: ObjectShape) => Iterable<string>;
  /** A constant of the enum that is called `type`. */
  readonly valueName: (type: string) => NameOf;
  /** Whether the constants of an enum stand in a class of their own or beside the types. */
  readonly constants: "in-a-class" | "beside-types";
  /** Names that no constant may have. */
  readonly reservedValues: Iterable<string>;
  /** The text that the constant of a number is called after. */
  readonly numberText: (value: number) => string;
}

/** Names everything in the contract. A type that can have its plain name keeps it, whatever stands before it. */
export function resolveNames(contract: ContractModel, rules: NamingRules): ContractModel {
  const taken = takenBy(rules.reservedTypes);
  const events = rules.events === "none" ? [] : contract.events;
  const named = typeTexts(events, {
    textOf: (event) => event.named ?? event.name,
    ruleOf: () => ({ nameOf: rules.typeName, taken, suffix: "event" }),
  });
  const shapes = typeTexts(contract.shapes, {
    textOf: (shape) => shape.name,
    ruleOf: (shape) => ({ nameOf: rules.typeName, taken, suffix: "data", besides: laterNames(shape, rules) }),
  });
  const names = new Map([...shapes].map(([{ name }, text]) => [name, pascalCase(text)]));
  const withEvents = { ...contract, events: contract.events.map((event) => withName(event, named.get(event))) };
  const renamed = renameShapes(withEvents, (name) => names.get(name) ?? name);
  return { ...renamed, shapes: withMembers(renamed.shapes, rules, taken) };
}

interface Texts<Thing> {
  readonly textOf: (thing: Thing) => string;
  readonly ruleOf: (thing: Thing) => NameRule;
}

function typeTexts<Thing>(things: readonly Thing[], { textOf, ruleOf }: Texts<Thing>): ReadonlyMap<Thing, string> {
  const texts = new Map<Thing, string>();
  const give = (thing: Thing) => texts.set(thing, distinctText(textOf(thing), ruleOf(thing)));
  for (const thing of things) if (hasPlainName(textOf(thing), ruleOf(thing))) give(thing);
  for (const thing of things) if (!texts.has(thing)) give(thing);
  return texts;
}

function laterNames(shape: Shape, { laterName }: NamingRules): (name: string) => readonly string[] {
  return (name) => (shape.kind === "union" && shape.open && laterName !== null ? [laterName(name)] : []);
}

function withName(event: EventType, text: string | undefined): EventType {
  return text === undefined ? event : { ...event, named: text };
}

function withMembers(shapes: readonly Shape[], { members, typeName }: NamingRules, taken: Taken): readonly Shape[] {
  if (members === null) return shapes;
  const fields = shapes.flatMap((shape) => {
    if (shape.kind === "union") return [];
    const names: NameRule = { nameOf: members.fieldName, taken: takenBy(members.reservedFields(shape)) };
    return shape.fields.map((field) => ({ shape, field, named: distinctText(field.named ?? field.name, names) }));
  });
  const enums = typeTexts(
    fields.filter(({ field }) => enumsIn(field.type).length > 0),
    {
      textOf: ({ shape, named }) => `${shape.name} ${named}`,
      ruleOf: () => ({ nameOf: typeName, taken, suffix: "values" }),
    },
  );
  const changed = new Map(
    fields.map((each) => {
      const enumNamed = enums.get(each);
      const field = { ...each.field, named: each.named };
      return [each.field, enumNamed === undefined ? field : withValues({ ...field, enumNamed }, members, taken)];
    }),
  );
  return shapes.map((shape) =>
    shape.kind === "union" ? shape : { ...shape, fields: shape.fields.map((field) => changed.get(field) ?? field) },
  );
}

/** The values of one field are named together, whichever of its enums they are of. */
function withValues(field: Field & { enumNamed: string }, members: MemberRules, types: Taken): Field {
  const taken = members.constants === "beside-types" ? types : takenBy(members.reservedValues);
  const rule: NameRule = { nameOf: members.valueName(field.enumNamed), taken };
  const texts = new Map<string | number, string>();
  for (const { values, names } of enumsIn(field.type))
    for (const [index, value] of values.entries()) {
      const text = names?.[index] ?? (typeof value === "number" ? members.numberText(value) : value);
      if (!texts.has(value)) texts.set(value, distinctText(text, rule));
    }
  const type = mapEnums(field.type, (found) => ({
    ...found,
    names: found.values.map((value) => texts.get(value) ?? null),
  }));
  return { ...field, type };
}
