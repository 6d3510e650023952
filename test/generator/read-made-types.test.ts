/** Types that are made of others, by the syntax and by the compiler. */
import { describe, expect, test } from "vitest";
import type { Field, Type } from "../../generator/model.ts";
import { contractFile, eventsFile, plainExample, read, readShop, shop } from "./fixtures/shop-files.ts";
import type { Files } from "./fixtures/shop-files.ts";

/** The fields of `it`, a field of the one event, in a short form: `name?: type`. */
function shownOf(type: string, types = "", files: Files = {}): string {
  const { model, text } = read(
    shop({ events: `/** It. */ "order.placed": { orderId: Id; it?: ${type} };`, types, files }),
  );
  const contract = model?.contracts[0];
  if (contract === undefined) return text;
  const data = contract.shapes.at(-1);
  const it = data?.kind === "object" ? data.fields.find(({ name }) => name === "it") : undefined;
  const shown = (of: Type): string => {
    switch (of.kind) {
      case "shape": {
        const shape = contract.shapes.find(({ name }) => name === of.name);
        if (shape?.kind !== "object") return shape?.variants.map(({ tag }) => tag).join(" | ") ?? "nothing";
        return `{ ${shape.fields.map(fieldText).join("; ")} }`;
      }
      case "array":
        return `${shown(of.items.type)}[]`;
      case "record":
        return `Record<${shown(of.values.type)}>`;
      case "tuple":
        return `[${of.items.map((item) => shown(item.type) + (item.nullable ? " | null" : "")).join(", ")}]`;
      case "enum":
        return of.values.map((value) => JSON.stringify(value)).join(" | ") + (of.open ? " | …" : "");
      case "constant":
        return JSON.stringify(of.value);
      case "scalars":
        return of.of.map(shown).join(" | ");
      case "string":
        return of.pattern ?? of.format ?? "string";
      default:
        return of.kind;
    }
  };
  const fieldText = (field: Field) =>
    `${field.name}${field.optional ? "?" : ""}: ${shown(field.type)}${field.nullable ? " | null" : ""}`;
  return it === undefined ? "nothing" : shown(it.type) + (it.nullable ? " | null" : "");
}

const user = `
  interface User {
    /** Its id. */
    id: Id;
    name?: string | null;
    since: Timestamp;
    role: "admin" | "member" | "guest";
    tags: string[];
    avatar: Date;
    greet(): void;
  }
  type Shape = { kind: "circle"; r: number } | { kind: "square"; a: number } | { kind: "line" };
`;

describe("by the syntax", () => {
  test.each([
    ['Pick<User, "id" | "since">', "{ id: id; since: date-time }"],
    [
      'Omit<User, "avatar" | "greet" | "tags">',
      '{ id: id; name?: string | null; since: date-time; role: "admin" | "member" | "guest" }',
    ],
    ['Partial<Pick<User, "id" | "name">>', "{ id?: id; name?: string | null }"],
    ['Required<Pick<User, "name">>', "{ name: string | null }"],
    ['Pick<Omit<User, "avatar">, "id">', "{ id: id }"],
    ['Pick<Partial<User>, "id">', "{ id?: id }"],
    ['NonNullable<User["name"]>', "string"],
    ['User["role"]', '"admin" | "member" | "guest"'],
    ['User["tags"][number]', "string"],
    ['User["id" | "since"][]', ""],
    ['Exclude<User["role"], "guest">', '"admin" | "member"'],
    ['Extract<User["role"], "guest" | "admin">', '"admin" | "guest"'],
    ['Open<Exclude<User["role"], "guest">>', '"admin" | "member" | …'],
    ['Extract<Shape, { kind: "circle" }>', '{ kind: "circle"; r: number }'],
    ['Exclude<Shape, { kind: "line" }>', "circle | square"],
    ['keyof Pick<User, "id" | "role">', '"id" | "role"'],
    ["keyof User", '"id" | "name" | "since" | "role" | "tags" | "avatar" | "greet"'],
    ['Record<"a" | "b", Int>', "{ a: integer; b: integer }"],
    ['{ [Key in "a" | "b"]?: Int }', "{ a?: integer; b?: integer }"],
    ['{ [Key in keyof Pick<User, "id" | "name">]: User[Key] }', "{ id: id; name?: string | null }"],
    ['{ readonly [Key in keyof Pick<User, "id" | "name">]-?: User[Key] }', "{ id: id; name: string | null }"],
    [
      '{ [Key in User["role"]]: { as: Key } }',
      '{ admin: { as: "admin" }; member: { as: "member" }; guest: { as: "guest" } }',
    ],
    ["{ [Key in string]: Int }", "Record<integer>"],
    ["[Id, Int, string | null]", "[id, integer, string | null]"],
    ["readonly [x: number, y: number][]", "[number, number][]"],
    ["[1, 2][1]", "2"],
    ["`usr_${string}`", "^usr_[\\s\\S]*$"],
    ["`${Int}px`", "^-?(?:0|[1-9]\\d*)px$"],
    ['`${"a" | "b"}.${"x" | "y"}`', '"a.x" | "a.y" | "b.x" | "b.y"'],
    ["`v${1 | 2}`", '"v1" | "v2"'],
    ['Uppercase<"a" | "b">', '"A" | "B"'],
    ["Box<User['since']>", "{ at: date-time; of: date-time[] }"],
    ["Box<Box<Id>>", "{ at: { at: id; of: id[] }; of: { at: id; of: id[] }[] }"],
    ["Chosen<User, 'id'>", "{ id: id }"],
    ["Size", '"s" | "l"'],
    ["Shape & { at: Timestamp }", "circle | square | line"],
    ['Omit<Shape, "r" | "a">', '{ kind: "circle" | "square" | "line" }'],
    ["Open<Size>", '"s" | "l" | …'],
    ["Level", "0 | 1 | 5 | 6"],
    ["Size.Large", '"l"'],
    ["string | undefined", "string"],
  ])("%s", (type, expected) => {
    const types = `${user} interface Box<T> { at: T; of: T[] } type Chosen<T, K extends keyof T> = Pick<T, K>;
      enum Size { Small = "s", Large = "l" } const enum Level { Off, Low, High = 5, Top }`;
    if (expected === "") expect(shownOf(type, types)).toContain("cannot be told apart");
    else expect(shownOf(type, types)).toBe(expected);
  });

  test("the fields that Pick and mapped types take keep their documentation", () => {
    for (const type of ['Pick<User, "id">', '{ [Key in keyof Pick<User, "id">]?: User[Key] }']) {
      const contract = readShop({ events: `/** It. */ "order.placed": { orderId: Id; it?: ${type} };`, types: user });
      const [shape] = contract.shapes;
      expect(shape?.kind === "object" && shape.fields.map(({ doc }) => doc?.summary)).toEqual(["Its id."]);
    }
  });

  test("a family of some event types of another", () => {
    const files = {
      [eventsFile]: `import type { Id } from "../vocabulary.ts";
        interface All {
          /** It. */ "order.placed": { orderId: Id };
          /** It is internal. */ "order.checked": { at: Date };
        }
        export interface ShopEvents extends Omit<All, "order.checked"> {}`,
    };
    expect(readShop({ files }).events.map(({ name }) => name)).toEqual(["order.placed"]);
  });
});

describe("by the compiler", () => {
  const constants = `
    const roles = ["admin", "member"] as const;
    const limits = { small: 1, large: 2 } as const;
    type Wire<T> = { [K in keyof T]: T[K] extends Date ? Timestamp : T[K] };
    type Events<T extends string> = T extends \`on\${infer Name}\` ? Uncapitalize<Name> : never;
    type Unwrapped<T> = T extends Promise<infer U> ? U : T;
    type Brand<T, B extends string> = T & { readonly __brand: B };
    interface Plain { id: Id; at: Date; count: Int; note?: string }
    declare function load(): Promise<{ total: number; lines: { sku: string }[] }>;
  `;
  test.each([
    ["(typeof roles)[number]", '"admin" | "member"'],
    ["keyof typeof limits", '"small" | "large"'],
    ["(typeof limits)[keyof typeof limits]", "1 | 2"],
    ["Wire<Plain>", "{ id: id; at: string; count: integer; note?: string }"],
    ['Pick<Wire<Plain>, "at">', "{ at: string }"],
    ['Events<"onOpen" | "onClose">', '"open" | "close"'],
    ["Unwrapped<Promise<{ a: 1 | 2 }>>", "{ a: 1 | 2 }"],
    ["Awaited<ReturnType<typeof load>>", "{ total: number; lines: { sku: string }[] }"],
    ['Brand<string, "UserId">', "string"],
    ['string extends Id ? "yes" : "no"', '"yes"'],
    ["Wire<{ it: Wire<Plain>[] }>['it']", "{ id: id; at: string; count: integer; note?: string }[]"],
  ])("%s", (type, expected) => {
    expect(shownOf(type, constants)).toBe(expected);
  });

  test("types of zod and of TypeBox", () => {
    const zod = `import { z } from "zod";
      export const order = z.object({
        id: z.string(), total: z.number(), note: z.string().optional(), paid: z.boolean().nullable(),
        state: z.enum(["open", "closed"]), lines: z.array(z.object({ sku: z.string() })), at: z.tuple([z.number(), z.string()]),
        extra: z.record(z.string(), z.unknown()),
      });
      export type Order = z.infer<typeof order>;`;
    const typebox = `import { Type } from "@sinclair/typebox"; import type { Static } from "@sinclair/typebox";
      export const Money = Type.Object({ cents: Type.Integer(), currency: Type.Union([Type.Literal("eur"), Type.Literal("usd")]), note: Type.Optional(Type.String()) });
      export type Money = Static<typeof Money>;`;
    const files = { "catalog/shop/zod.ts": zod, "catalog/shop/typebox.ts": typebox };
    const imports =
      'import type { Order } from "./zod.ts"; import type { Money as Price } from "./typebox.ts"; import type { z } from "zod"; import type { order } from "./zod.ts";';
    const expected =
      '{ id: string; total: number; paid: boolean | null; state: "open" | "closed"; lines: { sku: string }[]; at: [number, string]; extra: Record<unknown>; note?: string }';
    expect(shownOf("Order", imports, files)).toBe(expected);
    expect(shownOf("z.infer<typeof order>", imports, files)).toBe(expected);
    expect(shownOf("Price", imports, files)).toBe('{ note?: string; cents: number; currency: "eur" | "usd" }');
  });

  test.each([
    ["ReturnType<typeof f>", "declare function f(): Date;", "Date has no JSON form"],
    ["ReturnType<typeof f>", "declare function f(): { at: Map<string, string> };", "Map has no JSON form"],
    ["ReturnType<typeof f>", "declare function f(): () => void;", "a function has no JSON form"],
    ["ReturnType<typeof f>", "declare function f(): any;", "any says nothing about the value"],
    ["ReturnType<typeof f>", "declare function f(): bigint;", "bigint has no JSON form"],
    [
      "Extract<Deep, unknown>",
      "type Deep = Loop<1>; type Loop<T> = T extends 1 ? { next: Loop<T> } : never;",
      "contains itself",
    ],
    ["z.infer<typeof nothing>", "", "reached through a name space"],
  ])("%s of %s is refused: %s", (type, types, says) => {
    expect(shownOf(type, types)).toContain(says);
  });
});

test("an example may name the members of an enum", () => {
  const types = 'export enum Size { Small = "s", Large = "l" }\nexport enum Level { Low = 5, High }';
  const files = { "catalog/shop/sizes.ts": types };
  const imports = 'import { Level, Size } from "./sizes.ts";\n';
  const input = {
    types: imports,
    events: '/** It. */ "order.placed": { size: Size; level: Level };',
    examples: '"order.placed": { one: { size: Size.Large, level: Level.High } }',
    files,
  };
  const contract = `${imports}${shop(input)[contractFile] ?? ""}`;
  const { model, text } = read(shop({ ...input, files: { ...files, [contractFile]: contract } }));
  expect(text).toBe("");
  expect(model?.contracts[0]?.events[0]?.examples[0]?.data).toEqual({ size: "l", level: 6 });
});

describe("imports", () => {
  const money = "/** Money. */ export interface Money { cents: Int }";
  const vocabulary = 'import type { Int } from "../vocabulary.ts";\n';
  const cases: readonly (readonly [name: string, type: string, imports: string, files: Files])[] = [
    [
      "a default import",
      "Money",
      'import type Money from "./money.ts";',
      { "catalog/shop/money.ts": `${vocabulary}export default interface Money { cents: Int }` },
    ],
    [
      "a default export by name",
      "M",
      'import M from "./money.ts";',
      { "catalog/shop/money.ts": `${vocabulary}interface Money { cents: Int }\nexport default Money;` },
    ],
    [
      "another file's default",
      "M",
      'import type { default as M } from "./money.ts";',
      { "catalog/shop/money.ts": `${vocabulary}type Money = { cents: Int };\nexport type { Money as default };` },
    ],
    [
      "a re-export of an import",
      "Price",
      'import type { Price } from "./barrel.ts";',
      {
        "catalog/shop/money.ts": vocabulary + money,
        "catalog/shop/barrel.ts": 'import type { Money } from "./money.ts";\nexport type { Money as Price };',
      },
    ],
    [
      "a re-exported default",
      "Price",
      'import type { Price } from "./barrel.ts";',
      {
        "catalog/shop/money.ts": `${vocabulary}export default interface Money { cents: Int }`,
        "catalog/shop/barrel.ts": 'export { default as Price } from "./money.ts";',
      },
    ],
    [
      "a name space",
      "m.Money",
      'import type * as m from "./money.ts";',
      { "catalog/shop/money.ts": vocabulary + money },
    ],
    [
      "an alias of package.json",
      "Money",
      'import type { Money } from "#types/money.ts";',
      {
        "package.json": '{ "imports": { "#types/*": { "types": "./catalog/types/*" } } }',
        "catalog/types/money.ts": vocabulary + money,
      },
    ],
    [
      "an alias without an ending",
      "Money",
      'import type { Money } from "#money";',
      {
        "package.json": '{ "imports": { "#money": "./catalog/types/money.js" } }',
        "catalog/types/money.ts": vocabulary + money,
      },
    ],
    [
      "an alias of tsconfig.json",
      "Money",
      'import type { Money } from "@/types/money";',
      {
        "tsconfig.json":
          '{ // Comments.\n "compilerOptions": { "baseUrl": ".", "paths": { "@/*": ["./catalog/*"] } } }',
        "catalog/types/money.ts": vocabulary + money,
      },
    ],
    ["no ending", "Money", 'import type { Money } from "./money";', { "catalog/shop/money.ts": vocabulary + money }],
    [
      "a folder",
      "Money",
      'import type { Money } from "./types";',
      {
        "catalog/shop/types/index.ts": money.replace(
          "/** Money. */",
          'import type { Int } from "../../vocabulary.ts";\n/** Money. */',
        ),
      },
    ],
  ];
  test.each(cases)("%s", (_name, type, imports, files) => {
    expect(shownOf(type, imports, files)).toBe("{ cents: integer }");
  });

  test("values by default, and under another name", () => {
    const files = {
      "catalog/shop/examples.ts": `export default { ${plainExample} };`,
      "catalog/shop/title.ts": 'const title = "Shop";\nexport { title as heading };',
    };
    const text = shop()[contractFile] ?? "";
    const contract = `import given from "./examples.ts";\nimport { heading } from "./title.ts";\n${text.replace(/examples: \{[^]*?\n\}/, "examples: given").replace('title: "Shop"', "title: heading")}`;
    expect(read(shop({ files: { ...files, [contractFile]: contract } })).text).toBe("");
  });
});
