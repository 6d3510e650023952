import { createHash } from "node:crypto";
import { describe, expect, expectTypeOf, onTestFinished, test } from "vitest";
import { createApi } from "../../../runtime/api.ts";
import { type App } from "../../../runtime/app.ts";
import type { AskOutcome } from "../../../runtime/asker.ts";
import { createEmitters } from "../../../runtime/emitters.ts";
import type { Verdict } from "../../../runtime/generated/authio/schemas.ts";
import { catalog } from "../../../runtime/generated/catalog.ts";
import { answerNode } from "../../../sdks/typescript/src/adapters/node-server.ts";
import { allow, deny, Webhook } from "../../../sdks/typescript/src/contracts/authio.ts";
import { act, early, factsOf, listen, minting, openProject, tenant } from "./project.ts";

const settings = { roles_action_override: true, roles: ["admin"], permissions: [] };

/** A receiver that is built on the SDK, as a customer's is, and the action that asks it at a trigger. */
async function receiving(
  app: App,
  trigger: string,
  answers: "signed" | "unsigned",
  secretOf = (secret: string) => secret,
) {
  let webhook = new Webhook("asec_not_yet");
  const url = await listen((request, response) => {
    const handler = webhook.handler(
      {
        pre_register: () => deny({ code: "compliance_block", reason: "listed" }),
        pre_token_mint: ({ user, metadata }) =>
          metadata.test === true
            ? allow()
            : allow({ overrides: { override_roles: ["admin", user.id], override_claims: { plan: "pro", sub: "x" } } }),
      },
      { fallback: () => allow(), signResponses: answers === "signed", onError: () => {} },
    );
    void answerNode(handler, request, response);
  });
  const made = await act(app, url, { trigger, failMode: "closed" });
  webhook = new Webhook(secretOf(made.signingSecret));
  return made.action;
}

describe.each(["signed", "unsigned"] as const)("a receiver on the SDK with %s answers", (answers) => {
  test("allows, denies and overrides, typed in and out (R-AUTHIO-40)", async () => {
    const app = await openProject();
    for (const trigger of ["pre_register", "post_register"]) await receiving(app, trigger, answers);
    const { id } = await receiving(app, "pre_token_mint", answers);
    const hooks = createEmitters(catalog, app);
    const denied = await hooks.authio.ask("pre_register", { tenant, data: early });
    expectTypeOf(denied).toEqualTypeOf<AskOutcome<Verdict>>();
    expect(denied).toMatchObject({ decision: "deny", status: "rejected", code: "compliance_block", reason: "listed" });
    const minted = await hooks.authio.ask("pre_token_mint", { tenant, data: minting, settings });
    expect(minted).toMatchObject({ decision: "allow", status: "ok", isOverride: true, error: null });
    expect(minted.overrides).toEqual({ override_roles: ["admin"], override_claims: { plan: "pro" } });
    const registered = { user: minting.user, session: null, request: early.request, metadata: {} };
    const posted = await hooks.authio.ask("post_register", { tenant, data: registered });
    expect(posted).toMatchObject({ decision: "allow", status: "ok" });
    // Reading the log writes down what was asked first.
    expect(await app.actions.invocations({ tenant, id })).toMatchObject([{ isOverride: true }]);
    expect((await factsOf(app, "action.override%")).map(({ data }) => data["dropped"])).toEqual([["usr_1"]]);
  });
});

test("a receiver with another secret refuses the question, and its fail mode holds (R-AUTHIO-16, R-AUTHIO-38)", async () => {
  const app = await openProject();
  await receiving(app, "pre_register", "signed", (secret) => `${secret}x`);
  const outcome = await app.ask("authio", "pre_register", { tenant, data: early });
  expect(outcome).toMatchObject({ decision: "deny", status: "http_error", code: null });
  expect(outcome.httpStatus).toBeGreaterThanOrEqual(400);
});

describe("over HTTP", () => {
  const adminKey = "operator-key-of-the-tests-0123456789abcdef";

  async function openApi(app: App) {
    const adminKeyHash = createHash("sha256").update(adminKey).digest("hex");
    const api = createApi(app, { adminKeyHash, isReady: () => true });
    onTestFinished(() => api.close());
    return async (method: "GET" | "POST" | "PATCH" | "DELETE", path: string, body?: object) => {
      const response = await api.inject({
        method,
        url: `/v1/orgs/${tenant}/actions${path}`,
        headers: { authorization: `Bearer ${adminKey}`, ...(body && { "content-type": "application/json" }) },
        ...(body && { payload: JSON.stringify(body) }),
      });
      return { status: response.statusCode, text: response.body, body: response.body === "" ? null : response.json() };
    };
  }

  test("an action is made, asked, tested, read, rotated, changed and deleted", async () => {
    const app = await openProject();
    const call = await openApi(app);
    let webhook = new Webhook("asec_not_yet");
    const url = await listen((request, response) => {
      const handler = webhook.handler({}, { fallback: () => deny({ code: "requires_2fa" }) });
      void answerNode(handler, request, response);
    });
    const made = await call("POST", "", { trigger: "pre_authenticate", url, failMode: "closed" });
    expect([made.status, made.body.action.contract, made.body.action.timeoutMs]).toEqual([201, "authio", 3000]);
    const { signingSecret, action } = made.body;
    expect(action.secretFingerprint).toBe(createHash("sha256").update(signingSecret).digest("hex"));
    // The hash of one that is held in memory may come to sign: it is as secret.
    const held = await call("POST", "", { trigger: "pre_register", url, secretStorage: "memory" });
    expect([held.status, held.body.action.secretFingerprint]).toEqual([201, null]);
    const heldHash = createHash("sha256").update(held.body.signingSecret).digest("hex");
    expect(JSON.stringify((await call("GET", "")).body)).not.toContain(heldHash);
    await call("DELETE", `/${held.body.action.id}`);
    webhook = new Webhook(signingSecret);
    const asked = await call("POST", "/pre_authenticate/ask", { data: early });
    expect(asked.body.outcome).toMatchObject({ decision: "deny", status: "rejected", code: "requires_2fa" });
    expect((await call("POST", `/${action.id}/test`)).body.outcome.status).toBe("rejected");
    const { invocations } = (await call("GET", `/${action.id}/invocations`)).body;
    expect(invocations).toMatchObject([
      { isTest: true, status: "rejected" },
      {
        id: asked.body.outcome.invocationId,
        isTest: false,
        override: false,
        denyCode: "requires_2fa",
        httpStatus: 200,
      },
    ]);
    const rotated = (await call("POST", `/${action.id}/rotate-secret`)).body;
    expect(rotated.signingSecret).not.toBe(signingSecret);
    webhook = new Webhook(rotated.signingSecret);
    expect((await call("POST", "/pre_authenticate/ask", { data: early })).body.outcome.status).toBe("rejected");
    expect((await call("PATCH", `/${action.id}`, { timeoutMs: 100 })).body.action.timeoutMs).toBe(100);
    expect((await call("POST", `/${action.id}/reenable`)).body.action.killedAt).toBeNull();
    const listed = await call("GET", "");
    expect(listed.body.actions).toHaveLength(1);
    expect(listed.text).not.toContain(rotated.signingSecret);
    expect((await call("DELETE", `/${action.id}`)).status).toBe(204);
    expect((await call("POST", "/pre_authenticate/ask", { data: early })).body.outcome.status).toBeNull();
  });

  test("an answer that nests 5,000 deep is no verdict, and the fail mode holds", async () => {
    const app = await openProject();
    const call = await openApi(app);
    const nested = `{"decision":"allow","reason":${"[".repeat(5000)}${"]".repeat(5000)}}`;
    const url = await listen((_request, response) => {
      response.setHeader("content-type", "application/json").end(nested);
    });
    await call("POST", "", { trigger: "pre_authenticate", url, failMode: "closed" });
    const asked = await call("POST", "/pre_authenticate/ask", { data: early });
    expect([asked.status, asked.body.outcome]).toMatchObject([
      200,
      {
        decision: "deny",
        status: "invalid_response",
        error: "expected at most 64 levels of arrays and objects, got more",
      },
    ]);
  });

  test("what cannot be is refused with its code", async () => {
    const call = await openApi(await openProject());
    const url = "https://hooks.acme.example/action";
    const made = await call("POST", "", { trigger: "pre_register", url });
    const code = async (given: ReturnType<typeof call>) => (await given).body.error.code;
    expect(await code(call("POST", "", { trigger: "pre_register", url }))).toBe("limit_reached");
    expect(await code(call("POST", "", { trigger: "pre_registr", url }))).toBe("unknown_event_type");
    expect(await code(call("POST", "", { trigger: "pre_register", url, contract: "stech" }))).toBe("unknown_contract");
    expect(await code(call("POST", "", { trigger: "post_register", url, timeoutMs: 5001 }))).toBe("invalid_request");
    expect(await code(call("POST", "/pre_register/ask", { data: {} }))).toBe("invalid_event_data");
    expect(await code(call("GET", "/action_none"))).toBe("not_found");
    expect(await code(call("PATCH", `/${made.body.action.id}`, { failMode: "ajar" }))).toBe("invalid_request");
  });
});
