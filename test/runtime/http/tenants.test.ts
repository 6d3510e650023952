import { afterEach, beforeEach, expect, test } from "vitest";
import { settlement } from "../store/suite/harness.ts";
import { examples } from "../../../catalog/authio/examples.ts";
import { deployment, openHttpHarness, settleAttempt, type Call, type HttpHarness } from "./harness.ts";

let http: HttpHarness;
beforeEach(async () => (http = await openHttpHarness()));
afterEach(() => http.close());

type Path = Record<string, Record<string, unknown>>;

const streamSettings = { Webhook_URL: "https://logs.example/in" };

/** A valid body for each route that takes one. A route that is missing here fails the test that needs it. */
const bodies: Readonly<Record<string, unknown>> = {
  emitEvent: { type: "deployment.created", data: deployment },
  emitEvents: { events: [{ type: "deployment.created", data: deployment }] },
  createEndpoint: { url: "https://a.example/", events: ["*"] },
  updateEndpoint: { url: "https://stolen.example/", enabled: false },
  rotateEndpointSecret: {},
  startRedelivery: { undelivered: true },
  sendMissedEvent: { eventId: "evt_none" },
  testEndpoint: { type: "deployment.created" },
  createApiKey: { role: "owner" },
  createPortalToken: { scope: "manage" },
  createLogStream: { contract: "auth0", settings: streamSettings },
  updateLogStream: { settings: streamSettings },
  rewindLogStream: { position: 0 },
  createSigningKey: { contract: "authsignal" },
  createAction: { contract: "authio", trigger: "pre_register", url: "https://a.example/" },
  updateAction: { url: "https://stolen.example/" },
  askAction: { contract: "authio", data: examples.pre_register["a password"] },
  callMcp: { jsonrpc: "2.0", id: 1, method: "events/poll", params: { name: "deployment.created" } },
  createFeedConsumer: {},
  commitFeedConsumer: { cursor: "" },
  seekFeedConsumer: { to: "beginning" },
};

interface Route {
  readonly tags: readonly string[];
  readonly method: Call["method"];
  readonly path: string;
  readonly operation: string;
  readonly body: unknown;
}

interface Described {
  readonly operationId: string;
  readonly requestBody?: unknown;
  readonly tags: readonly string[];
}

/** Every route that has a tenant in its path, from the document that the server itself gives. */
async function tenantRoutes(): Promise<readonly Route[]> {
  const { text } = await http.call({ method: "GET", path: "/openapi.json" });
  const paths: Path = JSON.parse(text).paths;
  return (
    Object.entries(paths)
      // Public keys are for anybody who knows an endpoint.
      .filter(([path]) => path.startsWith("/v1/") && path.includes("{tenant}"))
      .flatMap(([path, operations]) =>
        Object.entries(operations).map(([method, operation]) => {
          const { operationId, requestBody, tags } = operation as Described;
          const body = bodies[operationId];
          expect(requestBody === undefined, operationId).toBe(body === undefined);
          // The document names the methods in lower case.
          return { method: method.toUpperCase() as Call["method"], path, operation: operationId, tags, body };
        }),
      )
  );
}

/** Something of every kind for a tenant: an endpoint with a delivery, a log stream and its key, and an API key. */
async function furnish(tenant: string) {
  const { id } = await http.endpoint(tenant);
  await http.emit(tenant);
  const endpoint = await http.store.endpoints.get({ tenant, id });
  const log = await http.store.events.list({ tenant, contract: "stech", types: null, after: 0, limit: 1 });
  const position = log[0]?.position ?? 0;
  await settleAttempt(http, { endpointKey: endpoint?.key ?? 0, position }, { result: "delivered", status: 200 });
  const listed = await http.call({ method: "GET", path: `/v1/orgs/${tenant}/webhook-endpoints/${id}/deliveries` });
  const key = await http.key(tenant, "owner");
  // Its last use is noted for this minute, so that no later call of a test changes it.
  await expect
    .poll(async () => {
      const { body } = await http.call({ method: "GET", path: `/v1/orgs/${tenant}/api-keys`, key });
      return body.apiKeys[0]?.lastUsedAt;
    })
    .not.toBeNull();
  const portalToken = (
    await http.call({ method: "POST", path: `/v1/orgs/${tenant}/portal-tokens`, key, body: { scope: "manage" } })
  ).body.token;
  const [apiKey] = (await http.call({ method: "GET", path: `/v1/orgs/${tenant}/api-keys` })).body.apiKeys;
  const made = async (path: string, body: unknown) =>
    JSON.parse((await http.call({ method: "POST", path: `/v1/orgs/${tenant}/${path}`, body })).text);
  // At another trigger than the one that a route makes: there is one action at each.
  const action = { contract: "authio", trigger: "post_register", url: "https://a.example/" };
  const ids: Readonly<Record<string, string>> = {
    "log-streams": (await made("log-streams", bodies["createLogStream"])).logStream.id,
    "signing-keys": (await made("signing-keys", bodies["createSigningKey"])).signingKey.id,
    actions: (await made("actions", action)).action.id,
    events: log[0]?.id ?? "",
  };
  const redelivery: string = (await made(`webhook-endpoints/${id}/redeliveries`, { undelivered: true })).redelivery.id;
  const feed = { method: "PUT", path: `/v1/orgs/${tenant}/feeds/billing`, body: {} } as const;
  const { cursor }: { readonly cursor: string } = JSON.parse((await http.call(feed)).text).consumer;
  // The engine is done with it, and made no delivery of it.
  const missed = await http.emit(tenant);
  const { shards } = await http.store.log.lease({ owner: "test", leaseMs: 60_000, takes: "share" });
  const end = await http.store.feeds.end();
  await http.store.log.settle(shards.map((lease) => settlement(lease, { cursor: end })));
  return {
    ids,
    missed,
    cursor,
    tenant,
    key,
    portalToken,
    endpoint: id,
    redelivery,
    delivery: listed.body.deliveries[0]?.id ?? "",
    apiKey: apiKey?.id ?? "",
  };
}

type Furnished = Awaited<ReturnType<typeof furnish>>;

/** A portal token reaches these routes and no others. */
const isOfPortal = ({ tags }: Route): boolean => tags.some((tag) => ["Endpoints", "Deliveries", "MCP"].includes(tag));

/** The body of a call that succeeds. */
function bodyOf({ operation, body }: Route, { cursor, missed }: Furnished): unknown {
  const own: typeof bodies = { commitFeedConsumer: { cursor }, sendMissedEvent: { eventId: missed } };
  return own[operation] ?? body;
}

function pathOf(route: Route, tenant: string, ids: Furnished): string {
  const known: Record<string, string> = { ...ids.ids, "api-keys": ids.apiKey, "webhook-endpoints": ids.endpoint };
  const id = known[route.path.split("/")[4] ?? ""] ?? "unknown";
  // The list of signing keys is that of a contract, and a filter is tried.
  const queries: Readonly<Record<string, string>> = {
    listSigningKeys: "?contract=authsignal",
    tryFilter: "?filter=data.agentName%20exists",
  };
  const query = queries[route.operation] ?? "";
  const values = {
    tenant,
    id,
    delivery: ids.delivery,
    redelivery: ids.redelivery,
    name: "billing",
    trigger: "pre_register",
  };
  return Object.entries(values).reduce((path, [name, value]) => path.replace(`{${name}}`, value), route.path) + query;
}

test("the table is of every route and its calls are good: the owner's own succeed", async () => {
  const routes = await tenantRoutes();
  expect(routes.length).toBeGreaterThanOrEqual(16);
  for (const route of routes) {
    // Each on a tenant of its own, as some of them delete what others need.
    const own = await furnish(`org_${route.operation}`);
    const { method, operation } = route;
    const body = bodyOf(route, own);
    const { status } = await http.call({ method, path: pathOf(route, own.tenant, own), key: own.key, body });
    expect(`${operation} ${status}`).toMatch(/ 20[0-4]$/);
  }
});

test("no route does anything with another tenant's path: 404, and the database is as before", async () => {
  const routes = await tenantRoutes();
  const mine = await furnish("acme");
  const theirs = await furnish("globex");
  const before = await http.dump();
  for (const route of routes) {
    const { method, body } = route;
    for (const key of [mine.key, mine.portalToken]) {
      const answer = await http.call({ method, path: pathOf(route, "globex", theirs), key, body });
      expect([route.operation, answer.status, answer.body.error.code]).toEqual([route.operation, 404, "not_found"]);
    }
  }
  expect(await http.dump()).toBe(before);
});

test("no route finds another tenant's ids under one's own path: 404, and the database is as before", async () => {
  const routes = (await tenantRoutes()).filter(({ path }) => path.includes("{id}"));
  expect(routes.length).toBeGreaterThanOrEqual(8);
  const mine = await furnish("acme");
  const theirs = await furnish("globex");
  const before = await http.dump();
  for (const route of routes) {
    const { method, body } = route;
    const path = pathOf(route, "acme", theirs);
    const portalToken = isOfPortal(route) ? [mine.portalToken] : [];
    for (const key of [mine.key, undefined, ...portalToken]) {
      const answer = await http.call({ method, path, body, ...(key === undefined ? {} : { key }) });
      expect([route.operation, answer.status, answer.body.error.code]).toEqual([route.operation, 404, "not_found"]);
    }
    const mixed = path.replace(theirs.endpoint, mine.endpoint);
    if (/\{(re)?delivery\}/.test(route.path))
      expect((await http.call({ method, path: mixed, key: mine.key, body })).status).toBe(404);
  }
  expect(await http.dump()).toBe(before);
});

test("a portal token reaches endpoints and deliveries: elsewhere it is 403, and the database is as before", async () => {
  const routes = await tenantRoutes();
  const mine = await furnish("acme");
  const before = await http.dump();
  const elsewhere = routes.filter((route) => !isOfPortal(route));
  expect(elsewhere.map(({ operation }) => operation)).toEqual(
    expect.arrayContaining(["emitEvent", "listEvents", "createApiKey", "listAudit", "createPortalToken"]),
  );
  for (const route of elsewhere) {
    const { method, body } = route;
    const answer = await http.call({ method, path: pathOf(route, "acme", mine), key: mine.portalToken, body });
    expect([route.operation, answer.status]).toEqual([route.operation, 403]);
  }
  expect(await http.dump()).toBe(before);
  for (const route of routes.filter(isOfPortal)) {
    const own = await furnish(`org_${route.operation}`);
    const { method } = route;
    const body = bodyOf(route, own);
    const { status } = await http.call({ method, path: pathOf(route, own.tenant, own), key: own.portalToken, body });
    expect(`${route.operation} ${status}`).toMatch(/ 20[0-4]$/);
  }
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
  for (const list of [
    "webhook-endpoints",
    `webhook-endpoints/${mine.endpoint}/deliveries`,
    `webhook-endpoints/${mine.endpoint}/redeliveries`,
    "api-keys",
    "events",
    "audit",
  ]) {
    const { status, text } = await http.call({ method: "GET", path: `/v1/orgs/acme/${list}`, key: mine.key });
    expect(status).toBe(200);
    for (const id of [theirs.endpoint, theirs.delivery, theirs.redelivery, theirs.apiKey, "globex"])
      expect(text).not.toContain(id);
  }
});
