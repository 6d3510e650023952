import type { CatalogModel, ContractModel } from "../../../generator/model.ts";
import { readShop } from "../fixtures/shop-files.ts";
import type { Shop } from "../fixtures/shop-files.ts";

/** Two catalogs between which one rule finds something, and where it does. */
export interface Fixture {
  readonly before: CatalogModel;
  readonly after: CatalogModel;
  readonly path: string;
}

/** Two versions of the shop's catalog in TypeScript; what both have in common stands in `base`. */
export function shops(path: string, before: Shop, after: Shop, base: Shop = {}): Fixture {
  return {
    path,
    before: catalogOf(readShop({ ...base, ...before })),
    after: catalogOf(readShop({ ...base, ...after })),
  };
}

/** An event with a field whose type changes. It is optional, so that one example fits both. */
export function typed(before: string, after: string, path = "shop/order.placed.data.it"): Fixture {
  return fields(`it?: ${before}`, `it?: ${after}`, { path });
}

interface FieldPlace {
  readonly path?: string;
  /** Fits both. */
  readonly example?: string;
  readonly types?: string;
}

/** An event whose fields change. */
export function fields(before: string, after: string, place: FieldPlace = {}): Fixture {
  const { path = "shop/order.placed.data.it", example = "{}", types = "" } = place;
  const event = (members: string) => ({ events: `/** It. */ "order.placed": { ${members} };` });
  return shops(path, event(before), event(after), { types, examples: `"order.placed": { one: ${example} }` });
}

/** A contract in which one member of the declaration changes. */
export function declared(contract: ContractModel, path: string, before: unknown, after: unknown): Fixture {
  const way = path.split(".");
  return {
    path: `${contract.declaration.id}/${path}`,
    before: catalogOf(withMember(contract, ["declaration", ...way], before)),
    after: catalogOf(withMember(contract, ["declaration", ...way], after)),
  };
}

export function catalogOf(...contracts: readonly ContractModel[]): CatalogModel {
  return { contracts };
}

/** A copy with another value at that way; undefined takes the member out. */
export function withMember<Whole>(whole: Whole, [key, ...way]: readonly string[], value: unknown): Whole {
  if (key === undefined) throw new Error("A way has at least one key.");
  const entries = Object.entries(Object(whole)).filter(([name]) => name !== key);
  const inner: unknown = Object(whole)[key];
  const next = way.length === 0 ? value : withMember(inner, way, value);
  const changed = next === undefined ? entries : [...entries, [key, next]];
  return JSON.parse(JSON.stringify(Object.fromEntries(changed)));
}
