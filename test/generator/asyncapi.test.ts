import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { Ajv } from "ajv";
import { expect, test } from "vitest";
import { asyncapiDocument } from "../../generator/asyncapi/asyncapi.ts";
import { modesCatalog } from "./mode-contracts.ts";
import { smallCatalog } from "./small-catalog.ts";

/** As AsyncAPI publishes it. */
const published: object = createRequire(import.meta.url)("@asyncapi/specs/schemas/3.1.0-without-$id.json");
// The published schema names formats, and keywords of other versions of JSON Schema.
const isDocument = new Ajv({ strict: false, validateFormats: false, allErrors: true }).compile(published);

interface Operation {
  readonly action: string;
  readonly messages: readonly Reference[];
  readonly reply?: { readonly messages: readonly Reference[] };
}

interface Reference {
  readonly $ref: string;
}

test.each([
  ["of the small catalog", JSON.stringify(asyncapiDocument(smallCatalog))],
  ["of the other modes", JSON.stringify(asyncapiDocument(modesCatalog))],
  ["that is published", readFileSync("runtime/generated/asyncapi.json", "utf8")],
])("the document %s is as AsyncAPI's schema demands, and each reference leads somewhere", (_, text) => {
  const document = JSON.parse(text);
  isDocument(document);
  expect(isDocument.errors ?? []).toEqual([]);
  expect(document.asyncapi).toBe("3.1.0");
  const references = referencesIn(document);
  expect(references.length).toBeGreaterThan(0);
  expect(references.filter((reference) => found(document, reference) === undefined)).toEqual([]);
});

test("a document that lacks what is demanded is refused", () => {
  const { info: _, ...document } = JSON.parse(JSON.stringify(asyncapiDocument(smallCatalog)));
  expect(isDocument(document)).toBe(false);
});

test("each contract has an operation that sends its messages, and an action one that is answered", () => {
  const document = JSON.parse(JSON.stringify(asyncapiDocument(modesCatalog)));
  const operations = Object.entries<Operation>(document.operations);
  const namesOf = (messages: readonly Reference[]) => messages.map(({ $ref }) => nameOf(document, $ref));
  expect(
    operations.map(([id, { action, messages, reply }]) => [
      id,
      action,
      namesOf(messages),
      reply && namesOf(reply.messages),
    ]),
  ).toEqual([
    ["recordsSend", "send", ["RecordsBatch"], undefined],
    ["tapeSend", "send", ["TapeBatch"], undefined],
    ["gateSend", "send", ["GateBeforePass", "GateAfterPass"], ["GateVerdict"]],
  ]);
});

/** The last part of a reference; where a channel refers on to a message, that of the message. */
function nameOf(document: object, reference: string): string {
  const target = found(document, reference);
  const isReference = typeof target === "object" && target !== null && "$ref" in target;
  return isReference ? nameOf(document, String(target.$ref)) : (reference.split("/").at(-1) ?? "");
}

function referencesIn(value: unknown): readonly string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, each]) =>
    name === "$ref" && typeof each === "string" ? [each] : referencesIn(each),
  );
}

/** What a reference within the document leads to (RFC 6901). */
function found(document: object, reference: string): unknown {
  const names = reference
    .slice("#/".length)
    .split("/")
    .map((name) => decodeURIComponent(name).replaceAll("~1", "/").replaceAll("~0", "~"));
  let value: unknown = document;
  for (const name of names) value = typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
  return value;
}
