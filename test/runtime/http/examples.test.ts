import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { format } from "prettier";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { RouteExample } from "../../../runtime/http/route-examples.ts";
import { apiPage } from "./api-page.ts";
import { placeholders, type ExampleRequest, type Examples } from "./example-requests.ts";
import { exampleAnswer, routesOf, walkExamples, type ApiDocument, type ApiRoute } from "./example-walk.ts";
import { openHttpHarness, type HttpHarness } from "./harness.ts";

let http: HttpHarness;
let document: ApiDocument;
let routes: readonly ApiRoute[];
let examples: Examples;
beforeAll(async () => {
  http = await openHttpHarness({ receive: exampleAnswer });
  document = JSON.parse((await http.call({ method: "GET", path: "/openapi.json" })).text);
  routes = routesOf(document);
  examples = await record();
}, 60_000);
afterAll(() => http.close());

/** Sends every example request to a real server, and keeps what it answered. */
async function record(): Promise<Examples> {
  const recorded: Record<string, RouteExample> = {};
  await walkExamples(http, routes, async ({ request, path, body, send }) => {
    const { status, body: answer, text } = await send();
    recorded[request.operation] = exampleOf(request, { path, body, status, answer: answer ?? (text || null) });
  });
  return recorded;
}

function exampleOf({ answer: told }: ExampleRequest, { path, body, status, answer }: RouteExample): RouteExample {
  return {
    path,
    ...(body !== undefined && { body: masked(body) }),
    status,
    answer: told ?? masked(shortened(answer)),
  };
}

/** Of lists at the top of an answer the first entry, and of JSON Lines the first line. */
function shortened(answer: unknown): unknown {
  if (typeof answer === "string") return `${answer.split("\n", 1)[0]}\n`;
  if (typeof answer !== "object" || answer === null) return answer;
  return Object.fromEntries(
    Object.entries(answer).map(([name, value]) => [name, Array.isArray(value) ? value.slice(0, 1) : value]),
  );
}

function masked(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (name, inner) =>
    typeof inner === "string" && name in placeholders ? placeholders[name] : inner,
  );
}

test("every route has an example, and no example is of another one", () => {
  expect(Object.keys(examples).sort()).toEqual(routes.map(({ operationId }) => operationId).sort());
});

test("each is what a real server answers today; `npm run api-reference` records them anew", async () => {
  const text = await format(JSON.stringify(examples), { parser: "json", printWidth: 120 });
  await expect(text).toMatchFileSnapshot("../../../runtime/generated/api-examples.json");
  await expect(await apiPage(routes, document.tags, examples)).toMatchFileSnapshot("../../../catalog/reference/api.md");
});

test("each request and each answer passes the schema that its route declares", () => {
  const check = compileWith(document);
  for (const { operationId, requestBody, responses } of routes) {
    const { body, status, answer } = examples[operationId] ?? expect.unreachable(operationId);
    expect(body === undefined, operationId).toBe(requestBody === undefined);
    for (const [media, value] of [
      [requestBody, body],
      [responses[status], answer],
    ] as const) {
      for (const [type, { schema }] of Object.entries(media?.content ?? {})) {
        const validate = check(schema);
        expect(validate(value), `${operationId} ${type} ${JSON.stringify(validate.errors)}`).toBe(true);
      }
    }
  }
});

/** Events of the catalog are checked by other tests, and take long to compile. */
function compileWith({ components: { schemas } }: ApiDocument): (schema: object) => ValidateFunction {
  const ajv = new Ajv2020({ strict: false });
  addFormats.default(ajv);
  const base = "https://hooks.example/openapi";
  const own = Object.entries(schemas).filter(([name]) =>
    /^(Error|Endpoint|Delivery|Redelivery|ApiKey|FeedConsumer|LogStream|StreamRun|SigningKey|Action)$/.test(name),
  );
  ajv.addSchema({ $id: base, components: { schemas: { ...Object.fromEntries(own), WebhookEvent: {} } } });
  return (schema) => ajv.compile(JSON.parse(JSON.stringify(schema).replaceAll('"$ref":"#/', `"$ref":"${base}#/`)));
}

test("the served document has them", async () => {
  const fresh = await openHttpHarness({ examples });
  const served = routesOf(JSON.parse((await fresh.call({ method: "GET", path: "/openapi.json" })).text));
  await fresh.close();
  for (const { operationId, requestBody, responses } of served) {
    const { body, status, answer } = examples[operationId] ?? expect.unreachable(operationId);
    for (const [media, value] of [
      [requestBody, body],
      [responses[status], answer],
    ] as const) {
      for (const content of Object.values(media?.content ?? {})) {
        expect(content.examples, operationId).toEqual({ example: { value } });
      }
    }
  }
});
