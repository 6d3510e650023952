import { readFileSync } from "node:fs";
import { Parser } from "@asyncapi/parser";
import { expect, test } from "vitest";
import { asyncapiDocument } from "../../generator/asyncapi/asyncapi.ts";
import { modesCatalog } from "./mode-contracts.ts";
import { smallCatalog } from "./small-catalog.ts";

const parser = new Parser();

test.each([
  ["of the small catalog", JSON.stringify(asyncapiDocument(smallCatalog))],
  ["of the other modes", JSON.stringify(asyncapiDocument(modesCatalog))],
  ["that is published", readFileSync("runtime/generated/asyncapi.json", "utf8")],
])("the document %s is accepted by AsyncAPI's parser without a remark", async (_, text) => {
  const { document, diagnostics } = await parser.parse(text);
  expect(diagnostics).toEqual([]);
  expect(document?.version()).toBe("3.1.0");
});

test("each contract has an operation that sends its messages, and an action one that is answered", async () => {
  const { document } = await parser.parse(JSON.stringify(asyncapiDocument(modesCatalog)));
  const operations = document?.operations().all() ?? [];
  const sent = operations.map((operation) => [
    operation.id(),
    operation.action(),
    operation
      .messages()
      .all()
      .map((message) => message.id()),
    operation
      .reply()
      ?.messages()
      .all()
      .map((message) => message.id()),
  ]);
  expect(sent).toEqual([
    ["recordsSend", "send", ["RecordsBatch"], undefined],
    ["tapeSend", "send", ["TapeBatch"], undefined],
    ["gateSend", "send", ["GateBeforePass", "GateAfterPass"], ["GateVerdict"]],
  ]);
});
