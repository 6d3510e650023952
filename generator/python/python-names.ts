import type { ContractModel, EventType, Field, ObjectShape, Shape } from "../model.ts";
import { nameSpace, pascalCase } from "../names.ts";
import type { Reserved } from "../names.ts";

/** Names of a contract's package in the SDK that do not stand in the model. */
export interface ClassNames {
  /** The class of an event, `DeploymentCreated`. */
  readonly eventOf: (event: EventType) => string;
}

/** Throws when two things of a contract would have one name. */
export function classNames(contract: ContractModel): ClassNames {
  const names = nameSpace(`The Python SDK of "${contract.declaration.id}"`, reservedClasses);
  for (const shape of contract.shapes) {
    names.claim(shape.name, `the shape ${shape.name}`);
    if (shape.kind === "union" && shape.open) names.claim(unknownVariant(shape.name), `later kinds of ${shape.name}`);
    for (const field of enumFields(shape)) {
      names.claim(enumName(shape.name, field), `the values of ${shape.name}.${field.name}`);
    }
  }
  const events = new Map(
    contract.events.map((event) => [event.name, names.claim(pascalCase(event.name), `the event type ${event.name}`)]),
  );
  return { eventOf: (event) => events.get(event.name) ?? pascalCase(event.name) };
}

/** The member of an open union that stands for kinds which were added later. */
export function unknownVariant(shape: string): string {
  return `Unknown${shape}`;
}

/** The class with the values of an enum. It is called after its field alone, so that no other field can rename it. */
export function enumName(shape: string, field: Field): string {
  return shape + pascalCase(field.name);
}

export function enumFields(shape: Shape): readonly Field[] {
  return shape.kind === "object" ? shape.fields.filter((field) => enumValues(field).length > 0) : [];
}

/** The known values of a field, also of those inside its arrays; none when it is no enum. */
export function enumValues(field: Pick<Field, "type">): readonly (string | number)[] {
  const { type } = field;
  if (type.kind === "enum") return type.values;
  if (type.kind === "array") return enumValues(type.items);
  if (type.kind === "record") return enumValues(type.values);
  return type.kind === "scalars" ? type.of.flatMap((scalar) => enumValues({ type: scalar })) : [];
}

/** The attribute of each field. Throws when two fields would have the same one. */
export function fieldAttributes(shape: ObjectShape, reserved: Reserved): ReadonlyMap<Field, string> {
  const place = `The Python SDK: ${shape.name}`;
  const wires = shape.fields.map((field) => field.name);
  const names = attributeNames(place, wires, reserved);
  return new Map(shape.fields.map((field) => [field, names.get(field.name) ?? field.name]));
}

/** The attribute of each name on the wire. Throws when two of them would have the same one, or that of another thing. */
export function attributeNames(
  place: string,
  wires: readonly string[],
  reserved: Reserved,
): ReadonlyMap<string, string> {
  const owners = new Map<string, string>(reserved);
  return new Map(
    wires.map((wire) => {
      const name = snakeCase(wire);
      if (name === "") throw new Error(`${place}: "${wire}" has no letter or digit to make an attribute of.`);
      const other = owners.get(name);
      if (other !== undefined) {
        throw new Error(
          `${place}: two things are called ${name}: ${other} and the field "${wire}". Rename one of them in the catalog.`,
        );
      }
      owners.set(name, `the field "${wire}"`);
      return [wire, name];
    }),
  );
}

/** `deployedByUserId` to `deployed_by_user_id`, `class` to `class_`, `_id` to `id`. */
/** The package of a contract, by its id. */
export function packageName(id: string): string {
  return snakeCase(id);
}

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

/** The name of an enum's value, `SOFT_CAP`; of a number, `VALUE_80`. */
export function constantName(value: string | number): string {
  if (typeof value === "number")
    return `VALUE_${String(value)
      .replace("-", "MINUS_")
      .replace(/[^A-Za-z0-9]+/g, "_")}`;
  if (value === "") return "EMPTY";
  const name = /^[A-Z0-9_]+$/.test(value) ? value : snakeCase(value).toUpperCase();
  return /^[0-9]/.test(name) ? `_${name}` : name.replace(/_$/, "");
}

/** Keywords, `self`, and the types that annotations in a class's body name. */
const attributeWords: ReadonlySet<string> = new Set(
  `and as assert async await break class continue def del elif else except finally for from global if import in is
lambda nonlocal not or pass raise return try while with yield none true false self
bool bytes dict float int list str`.split(/\s/),
);

/** What a model has that is no field. */
export const modelAttributes: Reserved = new Map<string, string>();

/** What an event has that is no field of its envelope. */
export const eventAttributes: Reserved = new Map(
  ["raw", "raw_json", "dedupe_key"].map((name) => [name, "a name of the SDK itself"]),
);

const own = ["Event", "UnknownEvent", "Webhook", "WebhookError", "WebhookEvent"];
const ofPython = ["Any", "ClassVar", "Final", "Literal", "Union", "None", "True", "False"];

const reservedClasses: Reserved = new Map([
  ...own.map((name) => [name, "a name of the SDK itself"] as const),
  ...ofPython.map((name) => [name, "a name of Python's own"] as const),
]);
