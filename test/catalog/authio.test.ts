import { Value } from "@sinclair/typebox/value";
import { describe, expect, expectTypeOf, test } from "vitest";
import { authio } from "../../catalog/authio/contract.ts";
import { exampleEvents } from "../../generator/example-events.ts";
import type { AskOutcome } from "../../runtime/asker.ts";
import type { Askers } from "../../runtime/generated/catalog.ts";
import { catalog } from "../../runtime/generated/catalog.ts";
import type { TokenQuestion, Verdict } from "../../runtime/generated/authio/schemas.ts";
import { fieldsOf, presence, readContract } from "./read-contract.ts";

const contract = readContract("authio");

test("F-AUTHIO-01: six triggers, of which four decide, one of these overrides, and two are told", () => {
  expect(Object.keys(authio.triggers)).toEqual(contract.events.map(({ name }) => name));
  expect(Object.entries(authio.triggers).map(([name, { answer }]) => [name, answer])).toEqual([
    ["pre_authenticate", "decides"],
    ["post_authenticate", "decides"],
    ["pre_token_mint", "decides-and-overrides"],
    ["post_token_mint", "informational"],
    ["pre_register", "decides"],
    ["post_register", "informational"],
  ]);
});

describe("D-AUTHIO-01: a question", () => {
  const fieldsAt = (trigger: string) =>
    fieldsOf(contract, contract.events.find(({ name }) => name === trigger)?.data ?? "");

  test("may not know its user before somebody is known", () => {
    const nullable = contract.events.filter(({ name }) => fieldsAt(name).get("user")?.nullable === true);
    expect(nullable.map(({ name }) => name)).toEqual(["pre_authenticate", "pre_register"]);
  });

  test("may have no session, but where a token is minted", () => {
    const sure = contract.events.filter(({ name }) => fieldsAt(name).get("session")?.nullable === false);
    expect(sure.map(({ name }) => name)).toEqual(["pre_token_mint", "post_token_mint"]);
  });

  test("has claims only where a token is minted", () => {
    const having = contract.events.filter(({ name }) => fieldsAt(name).has("claims"));
    expect(having.map(({ name }) => name)).toEqual(["pre_token_mint", "post_token_mint"]);
  });

  test("stands in its envelope, in the order of the wire", () => {
    const minted = contract.events.find(({ name }) => name === "pre_token_mint");
    const [first] = minted === undefined ? [] : exampleEvents(contract, minted);
    const named = { ...first?.event, id: "inv_1", action_id: "action_1", created_at: "2026-05-08T15:00:00.000Z" };
    expect(JSON.stringify(named)).toBe(
      '{"id":"inv_1","object":"action_event","trigger":"pre_token_mint","action_id":"action_1",' +
        '"project_id":"proj_7c2k8w3n5t","created_at":"2026-05-08T15:00:00.000Z",' +
        '"user":{"id":"usr_9q1b6s3f0a","email":"robin@acme.example"},' +
        '"session":{"id":"ses_4kpq2v8m1x","organization_id":"org_2t4bq9w1x7"},' +
        '"claims":{"iss":"https://auth.acme.example","sub":"usr_9q1b6s3f0a","roles":["member"],' +
        '"permissions":["projects:read"]},' +
        '"request":{"ip":"203.0.113.24","user_agent":"Mozilla/5.0","method":"passkey"},"metadata":{}}',
    );
  });

  test("has ids that begin as the page says (R-AUTHIO-39)", () => {
    expect([authio.ids.event.prefix, authio.ids.endpoint.prefix]).toEqual(["inv_", "action_"]);
  });
});

test("R-AUTHIO-05, D-AUTHIO-15: each trigger has a test question, and only it says so", () => {
  for (const { name, examples } of contract.events) {
    const marked = examples.filter(({ data }) => JSON.stringify(data).includes('"metadata":{"test":true}'));
    expect([name, marked.map((example) => example.name)]).toEqual([name, [authio.testExample]]);
  }
});

describe("F-AUTHIO-05: the verdict", () => {
  const check = (value: unknown) => Value.Check(catalog.authio.verdict, value);

  test("has seven members, and each may be left out", () => {
    expect(presence(fieldsOf(contract, contract.verdict ?? ""))).toEqual({
      required: "",
      optional: "decision deny_reason deny_code override_claims override_roles override_permissions append_audit",
    });
  });

  test("may be empty, undecided, or say more than is known", () => {
    for (const verdict of [{}, { decision: "deny" }, { decision: "shrug" }, { decision: "allow", mood: "good" }])
      expect([verdict, check(verdict)]).toEqual([verdict, true]);
  });

  test("is invalid with a member of another type (D-AUTHIO-05)", () => {
    for (const verdict of [
      { decision: 1 },
      { deny_code: null },
      { override_roles: "admin" },
      { override_claims: [] },
      [],
    ])
      expect([verdict, check(verdict)]).toEqual([verdict, false]);
  });

  test("F-AUTHIO-07, F-AUTHIO-08, D-AUTHIO-16: what it may override", () => {
    const reserved =
      "iss sub aud exp iat nbf jti kind roles permissions widget_origins widget_scope organization_id tenant_id";
    expect(authio.verdict.overrides).toEqual({
      override_claims: { reserved: reserved.split(" ") },
      override_roles: { reserved: [], setting: "roles_action_override", known: "roles" },
      override_permissions: { reserved: [], setting: "roles_action_override", known: "permissions" },
    });
  });

  test("R-AUTHIO-20, R-AUTHIO-21, R-AUTHIO-33, D-AUTHIO-08: its size, and the header that signs it", () => {
    expect(authio.verdict).toMatchObject({
      denies: "deny",
      code: "deny_code",
      reason: "deny_reason",
      bytesMax: 65_536,
      signatureHeader: "Authio-Response-Signature",
    });
  });
});

test("R-AUTHIO-06, D-AUTHIO-04: statuses, in the order in which they are decided", () => {
  expect(Object.entries(authio.statuses)).toEqual([
    ["killed", "killed"],
    ["address_blocked", "ssrf_blocked"],
    ["network_error", "network_error"],
    ["timeout", "timeout"],
    ["http_error", "http_error"],
    ["invalid_response", "invalid_response"],
    ["invalid_signature", "invalid_signature"],
    ["denied", "rejected"],
    ["allowed", "ok"],
  ]);
});

test("R-AUTHIO-14, D-AUTHIO-06, D-AUTHIO-07, F-AUTHIO-02: time, fail mode, and one action at a trigger", () => {
  expect(authio.timeoutMs).toEqual({ default: 3000, min: 100, max: 5000 });
  expect([authio.failMode.default, authio.activeMax]).toEqual(["open", 1]);
});

test("R-AUTHIO-02, R-AUTHIO-15, R-AUTHIO-17, F-AUTHIO-10: the log and the kill switch", () => {
  expect(authio.log).toEqual({ invocationsMax: 100 });
  expect(authio.killSwitch).toEqual({
    errorRate: 0.5,
    timeoutRate: 0.5,
    windowSeconds: 300,
    evaluateEvery: 100,
    serverErrorsMax: 100,
  });
});

test("F-AUTHIO-03, D-AUTHIO-02: the headers", () => {
  expect(authio.headers).toEqual({
    "Authio-Signature": "signature",
    "Authio-Action-Id": "endpoint.id",
    "Authio-Invocation-Id": "event.id",
    "Authio-Trigger": "event.type",
  });
  expect(authio).toMatchObject({ userAgent: "Authio-Actions/1.0", signature: { toleranceSides: "both" } });
});

test("R-AUTHIO-11, R-AUTHIO-36, D-AUTHIO-10, D-AUTHIO-11: secrets, and where nothing is sent", () => {
  expect(authio.secret).toMatchObject({
    prefix: "asec_",
    bytes: 32,
    rotation: { kind: "atomic" },
    fingerprint: "sha256",
  });
  expect(authio.url).toEqual({ schemes: ["https"], lengthMax: 2048, ownDomains: ["authio.com"] });
});

test("a question is asked with its own data, and comes back with a verdict", () => {
  type Ask = Askers["authio"]["ask"];
  expectTypeOf<keyof Askers>().toEqualTypeOf<"authio">();
  expectTypeOf<ReturnType<Ask>>().toEqualTypeOf<Promise<AskOutcome<Verdict>>>();
  const minting = ({ ask }: { ask: Ask }, data: TokenQuestion) => ask("pre_token_mint", { tenant: "proj_1", data });
  expectTypeOf(minting).returns.resolves.toEqualTypeOf<AskOutcome<Verdict>>();
  const early = ({ ask }: { ask: Ask }, data: Omit<TokenQuestion, "session">) =>
    // @ts-expect-error a token is minted in a session
    ask("pre_token_mint", { tenant: "proj_1", data });
  expectTypeOf(early).toBeFunction();
});
