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

describe("emitting several at once", () => {
  const emitAll = (events: readonly object[]) => http.call({ method: "POST", path: `${path}/batch`, body: { events } });
  const named = (agentName: string, more: object = {}) => ({ ...emitted, data: { ...deployment, agentName }, ...more });

  test("answers with each in its order, by one insert, and wakes the engine once", async () => {
    const append = vi.spyOn(http.store.log, "append");
    const names = Array.from({ length: 500 }, (_, index) => `agent ${index}`);
    const { status, body } = await emitAll(names.map((name) => named(name)));
    expect(status).toBe(202);
    expect(body.events.length).toBe(500);
    expect(body.events[0]).toEqual({
      event: { id: expect.any(String), type: "deployment.created", contract: "stech", createdAt: expect.any(String) },
      created: true,
    });
    expect([append.mock.calls.length, http.wakeCount()]).toEqual([1, 1]);
  });

  test("a key that was used gives the first event, also within the batch", async () => {
    const first = await emit(named("a", { idempotencyKey: "a" }));
    const { body } = await emitAll([
      named("b", { idempotencyKey: "b" }),
      named("a", { idempotencyKey: "a" }),
      named("b", { idempotencyKey: "b" }),
    ]);
    const [b, a, again, ...others] = body.events as unknown as readonly { event: { id: string }; created: boolean }[];
    expect([b?.created, a?.created, again?.created, others.length]).toEqual([true, false, false, 0]);
    expect([a?.event.id, again?.event.id]).toEqual([first.body.event.id, b?.event.id]);
  });

  test("none is emitted when one is refused, before the insert or after it", async () => {
    await emit(named("first", { idempotencyKey: "used" }));
    const before = await http.dump();
    const wrong = await emitAll([named("a"), { ...emitted, data: { agentName: 1 } }]);
    expect([wrong.status, wrong.body.error.code, wrong.body.error.path]).toEqual([
      400,
      "invalid_event_data",
      expect.stringMatching(/^events\[1\]\.data/),
    ]);
    const conflict = await emitAll([named("b"), named("other", { idempotencyKey: "used" })]);
    expect([conflict.status, conflict.body.error.code, conflict.body.error.path]).toEqual([
      409,
      "idempotency_conflict",
      "events[1].idempotencyKey",
    ]);
    const many = await emitAll(Array.from({ length: 501 }, () => named("c")));
    expect([many.status, many.body.error.code, (await emitAll([])).status]).toEqual([400, "invalid_request", 400]);
    expect(await http.dump()).toBe(before);
  });
});

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
