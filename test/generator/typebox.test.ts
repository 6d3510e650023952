import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ContractModel, Field } from "../../generator/model.ts";
import { typebox } from "../../generator/typebox/typebox.ts";
import { truncationsOf } from "../../generator/typebox/truncation.ts";
import { compileEventData } from "../../runtime/contracts/event-data.ts";
import type { PrepareData } from "../../runtime/contracts/event-data.ts";
import type { EventType } from "../../runtime/contracts/wire-contract.ts";
import { field, smallCatalog, text } from "./small-catalog.ts";

const [shop] = smallCatalog.contracts;
if (shop === undefined) throw new Error("The small catalog has a shop.");
const order = shop.events[0]?.examples[0]?.data as Readonly<Record<string, unknown>>;

let folder: string;
let eventTypes: Readonly<Record<string, EventType>>;

/** The generated module, with its imports made absolute, as it is loaded from outside the project. */
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "hookwright-"));
  const file = path.join(folder, "schemas.mts");
  const generated = typebox.emit(smallCatalog).find((each) => each.path.includes("/shop/"))?.text ?? "";
  const formats = pathToFileURL(path.resolve("runtime/contracts/formats.ts")).href;
  await writeFile(
    file,
    generated
      .replace('"@sinclair/typebox"', JSON.stringify(import.meta.resolve("@sinclair/typebox")))
      .replace('"../../contracts/formats.ts"', JSON.stringify(formats)),
  );
  const module: { shopEventTypes: typeof eventTypes } = await import(/* @vite-ignore */ pathToFileURL(file).href);
  eventTypes = module.shopEventTypes;
});

afterAll(() => rm(folder, { recursive: true }));

function prepare(type: string): PrepareData {
  const eventType = eventTypes[type];
  if (eventType === undefined) throw new Error(`There is no ${type}.`);
  return compileEventData(type, eventType);
}

function without(key: string): object {
  return Object.fromEntries(Object.entries(order).filter(([name]) => name !== key));
}

describe("a generated schema", () => {
  test("takes every example as it is", () => {
    for (const event of shop.events)
      for (const example of event.examples) expect(prepare(event.name)(example.data)).toEqual(example.data);
  });

  test.each([
    ["a key that it does not name", { ...order, secret: "hunter2" }],
    ["a key that it does not name, further in", { ...order, total: { amount: 1, currency: "EUR", secret: 1 } }],
    ["no value for a required field", without("orderId")],
    ["null for a field that is optional only", { ...order, weight: null }],
    ["absence of a field that is nullable only", without("paidAt")],
    ["a number for a string", { ...order, orderId: 1 }],
    ["longer text than is allowed", { ...order, code: "123456789" }],
    ["a fraction for an integer", { ...order, count: 1.5 }],
    ["an integer above its maximum", { ...order, count: 100 }],
    ["an integer that a double does not hold exactly", { ...order, total: { amount: 2 ** 53, currency: "EUR" } }],
    ["a number out of its range", { ...order, share: 1.01 }],
    ["a number that JSON cannot hold", { ...order, weight: Number.NaN }],
    ["another constant", { ...order, version: 3 }],
    ["a value that is not among the literals", { ...order, channel: "a pigeon" }],
    ["a later value of an open enum", { ...order, total: { amount: 1, currency: "CHF" } }],
    ["a local time", { ...order, placedAt: "2026-05-08T14:02:11.482" }],
    ["a day that no calendar has", { ...order, placedAt: "2026-02-30T14:02:11.482Z" }],
    ["text that is no UUID", { ...order, requestId: "not-a-uuid" }],
    ["text that is no e-mail address", { ...order, email: "robin" }],
    ["text that is no URL", { ...order, site: "/orders" }],
    ["another scalar than those of the union", { ...order, reference: true }],
    ["a wrong item", { ...order, channels: ["a letter", 1] }],
    ["a wrong value behind a key of the sender's own", { ...order, labels: { one: 1 } }],
    ["a wrong value behind a key with a line break", { ...order, labels: { "one\ntwo": 1 } }],
  ])("refuses %s", (_, data) => {
    expect(() => prepare("order.placed")(data)).toThrow(/order\.placed: data\./);
  });

  test("of a union refuses a kind it does not know, and the fields of another kind", () => {
    expect(() => prepare("order.noted")({ kind: "robot" })).toThrow();
    expect(() => prepare("order.noted")({ kind: "machine", model: null, author: "Robin" })).toThrow();
  });

  test("says where text is cut (R-STECH-27)", () => {
    expect(eventTypes["order.placed"]?.truncated).toEqual([{ path: ["comment"], max: 40 }]);
    const prepared = prepare("order.placed")({ ...order, comment: "x".repeat(100) });
    expect(prepared).toEqual({ ...order, comment: `${"x".repeat(39)}…` });
    expect(prepare("order.noted")({ kind: "person", author: "R", text: "y".repeat(21) })).toMatchObject({
      text: `${"y".repeat(19)}…`,
    });
  });

  test("carries what documents need", () => {
    expect(eventTypes["order.noted"]).toMatchObject({ group: "order", deprecated: "Use `order.placed`." });
    expect(eventTypes["order.placed"]?.schema["properties"].site).toMatchObject({
      description: "Where the order was placed.",
      deprecated: true,
    });
  });
});

describe("text that is cut and cannot be found by a path", () => {
  const cut = text({ lengthMax: 10, truncated: true });
  const withFields = (...variants: readonly (readonly Field[])[]): ContractModel => ({
    ...shop,
    shapes: [
      ...variants.map((fields, index) => ({ kind: "object", name: `V${index}`, doc: null, fields }) as const),
      {
        kind: "union",
        name: "Either",
        doc: null,
        discriminator: "kind",
        variants: variants.map((_, index) => ({ tag: `v${index}`, shape: `V${index}` })),
        open: false,
      },
    ],
  });
  const found = (contract: ContractModel) => {
    const [event] = shop.events;
    if (event === undefined) throw new Error("The small catalog has events.");
    return truncationsOf(contract, { ...event, data: "Either" });
  };

  test("is refused in a record", () => {
    const record = field("notes", { kind: "record", values: { type: cut, nullable: false } });
    expect(() => found(withFields([record]))).toThrow(
      "order.placed.data.notes.*: Truncated<10> stands in a record, so emit could not find it. Use Text<10>.",
    );
  });

  test("is refused when variants of a union differ in it", () => {
    expect(() => found(withFields([field("note", cut)], [field("note", text())]))).toThrow(
      "not the same in all variants",
    );
    const longer = text({ lengthMax: 20, truncated: true });
    expect(() => found(withFields([field("note", cut)], [field("note", longer)]))).toThrow("not the same");
    expect(found(withFields([field("note", cut)], [field("note", cut)], [field("other", text())]))).toEqual([
      { path: ["note"], max: 10 },
    ]);
  });

  test("is found in items and in nested objects", () => {
    const items = field("notes", { kind: "array", items: { type: cut, nullable: true } });
    expect(found(withFields([items, field("one", cut)]))).toEqual([
      { path: ["notes", "*"], max: 10 },
      { path: ["one"], max: 10 },
    ]);
  });
});
