import { expect, test } from "vitest";
import { read, readShop, shop } from "./fixtures/shop-files.ts";

const envelope = 'envelope: { ...standardWebhooks.envelope, meta: { from: "meta", doc: "" } }';

test("an event type says something beside its data: two shapes, and examples of both (D-AUTHN-11)", () => {
  const { events, shapes } = readShop({
    types: "interface Surface { surface: string }",
    events: '/** It. */ "order.placed": (WithMeta<{ orderId: Id }, Surface>);\n/** It. */ "order.paid": { a: Id };',
    examples: `"order.placed": { one: { data: { orderId: "o_1" }, meta: { surface: "user" } } },
"order.paid": { one: { a: "1" } }`,
    contract: { envelope },
  });
  expect(shapes.map(({ name }) => name)).toEqual(["OrderPlacedData", "Surface", "OrderPaidData"]);
  expect(events.map(({ data, meta }) => [data, meta])).toEqual([
    ["OrderPlacedData", "Surface"],
    ["OrderPaidData", null],
  ]);
  expect(events.map(({ examples }) => examples)).toEqual([
    [{ name: "one", data: { orderId: "o_1" }, meta: { surface: "user" } }],
    [{ name: "one", data: { a: "1" } }],
  ]);
});

test("a nameless meta is named after its event type", () => {
  const { events } = readShop({
    events: '/** It. */ "order.placed": WithMeta<{ orderId: Id }, { surface: string }>;',
    examples: '"order.placed": { one: { data: { orderId: "o_1" }, meta: { surface: "user" } } }',
    contract: { envelope },
  });
  expect(events[0]?.meta).toBe("OrderPlacedMeta");
});

test("tags say title, level and version; an event type without them says nothing of the kind", () => {
  const { events } = readShop({
    events: `/**
 * Somebody failed.
 *
 * @title Failed Login (Wrong Password)
 * @level 3
 * @since v0.1
 */
"fp": { a: Id };
/** It. */
"s": { a: Id };`,
    examples: '"fp": { one: { a: "1" } }, "s": { one: { a: "1" } }',
  });
  expect(events.map(({ title, level, since }) => ({ title, level, since }))).toEqual([
    { title: "Failed Login (Wrong Password)", level: 3, since: "v0.1" },
    { title: null, level: null, since: null },
  ]);
});

const resources = `import type { Id } from "../vocabulary.ts";
export interface Item { id: Id }
export interface Order { id: Id; items: Item[] }`;

function family(name: string, type: string): string {
  return `import type { Order } from "../shared/resources.ts";
export interface ${name} { /** It. */ "${type}": Order }`;
}

/** The declaration of a second contract. */
const depot = `title: "Depot", doc: "Parcels.", userAgent: "Depot/1", tenant: { noun: "depot", example: "d_1" },
  ids: { event: { prefix: "e_", format: "uuid" }, endpoint: { prefix: "p_", format: "uuid" }, delivery: { prefix: "d_" }, attempt: { prefix: "a_" } },
  `;

test("a resource of a shared module stands in several families and contracts, and is declared once", () => {
  const example = '{ one: { id: "o_1", items: [{ id: "i_1" }] } }';
  const { model, text } = read({
    ...shop({ examples: `"order.placed": ${example}, "order.paid": ${example}` }),
    "catalog/index.ts": `import { shop } from "./shop/contract.ts";
import { depot } from "./depot.ts";
export const catalog = [shop, depot] as const;`,
    "catalog/shared/resources.ts": resources,
    "catalog/shop/placed.ts": family("Placed", "order.placed"),
    "catalog/shop/paid.ts": family("Paid", "order.paid"),
    "catalog/shop/order.ts": `import type { Placed } from "./placed.ts";
import type { Paid } from "./paid.ts";
export interface ShopEvents extends Placed, Paid {}`,
    "catalog/depot.ts": `import { contract } from "./contract.ts";
import { standardWebhooks } from "./presets.ts";
import type { Order } from "./shared/resources.ts";
interface DepotEvents { /** It. */ "order.sent": Order }
export const depot = contract<DepotEvents>({ ...standardWebhooks, id: "depot", ${depot}examples: { "order.sent": ${example} } });`,
  });
  expect(text).toBe("");
  expect(model?.contracts.map(({ shapes }) => shapes.map(({ name }) => name))).toEqual([
    ["Item", "Order"],
    ["Item", "Order"],
  ]);
  expect(model?.contracts.flatMap(({ events }) => events.map(({ data }) => data))).toEqual(["Order", "Order", "Order"]);
});

test("a word of the vocabulary keeps its meaning under another name", () => {
  const { shapes } = readShop({
    types: 'import type { Email as Address } from "../vocabulary.ts";\ninterface Email { to: Address }',
    events: '/** It. */ "email.sent": Email;',
    examples: '"email.sent": { one: { to: "robin@acme.example" } }',
  });
  expect(shapes).toMatchObject([{ name: "Email", fields: [{ name: "to", type: { format: "email" } }] }]);
});

test("a family with a type parameter is another one in each contract: its own argument, or what stands for none", () => {
  const { model, text } = read({
    ...shop({ examples: '"order.placed": { one: { was: "1" } }' }),
    "catalog/index.ts": `import { shop } from "./shop/contract.ts";
import { depot } from "./depot.ts";
export const catalog = [shop, depot] as const;`,
    "catalog/shop/order.ts": `interface Entry { was: string }
interface Both<Of = Entry> { /** It. */ "order.placed": Of }
export type Family<Of> = Both<Of>;
export interface ShopEvents extends Both {}`,
    "catalog/depot.ts": `import { contract } from "./contract.ts";
import { standardWebhooks } from "./presets.ts";
import type { Family } from "./shop/order.ts";
interface Parcel { is: number }
interface DepotEvents extends Family<Parcel> {}
export const depot = contract<DepotEvents>({
  ...standardWebhooks, id: "depot", ${depot}examples: { "order.placed": { one: { is: 1 } } },
});`,
  });
  expect(text).toBe("");
  expect(model?.contracts.map(({ events, shapes }) => [events[0]?.data, shapes.map(({ name }) => name)])).toEqual([
    ["Entry", ["Entry"]],
    ["Parcel", ["Parcel"]],
  ]);
  expect(model?.contracts.map(({ sameTypesAs }) => sameTypesAs)).toEqual([undefined, undefined]);
});
