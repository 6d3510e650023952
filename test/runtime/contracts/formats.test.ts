import { Type } from "@sinclair/typebox";
import { TypeCompiler } from "@sinclair/typebox/compiler";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isDateTime, isEmail, isUri, isUuid } from "../../../runtime/contracts/formats.ts";

describe("date-time", () => {
  test.each(["2026-05-08T14:02:11.482Z", "2024-02-29T00:00:00.000Z", "1969-12-31T23:59:59.999Z"])(
    "takes %s",
    (text) => {
      expect(isDateTime(text)).toBe(true);
    },
  );

  test.each([
    "2026-05-08T14:02:11Z",
    "2026-05-08T14:02:11.48Z",
    "2026-05-08T14:02:11.482+00:00",
    "2026-05-08 14:02:11.482Z",
    "2026-05-08T14:02:11.482z",
    "2026-02-29T00:00:00.000Z",
    "2026-04-31T00:00:00.000Z",
    "2026-13-01T00:00:00.000Z",
    "2026-05-08T24:00:00.000Z",
    "2026-05-08T14:60:00.000Z",
    " 2026-05-08T14:02:11.482Z",
    "",
  ])("refuses %j", (text) => {
    expect(isDateTime(text)).toBe(false);
  });

  test("takes every instant as Date prints it", () => {
    const instants = fc.date({ min: new Date(0), max: new Date("9999-12-31T23:59:59.999Z"), noInvalidDate: true });
    fc.assert(fc.property(instants, (instant) => isDateTime(instant.toISOString())));
  });
});

describe("uuid", () => {
  test("takes every lower-case UUID and nothing else", () => {
    fc.assert(fc.property(fc.uuid(), (uuid) => isUuid(uuid)));
    const others = ["0190B0A4-2F6E-7C3A-9D51-0E8F7A6B5C4D", "0190b0a42f6e7c3a9d510e8f7a6b5c4d", "", "x"];
    expect(others.filter(isUuid)).toEqual([]);
    expect(isUuid("urn:uuid:0190b0a4-2f6e-7c3a-9d51-0e8f7a6b5c4d")).toBe(false);
  });
});

describe("email", () => {
  test.each([
    "robin@acme.example",
    "r.o+tag@mail.acme.example",
    "o'neil@acme.example",
    '"robin smith"@acme.example',
    "robin@localhost",
    "robin@[192.0.2.1]",
    "robin@müller.example",
    "用户@例子.example",
  ])("takes %s", (text) => {
    expect(isEmail(text)).toBe(true);
  });

  test.each([
    "robin",
    "@acme.example",
    "robin@",
    "robin smith@acme.example",
    ".robin@acme.example",
    "robin.@acme.example",
    "robin@-acme.example",
    "robin@acme..example",
    "robin@acme.example\n",
    "Robin <robin@acme.example>",
    `${"r".repeat(65)}@acme.example`,
    `robin@${"a".repeat(64)}.example`,
    `robin@${"abc.".repeat(63)}example`,
  ])("refuses %j", (text) => {
    expect(isEmail(text)).toBe(false);
  });

  test("takes every address of the usual form", () => {
    fc.assert(fc.property(fc.emailAddress(), (address) => isEmail(address)));
  });
});

describe("uri", () => {
  test.each([
    "https://acme.example/a?b=c#d",
    "http://[2001:db8::1]:8080/",
    "urn:isbn:0451450523",
    "https://a.example/%C3%A9",
  ])("takes %s", (text) => {
    expect(isUri(text)).toBe(true);
  });

  test.each([
    "/path",
    "acme.example",
    "https://",
    "https://a b/",
    "https://a.example/é",
    "https://a.example/%",
    "1a:b",
    "",
  ])("refuses %j", (text) => {
    expect(isUri(text)).toBe(false);
  });

  test("takes every web address", () => {
    fc.assert(fc.property(fc.webUrl({ withFragments: true, withQueryParameters: true }), (url) => isUri(url)));
  });
});

test.each(["date-time", "uuid", "email", "uri"])("a compiled check of %s knows the format and uses it", (format) => {
  const check = TypeCompiler.Compile(Type.String({ format }));
  const good = { "date-time": "2026-05-08T14:02:11.482Z", uuid: "0190b0a4-2f6e-7c3a-9d51-0e8f7a6b5c4d" };
  const known: Record<string, string> = { ...good, email: "robin@acme.example", uri: "https://acme.example" };
  expect(check.Check(known[format])).toBe(true);
  expect(check.Check("neither of them")).toBe(false);
});
