import { describe, expect, test } from "vitest";
import { stech } from "../../catalog/stech/contract.ts";
import { examples } from "../../catalog/stech/examples.ts";
import { renderEnvelope } from "../../runtime/contracts/envelope.ts";
import { createNewId } from "../../runtime/contracts/identifier.ts";
import { requestHeaders } from "../../runtime/contracts/request-headers.ts";
import { signingKey } from "../../runtime/contracts/signature.ts";
import { stechEventTypes } from "../../runtime/generated/stech/schemas.ts";

function keysOf(type: "promoted_to_canary" | "promoted_to_stable" | "rolled_back"): readonly string[] {
  return Object.keys(stechEventTypes[`agent_version.${type}`].schema.properties);
}

test("an event and its deliveries have ids of UUID version 7, which ascend (D-STECH-11)", () => {
  const newId = createNewId((count) => new Uint8Array(count).fill(7));
  const [first, second] = [newId(stech.ids.event, 1), newId(stech.ids.event, 1)];
  expect(first).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-/);
  expect(second > first).toBe(true);
});

describe("event types", () => {
  test("a version is deployed before it is live, which the type says (R-STECH-29)", () => {
    expect(stechEventTypes["agent_version.deployed"].details).toContain("queued and not yet live");
  });

  test("both promotions have one shape; a rollback is a type of its own with the version as well (R-STECH-30, R-STECH-31)", () => {
    expect(stechEventTypes["agent_version.promoted_to_stable"].schema).toBe(
      stechEventTypes["agent_version.promoted_to_canary"].schema,
    );
    expect(keysOf("rolled_back").toSorted()).toEqual([...keysOf("promoted_to_stable"), "versionId"].toSorted());
  });

  test("a flag is told apart by its kind: an action, a guardrail, a failure rate, a cap (R-STECH-33 to R-STECH-35, D-STECH-12)", () => {
    expect(Object.values(examples["audit.flagged"]).map(({ kind }) => kind)).toEqual([
      "admin_action",
      "agent_run_blocked",
      "agent_failure_rate",
      "usage_soft_cap",
      "usage_hard_cap",
    ]);
  });

  test("a rotated secret is told with these data (R-STECH-36)", () => {
    const { actionId, action, targetType, reason } = examples["admin_action.recorded"]["a rotated secret"];
    expect([actionId, action, targetType, reason]).toEqual([
      null,
      "webhook_endpoints.secret_rotated",
      "webhook_endpoint",
      null,
    ]);
  });
});

test("the envelope, byte for byte (R-STECH-18 to R-STECH-23)", () => {
  const input = {
    id: "0190b0a4-2f6e-7c3a-9d51-0e8f7a6b5c4d",
    type: "scim.group_added",
    time: Date.parse("2026-05-08T14:02:11.482Z"),
    tenant: "org_2t4bq9w1x7",
    data: { groupId: "grp_1", externalId: null },
  };
  expect(renderEnvelope(stech.envelope, input)).toBe(
    '{"id":"0190b0a4-2f6e-7c3a-9d51-0e8f7a6b5c4d","type":"scim.group_added","createdAt":"2026-05-08T14:02:11.482Z",' +
      '"organizationId":"org_2t4bq9w1x7","data":{"groupId":"grp_1","externalId":null}}',
  );
});

describe("the request", () => {
  const secret = `whsec_${"a".repeat(64)}`;
  const keys = [signingKey(secret, { signature: stech.signature, secretPrefix: stech.secret.prefix })];
  const attempt = {
    eventId: "evt_1",
    eventType: "deployment.failed",
    endpointId: "whe_1",
    deliveryId: "dlv_1",
    attemptId: "dla_1",
    attemptNumber: 1,
    authorization: null,
    body: '{"hello":"world"}',
    now: 1_700_000_000_999,
  };

  test("is signed once, with the whole secret as text, over whole seconds and the body (R-STECH-42 to R-STECH-46, R-STECH-74, D-STECH-14)", () => {
    expect(requestHeaders(stech, attempt, keys)).toEqual({
      "content-type": "application/json",
      "user-agent": "Stech-Webhooks/1.0",
      "X-Stech-Event": "deployment.failed",
      "X-Stech-Delivery": "dla_1",
      "X-Stech-Timestamp": "1700000000",
      "X-Stech-Signature": "sha256=6b030e4d392c2568a846672721c4bc8ca4927db3ed33e92ab181bff06c24618f",
    });
  });

  test("a retry has the same body under another delivery header, timestamp and signature (R-STECH-42, R-STECH-68, D-STECH-01)", () => {
    const first = requestHeaders(stech, attempt, keys);
    const retry = requestHeaders(stech, { ...attempt, attemptId: "dla_2", now: attempt.now + 60_000 }, keys);
    const changed = Object.keys(first).filter((name) => first[name] !== retry[name]);
    expect(changed).toEqual(["X-Stech-Delivery", "X-Stech-Timestamp", "X-Stech-Signature"]);
  });
});

describe("delivery", () => {
  test("7 attempts with these waits between them, 38 h 31 min in all (R-STECH-59 to R-STECH-62, D-STECH-02)", () => {
    const { waitsSeconds } = stech.retry;
    expect(waitsSeconds).toEqual([60, 300, 1500, 7200, 43_200, 86_400]);
    expect(waitsSeconds.reduce((sum, wait) => sum + wait, 0)).toBe((38 * 60 + 31) * 60);
  });

  test("its states have the words of the page (R-STECH-53, R-STECH-55, R-STECH-61, R-STECH-63)", () => {
    expect(stech.states).toEqual({
      pending: "pending",
      delivered: "delivered",
      rejected: "gave_up",
      exhausted: "failed",
    });
  });

  test.each([
    ["a window of 300 s to both sides (R-STECH-47, R-STECH-48)", "signature.toleranceSeconds", 300],
    ["a window of 300 s to both sides (R-STECH-47, R-STECH-48)", "signature.toleranceSides", "both"],
    ["a secret of 64 hexadecimal digits (R-STECH-04)", "secret.bytes", 32],
    ["a secret of 64 hexadecimal digits (R-STECH-04)", "secret.encoding", "hex"],
    ["a rotation that holds at once (R-STECH-71, R-STECH-74)", "secret.rotation.kind", "atomic"],
    ["30 s for an attempt (R-STECH-58)", "timeoutSeconds", 30],
    ["50 failures in a row (R-STECH-66)", "disable.consecutiveFailures", 50],
    ["the wildcard (R-STECH-38, R-STECH-39)", "subscription.wildcard", "*"],
    ["no other patterns (R-STECH-38, R-STECH-41)", "subscription.prefixes", false],
    ["https alone (R-STECH-11, R-STECH-82)", "url.schemes", ["https"]],
    ["URLs of 2048 characters (R-STECH-12)", "url.lengthMax", 2048],
    ["8 KiB of a response (R-STECH-80, R-STECH-81)", "log.responseBodyBytesMax", 8192],
    ["pages of 50 (R-STECH-78)", "log.pageDefault", 50],
    ["pages of at most 200 (R-STECH-78)", "log.pageMax", 200],
  ])("declares %s: %s", (_, path, value) => {
    expect(stech).toHaveProperty(path, value);
  });
});
