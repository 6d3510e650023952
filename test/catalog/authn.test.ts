import { createSecretKey } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { authn } from "../../catalog/authn/contract.ts";
import { renderEnvelope } from "../../runtime/contracts/envelope.ts";
import { compilePayload } from "../../runtime/contracts/event-data.ts";
import { decideOutcome } from "../../runtime/contracts/outcome.ts";
import { requestHeaders } from "../../runtime/contracts/request-headers.ts";
import { signingKey } from "../../runtime/contracts/signature.ts";
import type { EventType } from "../../runtime/contracts/wire-contract.ts";
import type { Exchange } from "../../runtime/seams/outbound.ts";
import { authnEventTypes } from "../../runtime/generated/authn/schemas.ts";

/** A contract that declares no jitter draws nothing. */
const random = (): never => expect.unreachable("Its waits are exact.");

const eventTypes: Readonly<Record<string, EventType>> = authnEventTypes;
const examples: Readonly<Record<string, Readonly<Record<string, unknown>>>> = authn.examples;

/** The 62 event types as the page lists them, by the version they came with (R-AUTHN-17). */
const page: Readonly<Record<string, string>> = {
  "v0.1": `user.created user.updated user.deleted session.created session.ended session.removed session.revoked
    email.created invitation.created invitation.accepted invitation.revoked`,
  "v0.2": `session.touched organization.created organization.updated organization.deleted
    organizationMembership.created organizationMembership.updated organizationMembership.deleted
    organizationInvitation.created organizationInvitation.accepted organizationInvitation.revoked
    organizationDomain.created organizationDomain.updated organizationDomain.deleted
    organizationMembershipRequest.created organizationMembershipRequest.accepted organizationMembershipRequest.rejected
    role.created role.updated role.deleted permission.created permission.updated permission.deleted`,
  "v0.4": `oauthProvider.created oauthProvider.updated oauthProvider.deleted externalAccount.connected
    externalAccount.unlinked phoneNumber.created phoneNumber.verified phoneNumber.removed`,
  "v0.5": "passkey.added passkey.removed instance.config.appearance_updated localization.updated",
  "v0.6": `enterpriseConnection.created enterpriseConnection.updated enterpriseConnection.deleted
    enterpriseAccount.connected enterpriseAccount.unlinked scimToken.issued scimToken.revoked scimUser.provisioned
    scimUser.deprovisioned`,
  "v0.7": `jwtTemplate.created jwtTemplate.updated jwtTemplate.deleted oauthApplication.created
    oauthApplication.updated oauthApplication.deleted authorizationGrant.granted authorizationGrant.revoked`,
};

describe("event types", () => {
  test("62, each with the version it came with (R-AUTHN-17)", () => {
    const listed = Object.entries(page).flatMap(([since, names]) => names.split(/\s+/).map((name) => [name, since]));
    expect(listed).toHaveLength(62);
    const declared = Object.entries(eventTypes).map(([name, { since }]) => [name, since]);
    expect(declared.toSorted()).toEqual(listed.toSorted());
  });

  test("user.* wraps its user, and nothing else that is a resource is wrapped (R-AUTHN-07, R-AUTHN-18, D-AUTHN-10)", () => {
    for (const [name, { schema }] of Object.entries(eventTypes)) {
      const keys = Object.keys(schema["properties"]);
      if (name.startsWith("user.")) expect(keys).toEqual(["user"]);
      else if (name.startsWith("scimUser."))
        expect(keys).toEqual(["user", "enterprise_connection_id", "organization_id"]); // R-AUTHN-26
      else if (/^(instance|localization)\./.test(name))
        expect(keys).toEqual(["previous", "current", "diff"]); // R-AUTHN-22
      else expect(keys.slice(0, 2)).toEqual(["object", "id"]);
    }
  });

  test("a resource is the same in all events of its group (R-AUTHN-18, R-AUTHN-20, R-AUTHN-21, R-AUTHN-24)", () => {
    const byGroup = Map.groupBy(Object.values(eventTypes), ({ group }) => group);
    for (const group of byGroup.values()) expect(new Set(group.map(({ schema }) => schema)).size).toBe(1);
  });

  test("only grants say something beside their data: who acted (R-AUTHN-29, D-AUTHN-11)", () => {
    const withMeta = Object.entries(eventTypes).filter(([, { meta }]) => meta !== null);
    expect(withMeta.map(([name]) => name)).toEqual(["authorizationGrant.granted", "authorizationGrant.revoked"]);
  });

  test.each(Object.entries(eventTypes))("%s: its examples are what emit takes, unchanged", (name, eventType) => {
    const prepare = compilePayload(name, eventType);
    for (const example of Object.values(examples[name] ?? {})) {
      const payload = eventType.meta === null ? { data: example } : (example as { data: unknown; meta: unknown });
      expect(prepare(payload)).toEqual(payload);
    }
  });
});

describe("what is only written", () => {
  const secrets = [
    ["enterpriseConnection.created", "oidc_client_secret"], // R-AUTHN-23
    ["enterpriseConnection.updated", "saml_signing_key"],
    ["scimToken.issued", "token"], // R-AUTHN-25
    ["jwtTemplate.created", "custom_signing_key"], // R-AUTHN-27
    ["oauthApplication.created", "client_secret"], // R-AUTHN-28
  ] as const;

  test.each(secrets)(
    "%s: %s is refused at emit, and its value is not repeated (R-AUTHN-23 to R-AUTHN-28)",
    (name, key) => {
      const [example] = Object.values(examples[name] ?? {});
      const data = { ...(example as object), [key]: "plaintext" };
      const emit = () => compilePayload(name, authnEventTypes[name])({ data });
      expect(emit).toThrow(`${name}: data.${key}: unknown key`);
      expect(emit).not.toThrow("plaintext");
    },
  );

  test("stands in no schema, no document and no SDK (R-AUTHN-23 to R-AUTHN-28)", () => {
    const files = [
      "runtime/generated/authn/schemas.ts",
      "runtime/generated/openapi.json",
      "sdks/typescript/src/contracts/authn.ts",
      "sdks/typescript/src/contracts/authn.fixtures.ts",
    ];
    const keys = ["oidc_client_secret", "saml_signing_key", "token", "custom_signing_key", "client_secret"];
    // As a key, not as a part of a longer one.
    const asKey = new RegExp(`(?<![\\w.])"?(${keys.join("|")})"?\\??:`);
    for (const file of files) expect(asKey.exec(readFileSync(file, "utf8"))).toBeNull();
  });
});

describe("the envelope", () => {
  const input = {
    id: "evt_01JEB4VXM0A1B2C3D4E5F6G7H8",
    time: 1_733_428_800_000,
    tenant: "env_01JEB4VXM0Z9Y8X7W6V5T4S3R2",
  };
  const user = { object: "user", id: "user_01JEB4VXM0J1K2M3N4P5Q6R7S8", first_name: "Jane" };

  test("user.created, byte for byte (R-AUTHN-06, R-AUTHN-07)", () => {
    expect(renderEnvelope(authn.envelope, { ...input, type: "user.created", data: { user } })).toBe(
      '{"object":"event","id":"evt_01JEB4VXM0A1B2C3D4E5F6G7H8","type":"user.created","occurred_at":1733428800000,' +
        '"environment_id":"env_01JEB4VXM0Z9Y8X7W6V5T4S3R2",' +
        '"data":{"user":{"object":"user","id":"user_01JEB4VXM0J1K2M3N4P5Q6R7S8","first_name":"Jane"}}}',
    );
  });

  test("a grant, with its surface beside the data (R-AUTHN-29, D-AUTHN-11)", () => {
    const said = { data: { object: "authorization_grant" }, meta: { surface: "operator" } };
    expect(renderEnvelope(authn.envelope, { ...input, type: "authorizationGrant.revoked", ...said })).toBe(
      '{"object":"event","id":"evt_01JEB4VXM0A1B2C3D4E5F6G7H8","type":"authorizationGrant.revoked",' +
        '"occurred_at":1733428800000,"environment_id":"env_01JEB4VXM0Z9Y8X7W6V5T4S3R2",' +
        '"data":{"object":"authorization_grant"},"meta":{"surface":"operator"}}',
    );
  });

  test("ids are prefixed ULIDs; a delivery's id leads with its own prefix (R-AUTHN-06, D-AUTHN-05)", () => {
    expect(authn.ids.event).toEqual({ prefix: "evt_", format: "ulid" });
    expect(authn.ids.delivery).toEqual({ prefix: "whd_" });
  });
});

describe("the request", () => {
  const current = signingKey("whsec_test", { signature: authn.signature, secretPrefix: authn.secret.prefix });
  const prior = createSecretKey("whsec_before", "utf8");
  const attempt = {
    eventId: "evt_1",
    eventType: "user.created",
    endpointId: "whe_1",
    deliveryId: "whd_1",
    attemptId: "wha_1",
    attemptNumber: 1,
    authorization: null,
    body: '{"hello":"world"}',
    now: 1_700_000_000_000,
  };
  /** Computed elsewhere (CONTRACTS §6.2). */
  const golden = "v1,zzKhOW+FDNqS+5Z1m4ZA1FO7VeHKDidWH6mx54XRR/c=";

  test("has these headers and no others: the delivery's id, milliseconds, and a signature (R-AUTHN-08 to R-AUTHN-11, R-AUTHN-15, D-AUTHN-02)", () => {
    expect(requestHeaders(authn, attempt, [current])).toEqual({
      "content-type": "application/json",
      "user-agent": "authn.sh-webhooks/0.1",
      "Authn-Signature": golden,
      "Authn-Webhook-Id": "whd_1",
      "Authn-Webhook-Timestamp": "1700000000000",
      "Authn-Event-Type": "user.created",
    });
  });

  test("two segments while a rotation lasts, the current one first, joined by a comma alone (R-AUTHN-16, D-AUTHN-03)", () => {
    const { "Authn-Signature": both = "" } = requestHeaders(authn, attempt, [current, prior]);
    expect(both).toMatch(/^v1,[A-Za-z0-9+/]{43}=,v1,[A-Za-z0-9+/]{43}=$/);
    expect(both.startsWith(`${golden},v1,`)).toBe(true);
  });

  test("another attempt has another timestamp and signature, and the same ids (R-AUTHN-09, D-AUTHN-05)", () => {
    const first = requestHeaders(authn, attempt, [current]);
    const second = requestHeaders(authn, { ...attempt, attemptId: "wha_2", now: attempt.now + 60_000 }, [current]);
    const changed = Object.keys(first).filter((name) => first[name] !== second[name]);
    expect(changed).toEqual(["Authn-Signature", "Authn-Webhook-Timestamp"]);
  });
});

describe("delivery", () => {
  const response = (status: number): Exchange => ({ kind: "response", status, body: null, durationMs: 1 });
  const minutes = (...waits: readonly number[]) => waits.map((wait) => wait * 60_000);

  test("the waits of the page between 8 attempts, after which it has failed (R-AUTHN-13, R-AUTHN-14, D-AUTHN-04)", () => {
    const outcomes = [1, 2, 3, 4, 5, 6, 7, 8].map((number) => decideOutcome(authn, response(500), { number, random }));
    expect(outcomes.map(({ waitMs }) => waitMs)).toEqual([...minutes(1, 5, 30, 60, 360, 720, 1440), null]);
    expect(outcomes.at(-1)?.result).toBe("exhausted");
    expect(authn.states.exhausted).toBe("failed");
    const total = authn.retry.waitsSeconds.reduce((sum, wait) => sum + wait, 0);
    expect(total).toBe((43 * 60 + 36) * 60);
  });

  test.each([301, 304, 400, 401, 404, 408, 410, 429, 500, 503])(
    "%i is tried again (R-AUTHN-12, D-AUTHN-06)",
    (status) => {
      expect(decideOutcome(authn, response(status), { number: 1, random })).toMatchObject({
        result: "retry",
        waitMs: 60_000,
        status,
      });
    },
  );

  test.each(["timeout", "network_error", "address_blocked"] as const)("%s is tried again (R-AUTHN-12)", (kind) => {
    expect(decideOutcome(authn, { kind, detail: "", durationMs: 1 }, { number: 1, random })).toMatchObject({
      result: "retry",
      error: kind,
    });
  });

  test.each([200, 202, 204, 299])("%i is success (R-AUTHN-12)", (status) => {
    expect(decideOutcome(authn, response(status), { number: 1, random }).result).toBe("delivered");
    expect(authn.states.delivered).toBe("succeeded");
  });

  test("declares the rest of its wire (R-AUTHN-04, R-AUTHN-10, R-AUTHN-12, F-AUTHN-06, D-AUTHN-02, D-AUTHN-07, D-AUTHN-08)", () => {
    expect(authn).toMatchObject({
      timeoutSeconds: 30,
      signature: { toleranceSeconds: 300, toleranceSides: "both" },
      secret: {
        prefix: "whsec_",
        bytes: 32,
        encoding: "base64",
        rotation: { kind: "overlap", defaultSeconds: 300, maxSeconds: 86_400 },
      },
      subscription: { wildcard: "*", prefixes: true },
      url: { schemes: ["https"] },
      disable: null,
      log: { responseBodyBytesMax: 8192 },
    });
  });
});
