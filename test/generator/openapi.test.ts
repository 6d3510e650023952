import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { describe, expect, test } from "vitest";
import type { CatalogModel, ContractModel } from "../../generator/model.ts";
import { openapiDocument } from "../../generator/openapi/openapi.ts";
import { smallCatalog } from "./small-catalog.ts";

interface Operation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly parameters: readonly { readonly $ref: string }[];
  readonly requestBody: { readonly content: { readonly "application/json": MediaType } };
  readonly responses: Readonly<Record<string, unknown>>;
}

interface MediaType {
  readonly schema: { readonly $ref: string };
  readonly examples: Readonly<Record<string, { readonly value: Readonly<Record<string, unknown>> }>>;
}

interface Document {
  readonly info: { readonly version: string };
  readonly tags: readonly { readonly name: string }[];
  readonly webhooks: Readonly<Record<string, { readonly post: Operation }>>;
  readonly components: Readonly<Record<"schemas" | "parameters", Readonly<Record<string, object>>>>;
}

function documentOf(catalog: CatalogModel): Document {
  return JSON.parse(JSON.stringify(openapiDocument(catalog)));
}

const document = documentOf(smallCatalog);
const operations = Object.values(document.webhooks).map(({ post }) => post);

/** Every schema of the document, compiled; a schema with a fault throws here. */
function validators() {
  const ajv = new Ajv2020({ allErrors: true, strict: true, strictTypes: false, allowUnionTypes: true });
  addFormats.default(ajv);
  ajv.addFormat("int64", true);
  ajv.addVocabulary(["discriminator", "components", "x-extensible-enum"]);
  ajv.addSchema({ $id: "https://hooks.example/", components: document.components });
  return (reference: string) => ajv.compile({ $ref: `https://hooks.example/${reference}` });
}

describe("the published schemas", () => {
  const validatorOf = validators();

  test("compile, each of them", () => {
    for (const name of Object.keys(document.components.schemas)) validatorOf(`#/components/schemas/${name}`);
  });

  test("take every example", () => {
    for (const { requestBody } of operations) {
      const { schema, examples } = requestBody.content["application/json"];
      const validate = validatorOf(schema.$ref);
      expect(Object.keys(examples)).not.toEqual([]);
      for (const { value } of Object.values(examples)) expect([validate(value), validate.errors]).toEqual([true, null]);
    }
  });

  const example = operations[0]?.requestBody.content["application/json"];
  if (example === undefined) throw new Error("The document has an operation.");
  const validate = validatorOf(example.schema.$ref);
  const event = example.examples["with everything"]?.value ?? {};
  const data = event["data"] as Readonly<Record<string, unknown>>;

  test("take what a later version may add: keys, values of open enums, kinds of open unions", () => {
    expect(validate({ ...event, added: 1, data: { ...data, added: 1, total: { amount: 1, currency: "CHF" } } })).toBe(
      true,
    );
    const note = validatorOf("#/components/schemas/ShopNote");
    expect(note({ kind: "robot", model: 1 })).toBe(true);
    expect(note({ kind: "machine", model: 1 })).toBe(false);
    expect(note({})).toBe(false);
    expect(validatorOf("#/components/schemas/ShopClosedNote")({ kind: "robot" })).toBe(false);
  });

  test.each([
    ["another type", { ...event, type: "order.paid" }],
    ["no data", { ...event, data: undefined }],
    ["null where none is allowed", { ...event, data: { ...data, orderId: null } }],
    ["another value of a closed enum", { ...event, data: { ...data, channel: "a pigeon" } }],
    ["a fraction for an integer", { ...event, data: { ...data, count: 1.5 } }],
    ["a wrong item", { ...event, data: { ...data, lines: [{ amount: 1 }] } }],
  ])("refuse %s", (_, value) => {
    expect(validate(JSON.parse(JSON.stringify(value)))).toBe(false);
  });
});

describe("the document", () => {
  test("refers only to what it has, and has only what it refers to", () => {
    const references = [...JSON.stringify(document).matchAll(/"#\/components\/(\w+)\/(\w+)"/g)];
    const used = new Set(references.map(([, kind, name]) => `${kind}/${name}`));
    const had = Object.entries(document.components).flatMap(([kind, named]) =>
      Object.keys(named).map((name) => `${kind}/${name}`),
    );
    expect([...used].sort()).toEqual(had.sort());
    const tags = new Set(operations.flatMap((operation) => operation.tags));
    expect([...tags].sort()).toEqual(document.tags.map((tag) => tag.name).sort());
  });

  test("has the outcome table as responses, each status once", () => {
    expect(Object.keys(operations[0]?.responses ?? {}).sort()).toEqual(["2XX", "3XX", "409", "429", "4XX", "5XX"]);
  });

  test("names operations after contract and event", () => {
    expect(operations.map((operation) => operation.operationId)).toEqual([
      "onShopOrderPlaced",
      "onShopOrderNoted",
      "onShopStockCounted",
      "onHouseDoorOpened",
    ]);
  });

  test("tells two contracts' events of one name apart, and leaves the others their names", () => {
    const [shop, house] = smallCatalog.contracts;
    const door = house?.events[0];
    if (shop === undefined || house === undefined || door === undefined) throw new Error("There are two contracts.");
    const twice: ContractModel = { ...house, events: [door, { ...door, name: "order.placed" }] };
    expect(Object.keys(documentOf({ contracts: [shop, twice] }).webhooks)).toEqual([
      "shop/order.placed",
      "order.noted",
      "stock.counted",
      "door.opened",
      "house/order.placed",
    ]);
  });

  test("has a version that changes with what it says", () => {
    const [shop] = smallCatalog.contracts;
    if (shop === undefined) throw new Error("There is a shop.");
    expect(documentOf(smallCatalog).info.version).toBe(document.info.version);
    expect(documentOf({ contracts: [shop] }).info.version).not.toBe(document.info.version);
  });
});
