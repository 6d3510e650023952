import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { describe, expect, test } from "vitest";
import type { CatalogModel, ContractModel } from "../../generator/model.ts";
import { openapiDocument } from "../../generator/openapi/openapi.ts";
import { compileSchemas } from "../lint-openapi.ts";
import { modesCatalog } from "./mode-contracts.ts";
import { smallCatalog } from "./small-catalog.ts";

interface Operation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly security?: readonly object[];
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
  readonly components: Readonly<Record<"schemas" | "parameters" | "securitySchemes", Readonly<Record<string, object>>>>;
}

function documentOf(catalog: CatalogModel): Document {
  return JSON.parse(JSON.stringify(openapiDocument(catalog)));
}

const document = documentOf(smallCatalog);
const modes = documentOf(modesCatalog);
const operations = Object.values(document.webhooks).map(({ post }) => post);

/** Validators of the document's components. */
function validators(whole: Document) {
  const ajv = new Ajv2020({ allErrors: true, strict: true, strictTypes: false, allowUnionTypes: true });
  addFormats.default(ajv);
  ajv.addFormat("int64", true);
  ajv.addVocabulary(["discriminator", "components", "x-extensible-enum"]);
  ajv.addSchema({ $id: "https://hooks.example/", components: whole.components });
  return (reference: string) => ajv.compile({ $ref: `https://hooks.example/${reference}` });
}

describe("the published schemas", () => {
  const validatorOf = validators(document);

  test("compile, each of them", () => {
    expect(compileSchemas(document)).toBeGreaterThan(10);
    expect(compileSchemas(modes)).toBeGreaterThan(10);
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
  test.each([
    ["push", document],
    ["the other modes", modes],
  ])("of %s refers only to what it has, and has only what it refers to", (_, whole) => {
    const references = [...JSON.stringify(whole).matchAll(/"#\/components\/(\w+)\/(\w+)"/g)];
    // The HTTP API's feed refers to the union of all contracts.
    const used = new Set([...references.map(([, kind, name]) => `${kind}/${name}`), "schemas/WebhookEvent"]);
    const { securitySchemes: _schemes, ...referred } = whole.components;
    const had = Object.entries(referred).flatMap(([kind, named]) =>
      Object.keys(named).map((name) => `${kind}/${name}`),
    );
    expect([...used].sort()).toEqual(had.sort());
    const tags = new Set(Object.values(whole.webhooks).flatMap(({ post }) => post.tags));
    expect([...tags].sort()).toEqual(whole.tags.map((tag) => tag.name).sort());
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

describe("the webhooks of the other modes", () => {
  const validatorOf = validators(modes);

  test("are one for each stream, whose body is a batch or, if it may be so, a record", () => {
    const schemaOf = (name: string) => modes.webhooks[name]?.post.requestBody.content["application/json"].schema;
    expect(schemaOf("records/batch")).toEqual({ $ref: "#/components/schemas/RecordsBatch" });
    expect(schemaOf("tape/batch")).toEqual({
      anyOf: [{ $ref: "#/components/schemas/TapeBatch" }, { $ref: "#/components/schemas/TapeEvent" }],
    });
  });

  test("take their examples", () => {
    for (const name of ["Records", "Tape"]) {
      const { examples } =
        modes.webhooks[`${name.toLowerCase()}/batch`]?.post.requestBody.content["application/json"] ?? {};
      const validate = validatorOf(`#/components/schemas/${name}Batch`);
      expect([validate(examples?.["a batch"]?.value), validate.errors]).toEqual([true, null]);
      expect(validate(name === "Tape" ? [] : { records: [] })).toBe(false);
    }
  });

  test("take records of a type that is added later, and refuse known ones that are malformed", () => {
    const batch = validatorOf("#/components/schemas/TapeBatch");
    const record = { date: "2026-05-08T14:02:11.482Z", type: "f", ip: "", user_id: "u_1", _id: "1" };
    expect(batch([record, { type: "later" }])).toBe(true);
    expect(batch([{ ...record, ip: null }])).toBe(false);
    expect(batch([{ ...record, _id: undefined }])).toBe(false);
  });

  test("of an action answer with a verdict and may sign it, but for what is only told", () => {
    const { "200": answer } = modes.webhooks["before_pass"]?.post.responses ?? {};
    expect(answer).toMatchObject({
      headers: { "Gate-Response-Signature": { schema: { type: "string" } } },
      content: { "application/json": { schema: { $ref: "#/components/schemas/GateVerdict" } } },
    });
    expect(Object.keys(modes.webhooks["after_pass"]?.post.responses ?? {})).toEqual(["2XX", "3XX", "4XX", "5XX"]);
  });

  test("have an owner's authorization as a security scheme, which may be absent", () => {
    expect(modes.components.securitySchemes).toHaveProperty(["TapeAuthorizationHeader", "name"], "Authorization");
    expect(modes.webhooks["tape/batch"]?.post.security).toEqual([{ TapeAuthorizationHeader: [] }, {}]);
  });
});
