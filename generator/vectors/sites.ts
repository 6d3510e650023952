import { exampleEvents } from "../example-events.ts";
import type { ContractModel, EventType, Shape, Slot } from "../model.ts";
import { shapeOf } from "../model.ts";
import { dataKeyOf } from "../receiver-contract.ts";
import { envelopeFields } from "../envelope.ts";

/** Names of members and places in arrays, from an event's root. */
export type Path = readonly (string | number)[];

/** A place in an example event, with what the catalog says of it. */
export interface Site extends Slot {
  readonly path: Path;
  readonly optional: boolean;
  /** The value there; undefined when it is absent. */
  readonly value: unknown;
  /** The field, or the items of one, that it is a case of. */
  readonly of: string;
  /** Whether it is in a place of a tuple, where not every language has names for its values. */
  readonly inTuple: boolean;
  /** The union that this place tells the variant of; null for any other. */
  readonly union: Extract<Shape, { kind: "union" }> | null;
}

/** An example as a receiver gets it, with its places in the order of the wire. */
export interface Sample {
  readonly type: string;
  readonly name: string;
  readonly id: string;
  readonly event: Readonly<Record<string, unknown>>;
  readonly sites: readonly Site[];
}

/** All examples of a contract. */
export function samplesOf(contract: ContractModel): readonly Sample[] {
  return contract.events.flatMap((eventType) =>
    exampleEvents(contract, eventType).map(({ name, id, event }) => {
      const sites = sitesOf(contract, eventType, event);
      return { type: eventType.name, name, id, event, sites };
    }),
  );
}

function sitesOf(contract: ContractModel, eventType: EventType, event: Sample["event"]): readonly Site[] {
  const dataKey = dataKeyOf(contract);
  const metaKey = envelopeFields(contract.declaration).find(([, field]) => "from" in field && field.from === "meta");
  const data = { shape: shapeOf(contract, eventType.data), path: dataKey === null ? [] : [dataKey] };
  const value = dataKey === null ? event : event[dataKey];
  const sites = objectSites(contract, { ...data, value });
  if (eventType.meta === null || metaKey === undefined) return sites;
  const meta = { shape: shapeOf(contract, eventType.meta), path: [metaKey[0]], value: event[metaKey[0]] };
  return [...sites, ...objectSites(contract, meta)];
}

interface At {
  readonly shape: Shape;
  readonly path: Path;
  readonly value: unknown;
  readonly inTuple?: boolean;
  /** The union that the shape is a variant of. */
  readonly union?: Site["union"];
}

function objectSites(contract: ContractModel, at: At): readonly Site[] {
  const { shape, path, value, inTuple = false, union = null } = at;
  if (!isObject(value)) return [];
  if (shape.kind === "union") {
    const variant = shape.variants.find(({ tag }) => tag === own(value, shape.discriminator));
    if (variant === undefined) return [];
    return objectSites(contract, { ...at, shape: shapeOf(contract, variant.shape), union: shape });
  }
  return [...shape.fields, ...unnamedFields(contract, at)].flatMap((field) => {
    const site: Site = {
      ...field,
      path: [...path, field.name],
      value: own(value, field.name),
      of: `${shape.name}.${field.name}`,
      inTuple,
      union: union?.discriminator === field.name ? union : null,
    };
    return [site, ...sitesIn(contract, site)];
  });
}

/** The members of an open record that are not named; what stands in the envelope is no member of it. */
function unnamedFields(contract: ContractModel, { shape, path, value }: At) {
  if (shape.kind === "union" || shape.open !== true || !isObject(value)) return [];
  const envelope = path.length === 0 ? envelopeFields(contract.declaration).map(([key]) => key) : [];
  const named = new Set([...envelope, ...shape.fields.map(({ name }) => name)]);
  const others = Object.keys(value).filter((name) => !named.has(name));
  return others.map((name) => ({ name, type: { kind: "unknown" }, nullable: true, optional: true }) as const);
}

function sitesIn(contract: ContractModel, site: Site): readonly Site[] {
  const { type, path, value, of, inTuple } = site;
  if (type.kind === "shape")
    return objectSites(contract, { shape: shapeOf(contract, type.name), path, value, inTuple });
  if ((type.kind !== "array" && type.kind !== "tuple") || !Array.isArray(value)) return [];
  return value.flatMap((item, index) => {
    const itemSlot = type.kind === "array" ? type.items : type.items[index];
    if (itemSlot === undefined) return [];
    const slot: Site = {
      ...itemSlot,
      path: [...path, index],
      optional: false,
      inTuple: inTuple || type.kind === "tuple",
      value: item,
      of: type.kind === "array" ? `${of}[]` : `${of}[${index}]`,
      union: null,
    };
    return [slot, ...sitesIn(contract, slot)];
  });
}

/** `data.items[0].id`. */
export function pathText(path: Path): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === "number") return `${text}[${step}]`;
    return text === "" ? step : `${text}.${step}`;
  }, "");
}

/** Gives the value at a path. */
export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((inner, step) => {
    if (Array.isArray(inner)) return typeof step === "number" ? inner[step] : undefined;
    return isObject(inner) ? own(inner, String(step)) : undefined;
  }, value);
}

/** A copy of the value with another one in a place; undefined takes out what is there. */
export function replaced(value: unknown, path: Path, other: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return other;
  if (Array.isArray(value)) return value.map((item, index) => (index === step ? replaced(item, rest, other) : item));
  return isObject(value) ? { ...value, [step]: replaced(value[step], rest, other) } : value;
}

/** Reads an own property and none that every object inherits: `constructor` is a name like any other. */
function own(value: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(value, name) ? value[name] : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
