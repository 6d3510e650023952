import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { inGo, valueName as goValue } from "../../generator/go/names.ts";
import { enumsIn } from "../../generator/model-changes.ts";
import type { ContractModel, Field } from "../../generator/model.ts";
import { attributeName, enumValues, eventName, inPython } from "../../generator/python/python-names.ts";
import { spelled } from "../../generator/spelling.ts";
import { inTypeScript } from "../../generator/typescript/receiver-names.ts";
import { readShop } from "./fixtures/shop-files.ts";
import type { Shop } from "./fixtures/shop-files.ts";
import { field, smallCatalog, text } from "./small-catalog.ts";

test.each([
  ["in-progress", "in-progress", "in dash progress"],
  ["+1", "plus 1", "plus 1"],
  ["-1", "minus 1", "minus 1"],
  ["1-2", "1-2", "1 dash 2"],
  ["≠", "unequal", "unequal"],
  ["Zoë", "Zoe", "Zo u00eb"],
  ["火曜", "u706b u66dc", "u706b u66dc"],
  ["", "empty", "empty"],
  ["..", "dot dot", "dot dot"],
])("%s is spelled %s, and exactly %s", (value, plain, exact) => {
  expect([spelled(value), spelled(value, "exact")]).toEqual([plain, exact]);
});

/** The small catalog's first contract with these fields in the data of its first event. */
function withFields(fields: readonly Field[]): ContractModel {
  const [shop] = smallCatalog.contracts;
  if (shop === undefined) throw new Error("The small catalog has a contract.");
  const shapes = shop.shapes.map((shape) =>
    shape.kind === "object" && shape.name === "OrderPlacedData" ? { ...shape, fields } : shape,
  );
  return { ...shop, shapes };
}

function fieldsOf({ shapes }: ContractModel): readonly Field[] {
  return shapes.flatMap((shape) => (shape.kind === "object" && shape.name === "OrderPlacedData" ? shape.fields : []));
}

function enumOf(values: readonly string[]): ContractModel {
  return withFields([field("it", { kind: "enum", values, open: true })]);
}

function pythonValues(values: readonly string[]): readonly string[] {
  return fieldsOf(inPython(enumOf(values))).flatMap((each) => [...enumValues(each).keys()]);
}

function goValues(values: readonly string[]): readonly string[] {
  const enums = fieldsOf(inGo(enumOf(values))).flatMap(({ type }) => enumsIn(type));
  return enums.flatMap(({ names }) => (names ?? []).map((name) => goValue(name ?? "")));
}

describe("values", () => {
  test.each([
    [
      ["up", "UP", "Up", "uP"],
      ["UP", "UP_UPPER", "UP_PASCAL", "U_P"],
      ["Up", "UP", "UpPascal", "UPCamel"],
    ],
    [
      ["≤", "<=", "at most"],
      ["AT_MOST", "LESS_EQUAL", "AT_SPACE_MOST"],
      ["AtMost", "LessEqual", "AtSpaceMost"],
    ],
    [
      ["values", "__x", "x"],
      ["VALUES_2", "X", "X_2"],
      ["Values", "X", "X2"],
    ],
    [
      ["東", "西", "👍"],
      ["U6771", "U897F", "U1F44D"],
      ["U6771", "U897F", "U1F44D"],
    ],
  ])("%j have distinct names in each language", (values, python, go) => {
    expect(pythonValues(values)).toEqual(python);
    expect(goValues(values)).toEqual(go);
  });

  const texts = fc.uniqueArray(
    fc.oneof(fc.constantFrom("a", "A", "a-b", "a_b", "a b", "+", "", "_", "é", "e", "VALUES", "1", "-1"), fc.string()),
    { minLength: 2, maxLength: 12 },
  );

  test("of any texts have distinct names, and one that is added at the end renames none", () => {
    fc.assert(
      fc.property(texts, (values) => {
        for (const namesOf of [pythonValues, goValues]) {
          const names = namesOf(values);
          expect(new Set(names).size).toBe(values.length);
          expect(names.every((name) => /^[A-Za-z0-9_]+$/.test(name))).toBe(true);
          expect(names.slice(0, -1)).toEqual(namesOf(values.slice(0, -1)));
        }
      }),
      { numRuns: 300 },
    );
  });
});

test("fields have distinct names in each language", () => {
  const wires = ["order-no", "order_no", "orderNo", "_id", "id", "class", "class_", "raw"];
  const contract = withFields(wires.map((wire) => field(wire, text())));
  expect(fieldsOf(inPython(contract)).map(attributeName)).toEqual([
    "order_no",
    "order_underscore_no",
    "order_no_2",
    "id",
    "id_2",
    "class_",
    "class_underscore",
    "raw",
  ]);
});

test("a type that has the name of an event, or of the SDK, says what it is", () => {
  const [shop] = smallCatalog.contracts;
  const [door] = shop?.shapes ?? [];
  if (shop === undefined || door === undefined) throw new Error("The small catalog has shapes.");
  const shapes = ["OrderPlaced", "Event", "Webhook", "Map"].map((name) => ({ ...door, name }));
  const contract = { ...shop, shapes: [...shop.shapes, ...shapes] };
  const added = (named: ContractModel) => named.shapes.slice(-4).map(({ name }) => name);
  expect(added(inPython(contract))).toEqual(["OrderPlacedData2", "EventData", "WebhookData", "Map"]);
  expect(added(inTypeScript(contract))).toEqual(["OrderPlacedData2", "Event", "WebhookData", "MapData"]);
});

describe("@named", () => {
  const vote: Shop = {
    types: `/**\n * @named "+1" thumbs_up\n * @named "-1" thumbsDown\n */\ntype Vote = "+1" | "-1" | "0";`,
    events: `/**\n * It.\n *\n * @named orderCame\n */
"order.placed": { /** @named orderNumber */ no: string; vote: Open<Vote>;\n/** @named 1 once */ times: (1 | 2)[] };`,
    examples: '"order.placed": { one: { no: "1", vote: "+1", times: [1] } }',
  };

  test("says what an event, a field and a value are called in code", () => {
    const contract = readShop(vote);
    const python = inPython(contract);
    const [data] = python.shapes;
    const fields = data?.kind === "object" ? data.fields : [];
    expect(python.events.map(eventName)).toEqual(["OrderCame"]);
    expect(fields.map((each) => [attributeName(each), ...enumValues(each).keys()])).toEqual([
      ["order_number"],
      ["vote", "THUMBS_UP", "THUMBS_DOWN", "_0"],
      ["times", "ONCE", "VALUE_2"],
    ]);
    const [, goVote] = inGo(contract).shapes.flatMap((shape) => (shape.kind === "object" ? shape.fields : []));
    const enums = goVote === undefined ? [] : enumsIn(goVote.type);
    expect(enums.flatMap(({ names }) => (names ?? []).map((name) => goValue(name ?? "")))).toEqual([
      "ThumbsUp",
      "ThumbsDown",
      "0",
    ]);
  });

  test("is no part of what is documented", () => {
    const [shape] = readShop(vote).shapes;
    expect(shape?.kind === "object" && shape.fields.map(({ doc }) => doc)).toEqual([null, null, null]);
  });
});
