import { afterEach, beforeEach, expect, test } from "vitest";
import { exampleAnswer, routesOf, walkExamples, type ApiRoute } from "./example-walk.ts";
import { openHttpHarness, type Body, type HttpHarness } from "./harness.ts";

/** Routes that are not GET and make no fact, and why. */
const exceptions: Readonly<Record<string, string>> = {
  emitEvent: "The event itself stands in the log; it is the product's, not the owner's.",
  emitEvents: "As emitEvent: the events themselves stand in the log.",
  askAction: "Asks on behalf of the product; invocations say what was asked.",
  testAction: "Changes nothing; invocations say that it was asked.",
  testEndpoint: "Sends one example and stores nothing.",
  callMcp: "Its example lists event types; test/runtime/mcp/subscribing.test.ts shows the facts of subscriptions.",
  commitFeedConsumer: "A consumer does so with every page it reads; its place says how far it is.",
};

/** What the examples of these routes ask for changes nothing, so that another test shows their facts. */
const unchanged: Readonly<Record<string, string>> = {
  reenableAction: "The action was not killed. test/runtime/asking/kill-switch.test.ts",
  cancelRedelivery: "It has ended. test/runtime/http/redeliveries.test.ts",
};

let http: HttpHarness;
let routes: readonly ApiRoute[];
beforeEach(async () => {
  http = await openHttpHarness({ receive: exampleAnswer });
  routes = routesOf(JSON.parse((await http.call({ method: "GET", path: "/openapi.json" })).text));
});
afterEach(() => http.close());

async function audit(): Promise<Body["entries"]> {
  return (await http.call({ method: "GET", path: "/v1/orgs/acme/audit?limit=200" })).body.entries;
}

test("every route that changes something makes a fact, in the log and in the audit feed, with its actor", async () => {
  const silent: string[] = [];
  const facts: Record<string, readonly string[]> = {};
  await walkExamples(http, routes, async ({ route: { operationId, method }, send }) => {
    if (method === "GET") return void (await send());
    const before = (await audit()).length;
    await send();
    const made = (await audit()).slice(before);
    for (const entry of made) expect([operationId, entry]).toMatchObject([operationId, { actorId: "operator" }]);
    facts[operationId] = made.map(({ action }) => action);
    if (made.length === 0) silent.push(operationId);
  });
  const expected = [...Object.keys(exceptions), ...Object.keys(unchanged)];
  expect(silent.sort()).toEqual(expected.sort());
  const changing = routes.filter(({ method }) => method !== "GET").map(({ operationId }) => operationId);
  expect(Object.keys(facts).sort()).toEqual(changing.sort());
  expect(facts).toMatchObject({
    createLogStream: ["log_stream.created"],
    updateLogStream: ["log_stream.updated"],
    pauseLogStream: ["log_stream.paused"],
    resumeLogStream: ["log_stream.resumed"],
    rewindLogStream: ["log_stream.rewound"],
    deleteLogStream: ["log_stream.deleted"],
    createSigningKey: ["signing_key.created"],
    revokeSigningKey: ["signing_key.revoked"],
    createFeedConsumer: ["feed_consumer.created"],
    seekFeedConsumer: ["feed_consumer.moved"],
    deleteFeedConsumer: ["feed_consumer.deleted"],
    redeliver: ["delivery.repeated"],
    startRedelivery: ["redelivery.started"],
  });
});

test("a fact about a log stream has its settings and never a secret of it", async () => {
  const settings = { Webhook_URL: "https://logs.acme.example/auth0", Authorization: "Bearer hush-hush" };
  const streams = "/v1/orgs/acme/log-streams";
  const made = await http.call({ method: "POST", path: streams, body: { contract: "auth0", settings } });
  const id = Object(Object(made.body)["logStream"])["id"];
  const change = { settings: { Authorization: "Bearer hush-hush-2", Batch_Size: 7 } };
  await http.call({ method: "PATCH", path: `${streams}/${id}`, body: change });
  await http.call({ method: "POST", path: `${streams}/${id}/rewind`, body: { position: 1 } });
  const entries = await audit();
  expect(entries).toMatchObject([
    { action: "log_stream.created", details: { logStreamId: id, hasAuthorization: true, status: "active" } },
    { action: "log_stream.updated", details: { batchSize: 7, changedSecrets: ["authorization"] } },
    { action: "log_stream.rewound", details: { position: 1, previousPosition: 0 } },
  ]);
  expect(JSON.stringify(entries)).not.toContain("hush");
});
