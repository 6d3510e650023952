/** Clients that others made, against the API over a socket. */
import {
  createMCPClient,
  experimental_createMCPEventWebhook as createMCPEventWebhook,
  type Experimental_MCPEventStore as MCPEventStore,
  type Experimental_MCPEventSubscription as MCPEventSubscription,
} from "@ai-sdk/mcp";
import { Client, InMemoryTransport, ProtocolError, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { McpServer } from "@modelcontextprotocol/server";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import type { WireCatalog } from "../../../runtime/contracts/wire-contract.ts";
import { mcpEventMethods } from "../../../runtime/mcp/mcp-events.ts";
import { createDatabase, sharedServer } from "../../postgres/cluster.ts";
import { describePostgres } from "../../postgres/describe-postgres.ts";
import { generateHarbor, temporaryFolder } from "../harbor/place.ts";
import { openPlace, type Place } from "./place.ts";

const folder = temporaryFolder();
let catalog: WireCatalog;
let place: Place;
beforeAll(async () => {
  catalog = await generateHarbor(folder.path, "test/runtime/mcp/catalog/index.ts");
}, 60_000);
afterAll(folder.dispose);

describe("on SQLite", () => {
  describeClients(async () => ({ database: `${folder.path}/mcp.db`, drop: async () => {} }));
});

describePostgres("on PostgreSQL", () => {
  describeClients(async () => {
    const { url, drop } = await createDatabase(await sharedServer());
    return { database: url, drop };
  });
});

const incident = { incidentId: "inc_7", service: "billing", assignee: null, isDrill: false, notes: [] };
const anything = z.looseObject({});

/** What an application of the AI SDK keeps. */
function memoryStore(): MCPEventStore & { readonly kept: Map<string, MCPEventSubscription> } {
  const kept = new Map<string, MCPEventSubscription>();
  return {
    kept,
    get: async (key) => kept.get(key),
    getById: async (id) => [...kept.values()].find((each) => each.id === id),
    set: async (subscription) => void kept.set(subscription.key, subscription),
    update: async (key, patch) => {
      const known = kept.get(key);
      if (known !== undefined) kept.set(key, { ...known, ...patch });
    },
    delete: async (key) => void kept.delete(key),
  };
}

function describeClients(open: () => Promise<{ database: string; drop: () => Promise<void> }>): void {
  let opened: Awaited<ReturnType<typeof open>>;
  beforeAll(async () => {
    opened = await open();
    place = await openPlace(catalog, opened.database);
  }, 60_000);
  afterAll(async () => {
    await place.close();
    await opened.drop();
  });

  describe("the AI SDK (@ai-sdk/mcp)", () => {
    test("lists, subscribes with arguments, gets what it asked for and nothing else, renews, and unsubscribes", async () => {
      const tenant = "sre";
      const store = memoryStore();
      const events: unknown[] = [];
      const errors: unknown[] = [];
      place.receive(
        createMCPEventWebhook({
          store,
          onEvent: async ({ subscription, event }) => void events.push([subscription.id, event]),
          onError: (error) => void errors.push(error),
        }),
      );
      const headers = { authorization: `Bearer ${await place.key(tenant, "admin")}` };
      const client = await createMCPClient({
        transport: { type: "http", url: place.mcpUrl(tenant), headers },
        experimental_events: { store },
      });
      const api = client.experimental_events;
      const listed = await api.list();
      expect(listed.events.map(({ name, delivery }) => [name, delivery])).toEqual([
        ["incident.created", ["webhook", "poll"]],
        ["incident.resolved", ["webhook", "poll"]],
      ]);

      const delivery = { mode: "webhook", url: place.receiverUrl, allowInsecureLocalhost: true } as const;
      const subscribed = await api.subscribe({ name: "incident.created", arguments: { severity: "P1" }, delivery });
      expect(subscribed).toMatchObject({ id: expect.stringMatching(/^sub_[0-9a-f]{32}$/), truncated: false });

      await place.emit(tenant, "incident.created", { ...incident, severity: "P2" });
      await place.emit(tenant, "incident.resolved", { incidentId: "inc_7", at: "2026-05-08T14:00:00.000Z" });
      const eventId = await place.emit(tenant, "incident.created", { ...incident, severity: "P1" });
      await place.settle();
      expect(errors).toEqual([]);
      const data = { ...incident, severity: "P1" };
      expect(events).toEqual([
        [subscribed.id, { eventId, name: "incident.created", timestamp: expect.any(String), data }],
      ]);

      const renewed = await api.refresh({ id: subscribed.id });
      expect(renewed.id).toBe(subscribed.id);
      await api.unsubscribe({ id: subscribed.id });
      await place.emit(tenant, "incident.created", { ...incident, severity: "P1" });
      await place.settle();
      expect(events).toHaveLength(1);
      await client.close();
    });

    test("is told why when its URL does not answer the challenge", async () => {
      place.receive(() => new Response("no", { status: 200 }));
      const headers = { authorization: `Bearer ${await place.key("sre", "admin")}` };
      const client = await createMCPClient({
        transport: { type: "http", url: place.mcpUrl("sre"), headers },
        experimental_events: { store: memoryStore() },
      });
      const url = `${place.receiverUrl}/other`;
      const delivery = { mode: "webhook", url, allowInsecureLocalhost: true } as const;
      await expect(client.experimental_events.subscribe({ name: "incident.created", delivery })).rejects.toMatchObject({
        code: -32015,
        data: { reason: "challenge_failed" },
      });
      await client.close();
    });
  });

  describe("the official SDK's client", () => {
    test.each(["auto", "legacy"] as const)(
      "connects (%s), lists and polls with a filter, page after page",
      async (mode) => {
        const tenant = `team-${mode}`;
        const client = new Client({ name: "test", version: "1" }, { versionNegotiation: { mode } });
        const headers = { authorization: `Bearer ${await place.key(tenant, "member")}` };
        await client.connect(
          new StreamableHTTPClientTransport(new URL(place.mcpUrl(tenant)), { requestInit: { headers } }),
        );
        expect(client.getServerVersion()).toMatchObject({ name: "hookwright" });
        const poll = async (params: object) =>
          z
            .looseObject({ events: z.array(z.looseObject({ eventId: z.string() })), cursor: z.string() })
            .parse(await client.request({ method: "events/poll", params: { ...params } }, anything));
        const start = await poll({ name: "incident.created", cursor: null });
        expect(start).toMatchObject({ events: [], truncated: false, hasMore: false });
        const ids = [];
        for (const severity of ["P1", "P2", "P1", "P1"])
          ids.push(await place.emit(tenant, "incident.created", { ...incident, severity }));
        await place.settle();
        const asked = { name: "incident.created", arguments: { severity: "P1" }, maxEvents: 2 };
        const first = await poll({ ...asked, cursor: start.cursor });
        expect(first.events.map(({ eventId }) => eventId)).toEqual([ids[0], ids[2]]);
        expect(first).toMatchObject({ hasMore: true, truncated: false });
        const second = await poll({ ...asked, cursor: first.cursor });
        expect(second.events).toEqual([
          {
            eventId: ids[3],
            name: "incident.created",
            timestamp: expect.stringMatching(/Z$/),
            data: { ...incident, severity: "P1" },
          },
        ]);
        expect(second).toMatchObject({ hasMore: false });
        await client.close();
      },
    );
  });

  describe("the official SDK's server, with the methods mounted in it", () => {
    test("hands on what it is asked, for the user that it has authenticated", async () => {
      place.receive(async (request) => Response.json({ challenge: Object(await request.json()).challenge }));
      const tenant = "mounted";
      const server = new McpServer({ name: "product", version: "1" });
      for (const method of mcpEventMethods) {
        server.server.setRequestHandler(method, { params: anything, result: anything }, async (params) => {
          const caller = { tenant, subscriber: "user_7", may: ["subscribe"] } as const;
          const answer = await place.app.mcp.call(method, params, caller);
          if ("error" in answer) throw new ProtocolError(answer.error.code, answer.error.message, answer.error.data);
          return { ...answer.result };
        });
      }
      const [mine, theirs] = InMemoryTransport.createLinkedPair();
      const client = new Client({ name: "test", version: "1" });
      await Promise.all([server.connect(theirs), client.connect(mine)]);
      const listed = await client.request({ method: "events/list" }, anything);
      expect(listed["events"]).toHaveLength(2);
      const secret = `whsec_${Buffer.alloc(24, 7).toString("base64")}`;
      const delivery = { mode: "webhook", url: place.receiverUrl, secret };
      const params = { name: "incident.resolved", delivery };
      const subscribed = await client.request({ method: "events/subscribe", params }, anything);
      const [endpoint] = await place.app.store.endpoints.list({ tenant, contract: "incidents" });
      expect(endpoint).toMatchObject({ id: subscribed["id"], subscription: { subscriber: "user_7" } });
      await expect(
        client.request({ method: "events/subscribe", params: { ...params, name: "incident.forgotten" } }, anything),
      ).rejects.toMatchObject({ code: -32011, data: { kind: "event" } });
      await client.close();
    });
  });
}
