import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { describe, expect, test } from "vitest";
import { authn } from "../../catalog/authn/contract.ts";
import { authnSvix } from "../../catalog/authn/svix-contract.ts";
import { renderEnvelope } from "../../runtime/contracts/envelope.ts";
import { decideOutcome } from "../../runtime/contracts/outcome.ts";
import { requestHeaders } from "../../runtime/contracts/request-headers.ts";
import { signingKeys } from "../../runtime/contracts/signature.ts";
import type { Exchange } from "../../runtime/seams/outbound.ts";
import { authnSvixEventTypes } from "../../runtime/generated/authnSvix/schemas.ts";
import { authnEventTypes } from "../../runtime/generated/authn/schemas.ts";
import { fixtures } from "../../sdks/typescript/src/contracts/authnSvix.fixtures.ts";
import { Webhook } from "../../sdks/typescript/src/contracts/authnSvix.ts";
import { eventTypes, webhookEvent } from "./fixtures/authn-openapi.ts";

/** The example that Svix and Standard Webhooks publish with their libraries. */
const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const attempt = {
  eventId: "evt_1",
  eventType: "user.created",
  endpointId: "whe_1",
  deliveryId: "msg_p5jXN8AQM9LWM0D4loKWxJek",
  attemptId: "wha_1",
  attemptNumber: 1,
  authorization: null,
  body: '{"test": 2432232314}',
  now: 1_614_265_330_999,
};

describe("the request", () => {
  test("has the headers of Svix: the delivery's id, seconds, and a signature keyed with the decoded secret (D-AUTHN-01, D-AUTHN-02, F-AUTHN-09, F-AUTHN-10)", () => {
    expect(requestHeaders(authnSvix, attempt, signingKeys(secret, authnSvix))).toEqual({
      "content-type": "application/json",
      "user-agent": "authn.sh-webhooks/0.1",
      "svix-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
      "svix-timestamp": "1614265330",
      "svix-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    });
  });

  test("two signatures while a rotation lasts, the current one first, parted by a space (R-AUTHN-16, F-AUTHN-07)", () => {
    const keys = [secret, "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX"].flatMap((one) => signingKeys(one, authnSvix));
    const { "svix-signature": both = "" } = requestHeaders(authnSvix, attempt, keys);
    expect(both).toMatch(/^v1,g0hM9SsE\+OTPJTGt\/tmIKtSyZlE3uFJELVlNIOLJ1OE= v1,[A-Za-z0-9+/]{43}=$/);
  });

  test("another attempt has another time and signature, and the same id (D-AUTHN-05)", () => {
    const [first, second] = [attempt, { ...attempt, attemptId: "wha_2", now: attempt.now + 60_000 }].map((of) =>
      requestHeaders(authnSvix, of, signingKeys(secret, authnSvix)),
    );
    const changed = Object.keys(first ?? {}).filter((name) => first?.[name] !== second?.[name]);
    expect(changed).toEqual(["svix-timestamp", "svix-signature"]);
  });

  test("the body has an id, milliseconds and no meta (D-AUTHN-01)", () => {
    const input = { id: "evt_1", endpointId: "whe_1", time: 1_733_428_800_999, tenant: "env_1" };
    const said = { type: "authorizationGrant.revoked", data: { scopes: [] } };
    expect(renderEnvelope(authnSvix.envelope, { ...input, ...said })).toBe(
      '{"id":"evt_1","object":"event","type":"authorizationGrant.revoked","timestamp":1733428800999,' +
        '"instance_id":"env_1","data":{"scopes":[]}}',
    );
  });
});

describe("what the API description says of a body (D-AUTHN-01)", () => {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  const whole = ajv.compile(webhookEvent(null));
  const sent = Object.values(fixtures).flatMap((examples) => Object.values(examples));

  test("has the same event types", () => {
    expect(eventTypes.toSorted()).toEqual(Object.keys(authnSvixEventTypes).toSorted());
    expect(eventTypes).toHaveLength(62);
  });

  test.each(eventTypes)("%s: every example has the form of its resource, and of no other", (type) => {
    const ofType = ajv.compile(webhookEvent(type));
    const examples = sent.filter((event) => event.type === type);
    expect(examples).not.toEqual([]);
    for (const event of examples) {
      expect(ofType(event) ? [] : ofType.errors).toEqual([]);
      expect(whole(event) ? [] : whole.errors).toEqual([]);
    }
  });

  test.each([
    ["no id", { id: undefined }],
    ["seconds", { timestamp: 1.5 }],
    ["a meta", { meta: { surface: "user" } }],
    ["another resource", { data: {} }],
  ])("refuses %s", (_, wrong) => {
    const [event] = sent;
    expect(whole(JSON.parse(JSON.stringify({ ...event, ...wrong })))).toBe(false);
  });
});

describe("delivery", () => {
  const random = (count: number) => new Uint8Array(count);
  const response = (status: number): Exchange => ({ kind: "response", status, body: null, durationMs: 1 });

  test("waits of the server between 10 attempts, after which it is abandoned (F-AUTHN-09)", () => {
    const outcomes = Array.from({ length: 10 }, (_, index) =>
      decideOutcome(authnSvix, response(500), { number: index + 1, random }),
    );
    const hours = [2, 6, 12, 24, 48].map((count) => count * 3600);
    expect(outcomes.map(({ waitMs }) => waitMs)).toEqual(
      [5, 30, 300, 1800, ...hours]
        .map((seconds) => seconds * 1000)
        .concat([Number.NaN])
        .map((ms) => ms || null),
    );
    expect([outcomes.at(-1)?.result, authnSvix.states.exhausted]).toEqual(["exhausted", "abandoned"]);
  });

  test("an answer of 4xx has failed at once; 3xx, 5xx and no answer are tried again (F-AUTHN-09)", () => {
    expect(
      [400, 404, 410, 429].map((status) => decideOutcome(authnSvix, response(status), { number: 1, random }).result),
    ).toEqual(Array(4).fill("rejected"));
    expect(
      [301, 500, 503].map((status) => decideOutcome(authnSvix, response(status), { number: 1, random }).result),
    ).toEqual(Array(3).fill("retry"));
    expect(decideOutcome(authnSvix, { kind: "timeout", detail: "", durationMs: 1 }, { number: 1, random }).result).toBe(
      "retry",
    );
    expect(authnSvix.states).toMatchObject({ delivered: "succeeded", rejected: "failed" });
  });
});

describe("what it has of the page's wire", () => {
  test("its event types, identifiers and secrets (R-AUTHN-17, D-AUTHN-02, D-AUTHN-07)", () => {
    expect(Object.keys(authnSvixEventTypes).toSorted()).toEqual(Object.keys(authnEventTypes).toSorted());
    for (const member of ["ids", "secret", "tenant", "subscription", "url"] as const)
      expect(authnSvix[member]).toBe(authn[member]);
    expect(authnSvix.secret).toMatchObject({ prefix: "whsec_", bytes: 32, encoding: "base64" });
  });

  test("its receiver verifies and reads what is sent, and gives the id that the header has (D-AUTHN-01)", async () => {
    const [event] = Object.values(fixtures["user.created"]);
    const body = JSON.stringify(event);
    const headers = requestHeaders(authnSvix, { ...attempt, body }, signingKeys(secret, authnSvix));
    const webhook = new Webhook(secret, { now: () => attempt.now });
    expect(await webhook.verify(body, headers)).toMatchObject({ type: "user.created", object: "event" });
    await expect(webhook.verify(`${body} `, headers)).rejects.toMatchObject({ code: "no_matching_signature" });
  });
});
