import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openHttpHarness, start, type HttpHarness } from "./harness.ts";

let http: HttpHarness;
beforeEach(async () => void (http = await openHttpHarness()));
afterEach(() => http.close());

const collection = "/v1/orgs/acme/webhook-endpoints";

async function create(contract: string): Promise<{ path: string; id: string; signingSecret: string }> {
  const body = { url: "https://hooks.acme.example/in", events: ["*"], contract };
  const { endpoint, signingSecret } = (await http.call({ method: "POST", path: collection, body })).body;
  return { path: `${collection}/${endpoint.id}`, id: endpoint.id, signingSecret };
}

const rotate = (path: string, body?: unknown, key?: string) =>
  http.call({
    method: "POST",
    path: `${path}/rotate-secret`,
    ...(body === undefined ? {} : { body }),
    ...(key && { key }),
  });

const eventsOf = async (contract: string) => {
  const { body } = await http.call({ method: "GET", path: `/v1/orgs/acme/events?contract=${contract}` });
  return body.events as readonly Readonly<Record<string, unknown>>[];
};

describe("rotation with an overlap (R-AUTHN-16, D-AUTHN-07)", () => {
  test.each([
    { body: undefined, title: "as long as the contract says", seconds: 24 * 3600 },
    { body: {}, title: "as long as the contract says, with an empty body", seconds: 24 * 3600 },
    { body: { overlapSeconds: 90 }, title: "as long as is asked for", seconds: 90 },
    {
      body: { overlapSeconds: 7 * 24 * 3600 },
      title: "at most as long as the contract allows",
      seconds: 7 * 24 * 3600,
    },
  ])("lasts $title", async ({ body, seconds }) => {
    const { path, id } = await create("hookwright");
    const previousSecretExpiresAt = new Date(start + seconds * 1000).toISOString();
    const answer = await rotate(path, body);
    expect([answer.status, answer.body.endpoint.previousSecretExpiresAt]).toEqual([200, previousSecretExpiresAt]);
    const data = { endpointId: id, contract: "hookwright", actorId: "operator", previousSecretExpiresAt };
    expect((await eventsOf("hookwright")).at(-1)).toMatchObject({ type: "endpoint.secret_rotated", data });
  });

  test("reads say until when, and nothing from that instant on", async () => {
    const { path } = await create("hookwright");
    await rotate(path, { overlapSeconds: 60 });
    const read = async () => (await http.call({ method: "GET", path })).body.endpoint.previousSecretExpiresAt;
    http.clock.moveTo(start + 59_999);
    expect(await read()).toBe("2026-05-08T14:01:00.000Z");
    http.clock.moveTo(start + 60_000);
    expect(await read()).toBeNull();
  });

  test("of no time keeps no secret, also none from before", async () => {
    const { path, id } = await create("hookwright");
    await rotate(path);
    expect((await rotate(path, { overlapSeconds: 0 })).body.endpoint.previousSecretExpiresAt).toBeNull();
    expect((await http.store.endpoints.get({ tenant: "acme", id }))?.previousSecret).toBeNull();
  });

  test.each([
    { contract: "hookwright", overlapSeconds: 7 * 24 * 3600 + 1, says: "a whole number from 0 to 604800, got 604801" },
    { contract: "stech", overlapSeconds: 0, says: 'nothing, got 0: a new secret of the contract "stech" replaces' },
  ])("refuses $overlapSeconds s for $contract, and changes nothing", async ({ contract, overlapSeconds, says }) => {
    const { path } = await create(contract);
    const before = await http.dump();
    const { status, body } = await rotate(path, { overlapSeconds });
    expect([status, body.error.code, body.error.path]).toEqual([400, "invalid_request", "overlapSeconds"]);
    expect(body.error.message).toContain(`overlapSeconds: expected ${says}`);
    expect(await http.dump()).toBe(before);
  });

  test("shows no secret but the new one, and keeps none in the clear", async () => {
    const { path, signingSecret } = await create("hookwright");
    const rotated = await rotate(path);
    const secrets = [signingSecret, rotated.body.signingSecret].map((secret) => secret.slice(6));
    const later = [
      await http.call({ method: "GET", path }),
      await http.call({ method: "GET", path: `${collection}?contract=hookwright` }),
      await http.call({ method: "GET", path: "/v1/orgs/acme/events?contract=hookwright" }),
    ];
    expect(rotated.text).not.toContain(secrets[0]);
    for (const text of [...later.map((answer) => answer.text), await http.dump(), http.logLines.join()]) {
      for (const secret of secrets) expect(text).not.toContain(secret);
    }
  });
});

const actionOn = (targetId: string, verb: string, actorUserId = "operator") => ({
  actionId: null,
  action: `webhook_endpoints.${verb}`,
  actorUserId,
  targetType: "webhook_endpoint",
  targetId,
  reason: null,
});

test("R-STECH-36: rotating a secret is an administrator's action, and is flagged", async () => {
  const key = await http.key("acme", "admin");
  const { path, id } = await create("stech");
  await rotate(path, undefined, key);
  const action = actionOn(id, "secret_rotated", "key_1");
  expect((await eventsOf("stech")).slice(1).map(({ type, data }) => [type, data])).toEqual([
    ["admin_action.recorded", action],
    ["audit.flagged", { kind: "admin_action", ...action }],
  ]);
  const other = await create("hookwright");
  await rotate(other.path);
  expect(await eventsOf("stech")).toHaveLength(3);
});

test("R-STECH-32, F-STECH-06: making, changing and deleting an endpoint is an administrator's action, and is not flagged", async () => {
  const key = await http.key("acme", "admin");
  const { path, id } = await create("stech");
  await http.call({ method: "PATCH", path, body: { description: "ours" }, key });
  await http.call({ method: "DELETE", path, key });
  expect((await eventsOf("stech")).map(({ type, data }) => [type, data])).toEqual([
    ["admin_action.recorded", actionOn(id, "created")],
    ["admin_action.recorded", actionOn(id, "updated", "key_1")],
    ["admin_action.recorded", actionOn(id, "deleted", "key_1")],
  ]);
  await create("hookwright");
  expect(await eventsOf("stech")).toHaveLength(3);
});
