import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openHttpHarness, settleAttempt, start, type HttpHarness } from "./harness.ts";

let http: HttpHarness;
let id: string;
let collection: string;
let endpointKey: number;
beforeEach(async () => {
  http = await openHttpHarness();
  id = (await http.endpoint("acme")).id;
  collection = `/v1/orgs/acme/webhook-endpoints/${id}/deliveries`;
  endpointKey = (await http.store.endpoints.get({ tenant: "acme", id }))?.key ?? 0;
});
afterEach(() => http.close());

const list = async (query = "") => (await http.call({ method: "GET", path: collection + query })).body;
const get = async (delivery: string) => (await http.call({ method: "GET", path: `${collection}/${delivery}` })).body;

/** Emits an event and returns where it stands in the log. */
async function emitted(): Promise<{ eventId: string; position: number }> {
  const eventId = await http.emit("acme");
  const events = await http.store.events.list({ tenant: "acme", contract: "stech", types: null, after: 0, limit: 500 });
  return { eventId, position: events.find((event) => event.id === eventId)?.position ?? 0 };
}

async function delivered(): Promise<{ eventId: string; position: number }> {
  const event = await emitted();
  await settleAttempt(http, { endpointKey, ...event }, { result: "delivered", status: 200 });
  return event;
}

describe("the delivery log", () => {
  test("is empty when nothing matched (R-STECH-77, R-STECH-90)", async () => {
    expect(await list()).toEqual({ deliveries: [], hasMore: false });
  });

  test("has a row for each delivery, in the contract's words, without response bodies (R-STECH-79, R-STECH-80, D-STECH-08)", async () => {
    const { eventId, position } = await emitted();
    const responseBody = Buffer.from("the receiver's words");
    const outcome = { result: "delivered", status: 200, responseBody } as const;
    await settleAttempt(http, { endpointKey, position }, outcome);
    const { deliveries, hasMore } = await list();
    expect(hasMore).toBe(false);
    expect(deliveries).toEqual([
      {
        id: expect.stringMatching(new RegExp(`^dlv_${eventId}_[0-9a-f]{12}$`)),
        eventId,
        endpointId: id,
        eventType: "deployment.created",
        status: "delivered",
        attemptCount: 1,
        nextAttemptAt: null,
        lastResponseStatus: 200,
        lastError: null,
        deliveredAt: "2026-05-08T14:00:00.120Z",
        createdAt: "2026-05-08T14:00:00.000Z",
      },
    ]);
  });

  test.each([
    ["delivered", 204, null, "delivered"],
    ["rejected", 404, null, "gave_up"],
    ["rejected", 302, "redirect_blocked", "gave_up"],
    ["rejected", null, "ssrf_blocked", "gave_up"],
    ["exhausted", 503, null, "failed"],
  ] as const)(
    "an attempt that is %s with %s %s makes a delivery %s (R-STECH-63)",
    async (result, status, error, state) => {
      const { position } = await emitted();
      await settleAttempt(http, { endpointKey, position }, { result, status, ...(error === null ? {} : { error }) });
      const [delivery] = (await list()).deliveries;
      expect(delivery).toMatchObject({
        status: state,
        lastResponseStatus: status,
        lastError: error,
        nextAttemptAt: null,
      });
      expect(delivery?.deliveredAt === null).toBe(state !== "delivered");
    },
  );

  test("one that waits is pending and says until when", async () => {
    const { position } = await emitted();
    const outcome = { result: "retry", status: null, error: "timeout", dueAt: start + 60_000 } as const;
    await settleAttempt(http, { endpointKey, position }, outcome);
    expect((await list()).deliveries[0]).toMatchObject({
      status: "pending",
      attemptCount: 1,
      nextAttemptAt: "2026-05-08T14:01:00.000Z",
      lastResponseStatus: null,
      lastError: "timeout",
      deliveredAt: null,
    });
  });

  test("pages go from the newest to the oldest with before and limit (R-STECH-78)", async () => {
    const made = [];
    for (let count = 0; count < 5; count += 1) made.push((await delivered()).eventId);
    const newestFirst = made.toReversed();
    const first = await list("?limit=2");
    expect([first.deliveries.map(({ eventId }) => eventId), first.hasMore]).toEqual([newestFirst.slice(0, 2), true]);
    const second = await list(`?limit=2&before=${first.deliveries[1]?.id}`);
    expect([second.deliveries.map(({ eventId }) => eventId), second.hasMore]).toEqual([newestFirst.slice(2, 4), true]);
    const third = await list(`?limit=2&before=${second.deliveries[1]?.id}`);
    expect([third.deliveries.map(({ eventId }) => eventId), third.hasMore]).toEqual([newestFirst.slice(4), false]);
  });

  test("a page has 50 rows unless asked, and 200 at most (R-STECH-78)", async () => {
    for (let count = 0; count < 51; count += 1) await delivered();
    const page = await list();
    expect([page.deliveries.length, page.hasMore]).toEqual([50, true]);
    expect((await list("?limit=51")).hasMore).toBe(false);
    expect((await http.call({ method: "GET", path: `${collection}?limit=200` })).status).toBe(200);
    expect((await http.call({ method: "GET", path: `${collection}?limit=201` })).status).toBe(400);
  });

  test("before has to be a delivery of this endpoint", async () => {
    await delivered();
    const [delivery] = (await list()).deliveries;
    const other = (await http.endpoint("acme")).id;
    const path = `/v1/orgs/acme/webhook-endpoints/${other}/deliveries?before=${delivery?.id}`;
    const { status, body } = await http.call({ method: "GET", path });
    expect([status, body.error.path]).toEqual([400, "before"]);
  });
});

describe("one delivery", () => {
  test("has all its attempts with the responses' bodies as text (R-STECH-64, R-STECH-80)", async () => {
    const { eventId, position } = await emitted();
    const failed = {
      result: "retry",
      status: 503,
      responseBody: Buffer.from("<h1>Köln</h1>"),
      ownHeaders: { "x-team": "platform", "x-api-key": "hush" },
      responseHeaders: { server: "nginx", "retry-after": "60", "set-cookie": "sid=hush", "x-long": "x".repeat(5000) },
      dueAt: start + 60_000,
    } as const;
    await settleAttempt(http, { endpointKey, position }, failed);
    http.clock.moveTo(start + 60_000);
    const broken = Buffer.from([0x6f, 0x6b, 0xc3]);
    await settleAttempt(
      http,
      { endpointKey, position, number: 2 },
      { result: "delivered", status: 200, responseBody: broken },
    );
    const [row] = (await list()).deliveries;
    const { delivery } = await get(row?.id ?? "");
    const { attempts, ...rest } = delivery;
    expect(rest).toEqual(row);
    const mark = row?.id.slice(-12);
    const headersAt = (number: number, timestamp: string) => ({
      "content-type": "application/json",
      "user-agent": "Stech-Webhooks/1.0",
      "X-Stech-Event": "deployment.created",
      "X-Stech-Delivery": `dla_${eventId}_${mark}_0_${number}`,
      "X-Stech-Timestamp": timestamp,
      "X-Stech-Signature": "***",
      "accept-encoding": "identity",
    });
    expect(attempts).toEqual([
      {
        id: `dla_${eventId}_${mark}_0_1`,
        number: 1,
        startedAt: "2026-05-08T14:00:00.000Z",
        durationMs: 120,
        status: 503,
        error: null,
        state: "pending",
        requestHeaders: { "x-team": "platform", "x-api-key": "***", ...headersAt(1, "1778248800") },
        responseHeaders: { server: "nginx", "retry-after": "60", "set-cookie": "***" },
        headersCut: true,
        responseBody: "<h1>Köln</h1>",
      },
      {
        id: `dla_${eventId}_${mark}_0_2`,
        number: 2,
        startedAt: "2026-05-08T14:01:00.000Z",
        durationMs: 120,
        status: 200,
        error: null,
        state: "delivered",
        requestHeaders: headersAt(2, "1778248860"),
        responseHeaders: null,
        headersCut: false,
        responseBody: "ok\ufffd",
      },
    ]);
  });

  test("is not found under another endpoint, run or event", async () => {
    await delivered();
    const [row] = (await list()).deliveries;
    const other = (await http.endpoint("acme")).id;
    const paths = [
      `/v1/orgs/acme/webhook-endpoints/${other}/deliveries/${row?.id}`,
      `${collection}/${row?.id}_1`,
      `${collection}/${row?.id.replace(/_[0-9a-f-]{36}_/, "_019e0a1c-5d2f-7b3a-8c41-6f2d9e7a5b10_")}`,
      `${collection}/${row?.eventId}`,
    ];
    for (const path of paths) expect((await http.call({ method: "GET", path })).status).toBe(404);
  });
});

describe("redelivery", () => {
  const redeliver = (delivery: string) => http.call({ method: "POST", path: `${collection}/${delivery}/redeliver` });

  test("makes a new delivery of the same event, pending and due at once (R-STECH-75, R-STECH-76)", async () => {
    const { eventId } = await delivered();
    const [original] = (await list()).deliveries;
    http.clock.moveTo(start + 3_600_000);
    const { status, body } = await redeliver(original?.id ?? "");
    expect(status).toBe(202);
    expect(body.delivery).toEqual({
      ...original,
      id: `${original?.id}_1`,
      eventId,
      status: "pending",
      attemptCount: 0,
      nextAttemptAt: "2026-05-08T15:00:00.000Z",
      lastResponseStatus: null,
      deliveredAt: null,
      createdAt: "2026-05-08T15:00:00.000Z",
    });
    expect((await list()).deliveries).toEqual([body.delivery, original]);
  });

  test("wakes the engine", async () => {
    await delivered();
    const before = http.wakeCount();
    await redeliver((await list()).deliveries[0]?.id ?? "");
    expect(http.wakeCount()).toBe(before + 1);
  });

  test("of a redelivery is one more of the same event, and each has its own id", async () => {
    await delivered();
    const ids = [(await list()).deliveries[0]?.id ?? ""];
    for (let count = 0; count < 2; count += 1) ids.push((await redeliver(ids.at(-1) ?? "")).body.delivery.id);
    expect(ids).toEqual([ids[0], `${ids[0]}_1`, `${ids[0]}_2`]);
    expect((await list()).deliveries.map((delivery) => delivery.id)).toEqual(ids.toReversed());
    for (const each of ids) expect((await get(each)).delivery.id).toBe(each);
  });

  test("of an event the endpoint never got is refused", async () => {
    const { eventId } = await emitted();
    await delivered();
    const [other] = (await list()).deliveries;
    const id = other?.id.replace(other.eventId, eventId) ?? "";
    const before = await http.dump();
    expect((await redeliver(id)).status).toBe(404);
    expect(await http.dump()).toBe(before);
  });
});

describe("filters", () => {
  test("choose by the contract's words, type, time, and what was never accepted", async () => {
    await delivered();
    http.clock.moveTo(start + 60_000);
    const refused = await emitted();
    await settleAttempt(http, { endpointKey, ...refused }, { result: "rejected", status: 400 });
    const ids = async (query: string) => (await list(query)).deliveries.map(({ eventId }) => eventId);
    expect(await ids("?status=gave_up")).toEqual([refused.eventId]);
    expect(await ids("?undelivered=true")).toEqual([refused.eventId]);
    expect(await ids("?status=failed")).toEqual([]);
    expect(await ids("?types=deployment.created,deployment.failed&until=2026-05-08T14:00:30.000Z")).toHaveLength(1);
    expect(await ids("?from=2026-05-08T14:00:30.000Z")).toEqual([refused.eventId]);
    for (const time of ["2026-05-08T14:00:30Z", "2026-05-08T14:00:30.0000Z", "2026-05-08T12:00:30-02:00"])
      expect(await ids(`?from=${time}`)).toEqual([refused.eventId]);
    expect(await ids(`?from=${encodeURIComponent("2026-05-08T16:00:30+02:00")}`)).toEqual([refused.eventId]);
    expect(await ids("?types=deployment.failed")).toEqual([]);
    const [{ id: delivery } = { id: "" }] = (await list("?undelivered=true")).deliveries;
    await http.call({ method: "POST", path: `${collection}/${delivery}/redeliver` });
    expect(await ids("?undelivered=true")).toEqual([]);
    expect(await ids("?status=gave_up")).toEqual([refused.eventId]);
  });

  test.each([
    ["status=lost", "pending, delivered, gave_up, failed"],
    ["types=deployment.lost", "deployment.lost"],
    ["from=yesterday", "from"],
  ])("%s is refused", async (query, message) => {
    const { error } = await list(`?${query}`);
    expect(error.message).toContain(message);
  });
});
