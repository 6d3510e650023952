import { format } from "prettier";
import openapiTypescript, { astToString } from "openapi-typescript";
import { expect, test } from "vitest";
import { openHttpHarness } from "../http/harness.ts";

/** The types of events are many, and the dashboard takes any event as text. */
function withoutEvents(document: {
  readonly paths: object;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}) {
  const own = /^(Error|Endpoint|Delivery|Redelivery|ApiKey|FeedConsumer|LogStream|StreamRun|SigningKey|Action)$/;
  const schemas = Object.entries(document.components.schemas).filter(([name]) => own.test(name));
  const { paths } = document;
  return {
    ...{ openapi: "3.1.0", info: { title: "Hookwright", version: "1" }, paths: withoutWords(paths) },
    components: withoutWords({ schemas: { ...Object.fromEntries(schemas), WebhookEvent: {} } }),
  };
}

/** Without words: a reader of the types has the API's page, and a diff shows what changed. Errors have one form. */
const withoutWords = (part: object): object =>
  JSON.parse(JSON.stringify(part), (name, value: unknown) => {
    const isWords = ["summary", "description"].includes(name) && typeof value === "string";
    return isWords || /^[45]\d\d$/.test(name) ? undefined : value;
  });

test(
  "the dashboard's types are those of the API; `npm run api-reference` writes them",
  { timeout: 60_000 },
  async () => {
    const http = await openHttpHarness();
    const { text } = await http.call({ method: "GET", path: "/openapi.json" });
    await http.close();
    const nodes = await openapiTypescript(JSON.stringify(withoutEvents(JSON.parse(text))));
    const head = "// Written from /openapi.json by `npm run api-reference`; do not edit.\n\n";
    const types = await format(head + astToString(nodes), { parser: "typescript", printWidth: 120 });
    await expect(types).toMatchFileSnapshot("../../../runtime/dashboard/src/api-types.ts");
  },
);
