import { createHash, createHmac } from "node:crypto";
import { describe, expect, test } from "vitest";
import {
  act,
  allowing,
  ask,
  contract,
  early,
  lastInvocation,
  minting,
  openAnswers,
  openProject,
  tenant,
} from "./project.ts";
import type { Reply } from "./project.ts";

const sign = (secret: string, body: string, time = Math.floor(Date.now() / 1000)) =>
  `t=${time},v1=${createHmac("sha256", secret).update(`${time}.${body}`).digest("hex")}`;

/** Asks a receiver that answers this, and gives what came of it. */
async function judged(reply: Reply | ((secret: string) => Reply)) {
  const app = await openProject();
  let secret = "";
  const receiver = await openAnswers(() => (typeof reply === "function" ? reply(secret) : reply));
  const { action, signingSecret } = await act(app, receiver.url, { failMode: "closed" });
  secret = signingSecret;
  const outcome = await ask(app);
  return { outcome, invocation: await lastInvocation(app, action.id) };
}

const statusOf = async (reply: Parameters<typeof judged>[0]) => {
  const { outcome, invocation } = await judged(reply);
  expect(invocation.status).toBe(outcome.status);
  return outcome.status;
};

describe("a question", () => {
  test("is one signed request in the declared envelope (F-AUTHIO-03, R-AUTHIO-18, D-AUTHIO-01, D-AUTHIO-02)", async () => {
    const app = await openProject();
    const receiver = await openAnswers(allowing);
    const { action, signingSecret } = await act(app, receiver.url);
    const outcome = await ask(app);
    expect(receiver.received).toHaveLength(1);
    const [{ headers, body } = { headers: {}, body: "" }] = receiver.received;
    const [, time = "", digest = ""] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(headers["authio-signature"])) ?? [];
    expect(digest).toBe(createHmac("sha256", signingSecret).update(`${time}.${body}`).digest("hex"));
    expect(JSON.parse(body)).toEqual({
      id: outcome.invocationId,
      object: "action_event",
      trigger: "pre_token_mint",
      action_id: action.id,
      project_id: tenant,
      created_at: expect.stringMatching(/^\d{4}-.*\.\d{3}Z$/),
      ...minting,
    });
    expect(headers).toMatchObject({
      "content-type": "application/json",
      "user-agent": "Authio-Actions/1.0",
      "authio-action-id": action.id,
      "authio-invocation-id": outcome.invocationId,
      "authio-trigger": "pre_token_mint",
    });
    expect(action.id).toMatch(/^action_[0-9A-Z]{26}$/);
    expect(outcome.invocationId).toMatch(/^inv_[0-9A-Z]{26}$/);
  });

  test("is refused before anybody is asked when its data are not the trigger's, or it comes in a transaction", async () => {
    const app = await openProject();
    const receiver = await openAnswers(allowing);
    await act(app, receiver.url);
    const put = (trigger: string, more: object) => app.ask(contract.id, trigger, { tenant, data: early, ...more });
    await expect(put("pre_token_mint", {})).rejects.toMatchObject({ code: "invalid_event_data", path: "data.claims" });
    await expect(put("pre_mint", {})).rejects.toMatchObject({ code: "unknown_event_type" });
    await expect(put("pre_register", { tx: {} })).rejects.toMatchObject({ code: "invalid_request", path: "tx" });
    await expect(app.ask("stech", "pre_register", { tenant, data: early })).rejects.toMatchObject({
      code: "unknown_contract",
    });
    expect(receiver.received).toEqual([]);
  });

  test("at a trigger without an action is allowed, and nobody is asked", async () => {
    const app = await openProject();
    expect(await ask(app)).toMatchObject({ decision: "allow", status: null, actionId: null, overrides: {} });
  });
});

describe("a verdict (F-AUTHIO-05)", () => {
  test.each([
    ['{"decision":"allow"}'],
    ["{}"],
    ['{"decision":"perhaps","extra":1}'],
    ['{"decision":"allow","deny_code":"x"}'],
  ])("%s is ok and lets it go on", async (body) => {
    const { outcome, invocation } = await judged({ body });
    expect(outcome).toMatchObject({ decision: "allow", status: "ok", code: null, error: null, httpStatus: 200 });
    expect(invocation.responseSha256).toBe(createHash("sha256").update(body).digest("hex"));
  });

  test("that is an empty body is ok, whatever its content type (D-AUTHIO-05)", async () => {
    const { outcome, invocation } = await judged({ body: "", headers: { "content-type": "text/plain" } });
    expect(outcome).toMatchObject({ decision: "allow", status: "ok", verdict: {} });
    expect(invocation.responseSha256).toBeNull();
  });

  test("that denies always blocks, with its code and reason in the row (R-AUTHIO-26, F-AUTHIO-06)", async () => {
    const app = await openProject();
    const verdict = { decision: "deny", deny_code: "fraud_review", deny_reason: "seen\0 before" };
    const receiver = await openAnswers(() => ({ body: JSON.stringify(verdict) }));
    const { action } = await act(app, receiver.url, { failMode: "open" });
    const denied = { status: "rejected", code: "fraud_review", reason: "seen\0 before", verdict };
    expect(await ask(app)).toMatchObject({ decision: "deny", ...denied });
    expect(await lastInvocation(app, action.id)).toMatchObject({
      status: "rejected",
      denyCode: "fraud_review",
      denyReason: "seen\ufffd before",
      error: null,
    });
  });
});

describe("null in a member of an answer is its absence (F-AUTHIO-05)", () => {
  const allNull = {
    deny_reason: null,
    deny_code: null,
    override_claims: null,
    override_roles: null,
    append_audit: null,
  };

  test("so that it is a verdict like any other", async () => {
    const { outcome } = await judged({ body: JSON.stringify({ decision: "allow", ...allNull }) });
    expect(outcome).toMatchObject({ decision: "allow", status: "ok", error: null, verdict: { decision: "allow" } });
    expect(await statusOf({ body: '{"decision":null}' })).toBe("ok");
  });

  test("and a claim that is null is a claim", async () => {
    const { outcome } = await judged({ body: '{"override_claims":{"plan":null}}' });
    expect(outcome.overrides).toEqual({ override_claims: { plan: null } });
  });
});

describe("a denial blocks, whatever else is wrong with the answer and whatever the fail mode (F-AUTHIO-06)", () => {
  const deny = (more: object) => JSON.stringify({ decision: "deny", deny_code: "fraud_review", ...more });
  const json = { "content-type": "application/json" };
  async function openly(reply: Reply, trigger: "pre_token_mint" | "post_token_mint" = "pre_token_mint") {
    const app = await openProject();
    const receiver = await openAnswers(() => reply);
    const { action } = await act(app, receiver.url, { failMode: "open", trigger });
    const outcome = await app.ask(contract.id, trigger, { tenant, data: minting });
    return { outcome, invocation: await lastInvocation(app, action.id) };
  }

  test.each<[string, string, Reply]>([
    ["a reason that is null", "rejected", { body: deny({ deny_reason: null }) }],
    ["a reason that is no text", "invalid_response", { body: deny({ deny_reason: 5 }) }],
    ["roles that are no list", "invalid_response", { body: deny({ override_roles: "admin" }) }],
    ["another content type", "invalid_response", { body: deny({}), headers: { "content-type": "text/plain" } }],
    ["bytes that are no UTF-8", "invalid_response", { body: Buffer.from(deny({ x: "\xff" }), "latin1") }],
    ["a status that is none of success", "http_error", { status: 403, body: deny({}) }],
    [
      "a signature that is malformed",
      "invalid_response",
      { body: deny({}), headers: { ...json, "authio-response-signature": "x" } },
    ],
    [
      "a signature of another secret",
      "invalid_signature",
      { body: deny({}), headers: { ...json, "authio-response-signature": sign("asec_other", deny({})) } },
    ],
  ])("with %s", async (_name, status, reply) => {
    const { outcome, invocation } = await openly(reply);
    expect(outcome).toMatchObject({ decision: "deny", status, code: "fraud_review" });
    expect(invocation).toMatchObject({ status, denyCode: "fraud_review" });
  });

  test("but not where an answer changes nothing, and not where it does not deny", async () => {
    expect((await openly({ body: deny({}) }, "post_token_mint")).outcome.decision).toBe("allow");
    expect((await openly({ status: 500, body: '{"decision":"allow"}' })).outcome.decision).toBe("allow");
    expect((await openly({ status: 500, body: '[{"decision":"deny"}]' })).outcome.decision).toBe("allow");
  });
});

describe("an answer is invalid_response", () => {
  const json = { "content-type": "application/json" };
  test.each<[string, Reply]>([
    ["that is not JSON (R-AUTHIO-19)", { body: "{" }],
    ["of white space alone (D-AUTHIO-05)", { body: " \n" }],
    ["that is no object (D-AUTHIO-05)", { body: "[]" }],
    ["that is null", { body: "null" }],
    ["with a member of another type (D-AUTHIO-05)", { body: '{"override_roles":"admin"}' }],
    ["that is not UTF-8 (R-AUTHIO-34)", { body: Buffer.from('{"deny_code":"\xff"}', "latin1") }],
    ["of another content type (R-AUTHIO-34)", { body: "{}", headers: { "content-type": "text/html" } }],
    [
      "in another charset (R-AUTHIO-34)",
      { body: "{}", headers: { "content-type": "application/json; charset=latin1" } },
    ],
    ["without a content type", { body: "{}", headers: {} }],
    ["of 65,537 bytes (R-AUTHIO-20)", { body: `{"x":"${"y".repeat(65_529)}"}` }],
    ...["v1=00", "t=1", "t=x,v1=" + "0".repeat(64), "t=1,v1=" + "0".repeat(63), "garbage", ""].map(
      (value): [string, Reply] => [
        `with the signature ${JSON.stringify(value)} (R-AUTHIO-21)`,
        { body: "{}", headers: { ...json, "authio-response-signature": value } },
      ],
    ),
  ])("%s", async (_name, reply) => {
    const { outcome } = await judged(reply);
    expect(outcome).toMatchObject({ status: "invalid_response", decision: "deny", verdict: null });
    expect(outcome.error).toMatch(/\S/);
  });

  test.each(["application/json; charset=utf-8; profile=x", 'application/json;profile="a=b" ; Charset="UTF8"'])(
    "but not one of the type %s",
    async (type) => {
      expect(await statusOf({ body: "{}", headers: { "content-type": type } })).toBe("ok");
    },
  );

  test("but not one of 65,536 bytes (D-AUTHIO-08)", async () => {
    expect(await statusOf({ body: `{"x":"${"y".repeat(65_528)}"}` })).toBe("ok");
  });
});

describe("a signed answer (R-AUTHIO-22 to R-AUTHIO-24, D-AUTHIO-03)", () => {
  const body = '{"decision":"allow"}';
  const signed = (signature: string, sent = body): Reply => ({
    body: sent,
    headers: { "content-type": "application/json", "authio-response-signature": signature },
  });
  const now = () => Math.floor(Date.now() / 1000);

  test("is ok with the request's secret, also among others and within 300 seconds", async () => {
    expect(await statusOf((secret) => signed(sign(secret, body)))).toBe("ok");
    expect(await statusOf((secret) => signed(sign(secret, body, now() - 295)))).toBe("ok");
    expect(await statusOf((secret) => signed(`${sign(secret, body)}, v1=${"0".repeat(64)}, v0=1`))).toBe("ok");
  });

  test.each<[string, RegExp, (secret: string) => Reply]>([
    ["with another secret", /wrong_signature/, () => signed(sign("asec_other", body))],
    ["over a body that was changed after it", /wrong_signature/, (secret) => signed(sign(secret, body), `${body}\n`)],
    ["that is too old", /wrong_clock: .* 40\d s behind/, (secret) => signed(sign(secret, body, now() - 402))],
    ["that is of the future", /wrong_clock: .* 40\d s ahead/, (secret) => signed(sign(secret, body, now() + 405))],
  ])("is invalid_signature %s, and the log says why", async (_name, why, reply) => {
    const { outcome, invocation } = await judged(reply);
    expect(outcome).toMatchObject({ status: "invalid_signature", decision: "deny", verdict: null });
    expect(invocation.error).toMatch(why);
  });

  test.each([
    ["t=1", "missing v1="],
    ["", "missing t= and v1="],
    [`v1=${"0".repeat(64)}`, "missing t="],
  ])("with a part missing, %j, is invalid_response and the log says which (R-AUTHIO-21)", async (header, why) => {
    const { invocation } = await judged(signed(header));
    expect(invocation).toMatchObject({ status: "invalid_response", error: expect.stringContaining(why) });
  });
});

describe("of two that fit, the first (D-AUTHIO-04)", () => {
  const broken = { "content-type": "text/html", "authio-response-signature": "t=1,v1=" + "0".repeat(64) };
  test("http_error before invalid_response", async () => {
    expect(await statusOf({ status: 500, headers: broken, body: "{" })).toBe("http_error");
  });
  test("invalid_response before invalid_signature", async () => {
    expect(await statusOf({ headers: broken, body: "{" })).toBe("invalid_response");
  });
  test("invalid_signature before rejected", async () => {
    const headers = { ...broken, "content-type": "application/json" };
    expect(await statusOf({ headers, body: '{"decision":"deny"}' })).toBe("invalid_signature");
  });
});

test("a status that is not 2xx is http_error, with the exact one in the row (R-AUTHIO-16)", async () => {
  for (const status of [401, 404, 500, 503]) {
    const { outcome, invocation } = await judged({ status, body: '{"decision":"allow"}' });
    expect([outcome.status, invocation.httpStatus]).toEqual(["http_error", status]);
  }
});

test("a redirect is refused and not followed (R-AUTHIO-35)", async () => {
  const elsewhere = await openAnswers(allowing);
  const { outcome } = await judged({ status: 307, headers: { location: elsewhere.url } });
  expect(outcome).toMatchObject({ status: "http_error", httpStatus: 307, error: "redirect_refused", decision: "deny" });
  expect(elsewhere.received).toEqual([]);
});

describe("the fail mode (D-AUTHIO-06)", () => {
  test("open lets it go on without a verdict, and is the default", async () => {
    const app = await openProject();
    const { url } = await openAnswers(() => ({ status: 500 }));
    const { action } = await act(app, url);
    expect(action.failMode).toBe("open");
    expect(await ask(app)).toMatchObject({ decision: "allow", status: "http_error" });
  });

  test("and a denial count for nothing at an informational trigger (F-AUTHIO-01)", async () => {
    const app = await openProject();
    const { url } = await openAnswers((_received, number) =>
      number === 0 ? { status: 500 } : { body: '{"decision":"deny","override_roles":["a"]}' },
    );
    await act(app, url, { trigger: "post_token_mint", failMode: "closed" });
    const put = () => app.ask(contract.id, "post_token_mint", { tenant, data: minting });
    expect(await put()).toMatchObject({ decision: "allow", status: "http_error" });
    expect(await put()).toMatchObject({ decision: "allow", status: "rejected", overrides: {} });
  });
});
