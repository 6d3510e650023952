import { describe, expect, test } from "vitest";
import type { App } from "../../../runtime/app.ts";
import { count, newTally, type Asked } from "../../../runtime/asking/kill-switch.ts";
import { createSkippingClock } from "../../demo/skipping-clock.ts";
import { createDatabase, sharedServer } from "../../postgres/cluster.ts";
import { describePostgres } from "../../postgres/describe-postgres.ts";
import {
  act,
  allowing,
  ask,
  by,
  contract,
  factsOf,
  lastInvocation,
  openAnswers,
  openProject,
  tenant,
} from "./project.ts";

const rule = contract.killSwitch;
const start = Date.parse("2026-05-08T14:00:00.000Z");

/** Counts so many questions, each a second after the one before it, and gives the first reason there was, and when. */
function counted(questions: readonly Partial<Asked>[], tally = newTally(0)) {
  for (const [index, asked] of questions.entries()) {
    const reason = count(tally, rule, { status: "allowed", httpStatus: 200, now: start + index * 1000, ...asked });
    if (reason !== null) return [reason, index + 1];
  }
  return null;
}

const many = (number: number, asked: Partial<Asked>) => Array.from({ length: number }, () => asked);
const failed = (httpStatus: number | null): Partial<Asked> => ({ status: "http_error", httpStatus });
const late: Partial<Asked> = { status: "timeout", httpStatus: null };

describe("the kill switch (F-AUTHIO-10, D-AUTHIO-12, D-AUTHIO-13)", () => {
  test("trips at the hundredth server error in a row, at once (R-AUTHIO-17)", () => {
    expect(counted(many(100, failed(503)))).toEqual(["consecutive_5xx", 100]);
    expect(counted([...many(60, {}), ...many(100, failed(500))])).toEqual(["consecutive_5xx", 160]);
    expect(counted([...many(99, {}), ...many(99, failed(500)), {}, ...many(99, failed(500))])).toBeNull();
    expect(counted([...many(120, {}), ...many(79, failed(500)), failed(404)])).toBeNull();
  });

  test("trips when more than half of the last five minutes were timeouts, looked at with every hundredth (R-AUTHIO-15)", () => {
    expect(counted([...many(49, {}), ...many(51, late)])).toEqual(["timeout_rate", 100]);
    expect(counted([...many(50, {}), ...many(50, late)])).toBeNull();
    expect(counted([...many(49, {}), ...many(50, late)])).toBeNull();
  });

  test("trips when more than half were errors of any kind, and a denial is none (R-AUTHIO-26)", () => {
    const errors = (["network_error", "address_blocked", "invalid_response", "invalid_signature"] as const).map(
      (status) => ({
        status,
        httpStatus: null,
      }),
    );
    expect(
      counted([...many(49, {}), ...many(17, failed(302)), ...many(8, errors[0] ?? {}), ...many(26, errors[3] ?? {})]),
    ).toEqual(["error_rate", 100]);
    for (const error of errors) expect(counted(many(100, error))).toEqual(["error_rate", 100]);
    expect(counted(many(500, { status: "denied" }))).toBeNull();
  });

  test("forgets what is older than the window", () => {
    const old = many(99, late).map((asked) => ({ ...asked, now: start }));
    expect(counted([...old, { now: start + 300_000 }])).toBeNull();
    expect(counted([...old, { now: start + 299_999 }])).toEqual(["timeout_rate", 100]);
  });

  test("keeps no more than a bucket for each second of the window", () => {
    const tally = newTally(0);
    counted(many(10_000, {}), tally);
    expect(tally.seconds).toHaveLength(rule.windowSeconds);
  });
});

const failing = () => ({ status: 500 });

/** Asks until the action is killed, and until that stands in the database. */
async function killed(app: App, id: string): Promise<void> {
  for (let number = 0; number < rule.serverErrorsMax; number += 1) await ask(app);
  // Flushes what was killed.
  await app.actions.invocations({ tenant, id });
}

describe("a killed action", () => {
  test("is as if it were not there: logged, not asked, and its fail mode counts for nothing (R-AUTHIO-27, F-AUTHIO-11)", async () => {
    const app = await openProject();
    const { url, received } = await openAnswers(failing);
    const { action } = await act(app, url, { failMode: "closed" });
    await killed(app, action.id);
    expect(received).toHaveLength(rule.serverErrorsMax);
    const outcome = await ask(app);
    expect(outcome).toMatchObject({ decision: "allow", status: "killed", httpStatus: null, durationMs: 0 });
    expect(await lastInvocation(app, action.id)).toMatchObject({ id: outcome.invocationId, status: "killed" });
    expect(received).toHaveLength(rule.serverErrorsMax);
    expect(await app.actions.get({ tenant, id: action.id })).toMatchObject({
      killedAt: expect.any(Number),
      killedReason: "consecutive_5xx",
    });
    const metrics = await app.metrics.text();
    const counts = { http_error: rule.serverErrorsMax, killed: 1 };
    for (const [status, count] of Object.entries(counts))
      expect(metrics).toContain(`hookwright_questions_total{contract="authio",status="${status}"} ${count}\n`);
    expect(metrics).toContain('hookwright_actions_killed_total{contract="authio",reason="consecutive_5xx"} 1\n');
    expect(await factsOf(app, "action.killed")).toMatchObject([
      { data: { actionId: action.id, actorId: "system", killedReason: "consecutive_5xx" } },
    ]);
  });

  test("is asked again once somebody enables it, with nothing counted (F-AUTHIO-11)", async () => {
    const app = await openProject();
    const { url, received } = await openAnswers((_received, number) => (number < 100 ? failing() : allowing()));
    const { action } = await act(app, url);
    await killed(app, action.id);
    expect(await app.actions.update({ tenant, id: action.id }, { enabled: true }, by)).toMatchObject({
      killedReason: "consecutive_5xx",
    });
    expect(await app.actions.test({ tenant, id: action.id })).toMatchObject({ status: "ok" });
    expect(await app.actions.reenable({ tenant, id: action.id }, by)).toMatchObject({
      killedAt: null,
      killedReason: null,
    });
    expect(await ask(app)).toMatchObject({ status: "ok" });
    expect(received).toHaveLength(102);
    expect((await factsOf(app, "action.reenabled")).length).toBe(1);
  });

  test("is one by itself: the tenant's other actions are asked, and tests count for nothing (D-AUTHIO-15)", async () => {
    const app = await openProject();
    const { url } = await openAnswers(failing);
    const { action } = await act(app, url);
    const other = await act(app, url, { trigger: "pre_register" });
    await killed(app, action.id);
    for (let number = 0; number < 150; number += 1) await app.actions.test({ tenant, id: other.action.id });
    expect((await app.actions.get({ tenant, id: other.action.id })).killedAt).toBeNull();
  });
});

describePostgres("replicas on one PostgreSQL", () => {
  test("all stop asking within a second of one that killed it, and one fact says so (F-AUTHIO-11)", async () => {
    const { url: database, drop } = await createDatabase(await sharedServer());
    const clock = createSkippingClock();
    const [first, second] = [await openProject({ database }), await openProject({ database, clock })];
    const { url, received } = await openAnswers(failing);
    const { action } = await act(first, url);
    // It has the action in its memory from now on.
    expect(await ask(second)).toMatchObject({ status: "http_error" });
    await killed(first, action.id);
    clock.skipTo(clock.now() + 1000);
    const before = received.length;
    expect(await ask(second)).toMatchObject({ decision: "allow", status: "killed" });
    expect(received).toHaveLength(before);
    await second.actions.reenable({ tenant, id: action.id }, by);
    expect(await ask(second)).toMatchObject({ status: "http_error" });
    expect(await factsOf(second, "action.killed")).toHaveLength(1);
    await Promise.all([first.close(), second.close()]);
    await drop();
  });

  test("that pass the limit at the same time kill it once", async () => {
    const { url: database, drop } = await createDatabase(await sharedServer());
    const apps = [await openProject({ database }), await openProject({ database })];
    const { url } = await openAnswers(failing);
    const { action } = await act(apps[0] ?? (await openProject()), url);
    await Promise.all(apps.map((app) => killed(app, action.id)));
    expect(await factsOf(apps[0] ?? (await openProject()), "action.killed")).toHaveLength(1);
    await Promise.all(apps.map((app) => app.close()));
    await drop();
  });
});
