import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { format } from "prettier";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Exchange, OutboundRequest } from "../../../runtime/seams/outbound.ts";
import type { RouteExample } from "../../../runtime/http/route-examples.ts";
import { createRedelivering } from "../../../runtime/endpoints/redelivering.ts";
import { apiPage, type DescribedRoute } from "./api-page.ts";
import { exampleRequests, placeholders, type ExampleRequest, type Examples } from "./example-requests.ts";
import { settlement } from "../store/suite/harness.ts";
import { openHttpHarness, settleAttempt, type Call, type HttpHarness } from "./harness.ts";

interface Operation {
  readonly operationId: string;
  readonly requestBody?: Media;
  readonly responses: Readonly<Record<string, Media>>;
}
interface Media {
  readonly content?: Readonly<Record<string, { readonly schema: object; readonly examples?: object }>>;
}
interface Document {
  readonly tags: readonly { readonly name: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation & DescribedRoute>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

let http: HttpHarness;
let document: Document;
let routes: readonly (Operation & DescribedRoute)[];
let examples: Examples;
beforeAll(async () => {
  http = await openHttpHarness({ receive: answerOf });
  document = JSON.parse((await http.call({ method: "GET", path: "/openapi.json" })).text);
  routes = routesOf(document);
  examples = await record();
}, 60_000);
afterAll(() => http.close());

function routesOf({ paths }: Document): readonly (Operation & DescribedRoute)[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ ...operation, path, method: method.toUpperCase() })),
  );
}

const tenant = "acme";

/** What the endpoints and the action of the examples answer. */
function answerOf({ url }: OutboundRequest): Exchange {
  const text = url.pathname === "/authio" ? '{"decision":"allow"}' : "ok";
  const headers = { "content-type": "application/json" };
  return { kind: "response", status: 200, body: new TextEncoder().encode(text), headers, durationMs: 42 };
}

/** Sends every example request to a real server, and keeps what it answered. */
async function record(): Promise<Examples> {
  const recorded: Record<string, RouteExample> = {};
  const known: Record<string, string> = { tenant };
  const cursors = { cursor: "" };
  for (const request of exampleRequests) {
    const route =
      routes.find(({ operationId }) => operationId === request.operation) ?? expect.unreachable(request.operation);
    if (request.before !== undefined) await happens[request.before](known);
    const path = pathOf(route.path, { ...known, ...request.params }, request.query);
    const body = request.operation === "commitFeedConsumer" ? cursors : filledIn(request.body, known);
    const answer = await http.call({ method: route.method as Call["method"], path, ...(body && { body }) });
    expect(`${request.operation} ${answer.status} ${answer.status < 300 ? "" : answer.text}`).toMatch(/ 20[0-4] $/);
    learn(known, route.path, answer.body);
    if (request.operation === "listEvents") cursors.cursor = answer.body.nextCursor;
    recorded[request.operation] = exampleOf(request, {
      path,
      body,
      status: answer.status,
      answer: answer.body ?? (answer.text || null),
    });
  }
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

function pathOf(path: string, values: Readonly<Record<string, string>>, query: string | undefined): string {
  const collection = path.split("/")[4] ?? "";
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    return values[name === "id" ? collection : name] ?? expect.unreachable(`${path} {${name}}`);
  });
  return query === undefined ? filled : `${filled}?${query}`;
}

/** A body in which `{name}` stands for an id that is known. */
function filledIn(body: object | undefined, known: Readonly<Record<string, string>>): object | undefined {
  if (body === undefined) return undefined;
  const fill = (value: unknown) => (typeof value === "string" ? (known[value.slice(1, -1)] ?? value) : value);
  return Object.fromEntries(Object.entries(body).map(([name, value]) => [name, fill(value)]));
}

/** Ids that later requests name, by collection or parameter. */
function learn(known: Record<string, string>, path: string, answer: object | undefined): void {
  const collection = path.split("/")[4] ?? "";
  const of: Readonly<Record<string, readonly [member: string, name: string]>> = {
    endpoint: ["endpoint", "webhook-endpoints"],
    event: ["event", "events"],
    logStream: ["logStream", "log-streams"],
    signingKey: ["signingKey", "signing-keys"],
    action: ["action", "actions"],
    apiKey: ["apiKey", "api-keys"],
    redelivery: ["redelivery", "redelivery"],
  };
  for (const [member, value] of Object.entries(answer ?? {})) {
    const name = of[member]?.[1];
    if (name !== undefined && collection !== "") known[name] = Object(value).id;
    if (member === "deliveries" && Array.isArray(value)) known["delivery"] = value[0].id;
  }
}

const happens = {
  "deliveries end": async (known: Readonly<Record<string, string>>) => {
    const endpoint = await http.store.endpoints.get({ tenant, id: known["webhook-endpoints"] ?? "" });
    const event = await http.store.feeds.event({ tenant, id: known["events"] ?? "" });
    const responseBody = new TextEncoder().encode("no such path");
    const of = { endpointKey: endpoint?.key ?? 0, position: event?.position ?? 0 };
    await settleAttempt(http, of, { result: "rejected", status: 404, responseBody });
  },
  /** The engine is done with it, and made no delivery of it. */
  "an event is missed": async (known: Record<string, string>) => {
    known["missed"] = await http.emit(tenant);
    const { shards } = await http.store.log.lease({ owner: "test", leaseMs: 60_000, takes: "share" });
    const cursor = await http.store.feeds.end();
    await http.store.log.settle(shards.map((lease) => settlement(lease, { cursor })));
  },
  "redeliveries are made": async () => {
    const { shards } = await http.store.log.lease({ owner: "test", leaseMs: 60_000, takes: "share" });
    const { store, clock } = http;
    const parts = { store: store.redeliveries, leases: () => shards, clock, wake: () => {}, log: { error: () => {} } };
    await createRedelivering(parts).settled();
  },
};

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
function compileWith({ components: { schemas } }: Document): (schema: object) => ValidateFunction {
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
