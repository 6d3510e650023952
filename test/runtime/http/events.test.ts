import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { examples } from "../../../catalog/authn/examples.ts";
import { deployment, openHttpHarness, type HttpHarness } from "./harness.ts";

let http: HttpHarness;
beforeEach(async () => (http = await openHttpHarness()));
afterEach(() => http.close());

const path = "/v1/orgs/acme/events";
const emitted = { type: "deployment.created", data: deployment };
const emit = (body: object, headers: Record<string, string> = {}) => http.call({ method: "POST", path, body, headers });
const feed = async (query = "") => (await http.call({ method: "GET", path: path + query })).body;

describe("emitting", () => {
  test("answers 202 with the event, and wakes the engine", async () => {
    const { status, body } = await emit(emitted);
    expect(status).toBe(202);
    expect(body).toEqual({
      event: {
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        type: "deployment.created",
        contract: "stech",
        createdAt: "2026-05-08T14:00:00.000Z",
      },
      created: true,
    });
    expect(http.wakeCount()).toBe(1);
  });

  test("requests that arrive together share an insert, and what is refused of one does not touch the others", async () => {
    await emit({ ...emitted, idempotencyKey: "used" });
    const append = vi.spyOn(http.store.log, "append");
    const wakesBefore = http.wakeCount();
    const other = { ...deployment, agentName: "other" };
    const answers = await Promise.all([
      emit({ type: "deployment.created", data: { ...deployment, agentName: "first" } }),
      emit({ type: "deployment.created", data: { agentName: 1 } }),
      emit({ type: "deployment.created", data: other, idempotencyKey: "used" }),
      emit({ ...emitted, idempotencyKey: "used" }),
      emit({ type: "deployment.created", data: { ...deployment, agentName: "last" }, idempotencyKey: "new" }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([202, 400, 409, 200, 202]);
    expect(append.mock.calls.map(([events]) => events.length)).toEqual([4]);
    expect(http.wakeCount()).toBe(wakesBefore + 1);
    const { events } = await feed();
    const names = events.map((event) => (event as unknown as { data: { agentName: string } }).data.agentName);
    expect(names).toEqual([deployment.agentName, "first", "last"]);
  });

  test("takes a meta for an event type that has one, and refuses it without (D-AUTHN-11)", async () => {
    const { data, meta } = examples["authorizationGrant.granted"]["by the user"];
    const granted = { type: "authorizationGrant.granted", contract: "authn", data };
    expect((await emit(granted)).body.error).toMatchObject({ code: "invalid_event_data", path: "meta" });
    expect((await emit({ ...granted, meta })).status).toBe(202);
    expect((await feed("?contract=authn")).events).toMatchObject([{ type: granted.type, meta }]);
  });

  test("a repeat with the same idempotency key answers 200 with the first event and appends nothing", async () => {
    const first = await emit({ ...emitted, idempotencyKey: "dep_1 created" });
    const before = await http.dump();
    const inBody = await emit({ ...emitted, idempotencyKey: "dep_1 created" });
    const inHeader = await emit(emitted, { "idempotency-key": "dep_1 created" });
    for (const repeat of [inBody, inHeader]) {
      expect(repeat.status).toBe(200);
      expect(repeat.body).toEqual({ ...first.body, created: false });
    }
    expect(await http.dump()).toBe(before);
  });

  test("the same key for other data, or another type, is a conflict", async () => {
    await emit({ ...emitted, idempotencyKey: "k" });
    const before = await http.dump();
    const { status, body } = await emit({ ...emitted, data: { ...deployment, agentName: "x" }, idempotencyKey: "k" });
    expect([status, body.error.code]).toEqual([409, "idempotency_conflict"]);
    expect(await http.dump()).toBe(before);
  });

  test("an idempotency key is its tenant's own", async () => {
    const first = await emit({ ...emitted, idempotencyKey: "k" });
    const body = { ...emitted, idempotencyKey: "k" };
    const second = await http.call({ method: "POST", path: "/v1/orgs/globex/events", body });
    expect(second.status).toBe(202);
    expect(second.body.event.id).not.toBe(first.body.event.id);
  });
});

describe("the feed", () => {
  test("gives the bodies as they are sent, in order (R-STECH-18)", async () => {
    const first = (await emit(emitted)).body.event.id;
    const second = (await emit(emitted)).body.event.id;
    const { events } = await feed();
    expect(events).toEqual(
      [first, second].map((id) => ({
        id,
        type: "deployment.created",
        createdAt: "2026-05-08T14:00:00.000Z",
        organizationId: "acme",
        data: deployment,
      })),
    );
  });

  test("goes on where it ended, with nothing skipped and nothing twice", async () => {
    const ids = [];
    for (let count = 0; count < 5; count += 1) ids.push(await http.emit("acme"));
    const read: string[] = [];
    let cursor = "";
    for (let page = 0; page < 3; page += 1) {
      const { events, nextCursor } = await feed(`?limit=2${cursor}`);
      read.push(...events.map(({ id }) => id));
      cursor = `&cursor=${nextCursor}`;
    }
    expect(read).toEqual(ids);
    const end = await feed(`?limit=2${cursor}`);
    expect(end.events).toEqual([]);
    const later = await http.emit("acme");
    expect((await feed(`?limit=2${cursor}`)).events.map(({ id }) => id)).toEqual([later]);
  });

  test("is of the types that are asked for", async () => {
    await http.emit("acme");
    const data = { deploymentId: "dep_1", agentId: "dep_1", agentName: "a", reason: null, deployedByUserId: null };
    const { event } = (await emit({ type: "deployment.failed", data })).body;
    const { events } = await feed("?types=deployment.failed,agent_run.failed");
    expect(events.map(({ id }) => id)).toEqual([event.id]);
  });

  test("is of one contract, and shows the facts about endpoints when that is asked for", async () => {
    await http.endpoint("acme");
    expect((await feed()).events.map(({ type }) => type)).toEqual(["admin_action.recorded"]);
    const { events } = await feed("?contract=hookwright");
    expect(events.map(({ type }) => type)).toEqual(["endpoint.created"]);
  });

  test("has only the tenant's own events, whatever the cursor", async () => {
    await http.emit("globex");
    const { nextCursor } = (await http.call({ method: "GET", path: "/v1/orgs/globex/events" })).body;
    const own = await http.emit("acme");
    expect((await feed()).events.map(({ id }) => id)).toEqual([own]);
    const foreign = await http.call({ method: "GET", path: `/v1/orgs/acme/events?cursor=${nextCursor}` });
    expect([foreign.status, foreign.body.error.path]).toEqual([400, "cursor"]);
  });
});
