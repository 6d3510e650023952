import { Type } from "@sinclair/typebox";
import { expect, test } from "vitest";
import { withoutEmpty } from "../../../runtime/contracts/omission.ts";

const schema = Type.Object({
  list: Type.Optional(Type.Array(Type.String())),
  custom: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  always: Type.Array(Type.String()),
  text: Type.Optional(Type.String()),
  inner: Type.Optional(Type.Object({ list: Type.Optional(Type.Array(Type.String())), text: Type.String() })),
  rows: Type.Optional(Type.Array(Type.Object({ list: Type.Optional(Type.Array(Type.String())) }))),
});

test("R-AUTHSIGNAL-16: what is empty and may be absent is left out, at any depth that the schema names", () => {
  const data = { list: [], custom: {}, always: [], text: "", inner: { list: [], text: "" }, rows: [{ list: [] }] };
  expect(withoutEmpty(schema, data)).toEqual({ always: [], text: "", inner: { text: "" }, rows: [{}] });
});

test("what has something in it stays, and so do the owner's own keys and what the schema does not name", () => {
  const data = { list: ["a"], custom: { list: [], more: {} }, always: ["a"], other: [], inner: { text: "a" } };
  expect(withoutEmpty(schema, data)).toEqual(data);
});

test.each([null, "text", 5, [], undefined])("what is no object stays: %j", (data) => {
  expect(withoutEmpty(schema, data)).toBe(data);
});
