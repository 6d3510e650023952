import { expect, test } from "vitest";
import type { Doc } from "../../generator/model.ts";
import { readShop } from "./fixtures/shop-files.ts";

function docOf(comment: string): Doc | undefined {
  return readShop({ events: `${comment}\n"order.placed": { orderId: Id };` }).events[0]?.doc;
}

function fieldDocs(members: string): readonly (string | undefined)[] {
  const events = `/** It. */ "order.placed": {${members}};`;
  const [shape] = readShop({ events, examples: '"order.placed": { one: { a: "1", b: "2" } }' }).shapes;
  return shape?.kind === "object" ? shape.fields.map(({ doc }) => doc?.summary) : [];
}

test("the first paragraph is the summary, on one line; later ones keep apart", () => {
  const doc = docOf(`/**
   * An order was placed
   *   by a customer.
   *
   * It is not paid yet;
   * another event says so.
   *
   *
   * Third.
   */`);
  const details = "It is not paid yet; another event says so.\n\nThird.";
  expect(doc).toEqual({ summary: "An order was placed by a customer.", details, deprecated: null });
});

test("lists and fenced code are kept as they are", () => {
  const doc = docOf(`/**
   * Placed.
   *
   * One of:
   * - a person,
   *   signed in
   * - a machine
   *
   * \`\`\`json
   * { "a":
   *
   *     1 }
   * \`\`\`
   * After it.
   */`);
  expect(doc?.details).toBe(
    'One of:\n\n- a person,\n  signed in\n- a machine\n\n```json\n{ "a":\n\n    1 }\n```\n\nAfter it.',
  );
});

test("a tag ends the text; of the tags, @deprecated is read", () => {
  const doc = docOf(`/**
   * Placed.
   *
   * @see elsewhere
   * @deprecated Use
   *   \`order.paid\`.
   * @since 3
   */`);
  expect(doc).toEqual({ summary: "Placed.", details: "", deprecated: "Use `order.paid`." });
  expect(docOf("/** Placed. \n * @deprecated */")?.deprecated).toBe("");
});

test("a comment belongs to what follows it, on its line or below it", () => {
  expect(fieldDocs(" /** First. */ a: Id; /** Second. */ b: Id ")).toEqual(["First.", "Second."]);
  expect(fieldDocs("\na: Id; /** Of nothing. */\nb: Id;\n")).toEqual([undefined, undefined]);
  expect(fieldDocs("\n/** Old. */\n/** New. */\n// Aside.\na: Id;\n/* None. */\nb: Id;\n")).toEqual([
    "New.",
    undefined,
  ]);
});

test("Windows line ends are no part of it", () => {
  expect(docOf("/**\r\n * One\r\n * two.\r\n *\r\n * Three.\r\n */")).toEqual({
    summary: "One two.",
    details: "Three.",
    deprecated: null,
  });
});
