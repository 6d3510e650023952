import { expect } from "vitest";
import { createRedelivering } from "../../../runtime/endpoints/redelivering.ts";
import type { Exchange, OutboundRequest } from "../../../runtime/seams/outbound.ts";
import type { DescribedRoute } from "./api-page.ts";
import { exampleRequests, type ExampleRequest } from "./example-requests.ts";
import { settlement } from "../store/suite/harness.ts";
import { settleAttempt, type Answer, type Call, type HttpHarness } from "./harness.ts";

interface Operation {
  readonly operationId: string;
  readonly requestBody?: Media;
  readonly responses: Readonly<Record<string, Media>>;
}
interface Media {
  readonly content?: Readonly<Record<string, { readonly schema: object; readonly examples?: object }>>;
}
/** What of the served document the tests read. */
export interface ApiDocument {
  readonly tags: readonly { readonly name: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation & DescribedRoute>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

export type ApiRoute = Operation & DescribedRoute;

export function routesOf({ paths }: ApiDocument): readonly ApiRoute[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ ...operation, path, method: method.toUpperCase() })),
  );
}

const tenant = "acme";

/** What the endpoints and the action of the examples answer. */
export function exampleAnswer({ url }: OutboundRequest): Exchange {
  const text = url.pathname === "/authio" ? '{"decision":"allow"}' : "ok";
  const headers = { "content-type": "application/json" };
  return { kind: "response", status: 200, body: new TextEncoder().encode(text), headers, durationMs: 42 };
}

/** An example request about to be sent. */
export interface ExampleCall {
  readonly request: ExampleRequest;
  readonly route: ApiRoute;
  readonly path: string;
  readonly body: object | undefined;
  readonly send: () => Promise<Answer>;
}

/** Sends every example request to a real server, in their order: `visit` sends it, and looks at what it finds. */
export async function walkExamples(
  http: HttpHarness,
  routes: readonly ApiRoute[],
  visit: (call: ExampleCall) => Promise<void>,
): Promise<void> {
  const known: Record<string, string> = { tenant };
  const cursors = { cursor: "" };
  for (const request of exampleRequests) {
    const route =
      routes.find(({ operationId }) => operationId === request.operation) ?? expect.unreachable(request.operation);
    if (request.before !== undefined) await happens[request.before](http, known);
    const path = pathOf(route.path, { ...known, ...request.params }, request.query);
    const body = request.operation === "commitFeedConsumer" ? cursors : filledIn(request.body, known);
    const send = async () => {
      const answer = await http.call({ method: route.method as Call["method"], path, ...(body && { body }) });
      expect(`${request.operation} ${answer.status} ${answer.status < 300 ? "" : answer.text}`).toMatch(/ 20[0-4] $/);
      learn(known, route.path, answer.body);
      if (request.operation === "listEvents") cursors.cursor = answer.body.nextCursor;
      return answer;
    };
    await visit({ request, route, path, body, send });
  }
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
  "deliveries end": async (http: HttpHarness, known: Record<string, string>) => {
    const endpoint = await http.store.endpoints.get({ tenant, id: known["webhook-endpoints"] ?? "" });
    const event = await http.store.feeds.event({ tenant, id: known["events"] ?? "" });
    const responseBody = new TextEncoder().encode("no such path");
    const of = { endpointKey: endpoint?.key ?? 0, position: event?.position ?? 0 };
    await settleAttempt(http, of, { result: "rejected", status: 404, responseBody });
  },
  /** The engine is done with it, and made no delivery of it. */
  "an event is missed": async (http: HttpHarness, known: Record<string, string>) => {
    known["missed"] = await http.emit(tenant);
    const { shards } = await http.store.log.lease({ owner: "test", leaseMs: 60_000, takes: "share" });
    const cursor = await http.store.feeds.end();
    await http.store.log.settle(shards.map((lease) => settlement(lease, { cursor })));
  },
  "redeliveries are made": async (http: HttpHarness) => {
    const { shards } = await http.store.log.lease({ owner: "test", leaseMs: 60_000, takes: "share" });
    const { store, clock } = http;
    const parts = { store: store.redeliveries, leases: () => shards, clock, wake: () => {}, log: { error: () => {} } };
    await createRedelivering(parts).settled();
  },
};
