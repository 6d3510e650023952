import { afterEach, beforeEach, expect, test } from "vitest";
import { deployment, openHttpHarness, settleAttempt, type Call, type HttpHarness } from "./harness.ts";

let http: HttpHarness;
beforeEach(async () => (http = await openHttpHarness()));
afterEach(() => http.close());

type Path = Record<string, Record<string, unknown>>;

/** A valid body for each route that takes one. A route that is missing here fails the test that needs it. */
const bodies: Readonly<Record<string, unknown>> = {
  emitEvent: { type: "deployment.created", data: deployment },
  createEndpoint: { url: "https://a.example/", events: ["*"] },
  updateEndpoint: { url: "https://stolen.example/", enabled: false },
  rotateEndpointSecret: {},
  testEndpoint: { type: "deployment.created" },
  createApiKey: { role: "owner" },
};

interface Route {
  readonly method: Call["method"];
  readonly path: string;
  readonly operation: string;
  readonly body: unknown;
}

/** Every route that has a tenant in its path, from the document that the server itself gives. */
async function tenantRoutes(): Promise<readonly Route[]> {
  const { text } = await http.call({ method: "GET", path: "/openapi.json" });
  const paths: Path = JSON.parse(text).paths;
  return Object.entries(paths)
    .filter(([path]) => path.includes("{tenant}"))
    .flatMap(([path, operations]) =>
      Object.entries(operations).map(([method, operation]) => {
        const { operationId, requestBody } = operation as { operationId: string; requestBody?: unknown };
        const body = bodies[operationId];
        expect(requestBody === undefined, operationId).toBe(body === undefined);
        // The document names the methods in lower case.
        return { method: method.toUpperCase() as Call["method"], path, operation: operationId, body };
      }),
    );
}

/** Something of every kind for a tenant: an endpoint with a delivery, and an API key. */
async function furnish(tenant: string) {
  const { id } = await http.endpoint(tenant);
  await http.emit(tenant);
  const endpoint = await http.store.endpoints.get({ tenant, id });
  const log = await http.store.events.list({ tenant, contract: "stech", types: null, after: 0, limit: 1 });
  const position = log[0]?.position ?? 0;
  await settleAttempt(http, { endpointKey: endpoint?.key ?? 0, position }, { result: "delivered", status: 200 });
  const listed = await http.call({ method: "GET", path: `/v1/orgs/${tenant}/webhook-endpoints/${id}/deliveries` });
  const key = await http.key(tenant, "owner");
  const [apiKey] = (await http.call({ method: "GET", path: `/v1/orgs/${tenant}/api-keys` })).body.apiKeys;
  return { tenant, key, endpoint: id, delivery: listed.body.deliveries[0]?.id ?? "", apiKey: apiKey?.id ?? "" };
}

type Furnished = Awaited<ReturnType<typeof furnish>>;

function pathOf(route: Route, tenant: string, ids: Furnished): string {
  const id = route.path.includes("api-keys") ? ids.apiKey : ids.endpoint;
  return route.path.replace("{tenant}", tenant).replace("{id}", id).replace("{delivery}", ids.delivery);
}

test("the table is of every route and its calls are good: the owner's own succeed", async () => {
  const routes = await tenantRoutes();
  expect(routes.length).toBe(15);
  for (const route of routes) {
    // Each on a tenant of its own, as some of them delete what others need.
    const own = await furnish(`org_${route.operation}`);
    const { method, body } = route;
    const { status } = await http.call({ method, path: pathOf(route, own.tenant, own), key: own.key, body });
    expect(`${route.operation} ${status}`).toMatch(/ 20[0-4]$/);
  }
});

test("no route does anything with another tenant's path: 404, and the database is as before", async () => {
  const routes = await tenantRoutes();
  const mine = await furnish("acme");
  const theirs = await furnish("globex");
  const before = await http.dump();
  for (const route of routes) {
    const { method, body } = route;
    const answer = await http.call({ method, path: pathOf(route, "globex", theirs), key: mine.key, body });
    expect([route.operation, answer.status, answer.body.error.code]).toEqual([route.operation, 404, "not_found"]);
  }
  expect(await http.dump()).toBe(before);
});

test("no route finds another tenant's ids under one's own path: 404, and the database is as before", async () => {
  const routes = (await tenantRoutes()).filter(({ path }) => path.includes("{id}"));
  expect(routes.length).toBe(9);
  const mine = await furnish("acme");
  const theirs = await furnish("globex");
  const before = await http.dump();
  for (const route of routes) {
    const { method, body } = route;
    const path = pathOf(route, "acme", theirs);
    for (const key of [mine.key, undefined]) {
      const answer = await http.call({ method, path, body, ...(key === undefined ? {} : { key }) });
      expect([route.operation, answer.status, answer.body.error.code]).toEqual([route.operation, 404, "not_found"]);
    }
    const mixed = path.replace(theirs.endpoint, mine.endpoint);
    if (route.path.includes("{delivery}"))
      expect((await http.call({ method, path: mixed, key: mine.key, body })).status).toBe(404);
  }
  expect(await http.dump()).toBe(before);
});

test("another tenant and one that does not exist get the same answer", async () => {
  const mine = await furnish("acme");
  await furnish("globex");
  const answers = [];
  for (const tenant of ["globex", "nobody"]) {
    const path = `/v1/orgs/${tenant}/webhook-endpoints`;
    const { status, body } = await http.call({ method: "GET", path, key: mine.key });
    answers.push({ status, error: { ...body.error, requestId: null } });
  }
  expect(answers[0]).toEqual(answers[1]);
});

test("lists hold nothing of others", async () => {
  const mine = await furnish("acme");
  const theirs = await furnish("globex");
  for (const list of ["webhook-endpoints", `webhook-endpoints/${mine.endpoint}/deliveries`, "api-keys", "events"]) {
    const { status, text } = await http.call({ method: "GET", path: `/v1/orgs/acme/${list}`, key: mine.key });
    expect(status).toBe(200);
    for (const id of [theirs.endpoint, theirs.delivery, theirs.apiKey, "globex"]) expect(text).not.toContain(id);
  }
});
