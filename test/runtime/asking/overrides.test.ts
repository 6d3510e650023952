import { describe, expect, test } from "vitest";
import { act, ask, contract, early, factsOf, lastInvocation, openAnswers, openProject, tenant } from "./project.ts";

const on = { roles_action_override: true, roles: ["admin", "member"], permissions: ["projects:read"] };

/** Asks a receiver that answers this verdict. */
async function overridden(verdict: object, settings: Parameters<typeof ask>[1] = on) {
  const app = await openProject();
  const { url } = await openAnswers(() => ({ body: JSON.stringify(verdict) }));
  const { action } = await act(app, url);
  const outcome = await ask(app, settings);
  const { isOverride } = await lastInvocation(app, action.id);
  expect(isOverride).toBe(outcome.isOverride);
  return { outcome, isOverride, facts: await factsOf(app, "action.override%"), actionId: action.id };
}

describe("roles and permissions (R-AUTHIO-28 to R-AUTHIO-31, D-AUTHIO-16)", () => {
  test("that are known are overridden, and the row is marked (R-AUTHIO-29)", async () => {
    const verdict = { override_roles: ["admin"], override_permissions: ["projects:read"] };
    const { outcome, isOverride, facts } = await overridden(verdict);
    expect(outcome).toMatchObject({ decision: "allow", overrides: verdict });
    expect([isOverride, facts]).toEqual([true, []]);
  });

  test("that are unknown are dropped, and it is told which (R-AUTHIO-30, R-AUTHIO-31)", async () => {
    const { outcome, isOverride, facts, actionId } = await overridden({ override_roles: ["root", "admin"] });
    expect([outcome.overrides, isOverride]).toEqual([{ override_roles: ["admin"] }, true]);
    const told = { contract: "authio", actionId, invocationId: outcome.invocationId, member: "override_roles" };
    expect(facts).toMatchObject([
      { type: "action.override_unknown_roles_dropped", data: { ...told, dropped: ["root"], droppedCount: 1 } },
    ]);
  });

  test("of which none is known, or none is named, leave the tenant's own (R-AUTHIO-30)", async () => {
    const unknown = await overridden({ override_roles: ["root"] });
    expect([unknown.outcome.overrides, unknown.isOverride, unknown.facts.length]).toEqual([{}, false, 1]);
    const none = await overridden({ override_roles: [] });
    expect([none.outcome.overrides, none.isOverride, none.facts]).toEqual([{}, false, []]);
  });

  test("are dropped where the setting is off, and it is told (R-AUTHIO-28, F-AUTHIO-08)", async () => {
    for (const settings of [{}, { roles_action_override: false }]) {
      const { outcome, isOverride, facts } = await overridden({ override_roles: ["admin"] }, settings);
      expect([outcome.status, outcome.overrides, isOverride]).toEqual(["ok", {}, false]);
      expect(facts).toMatchObject([
        {
          type: "action.override_disabled_dropped",
          data: { setting: "roles_action_override", member: "override_roles" },
        },
      ]);
    }
  });

  test("of a thousand unknown ones are told the first fifty and the number", async () => {
    const roles = Array.from({ length: 1000 }, (_, index) => `role_${index}`);
    const { facts } = await overridden({ override_roles: roles });
    expect(facts[0]?.data["dropped"]).toEqual(roles.slice(0, 50));
    expect(facts[0]?.data["droppedCount"]).toBe(1000);
  });
});

describe("claims (F-AUTHIO-07)", () => {
  test("that are reserved are dropped without a word, the others need no setting and are no mark", async () => {
    const { reserved = [] } = contract.verdict.overrides.override_claims ?? {};
    const claims = { plan: "pro", __proto: 1, ...Object.fromEntries(reserved.map((name) => [name, "x"])) };
    const { outcome, isOverride, facts } = await overridden({ override_claims: claims }, {});
    expect(outcome.overrides).toEqual({ override_claims: { plan: "pro", __proto: 1 } });
    expect([reserved.length, isOverride, facts]).toEqual([14, false, []]);
    expect((await overridden({ override_claims: { sub: "usr_2" } }, {})).outcome.overrides).toEqual({});
  });
});

test("a denial overrides nothing, and neither does a trigger that takes no overrides (F-AUTHIO-07)", async () => {
  const verdict = { override_roles: ["admin"], override_claims: { plan: "pro" } };
  expect((await overridden({ ...verdict, decision: "deny" })).outcome).toMatchObject({
    decision: "deny",
    overrides: {},
  });
  const app = await openProject();
  const { url } = await openAnswers(() => ({ body: JSON.stringify(verdict) }));
  await act(app, url, { trigger: "pre_register" });
  const outcome = await app.ask("authio", "pre_register", { tenant, data: early, settings: on });
  expect([outcome.status, outcome.overrides, await factsOf(app, "action.override%")]).toEqual(["ok", {}, []]);
});

test("settings that would drop every override in silence are refused", async () => {
  const app = await openProject();
  const refused = (settings: Parameters<typeof ask>[1]) => ask(app, settings).catch((error: Error) => error.message);
  expect(await refused({ role_action_override: true })).toBe(
    'settings.role_action_override: the contract "authio" has no such setting.',
  );
  expect(await refused({ roles_action_override: ["yes"] })).toContain("expected true or false");
  expect(await refused({ roles: true })).toContain("expected a list of text");
  expect(await refused({ roles_action_override: true, roles: [] })).toContain(
    "settings.permissions: expected the list",
  );
});
