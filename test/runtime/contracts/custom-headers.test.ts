import { expect, test } from "vitest";
import { customHeaders } from "../../../runtime/contracts/custom-headers.ts";
import { stepInto } from "../../../runtime/contracts/value-path.ts";

const contract = { id: "any", headers: { "X-Any-Signature": "signature" } } as const;

test("names are kept in lower case, values as they are", () => {
  expect(customHeaders(contract, { "X-Team": "Billing (EU)", "x.y": "1" })).toEqual({
    "x-team": "Billing (EU)",
    "x.y": "1",
  });
});

test.each([
  ["X-Any-Signature", "the contract's own"],
  ["x-any-signature", "the contract's own, in another case"],
  ["Host", "hop-by-hop"],
  ["Content-Length", "framing"],
  ["transfer-encoding", "framing"],
  ["Authorization", "a credential"],
  ["Cookie", "a credential"],
  ["X-Forwarded-For", "a proxy's word"],
  ["X-Original-URL", "another path"],
  ["X-HTTP-Method-Override", "another method"],
  ["traceparent", "a trace"],
  ["tracestate", "a trace"],
  ["Metadata-Flavor", "a cloud's metadata service"],
  ["Metadata", "a cloud's metadata service"],
  ["X-aws-ec2-metadata-token", "a cloud's metadata service"],
  ["Proxy", "an environment variable of CGI"],
  ["Bad Name", "no token"],
  ["", "no name"],
  ["x".repeat(65), "too long"],
])("%s is refused: %s", (name) => {
  expect(() => customHeaders(contract, { [name]: "1" })).toThrow(`${stepInto("headers", name)}: expected`);
});

test.each(["", " a", "a ", "a\r\nb: c", "\u0000", "é", "x".repeat(1025)])("the value %j is refused", (value) => {
  expect(() => customHeaders(contract, { "x-a": value })).toThrow('headers["x-a"]: expected 1 to 1024 printable ASCII');
});

test("two spellings of one name, and more than 16 headers, are refused", () => {
  expect(() => customHeaders(contract, { "X-A": "1", "x-a": "2" })).toThrow("each name once");
  const many = Object.fromEntries(Array.from({ length: 17 }, (_, index) => [`x-${index}`, "1"]));
  expect(() => customHeaders(contract, many)).toThrow("at most 16, got 17");
});
