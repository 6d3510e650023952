import { expect, test } from "vitest";
import type { Shape } from "../../generator/model.ts";
import { read, readShop, shop } from "./fixtures/shop-files.ts";

const example = '{ name: "a", said: { more: 1 } }';

function shapesOf(data: string, types = "", given = example): readonly Shape[] {
  const events = `/** It. */ "order.placed": ${data};`;
  return readShop({ types, events, examples: `"order.placed": { one: ${given} }` }).shapes;
}

const entry = "/** Theirs. */ type Entry = OpenRecord<{ name?: string | null }>;";

test("an alias of it names it, and it keeps what it knows; an example may have more", () => {
  const [shape] = shapesOf("Entry", entry);
  expect(shape).toMatchObject({ kind: "object", name: "Entry", open: true, doc: { summary: "Theirs." } });
  expect(shape?.kind === "object" && shape.fields.map(({ name }) => name)).toEqual(["name"]);
});

test.each([
  ["an interface that extends one", `${entry} interface Longer extends Entry { age?: Int }`, "Longer"],
  ["one of an interface", "interface Known { name?: string } type Entry = OpenRecord<Known>;", "Entry"],
  ["one without some of its fields", `${entry} type Less = Omit<Entry, "name">;`, "Less"],
  ["one whose fields may be missing", "type Entry = Partial<OpenRecord<{ name: string }>>;", "Entry"],
  ["one joined with fields", `${entry} type Both = Entry & { age?: Int };`, "Both"],
])("%s is one", (_, types, name) => {
  expect(shapesOf(name, types).at(-1)).toMatchObject({ name, open: true });
});

test("any other object has the fields it names alone", () => {
  const { text } = read(
    shop({ events: '/** It. */ "order.placed": { name: string };', examples: `"order.placed": { one: ${example} }` }),
  );
  expect(text).toContain("has no field said");
  const [shape] = shapesOf("{ name: string }", "", '{ name: "a" }');
  expect(shape).not.toHaveProperty("open");
});

test.each(["OpenRecord<string>", "OpenRecord", 'OpenRecord<{ a: "b" }, 1>', "OpenRecord<string[]>"])(
  "%s is refused",
  (type) => {
    const events = `/** It. */ "order.placed": { it: ${type} };`;
    const { model, text } = read(shop({ events, examples: '"order.placed": { one: { it: {} } }' }));
    expect(model).toBeNull();
    expect(text).toMatch(/HW03[12]/);
  },
);

test("what it knows has its type in an example", () => {
  const events = '/** It. */ "order.placed": Entry;';
  const { text } = read(shop({ types: entry, events, examples: '"order.placed": { one: { name: 1 } }' }));
  expect(text).toContain("expected a text");
});
