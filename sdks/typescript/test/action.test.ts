import { describe, expect, expectTypeOf, test } from "vitest";
import type { Allow, Deny, Override } from "../src/core/action.ts";
import { WebhookError } from "../src/core/errors.ts";
import { allow, type BeforePass, deny, type Others, type Overrides, Webhook, type WebhookEvent } from "./gate.ts";

const nowMs = 1_700_000_000_000;
const webhook = new Webhook("asec_test", { now: () => nowMs });

const question = (trigger: string, user: unknown = { id: "usr_1", email: null }) =>
  JSON.stringify({
    ...{ id: "inv_1", object: "action_event", trigger, action_id: "action_1", project_id: "proj_1" },
    ...{ created_at: "2026-05-08T15:00:00.000Z", user, metadata: {} },
  });

/** Answers a question with these handlers. */
async function ask(body: string, ...given: Parameters<typeof webhook.handler>): Promise<Response> {
  const headers = await webhook.sign(body);
  return webhook.handler(...given)(new Request("https://receiver.example", { method: "POST", body, headers }));
}

const fallback = () => allow();

describe("a verdict", () => {
  test("of the handler is the answer", async () => {
    const response = await ask(
      question("before_pass"),
      {
        before_pass: async (event) => {
          expectTypeOf(event).toEqualTypeOf<BeforePass>();
          return deny({ code: "fraud_review", reason: `${event.user?.id} is not let in` });
        },
      },
      { fallback },
    );
    expect([response.status, response.headers.get("content-type")]).toEqual([200, "application/json"]);
    expect(await response.text()).toBe(
      '{"decision":"deny","deny_code":"fraud_review","deny_reason":"usr_1 is not let in"}',
    );
    expect(response.headers.has("Gate-Response-Signature")).toBe(false);
  });

  test("overrides what its trigger allows", async () => {
    const verdict = allow({ overrides: { override_roles: ["admin"], override_claims: { plan: "pro" } } });
    const response = await ask(question("before_pass"), { before_pass: () => verdict }, { fallback });
    expect(await response.json()).toEqual({
      decision: "allow",
      override_claims: { plan: "pro" },
      override_roles: ["admin"],
    });
  });

  test("that is nothing lets it go on", async () => {
    const response = await ask(question("after_pass"), { after_pass: () => undefined }, { fallback });
    expect(await response.text()).toBe('{"decision":"allow"}');
  });

  test("of the fallback answers a trigger without a handler, and one that was added later", async () => {
    const asked: WebhookEvent[] = [];
    const options = { fallback: (event: WebhookEvent) => (asked.push(event), deny({ code: "unknown" })) };
    for (const trigger of ["before_pass", "before_leaving"]) {
      expect(await (await ask(question(trigger), {}, options)).text()).toBe(
        '{"decision":"deny","deny_code":"unknown"}',
      );
    }
    expect(asked.map((event) => (event.trigger === "$unknown" ? event.rawType : event.trigger))).toEqual([
      "before_pass",
      "before_leaving",
    ]);
  });

  test("is signed over its bytes when the receiver says so, as a request is (R-AUTHIO-23, R-AUTHIO-24)", async () => {
    const response = await ask(question("before_pass"), {}, { fallback, signResponses: true });
    const value = response.headers.get("Gate-Response-Signature");
    const signed = await webhook.sign(await response.text(), { timestamp: nowMs });
    expect(value).toBe(signed["Gate-Signature"]);
  });

  test("that its trigger does not take is answered 500, so the sender's fail mode holds", async () => {
    const errors: unknown[] = [];
    const denying = JSON.parse(JSON.stringify(deny()));
    const options = { fallback, onError: (error: unknown) => void errors.push(error) };
    const response = await ask(question("after_pass"), { after_pass: () => denying }, options);
    expect(response.status).toBe(500);
    expect(errors).toMatchObject([{ code: "verdict_invalid" }]);
  });

  test("with a member of a wrong kind, or longer than an answer may be, is refused (R-AUTHIO-20)", async () => {
    const roles: string[] = JSON.parse('"admin"');
    const wrong = webhook.answer("before_pass", allow({ overrides: { override_roles: roles } }));
    await expect(wrong).rejects.toMatchObject({ code: "verdict_invalid", message: expect.stringContaining("array") });
    const frame = JSON.stringify({ decision: "deny", deny_reason: "" }).length;
    const longest = "x".repeat(65_536 - frame);
    expect((await webhook.answer("before_pass", deny({ reason: longest }))).body).toHaveLength(65_536);
    const long = webhook.answer("before_pass", deny({ reason: `${longest}x` }));
    await expect(long).rejects.toMatchObject({ code: "verdict_invalid" });
  });
});

test("a handler that throws is answered 500, and a question that is not signed is not answered", async () => {
  const options = { fallback, onError: () => undefined };
  const throwing = () => {
    throw new WebhookError("invalid_field", "of another webhook");
  };
  expect((await ask(question("before_pass"), { before_pass: throwing }, options)).status).toBe(500);
  const request = new Request("https://receiver.example", { method: "POST", body: question("before_pass") });
  expect((await webhook.handler({ before_pass: throwing }, options)(request)).status).toBe(400);
});

test("the types let a trigger be answered with what it takes and nothing else", () => {
  expectTypeOf(allow()).toEqualTypeOf<Allow<Others>>();
  expectTypeOf(allow({ overrides: {} })).toEqualTypeOf<Override<Overrides, Others>>();
  expectTypeOf(deny()).toEqualTypeOf<Deny<Others>>();
  webhook.handler({ before_pass: () => allow({ overrides: {} }), after_pass: () => allow() }, { fallback });
  // @ts-expect-error The answer to this trigger changes nothing, so it cannot be denied.
  webhook.handler({ after_pass: () => deny() }, { fallback });
  // @ts-expect-error It takes no overrides either.
  webhook.handler({ after_pass: () => allow({ overrides: {} }) }, { fallback });
  // @ts-expect-error There is no such trigger.
  webhook.handler({ before_leaving: () => allow() }, { fallback });
  // @ts-expect-error There is no such override.
  allow({ overrides: { override_name: "x" } });
  // @ts-expect-error A fallback overrides nothing, for it does not know what its trigger takes.
  webhook.handler({}, { fallback: () => allow({ overrides: {} }) });
});
