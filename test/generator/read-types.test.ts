import { describe, expect, test } from "vitest";
import type { Field, Shape } from "../../generator/model.ts";
import { read, readShop, shop } from "./fixtures/shop-files.ts";

/** The fields of the event's data when it is `{ …members }`; without places. */
function fields(members: string, example: string, types = ""): readonly Omit<Field, "span">[] {
  const shape = shapes(`{ ${members} }`, example, types).at(-1);
  return shape?.kind === "object" ? shape.fields.map(({ span: _, ...field }) => field) : [];
}

function shapes(data: string, example: string, types = ""): readonly Shape[] {
  const events = `/** It. */ "order.placed": ${data};`;
  return readShop({ types, events, examples: `"order.placed": { one: ${example} }` }).shapes;
}

function typeOf(type: string, example: string, types = ""): unknown {
  const [field] = fields(`it: ${type}`, `{ it: ${example} }`, types);
  return field?.nullable === false ? field.type : { nullable: field?.type };
}

const text = { kind: "string", format: null, lengthMax: null, truncated: false };
const integer = { kind: "integer", minimum: null, maximum: null };
const number = { kind: "number", minimum: null, maximum: null };

describe("a type becomes", () => {
  test.each([
    ["string", '"a"', text],
    ["number", "1.5", number],
    ["boolean", "true", { kind: "boolean" }],
    ["unknown", "{ a: [null] }", { kind: "unknown" }],
    ["Id", '"a"', { ...text, format: "id" }],
    ["Uuid", '"019e0a1c-5d2f-7b3a-8c41-6f2d9e7a5b10"', { ...text, format: "uuid" }],
    ["Timestamp", '"2026-05-08T14:02:11.482Z"', { ...text, format: "date-time" }],
    ["Email", '"robin@acme.example"', { ...text, format: "email" }],
    ["Url", '"https://acme.example/?a=%20"', { ...text, format: "uri" }],
    ["Int", "-3", integer],
    ["UnixMs", "1_777_777_777_777", integer],
    ["Range<-1, 0.5>", "0.5", { kind: "number", minimum: -1, maximum: 0.5 }],
    ["Text<8>", '"12345678"', { ...text, lengthMax: 8 }],
    ["Truncated<8>", '"12345678"', { ...text, lengthMax: 8, truncated: true }],
    ["Metadata", "{ a: 1, b: null }", { kind: "record", values: { type: { kind: "unknown" }, nullable: false } }],
    ['"a"', '"a"', { kind: "constant", value: "a" }],
    ["-1", "-1", { kind: "constant", value: -1 }],
    ["true", "true", { kind: "constant", value: true }],
    ["true | false", "true", { kind: "boolean" }],
    ['"a" | "b" | "a"', '"b"', { kind: "enum", values: ["a", "b"], open: false }],
    ["80 | 100", "80", { kind: "enum", values: [80, 100], open: false }],
    ['Open<"a" | "b">', '"a"', { kind: "enum", values: ["a", "b"], open: true }],
    ['Open<"a" | "b", string>', '"c"', { kind: "enum", values: ["a", "b"], open: true, others: "emitted" }],
    [
      'Open<"a" | "b", string> | null',
      '"c"',
      { nullable: { kind: "enum", values: ["a", "b"], open: true, others: "emitted" } },
    ],
    ["Open<1 | 2, number>", "3", { kind: "enum", values: [1, 2], open: true, others: "emitted" }],
    ['Open<"a">', '"a"', { kind: "enum", values: ["a"], open: true }],
    ['Open<"a"> | "b"', '"b"', { kind: "enum", values: ["a", "b"], open: true }],
    ["string | null", "null", { nullable: text }],
    ['Open<"a" | "b" | null>', "null", { nullable: { kind: "enum", values: ["a", "b"], open: true } }],
    ["number | string | null", '"a"', { nullable: { kind: "scalars", of: [number, text] } }],
    [
      '"a" | 1 | 2',
      "2",
      {
        kind: "scalars",
        of: [
          { kind: "constant", value: "a" },
          { kind: "enum", values: [1, 2], open: false },
        ],
      },
    ],
    ["Id[]", '["a"]', { kind: "array", items: { type: { ...text, format: "id" }, nullable: false } }],
    ["readonly (Int | null)[]", "[1, null]", { kind: "array", items: { type: integer, nullable: true } }],
    ["Array<Int> | null", "[1]", { nullable: { kind: "array", items: { type: integer, nullable: false } } }],
    ["ReadonlyArray<Int>", "[1]", { kind: "array", items: { type: integer, nullable: false } }],
    ["Record<string, Int | null>", "{ a: null }", { kind: "record", values: { type: integer, nullable: true } }],
  ])("%s", (type, example, expected) => {
    expect(typeOf(type, example)).toEqual(expected);
  });

  test("what its alias stands for, over several files and re-exports", () => {
    const files = {
      "catalog/shop/words.ts": 'export * from "./more.ts";\nexport { Size as Width } from "./more.ts";',
      "catalog/shop/more.ts": 'export type Size = "small" | "large" | null;',
      "catalog/shop/order.ts": `import type { Size as S, Width } from "./words.ts";
export interface ShopEvents { /** It. */ "order.placed": { a: S; b: Width }; }`,
    };
    const { model, text: said } = read(shop({ files, examples: '"order.placed": { one: { a: "small", b: null } }' }));
    expect(said).toBe("");
    const shape = model?.contracts[0]?.shapes[0];
    const type = { kind: "enum", values: ["small", "large"], open: false };
    expect(shape).toMatchObject({
      fields: [
        { type, nullable: true },
        { type, nullable: true },
      ],
    });
  });
});

test("a generic type is read anew for other arguments", () => {
  const types = "interface Page<Item> { items: Item[] }";
  const read = shapes(
    "{ ids: Page<Id>; counts: Page<Int> }",
    '{ ids: { items: ["1"] }, counts: { items: [1] } }',
    types,
  );
  expect(read.slice(0, 2)).toMatchObject([
    { name: "OrderPlacedDataIds", fields: [{ type: { items: { type: { format: "id" } } } }] },
    { name: "OrderPlacedDataCounts", fields: [{ type: { items: { type: integer } } }] },
  ]);
});

test("what a vocabulary adds is read, with the words in their own meaning", () => {
  const files = {
    "catalog/vocabulary.ts": "export type Int = number;\nexport interface Money { amount: Int }",
    "catalog/shop/order.ts": `import type { Money } from "../vocabulary.ts";
export interface ShopEvents { /** It. */ "order.placed": Money; }`,
  };
  const { model, text: said } = read(shop({ files, examples: '"order.placed": { one: { amount: 1 } }' }));
  expect(said).toBe("");
  expect(model?.contracts[0]?.shapes).toMatchObject([{ name: "Money", fields: [{ name: "amount", type: integer }] }]);
});

test("a family that two others extend is read once; an interface in parts as one", () => {
  const types = `interface Base { /** It. */ "order.base": { a: Id } }
interface Left extends Base { /** It. */ "order.left": { b: Id } }
interface Right extends Base { /** It. */ "order.right": { c: Id } }
interface ShopEvents extends Left, Right {}`;
  const examples = `"order.base": { one: { a: "1" } }, "order.left": { one: { b: "1" } }, "order.right": { one: { c: "1" } },
"order.placed": { one: { orderId: "1" } }`;
  const { events } = readShop({ types, examples });
  expect(events.map(({ name }) => name)).toEqual(["order.base", "order.left", "order.right", "order.placed"]);
});

test("the four states of a field never collapse", () => {
  const read = fields("a: Id; b?: Id; c: Id | null; d?: Id | null", '{ a: "1", c: null }');
  expect(read.map(({ name, optional, nullable }) => [name, optional, nullable])).toEqual([
    ["a", false, false],
    ["b", true, false],
    ["c", false, true],
    ["d", true, true],
  ]);
});

test("a field that is only written is nowhere in the model, under no alias and in no union", () => {
  const types =
    "type Password = WriteOnly<string>;\ninterface A { a: Id; password: Password; old?: WriteOnly<string> | null }";
  expect(shapes('Omit<A, "password">', '{ a: "1" }', types)).toMatchObject([{ fields: [{ name: "a" }] }]);
  expect(shapes("A", '{ a: "1" }', types)).toMatchObject([{ name: "A", fields: [{ name: "a" }] }]);
});

describe("fields of", () => {
  const types = `/** A. */ interface A { a: Id; b: Int }
interface B { b: Int; c: Id }
interface C extends A { c?: Id; a: "x" }
type AB = A & { d: Id };
interface Left extends A { left: Id }
interface Right extends A { right: Id }
interface Page<Item, Size = 10> { items: Item[]; size: Size }`;
  const names = (data: string, example: string) =>
    shapes(data, example, types).map((shape) => [
      shape.name,
      ...(shape.kind === "object" ? shape.fields.map(({ name, optional }) => name + (optional ? "?" : "")) : []),
    ]);

  test.each([
    ["C", '{ a: "x", b: 1 }', [["C", "a", "b", "c?"]]],
    ["AB", '{ a: "1", b: 1, d: "1" }', [["AB", "a", "b", "d"]]],
    ["A & { e: Id }", '{ a: "1", b: 1, e: "1" }', [["OrderPlacedData", "a", "b", "e"]]],
    ['Pick<B, "c">', '{ c: "1" }', [["OrderPlacedData", "c"]]],
    ['Omit<A, "a" | "b"> & B', '{ b: 1, c: "1" }', [["OrderPlacedData", "b", "c"]]],
    ["Left & Right", '{ a: "1", b: 1, left: "1", right: "1" }', [["OrderPlacedData", "a", "b", "left", "right"]]],
    ["Partial<A>", "{}", [["OrderPlacedData", "a?", "b?"]]],
    ["Required<C>", '{ a: "x", b: 1, c: "1" }', [["OrderPlacedData", "a", "b", "c"]]],
    ["Readonly<A>", '{ a: "1", b: 1 }', [["A", "a", "b"]]],
    [
      "Page<B>",
      '{ items: [{ b: 1, c: "1" }], size: 10 }',
      [
        ["B", "b", "c"],
        ["OrderPlacedData", "items", "size"],
      ],
    ],
    ["Page<Id, 20>", '{ items: ["1"], size: 20 }', [["OrderPlacedData", "items", "size"]]],
  ])("%s", (data, example, expected) => {
    expect(names(data, example)).toEqual(expected);
  });
});

describe("names of shapes", () => {
  const namesOf = (events: string, examples: string, types = "") =>
    readShop({ types, events, examples }).shapes.map(({ name }) => name);

  test("come from where a nameless type stands, what is used before what uses it", () => {
    const events =
      '/** It. */ "order.was_placed": { lines: { unit_price: { amount: Int } }[]; by: { id: Id } | null };';
    const examples = '"order.was_placed": { one: { lines: [{ unit_price: { amount: 1 } }], by: null } }';
    expect(namesOf(events, examples)).toEqual([
      "OrderWasPlacedDataLinesUnitPrice",
      "OrderWasPlacedDataLines",
      "OrderWasPlacedDataBy",
      "OrderWasPlacedData",
    ]);
  });

  test("are shared by equal nameless types, of which the first gives the name", () => {
    const events = `/** It. */ "order.placed": { usage: { input: Int } };
/** It. */ "order.paid": { usage: { input: Int } };
/** It. */ "order.sent": { usage: { /** In. */ input: Int } };`;
    const example = "{ one: { usage: { input: 1 } } }";
    const examples = `"order.placed": ${example}, "order.paid": ${example}, "order.sent": ${example}`;
    const contract = readShop({ events, examples });
    expect(contract.shapes.map(({ name }) => name)).toEqual([
      "OrderPlacedDataUsage",
      "OrderPlacedData",
      "OrderSentDataUsage",
      "OrderSentData",
    ]);
    expect(contract.events.map(({ data }) => data)).toEqual(["OrderPlacedData", "OrderPlacedData", "OrderSentData"]);
  });

  test("of a declared type is its own also when a nameless one is equal", () => {
    const events = '/** It. */ "order.placed": { a: Id };\n/** It. */ "order.paid": B;';
    const example = '{ one: { a: "1" } }';
    const examples = `"order.placed": ${example}, "order.paid": ${example}`;
    expect(namesOf(events, examples, "interface B { a: Id }")).toEqual(["OrderPlacedData", "B"]);
  });

  test("of declared types stay apart also when these are equal", () => {
    const types = "interface A { a: Id }\ninterface B { a: Id }\ninterface Unused { a: Id }";
    const events = '/** It. */ "order.placed": A;\n/** It. */ "order.paid": B;';
    const example = '{ one: { a: "1" } }';
    expect(namesOf(events, `"order.placed": ${example}, "order.paid": ${example}`, types)).toEqual(["A", "B"]);
  });

  test("of nameless variants end in their tag; an alias names the union", () => {
    const types = 'type Flag = { kind: "a_b"; x: Id } | { kind: "c" };';
    const flag = {
      name: "Flag",
      open: false,
      variants: [
        { tag: "a_b", shape: "FlagAB" },
        { tag: "c", shape: "FlagC" },
      ],
    };
    expect(shapes("{ flag: Flag | null }", '{ flag: { kind: "c" } }', types)).toMatchObject([
      { name: "FlagAB" },
      { name: "FlagC" },
      flag,
      { fields: [{ type: { kind: "shape", name: "Flag" }, nullable: true }] },
    ]);
    expect(shapes("Open<Flag>", '{ kind: "a_b", x: "1" }', types).at(-1)).toMatchObject({ ...flag, open: true });
  });
});

test("a field of every variant that is not a constant text tells nothing apart", () => {
  const data = '{ id: Id; n: 1; kind: "a" } | { id: Id; n: 2; kind: "b" }';
  expect(shapes(data, '{ id: "1", n: 2, kind: "b" }').at(-1)).toMatchObject({ discriminator: "kind" });
});
