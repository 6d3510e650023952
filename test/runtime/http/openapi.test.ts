import { expect, test } from "vitest";
import { compileSchemas, lintOpenapi } from "../../lint-openapi.ts";
import { openHttpHarness } from "./harness.ts";

async function servedDocument() {
  const http = await openHttpHarness();
  const { text } = await http.call({ method: "GET", path: "/openapi.json", key: null });
  await http.close();
  return JSON.parse(text);
}

test("the served document, paths and webhooks, has nothing that Redocly's recommended rules find", async () => {
  const document = await servedDocument();
  expect(Object.keys(document.paths).length).toBeGreaterThan(10);
  expect(Object.keys(document.webhooks).length).toBeGreaterThan(10);
  expect(await lintOpenapi(document)).toEqual([]);
});

test("the linter of these tests finds what is wrong", async () => {
  const document = await servedDocument();
  const { WebhookEvent: _, ...schemas } = document.components.schemas;
  const broken = { ...document, components: { ...document.components, schemas } };
  expect(await lintOpenapi(broken)).toContainEqual(expect.stringContaining("no-unresolved-refs"));
});

test("each schema of the served document is JSON Schema 2020-12", async () => {
  expect(compileSchemas(await servedDocument())).toBeGreaterThan(60);
});

test("the feed's items are the events of all contracts, as the generated document has them", async () => {
  const { components, paths } = await servedDocument();
  const feed = paths["/v1/orgs/{tenant}/events"].get.responses["200"].content["application/json"].schema;
  expect(feed.properties.events.items).toEqual({ $ref: "#/components/schemas/WebhookEvent" });
  expect(components.schemas.WebhookEvent.anyOf).toContainEqual({ $ref: "#/components/schemas/StechEvent" });
});
