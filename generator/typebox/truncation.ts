import { shapeOf } from "../model.ts";
import type { ContractModel, EventType, Shape, Type } from "../model.ts";

/** A text that is cut at emit: where it stands in the data, `*` for each item of an array, and its most code units. */
export interface Truncation {
  readonly path: readonly string[];
  readonly max: number;
}

/** The texts of an event type that are cut. Throws for one that a path cannot name. */
export function truncationsOf(contract: ContractModel, event: EventType): readonly Truncation[] {
  if (event.meta !== null) refuseInMeta({ contract, event }, shapeOf(contract, event.meta));
  return shapeTruncations({ contract, event }, shapeOf(contract, event.data), []);
}

/** Paths lead from the data, and nothing that stands beside it is long. */
function refuseInMeta(search: Search, meta: Shape): void {
  const [found] = shapeTruncations(search, meta, []);
  if (found === undefined) return;
  const place = [search.event.name, "meta", ...found.path].join(".");
  throw new Error(`${place}: Truncated<${found.max}> stands in a meta, which is not cut. Use Text<${found.max}>.`);
}

interface Search {
  readonly contract: ContractModel;
  readonly event: EventType;
}

function shapeTruncations(search: Search, shape: Shape, path: readonly string[]): readonly Truncation[] {
  if (shape.kind === "object") {
    return shape.fields.flatMap((field) => typeTruncations(search, field.type, [...path, field.name]));
  }
  const variants = shape.variants.map((variant) => shapeOf(search.contract, variant.shape));
  const found = variants.flatMap((variant) => shapeTruncations(search, variant, path));
  const distinct = new Map(found.map((truncation) => [truncation.path.join("."), truncation]));
  for (const truncation of distinct.values()) refuseAmbiguous(search, variants, { ...truncation, from: path.length });
  return [...distinct.values()];
}

function typeTruncations(search: Search, type: Type, path: readonly string[]): readonly Truncation[] {
  switch (type.kind) {
    case "string":
      return type.truncated && type.lengthMax !== null ? [{ path, max: type.lengthMax }] : [];
    case "scalars":
      return type.of.flatMap((scalar) => typeTruncations(search, scalar, path));
    case "array":
      return typeTruncations(search, type.items.type, [...path, "*"]);
    case "shape":
      return shapeTruncations(search, shapeOf(search.contract, type.name), path);
    case "record":
      refuse(search, typeTruncations(search, type.values.type, [...path, "*"])[0], "stands in a record");
      return [];
    case "tuple":
      for (const item of type.items)
        refuse(search, typeTruncations(search, item.type, [...path, "*"])[0], "stands in a tuple");
      return [];
    default:
      return [];
  }
}

/** A path is followed without a look at the variant, so a text at it has to be cut alike in every variant that has it. */
function refuseAmbiguous(search: Search, variants: readonly Shape[], found: Truncation & { from: number }): void {
  const key = found.path.slice(found.from)[0];
  const having = variants.filter(
    (variant) => variant.kind === "union" || variant.fields.some((field) => field.name === key),
  );
  const cut = having.map((variant) => shapeTruncations(search, variant, found.path.slice(0, found.from)));
  const same = cut.every((cuts) => cuts.some((one) => one.max === found.max && one.path.join() === found.path.join()));
  if (!same) refuse(search, found, "is not the same in all variants");
}

function refuse(search: Search, found: Truncation | undefined, reason: string): void {
  if (found === undefined) return;
  const place = [search.event.name, "data", ...found.path].join(".");
  throw new Error(`${place}: Truncated<${found.max}> ${reason}, so emit could not find it. Use Text<${found.max}>.`);
}
