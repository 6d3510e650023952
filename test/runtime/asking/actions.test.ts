import { createHash, createHmac } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import {
  act,
  allowing,
  ask,
  by,
  contract,
  factsOf,
  openAnswers,
  openProject,
  tenant,
  type Received,
} from "./project.ts";

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
const isSignedWith = (secret: string, { headers, body }: Received) => {
  const time = /^t=(\d+),/.exec(String(headers["authio-signature"]))?.[1] ?? "";
  const digest = createHmac("sha256", secret).update(`${time}.${body}`).digest("hex");
  return headers["authio-signature"] === `t=${time},v1=${digest}`;
};
const last = (received: readonly Received[]) => received.at(-1) ?? { headers: {}, body: "" };

describe("an action", () => {
  test("is one for each trigger and tenant (F-AUTHIO-02)", async () => {
    const app = await openProject();
    const { url } = await openAnswers(allowing);
    const { action } = await act(app, url);
    await expect(act(app, url)).rejects.toMatchObject({ code: "limit_reached" });
    await act(app, url, { trigger: "pre_register" });
    await app.actions.create({ tenant: "proj_2", contract: "authio", trigger: "pre_token_mint", url }, by);
    const second = await act(app, url, { enabled: false });
    const swap = { tenant, id: second.action.id };
    await expect(app.actions.update(swap, { enabled: true }, by)).rejects.toMatchObject({ code: "limit_reached" });
    await app.actions.update({ tenant, id: action.id }, { enabled: false }, by);
    expect(await app.actions.update(swap, { enabled: true }, by)).toMatchObject({ enabled: true });
    const results = await Promise.allSettled([1, 2, 3].map(() => act(app, url, { trigger: "post_register" })));
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });

  test("has a deadline within the declared bounds (R-AUTHIO-14)", async () => {
    const app = await openProject();
    const { url } = await openAnswers(allowing);
    for (const timeoutMs of [99, 5001, 1000.5]) {
      await expect(act(app, url, { timeoutMs })).rejects.toMatchObject({ code: "invalid_request", path: "timeoutMs" });
    }
    const { action } = await act(app, url, { timeoutMs: 5000 });
    expect((await act(app, url, { trigger: "pre_register" })).action.timeoutMs).toBe(3000);
    const of = { tenant, id: action.id };
    await expect(app.actions.update(of, { timeoutMs: 5001 }, by)).rejects.toMatchObject({ code: "invalid_request" });
  });

  test("is asked as it is after a change, and not at all once it is disabled or deleted", async () => {
    const app = await openProject();
    const [first, second] = [await openAnswers(allowing), await openAnswers(allowing)];
    const { action } = await act(app, first.url);
    await ask(app);
    await app.actions.update({ tenant, id: action.id }, { url: second.url }, by);
    await ask(app);
    await app.actions.update({ tenant, id: action.id }, { enabled: false }, by);
    expect(await ask(app)).toMatchObject({ status: null });
    await app.actions.update({ tenant, id: action.id }, { enabled: true }, by);
    await app.actions.remove({ tenant, id: action.id }, by);
    expect(await ask(app)).toMatchObject({ status: null });
    expect([first.received.length, second.received.length]).toEqual([1, 1]);
    await expect(app.actions.get({ tenant, id: action.id })).rejects.toMatchObject({ code: "not_found" });
    const types = (await factsOf(app)).map(({ type }) => type);
    expect(types.toSorted()).toEqual(
      ["action.created", "action.deleted", "action.updated", "action.updated", "action.updated"].toSorted(),
    );
  });

  test("of another tenant is none", async () => {
    const app = await openProject();
    const { action } = await act(app, (await openAnswers(allowing)).url);
    const of = { tenant: "proj_2", id: action.id };
    for (const call of [
      app.actions.get(of),
      app.actions.test(of),
      app.actions.remove(of, by),
      app.actions.invocations(of),
    ]) {
      await expect(call).rejects.toMatchObject({ code: "not_found" });
    }
  });
});

describe("a secret that is sealed, as by default (D-AUTHIO-10, D-AUTHIO-11)", () => {
  test("is shown once, has a fingerprint, and is replaced at once (R-AUTHIO-25, R-AUTHIO-36)", async () => {
    const app = await openProject();
    const { url, received } = await openAnswers(allowing);
    const { action, signingSecret } = await act(app, url);
    expect(signingSecret).toMatch(/^asec_[A-Za-z0-9_-]{43}$/);
    expect(action.secretHash).toBe(sha256(signingSecret));
    expect(
      JSON.stringify(await app.store.database.selectFrom("hookwright_actions").selectAll().execute()),
    ).not.toContain(signingSecret);
    await ask(app);
    expect(isSignedWith(signingSecret, last(received))).toBe(true);
    const rotated = await app.actions.rotateSecret({ tenant, id: action.id }, by);
    await ask(app);
    expect(isSignedWith(rotated.signingSecret, last(received))).toBe(true);
    expect(String(last(received).headers["authio-signature"]).match(/v1=/g)).toHaveLength(1);
  });

  test("signs after a restart too", async () => {
    const { restart, receiver, signingSecret } = await restarted("sealed");
    await ask(await restart());
    expect(isSignedWith(signingSecret, last(receiver.received))).toBe(true);
  });
});

describe("a secret that is held in memory (R-AUTHIO-36, R-AUTHIO-37, R-AUTHIO-38, D-AUTHIO-10)", () => {
  test("signs until a restart; then its hash does, until it is rotated", async () => {
    const { action, restart, receiver, signingSecret, app } = await restarted("memory");
    expect(isSignedWith(signingSecret, last(receiver.received))).toBe(true);
    const row = await app.store.database.selectFrom("hookwright_actions").selectAll().executeTakeFirstOrThrow();
    expect([row.sealed_secret, row.secret_hash]).toEqual([null, sha256(signingSecret)]);
    const again = await restart();
    await ask(again);
    expect(isSignedWith(signingSecret, last(receiver.received))).toBe(false);
    expect(isSignedWith(sha256(signingSecret), last(receiver.received))).toBe(true);
    const rotated = await again.actions.rotateSecret({ tenant, id: action.id }, by);
    await ask(again);
    expect(isSignedWith(rotated.signingSecret, last(receiver.received))).toBe(true);
  });
});

/** An action on a database in a file, asked once; `restart` gives another app on the same file. */
async function restarted(secretStorage: "sealed" | "memory") {
  const folder = mkdtempSync(join(tmpdir(), "hookwright-actions-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const database = join(folder, "hookwright.db");
  const app = await openProject({ database });
  const receiver = await openAnswers(allowing);
  const { action, signingSecret } = await act(app, receiver.url, { secretStorage });
  await ask(app);
  return { app, action, receiver, signingSecret, restart: () => openProject({ database }) };
}

describe("invocations", () => {
  test("are kept as many as declared, newest first, and give all that a row has (R-AUTHIO-01 to R-AUTHIO-03, D-AUTHIO-14)", async () => {
    const app = await openProject();
    const { url } = await openAnswers(allowing);
    const { action } = await act(app, url);
    for (let count = 0; count < 130; count += 1) await ask(app);
    const lastAsked = await ask(app);
    const found = await app.actions.invocations({ tenant, id: action.id });
    expect(found).toHaveLength(contract.log.invocationsMax);
    expect(found[0]).toEqual({
      id: lastAsked.invocationId,
      actionId: action.id,
      trigger: "pre_token_mint",
      status: "ok",
      durationMs: lastAsked.durationMs,
      httpStatus: 200,
      error: null,
      responseSha256: sha256('{"decision":"allow"}'),
      isOverride: false,
      denyCode: null,
      denyReason: null,
      isTest: false,
      createdAt: expect.any(Number),
    });
    expect(await app.actions.invocations({ tenant, id: action.id, limit: 7 })).toEqual(found.slice(0, 7));
    const rows = await app.store.database.selectFrom("hookwright_invocations").select("id").execute();
    expect(rows).toHaveLength(contract.log.invocationsMax);
    await app.actions.remove({ tenant, id: action.id }, by);
    expect(await app.store.database.selectFrom("hookwright_invocations").select("id").execute()).toEqual([]);
  });

  test("are written before the app is closed", async () => {
    const folder = mkdtempSync(join(tmpdir(), "hookwright-actions-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const database = join(folder, "hookwright.db");
    const app = await openProject({ database });
    const { action } = await act(app, (await openAnswers(allowing)).url);
    await ask(app);
    await app.close();
    const again = await openProject({ database });
    expect(await again.actions.invocations({ tenant, id: action.id })).toHaveLength(1);
  });
});

test("a test event has metadata.test, asks a disabled action too, and is marked (R-AUTHIO-04, R-AUTHIO-05, D-AUTHIO-15)", async () => {
  const app = await openProject();
  for (const [index, trigger] of Object.keys(contract.triggers).entries()) {
    const verdict = '{"decision":"allow","override_roles":["admin"]}';
    const { url, received } = await openAnswers(() => ({ body: verdict }));
    const { action } = await act(app, url, { trigger, enabled: index % 2 === 0 });
    expect(await app.actions.test({ tenant, id: action.id })).toMatchObject({ status: "ok", overrides: {} });
    const sent = JSON.parse(last(received).body);
    expect([sent.trigger, sent.metadata]).toEqual([trigger, { test: true }]);
    expect(await app.actions.invocations({ tenant, id: action.id })).toMatchObject([
      { isTest: true, isOverride: false },
    ]);
  }
  expect(await factsOf(app, "action.override%")).toEqual([]);
});
