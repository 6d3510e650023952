import { shapeOf } from "../../generator/model.ts";
import type { ContractModel, Field } from "../../generator/model.ts";
import { readCatalog } from "../../generator/read/read-catalog.ts";

const { model, diagnostics } = readCatalog({ root: process.cwd(), index: "catalog/index.ts" });

/** A contract of the catalog, as the generator reads it. */
export function readContract(id: string): ContractModel {
  const found = model?.contracts.find(({ declaration }) => declaration.id === id);
  if (found === undefined)
    throw new Error(`The catalog has no contract ${id}; it says ${JSON.stringify(diagnostics)}.`);
  return found;
}

/** The fields of an object shape, by name. */
export function fieldsOf(contract: ContractModel, name: string): ReadonlyMap<string, Field> {
  const shape = shapeOf(contract, name);
  if (shape.kind !== "object") throw new Error(`${name} is a union.`);
  return new Map(shape.fields.map((field) => [field.name, field]));
}

/** Names of the fields that are always there, and of those that may be absent. */
export function presence(fields: ReadonlyMap<string, Field>): { readonly required: string; readonly optional: string } {
  const names = (optional: boolean) =>
    [...fields.values()].filter((field) => field.optional === optional).map(({ name }) => name);
  return { required: names(false).join(" "), optional: names(true).join(" ") };
}
