import { distinctText, takenBy } from "../distinct-names.ts";
import { enumsIn } from "../model-changes.ts";
import type { ContractModel, EventType, Field, Shape } from "../model.ts";
import { pascalCase } from "../names.ts";
import { once } from "../once.ts";
import { resolveNames } from "../resolved-names.ts";

/** The contract with names that Python can have. */
export const inPython = once((contract: ContractModel): ContractModel =>
  resolveNames(contract, {
    typeName: pascalCase,
    reservedTypes: reservedClasses,
    laterName: unknownVariant,
    events: "types",
    members: {
      fieldName: snakeCase,
      reservedFields: ({ open }) => (open === true ? ["rest"] : []),
      valueName: () => constantName,
      constants: "in-a-class",
      reservedValues: ["VALUES"],
      numberText: (value) => `value ${value}`,
    },
  }),
);

/** The class of an event, `DeploymentCreated`. */
export function eventName({ name, named }: EventType): string {
  return pascalCase(named ?? name);
}

/** The member of an open union that stands for kinds which were added later. */
export function unknownVariant(shape: string): string {
  return `Unknown${shape}`;
}

/** The class with the values of an enum. It is called after its field. */
export function enumName({ name, enumNamed }: Field): string {
  return pascalCase(enumNamed ?? name);
}

export function enumFields(shape: Shape): readonly Field[] {
  return shape.kind === "object" ? shape.fields.filter((field) => enumsIn(field.type).length > 0) : [];
}

/** The known values of a field, also of those inside its arrays, by the names of their constants; empty when it is no enum. */
export function enumValues(field: Pick<Field, "type">): ReadonlyMap<string, string | number> {
  const found = enumsIn(field.type).flatMap(({ values, names }) =>
    values.map((value, index) => [constantName(names?.[index] ?? String(value)), value] as const),
  );
  return new Map(found);
}

/** The attribute of a field. */
export function attributeName({ name, named }: Pick<Field, "name" | "named">): string {
  return snakeCase(named ?? name);
}

/** The attributes of an event for what stands on the wire, by its name there. */
export function envelopeNames(wires: readonly string[]): ReadonlyMap<string, string> {
  const taken = takenBy(eventAttributes);
  return new Map(wires.map((wire) => [wire, snakeCase(distinctText(wire, { nameOf: snakeCase, taken }))]));
}

/** The package of a contract, by its id. */
export function packageName(id: string): string {
  const name = snakeCase(id);
  return handWritten.has(name) ? `${name}_events` : name;
}

/** Folders that stand beside the packages of the contracts. */
const handWritten: ReadonlySet<string> = new Set(["adapters", "tests"]);

/** `deployedByUserId` to `deployed_by_user_id`, `class` to `class_`, `_id` to `id`. */
export function snakeCase(wire: string): string {
  const words = wire
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replace(/([A-Z])([A-Z][a-z])/g, "$1 $2")
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== "");
  const name = words.join("_").toLowerCase();
  if (/^[0-9]/.test(name)) return `_${name}`;
  return attributeWords.has(name) ? `${name}_` : name;
}

/** The name of an enum's value, `SOFT_CAP`. A name that begins with two underscores would be another one outside. */
export function constantName(text: string): string {
  const name = /^[A-Z0-9_]+$/.test(text) ? text.replace(/^_+/, "") : snakeCase(text).toUpperCase().replace(/_$/, "");
  return /^[0-9]/.test(name) ? `_${name}` : name;
}

/** Keywords, `self`, and the types that annotations in a class's body name. */
const attributeWords: ReadonlySet<string> = new Set(
  `and as assert async await break class continue def del elif else except finally for from global if import in is
lambda nonlocal not or pass raise return try while with yield none true false self
super bool bytes dict float int list str`.split(/\s/),
);

/** What an event has that is no field of its envelope. */
const eventAttributes = ["raw", "raw_json", "dedupe_key", "keep_id"];

const own = ["Event", "UnknownEvent", "Webhook", "WebhookError", "WebhookEvent"];
const ofPython = ["Any", "ClassVar", "Final", "Literal", "Union", "None", "True", "False"];

const reservedClasses = [...own, ...ofPython];
