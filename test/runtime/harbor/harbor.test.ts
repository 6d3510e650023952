import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { WireCatalog } from "../../../runtime/contracts/wire-contract.ts";
import { describePostgres } from "../../postgres/describe-postgres.ts";
import { createDatabase, sharedServer } from "../../postgres/cluster.ts";
import { generateHarbor, openHarbor, receiverIn, sealOf, temporaryFolder, type Harbor } from "./place.ts";

const folder = temporaryFolder();
afterAll(folder.dispose);
let catalog: WireCatalog;
beforeAll(async () => void (catalog = await generateHarbor(folder.path)), 60_000);

describe("a contract that is unlike the others on every axis, on SQLite", () => {
  describeHarbor(async () => ({ database: `${folder.path}/harbor.db`, drop: async () => {} }));
});

describePostgres("a contract that is unlike the others on every axis, on PostgreSQL", () => {
  describeHarbor(async () => {
    const { url, drop } = await createDatabase(await sharedServer());
    return { database: url, drop };
  });
});

const path = "/v1/orgs/rotterdam/webhook-endpoints";
const docked = { shipId: "s_7", berth: "one", from: null, crew: 12 };

test("its headers with numbers are named in what is generated for receivers", () => {
  const read = (path: string) => readFileSync(`${folder.path}/${path}`, "utf8");
  const reference = read("catalog/reference/harbor.md");
  expect(reference).toMatch(/`Harbor-Haul` +\| Which attempt at the delivery it is: 1, and one more with each retry\./);
  expect(reference).toMatch(/`Harbor-Berth` +\| The event's place in the log/);
  const { parameters } = JSON.parse(read("runtime/generated/openapi.json")).components;
  const numbers = Object.values<Record<string, unknown>>(parameters).filter(({ name }) =>
    /Haul|Berth/.test(String(name)),
  );
  expect(numbers.map(({ name, required, schema }) => [name, required, schema])).toEqual([
    ["Harbor-Haul", true, { type: "string", pattern: "^[0-9]+$" }],
    ["Harbor-Berth", false, { type: "string", pattern: "^[0-9]+$" }],
  ]);
});

/** One life of an endpoint: each test goes on where the one before it ended. */
function describeHarbor(open: () => Promise<{ database: string; drop: () => Promise<void> }>): void {
  let place: Awaited<ReturnType<typeof open>>;
  let harbor: Harbor;
  let id = "";
  const secrets: string[] = [];
  const keys: string[] = [];
  beforeAll(async () => {
    place = await open();
    harbor = await openHarbor(catalog, place.database);
  }, 60_000);
  afterAll(async () => {
    await harbor.close();
    await place.drop();
  });

  const emit = async (type: string, data: object) => {
    await harbor.call("POST", "/v1/orgs/rotterdam/events", { type, data });
    await harbor.settle();
  };
  const seals = () => {
    const ring = harbor.rings.at(-1);
    if (ring === undefined) throw new Error("Nothing rang.");
    const [at = "", ...rest] = String(ring.headers["harbor-seal"]).split(" ");
    const time = at.replace(/^at:/, "");
    const shared = rest.filter((seal) => seal.startsWith("h6:"));
    return { ring, time, seals: shared, all: rest, expected: (secret: string) => `h6:${sealOf(secret, ring, time)}` };
  };

  /** What the last ring is to a receiver with this secret or public key: its event's type, or why it is refused. */
  const received = async (secret: string) => {
    const { ring } = seals();
    const { Webhook } = await receiverIn(folder.path);
    const webhook = new Webhook(secret, { now: () => harbor.clock.now() });
    return webhook.verify(ring.body, ring.headers).then(
      (event) => {
        expect(event).toMatchObject({ harbor: "rotterdam", watch: 3, lit: true });
        return Object(event).what;
      },
      (error: unknown) => Object(error).code,
    );
  };

  test("is registered with its own secret, identifier, URL rule and prefixes", async () => {
    const events = ["ship.docked", "ship.pilot.*", "ship.*", "ledger.entry_added"];
    const { status, body } = await harbor.call("POST", path, { url: harbor.receiverUrl, events });
    expect([status, body.endpoint.events]).toEqual([201, ["ship.*", "ledger.entry_added"]]);
    expect(body.signingSecret).toMatch(/^hbr\.[A-Za-z0-9+/]{32}$/);
    expect(body.endpoint.id).toMatch(/^9[0-9]{56}$/);
    id = body.endpoint.id;
    secrets.push(body.signingSecret);
    keys.push(body.endpoint.publicKey);
    const long = await harbor.call("POST", path, { url: `${harbor.receiverUrl}/${"a".repeat(60)}`, events });
    const unknown = await harbor.call("POST", path, { url: harbor.receiverUrl, events: ["boat.*"] });
    expect([long.body.error.code, unknown.body.error.code]).toEqual(["invalid_url", "unknown_event_type"]);
  });

  test("refuses a notice that is longer than it sends", async () => {
    const from = "x".repeat(300);
    const { status, body } = await harbor.call("POST", "/v1/orgs/rotterdam/events", {
      type: "ship.docked",
      data: { ...docked, from },
    });
    expect([status, body.error.code]).toEqual([413, "event_too_large"]);
  });

  test("rings with its own envelope, headers and seal, and its companion after it", async () => {
    await emit("ship.docked", docked);
    expect(harbor.rings).toHaveLength(2);
    // They are sent at the same time, and either may come first.
    const notices = harbor.rings.map(({ body }) => JSON.parse(body));
    const [first, second] = ["ship.docked", "ledger.entry_added"].map((type) =>
      notices.find(({ what }) => what === type),
    );
    const sent = { format: 6, ...docked, what: "ship.docked", lit: true, sender: "harbor-master" };
    expect(first).toEqual({
      ...sent,
      since: expect.any(Number),
      notice: expect.stringMatching(/^nt_[0-9A-HJKMNP-TV-Z]{26}$/),
    });
    const members = Object.keys(docked);
    expect(Object.keys(first)).toEqual(["format", ...members, "what", "sender", "lit", "since", "notice"]);
    expect(Math.abs(first.since - harbor.clock.now() / 1000)).toBeLessThan(60);
    expect(second).toMatchObject({ what: "ledger.entry_added", kind: "docking", subject: "s_7", note: null });
    const { ring, time, seals: given, expected } = seals();
    expect(given).toEqual([expected(secrets[0] ?? "")]);
    expect(Math.abs(Number(time) - harbor.clock.now())).toBeLessThan(60_000);
    expect(ring.headers).toMatchObject({
      ...{ "harbor-bell": id, "harbor-name": "rotterdam", "harbor-watch": "3", "user-agent": "Harbor-Master/6" },
      "content-type": "application/vnd.harbor.notice+json",
    });
    expect(ring.headers["harbor-ring"]).toBe(
      `ring-${JSON.parse(ring.body).notice}_${String(ring.headers["harbor-ring"]).split("_").at(-1)}`,
    );
    expect(ring.headers).not.toHaveProperty("harbor-pass");
    const places = harbor.rings.map((each) => [each.headers["harbor-haul"], Number(each.headers["harbor-berth"])]);
    const [earlier = 0, later = 0] = places.map(([, place]) => Number(place)).toSorted((a, b) => a - b);
    expect(places.map(([haul]) => haul)).toEqual(["1", "1"]);
    expect([earlier > 0, later - earlier]).toEqual([true, 1]);
  });

  test("rings for a test with no place in the log", async () => {
    await harbor.call("POST", `${path}/${id}/test`, { type: "ship.docked" });
    const { headers } = harbor.rings.pop() ?? expect.unreachable();
    expect(headers).toMatchObject({ "harbor-haul": "1", "harbor-bell": id });
    expect(headers).not.toHaveProperty("harbor-berth");
  });

  test("is read by the receiver that was generated for it, with the shared secret or with the public key", async () => {
    expect(keys).toEqual([expect.stringMatching(/^hbp\.[A-Za-z0-9+/]{43}=$/)]);
    expect(["ship.docked", "ledger.entry_added"]).toContain(await received(secrets[0] ?? ""));
    expect(["ship.docked", "ledger.entry_added"]).toContain(await received(keys[0] ?? ""));
    const read = (await harbor.call("GET", `${path}/${id}`)).body;
    expect(read.endpoint.publicKey).toBe(keys[0]);
  });

  test("is tried again by its own table, and keeps as much of an answer as it says", async () => {
    harbor.answers.push({ status: 200, body: "thanks all the same" }, { status: 503, body: "" });
    const headers = { "X-Quay": "north", "X-Quay-Key": "hush" };
    await harbor.call("PATCH", `${path}/${id}`, { headers });
    const before = harbor.rings.length;
    await emit("ship.sailed", { shipId: "s_7", at: 1 });
    const waits = [];
    for (let due = harbor.app.engine.nextDueAt(); due !== null; due = harbor.app.engine.nextDueAt()) {
      waits.push(Math.round((due - harbor.clock.now()) / 1000));
      harbor.clock.skipTo(due);
      await harbor.settle();
    }
    expect(waits).toEqual([11, 13]);
    const rings = harbor.rings.slice(before);
    expect(rings.map(({ headers }) => headers["harbor-haul"])).toEqual(["1", "2", "3"]);
    expect(new Set(rings.map(({ headers }) => headers["harbor-berth"])).size).toBe(1);
    const { deliveries, hasMore } = (await harbor.call("GET", `${path}/${id}/deliveries`)).body;
    expect([deliveries.map(({ status }) => status), hasMore]).toEqual([["aboard", "aboard"], true]);
    const { delivery } = (await harbor.call("GET", `${path}/${id}/deliveries/${deliveries[0]?.id}`)).body;
    expect(delivery.attempts.map(({ error, status, responseBody }) => [status, error, responseBody])).toEqual([
      [200, "not_accepted", "thank"],
      [503, null, null],
      [202, null, null],
    ]);
    // Told from what was kept, they are those that came over the socket, but for secrets and what frames a message.
    const framing = ["connection", "content-length", "host"];
    for (const [index, { headers }] of rings.entries()) {
      const { requestHeaders = {}, responseHeaders } = delivery.attempts[index] ?? {};
      const shown = Object.entries(Object(requestHeaders)).map(([name, value]) => [name.toLowerCase(), value]);
      const sent = Object.entries(headers).filter(([name]) => !framing.includes(name));
      expect(Object.fromEntries(shown)).toEqual({
        ...Object.fromEntries(sent),
        "harbor-seal": "***",
        "x-quay-key": "***",
      });
      expect(responseHeaders).toMatchObject({ connection: "keep-alive", date: expect.stringMatching(/ GMT$/) });
    }
  });

  test("is rotated with an overlap that ends when it says, also across a restart", async () => {
    const rotated = await harbor.call("POST", `${path}/${id}/rotate-secret`, { overlapSeconds: 1800 });
    secrets.unshift(rotated.body.signingSecret);
    keys.unshift(rotated.body.endpoint.publicKey);
    const expiresAt = Date.parse(String(rotated.body.endpoint["previousSecretExpiresAt"]));
    expect(Math.abs(expiresAt - harbor.clock.now() - 1_800_000)).toBeLessThan(60_000);
    await harbor.restart();
    await emit("ship.pilot.boarded", { shipId: "s_7" });
    expect(seals().seals).toEqual(secrets.map(seals().expected));
    expect(seals().all.map((seal) => seal.slice(0, 3))).toEqual(["h6:", "hk:", "h6:", "hk:"]);
    for (const one of [...secrets, ...keys]) expect(await received(one)).toBe("ship.pilot.boarded");
    harbor.clock.skipTo(expiresAt);
    await emit("ship.pilot.boarded", { shipId: "s_7" });
    expect(seals().seals).toEqual([seals().expected(secrets[0] ?? "")]);
    expect(await Promise.all([...secrets, ...keys].map(received))).toEqual([
      "ship.pilot.boarded",
      "no_matching_signature",
      "ship.pilot.boarded",
      "no_matching_signature",
    ]);
    const read = (await harbor.call("GET", `${path}/${id}`)).body;
    expect(read.endpoint["previousSecretExpiresAt"]).toBeNull();
    const tooLong = await harbor.call("POST", `${path}/${id}/rotate-secret`, { overlapSeconds: 3601 });
    expect(tooLong.body.error.message).toBe("overlapSeconds: expected a whole number from 0 to 3600, got 3601.");
  });

  test("turns back, is disabled after its own number of failures, and says so", async () => {
    harbor.answers.push(...[418, 404, 301, 404].map((status) => ({ status, body: "" })));
    for (let count = 0; count < 4; count += 1) await emit("ship.pilot.boarded", { shipId: `s_${count}` });
    const { deliveries } = (await harbor.call("GET", `${path}/${id}/deliveries?limit=3`)).body;
    expect(deliveries.map(({ status, lastError }) => [status, lastError])).toEqual([
      ["turned_back", "moored"],
      ["turned_back", "adrift"],
      ["turned_back", "moored"],
    ]);
    expect((await harbor.call("GET", `${path}/${id}`)).body.endpoint.enabled).toBe(false);
    const facts = (await harbor.call("GET", "/v1/orgs/rotterdam/events?contract=hookwright")).body.events;
    expect(
      facts
        .slice(-5)
        .map(({ type }) => type)
        .toSorted(),
    ).toEqual([
      "delivery.rejected",
      "delivery.rejected",
      "delivery.rejected",
      "delivery.rejected",
      "endpoint.disabled",
    ]);
  });
}
