import fc from "fast-check";
import { format } from "prettier";
import { describe, expect, test } from "vitest";
import { jsonFile } from "../../generator/json.ts";
import { hardLine, print, textWidth } from "../../generator/lines.ts";
import { array, blockObject, call, data, docComment, importNames } from "../../generator/typescript-syntax.ts";
import { inlineObject, interfaceOf, literal, moduleOf } from "../../generator/typescript-syntax.ts";
import type { Expression } from "../../generator/typescript-syntax.ts";
import { typeAlias, typedMember, typeName, unionOf } from "../../generator/typescript-types.ts";
import type { TypeText } from "../../generator/typescript-types.ts";
import { table } from "../../generator/reference/markdown.ts";

const options = { printWidth: 120 };
const runs = { numRuns: 60, seed: 20260508 };

/** What a formatter makes of it is what was printed. */
async function expectFormatted(text: string, filepath: string): Promise<void> {
  expect(text).toBe(await format(text, { ...options, filepath }));
}

const word = fc.oneof(
  fc.stringMatching(/^[a-zA-Z_$][a-z_]{0,12}$/),
  fc.stringMatching(/^[a-z "'–日é\\-]{0,60}$/),
  fc.stringMatching(/^[a-z ]{50,110}$/),
);
// Names of fields are a good deal shorter than a line.
const key = word.filter((text) => text !== "__proto__" && text.length <= 60);
const json = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.oneof(word, fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean(), fc.constant(null)),
    fc.array(fc.integer({ min: -1000, max: 100_000 }), { maxLength: 40 }),
    fc.array(tie("value"), { maxLength: 6 }),
    fc.dictionary(key, tie("value"), { maxKeys: 6 }),
  ),
})).value;

describe("what is printed is what prettier prints", () => {
  test("any data as a TypeScript expression", async () => {
    await fc.assert(
      fc.asyncProperty(json, fc.nat(3), async (value, blocks) => {
        await expectFormatted(print(["export const value = ", data({ value }, blocks).piece, ";", hardLine]), "a.ts");
      }),
      runs,
    );
  });

  test("any data as JSON", async () => {
    await fc.assert(
      fc.asyncProperty(json, fc.nat(3), (value, blocks) => expectFormatted(jsonFile(value, blocks), "a.json")),
      runs,
    );
  });

  test("calls in calls, as schemas are written", async () => {
    await fc.assert(
      fc.asyncProperty(schema, async (expression) => {
        const object = call(
          "Type.Object",
          blockObject([["field", expression]]),
          inlineObject([["open", literal(false)]]),
        );
        await expectFormatted(print(["export const value = ", object.piece, ";", hardLine]), "a.ts");
      }),
      runs,
    );
  });

  test("types in an interface and in an alias", async () => {
    await fc.assert(
      fc.asyncProperty(type, async (value) => {
        await expectFormatted(print([interfaceOf("A", [typedMember("name?", value)]), hardLine]), "a.ts");
        await expectFormatted(print([typeAlias("Name", value), hardLine]), "a.ts");
      }),
      runs,
    );
  });

  test("imports of few and of many names", async () => {
    for (const count of [1, 5, 30]) {
      const names = Array.from({ length: count }, (_, index) => `Name${index}`);
      await expectFormatted(print(moduleOf([importNames("import type", names, "./module.ts")], [])), "a.ts");
    }
  });

  test("tables, with wide characters and bars", async () => {
    const rows = [
      ["`a | b`", "", "日本語 🎉"],
      ["é – …", "two\nlines", "x"],
    ];
    await expectFormatted(`${table(["One", "A longer head", "3"], rows)}\n`, "a.md");
  });
});

const schema: fc.Arbitrary<Expression> = fc.letrec<{ schema: Expression }>((tie) => ({
  schema: fc.oneof(
    { maxDepth: 4 },
    fc.constant(call("Type.Null")),
    word.map((text) => call("Type.Literal", literal(text))),
    word.map((text) => call("Type.String", inlineObject([["description", literal(text)]]))),
    tie("schema").map((inner) => call("Type.Optional", inner)),
    fc.tuple(tie("schema"), word).map(([inner, text]) => call("Type.Array", inner, note(text))),
    fc.array(tie("schema"), { minLength: 1, maxLength: 5 }).map((inner) => call("Type.Union", array(inner))),
    fc
      .tuple(fc.array(tie("schema"), { minLength: 1, maxLength: 5 }), word)
      .map(([inner, text]) => call("Type.Union", array(inner), note(text))),
  ),
})).schema;

function note(text: string): Expression {
  return inlineObject([["description", literal(text)]]);
}

const type: fc.Arbitrary<TypeText> = fc.letrec<{ type: TypeText }>((tie) => ({
  type: fc.oneof(
    { maxDepth: 3 },
    fc.stringMatching(/^"[a-z ]{1,50}"$/).map(typeName),
    fc.constantFrom("string", "number", "Money").map(typeName),
    tie("type").map((items) => ({ kind: "array", items }) as const),
    tie("type").map((values) => ({ kind: "record", values }) as const),
    tie("type").map((member) => unionOf([member, typeName("null")])),
    fc
      .array(tie("type"), { minLength: 2, maxLength: 6 })
      .map((members) => unionOf([...members, typeName("(string & {})")])),
  ),
})).type;

test("a line that fits exactly is not broken, one column more is", () => {
  const of = (length: number) => print(array([literal("a".repeat(length)), literal("b")]).piece);
  expect(of(120 - '["", "b"]'.length).split("\n")).toHaveLength(1);
  expect(of(121 - '["", "b"]'.length).split("\n")).toHaveLength(4);
});

test("columns are counted as a terminal shows them", () => {
  expect(textWidth("abc")).toBe(3);
  expect(textWidth("日本")).toBe(4);
  expect(textWidth("e\u0301")).toBe(1);
});

describe("comments", () => {
  const text = (summary: string, details = "") => print(docComment({ summary, details, deprecated: null }) ?? "");

  test("cannot be ended from inside", () => {
    expect(text("ends in */ here")).toBe("/** ends in *\\/ here */");
  });

  test("wrap paragraphs and list items, and leave code alone", () => {
    const long = "word ".repeat(40).trim();
    const code = `\`\`\`\n${"x".repeat(150)}\n\`\`\``;
    const lines = text("Short.", `- ${long}\n\n${code}`).split("\n");
    expect(lines.filter((line) => line.length > 120)).toEqual([` * ${"x".repeat(150)}`]);
    expect(lines).toContain(" *   " + "word ".repeat(lines[4]?.match(/word/g)?.length ?? 0).trim());
  });
});

test("a property that would set the prototype is one all the same", () => {
  expect(print(data(JSON.parse('{"__proto__": 1}')).piece)).toBe('{ ["__proto__"]: 1 }');
});
