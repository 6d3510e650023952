import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { describe, expect, test } from "vitest";
import { exampleEvents } from "../../generator/example-events.ts";
import { jsonschema } from "../../generator/jsonschema/jsonschema.ts";
import { modesCatalog } from "./mode-contracts.ts";
import { smallCatalog } from "./small-catalog.ts";

const catalog = { contracts: [...smallCatalog.contracts, ...modesCatalog.contracts] };
const files = new Map(jsonschema.emit(catalog).map(({ path, text }) => [path, JSON.parse(text)]));
const folder = "runtime/generated/schemas";
const base = "https://hookwright.dev/schemas";
const eventTypes = catalog.contracts.flatMap((contract) =>
  contract.events.map((event) => ({ id: `${contract.declaration.id}/${event.name}`, contract, event })),
);

function compile(schema: object) {
  const ajv = new Ajv2020({ allErrors: true, strict: true, strictRequired: false, allowUnionTypes: true });
  addFormats.default(ajv);
  ajv.addVocabulary(["x-extensible-enum"]);
  return ajv.compile(schema);
}

describe.each(eventTypes)("the schema of $id", ({ id, contract, event }) => {
  const schema = files.get(`${folder}/${id}.json`);
  const examples = exampleEvents(contract, event).map((example) => example.event);

  test("has an absolute $id and its dialect", () => {
    expect([schema.$id, schema.$schema]).toEqual([
      `${base}/${id}.json`,
      "https://json-schema.org/draft/2020-12/schema",
    ]);
  });

  test("stands alone, and takes the examples that it shows, also with keys that are added later", () => {
    const validate = compile(schema);
    expect(schema.examples).toEqual(examples);
    for (const example of examples) expect([validate(example), validate.errors]).toEqual([true, null]);
    for (const example of examples) expect(validate({ ...example, added: { later: true } })).toBe(true);
  });

  test("refuses an event without one of its envelope's fields, and of another type", () => {
    const validate = compile(schema);
    const [example = {}] = examples;
    const fields = Object.keys(contract.declaration.envelope).filter((key) => key in example);
    for (const field of fields) expect(validate({ ...example, [field]: undefined }), field).toBe(false);
    const [key = ""] = Object.entries(example).find(([, value]) => value === event.name) ?? [];
    expect(validate({ ...example, [key]: "another" })).toBe(false);
  });

  test("has the definitions that it uses and no others", () => {
    const used = [...JSON.stringify(schema).matchAll(/"#\/\$defs\/(\w+)"/g)].map(([, name]) => name);
    expect(Object.keys(schema.$defs).sort()).toEqual([...new Set(used)].sort());
  });
});

test("the bundle takes every example, and each verdict and batch is in it", () => {
  const bundle = files.get(`${folder}/bundle.json`);
  const validate = compile(bundle);
  for (const { contract, event } of eventTypes) {
    for (const example of exampleEvents(contract, event)) expect(validate(example.event), event.name).toBe(true);
  }
  expect(validate({ type: "nothing" })).toBe(false);
  expect(Object.keys(bundle.$defs)).toEqual(expect.arrayContaining(["GateVerdict", "RecordsBatch", "TapeBatch"]));
});

test("the index names each schema, its place in the bundle, and nothing else", () => {
  const { contracts } = files.get(`${folder}/index.json`);
  const bundle = files.get(`${folder}/bundle.json`);
  const listed = Object.entries<Record<string, { schema: string; bundled: string }>>(contracts).flatMap(
    ([id, events]) => Object.entries(events).map(([type, places]) => ({ id: `${id}/${type}`, ...places })),
  );
  expect(listed.map(({ id }) => id)).toEqual(eventTypes.map(({ id }) => id));
  for (const { id, schema, bundled } of listed) {
    expect(files.get(schema.replace(base, folder)).$id, id).toBe(schema);
    expect(bundle.$defs, id).toHaveProperty(bundled.replace(`${base}/bundle.json#/$defs/`, ""));
  }
});
