import { expect, test } from "vitest";
import { emit } from "../../generator/emit/emit.ts";
import type { CatalogModel, Type } from "../../generator/model.ts";
import { typebox } from "../../generator/typebox/typebox.ts";
import { field, smallCatalog, text } from "./small-catalog.ts";

/** The small catalog, of which one event type says something beside its data. */
function catalogWithMeta(surface: Type): CatalogModel {
  const [shop, ...others] = smallCatalog.contracts;
  const [placed, ...rest] = shop?.events ?? [];
  if (shop === undefined || placed === undefined) throw new Error("There is a shop.");
  const said = { kind: "object", name: "Said", doc: null, fields: [field("surface", surface)] } as const;
  const events = [{ ...placed, meta: said.name, since: "v1", title: "Order Placed", level: 1 }, ...rest];
  return { contracts: [{ ...shop, events, shapes: [...shop.shapes, said] }, ...others] };
}

const textOf = (files: readonly { readonly path: string; readonly text: string }[], path: string) =>
  files.find((file) => file.path === `runtime/generated/shop/${path}`)?.text ?? "";

test("the emitter knows the meta of the event types that have one, and of no other", () => {
  const emitter = textOf(emit.emit(catalogWithMeta(text())), "emitter.ts");
  expect(emitter).toContain('export interface ShopEventMeta {\n  "order.placed": Said;\n}');
  expect(emitter).toContain("export type ShopEmitter = Emitter<ShopEventData, ShopEventMeta>;");
  expect(textOf(emit.emit(smallCatalog), "emitter.ts")).not.toContain("Meta");
});

test("an event type has the schema of its meta, and what its tags say", () => {
  const schemas = textOf(typebox.emit(catalogWithMeta(text())), "schemas.ts");
  const [placed = "", noted = ""] = schemas.split('"order.placed": {')[1]?.split('"order.noted": {') ?? [];
  for (const line of ['title: "Order Placed"', "level: 1", 'since: "v1"', "meta: Said"])
    expect(placed).toContain(`    ${line},\n`);
  for (const line of ["title: null", "level: null", "since: null", "meta: null"])
    expect(noted).toContain(`    ${line},\n`);
});

test("a text that is cut cannot stand in a meta, and the error says what to write", () => {
  const catalog = catalogWithMeta(text({ lengthMax: 9, truncated: true }));
  expect(() => typebox.emit(catalog)).toThrow(
    "order.placed.meta.surface: Truncated<9> stands in a meta, which is not cut. Use Text<9>.",
  );
});
