import { afterEach, describe, expect, test } from "vitest";
import { openHttpHarness, type HttpHarness } from "../runtime/http/harness.ts";

let http: HttpHarness;
afterEach(() => http.close());

const path = "/v1/orgs/env_1/webhook-endpoints";
const create = (url: string) =>
  http.call({ method: "POST", path, body: { contract: "authn", url, events: ["user.created"] } });

describe("an endpoint of an environment", () => {
  test("has a secret of whsec_ and 32 bytes in base64, which is shown once (R-AUTHN-05, D-AUTHN-02, D-AUTHN-09)", async () => {
    http = await openHttpHarness();
    const { status, body } = await create("https://acme.example/hooks");
    expect(status).toBe(201);
    expect(body.signingSecret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    const secret = body.signingSecret.slice("whsec_".length);
    expect((await http.call({ method: "GET", path: `${path}/${body.endpoint.id}` })).text).not.toContain(secret);
    expect(await http.dump()).not.toContain(secret);
  });

  test("takes http:// in local mode and https:// alone in production (R-AUTHN-03)", async () => {
    http = await openHttpHarness({ mode: "local" });
    expect((await create("http://acme.example/hooks")).status).toBe(201);
    await http.close();
    http = await openHttpHarness({ mode: "production" });
    expect((await create("http://acme.example/hooks")).body.error.code).toBe("invalid_url");
    expect((await create("https://acme.example/hooks")).status).toBe(201);
  });

  test.each(["authn", "authnSvix"])("of %s gets everything where it names no events (R-AUTHN-04)", async (contract) => {
    http = await openHttpHarness();
    const made = await http.call({ method: "POST", path, body: { contract, url: "https://acme.example/hooks" } });
    expect(made).toMatchObject({ status: 201, body: { endpoint: { events: ["*"] } } });
    const none = { contract, url: "https://acme.example/hooks", events: [] };
    expect((await http.call({ method: "POST", path, body: none })).status).toBe(400);
  });

  test("of another contract has to name some (R-STECH-14)", async () => {
    http = await openHttpHarness();
    const made = await http.call({
      method: "POST",
      path,
      body: { contract: "stech", url: "https://acme.example/hooks" },
    });
    expect(made).toMatchObject({ status: 400, body: { error: { code: "invalid_request", path: "events" } } });
  });
});
