import { describe, expect, test } from "vitest";
import type { Action, Invocation } from "../../../../runtime/seams/action-store.ts";
import type { OpenedStore } from "../../../../runtime/store/open-store.ts";
import { fact, use, type OpenHarness } from "./harness.ts";

const place = { tenant: "org_1", contract: "authio", trigger: "pre_register" };

const newAction = (id: string, over: Partial<Action> = {}): Action => ({
  ...{ id, ...place, url: "https://example.com/action", timeoutMs: 3000, failMode: "open", enabled: true },
  ...{ secretStorage: "sealed", sealedSecret: "sealed", sharedSecret: null, secretHash: "hash" },
  ...{ killedAt: null, killedReason: null, countedSince: 1000, createdAt: 1000, updatedAt: 1000 },
  ...over,
});

const newInvocation = (id: string, over: Partial<Invocation> = {}): Invocation => ({
  ...{ id, actionId: "act_1", trigger: place.trigger, status: "ok", durationMs: 12, httpStatus: 200, error: null },
  ...{ responseSha256: "00", isOverride: false, denyCode: null, denyReason: null, isTest: false, createdAt: 2000 },
  ...over,
});

const oneActive = { activeMax: 1, facts: [fact()] } as const;
const anyNumber = { activeMax: null, facts: [fact()] } as const;
const of = (id: string, at = 2000) => ({ tenant: place.tenant, id, at });

/** The ids of all facts, in the order of the log. */
async function factIds(store: OpenedStore): Promise<readonly string[]> {
  await store.log.facts({ tenants: [], upTo: 0 });
  const all = { tenant: "org_1", contract: "hookwright", types: null, after: 0, limit: 100 };
  return (await store.events.list(all)).map(({ id }) => id);
}

export function describeActions(open: OpenHarness): void {
  describe("actions", () => {
    test("are made, listed in order of creation, and read by their tenant alone", async () => {
      const { store } = await use(open);
      const [first, second] = [newAction("act_2"), newAction("act_1", { trigger: "post_register", enabled: false })];
      for (const action of [first, second]) await store.actions.create(action, { ...oneActive, facts: [fact()] });
      expect(await store.actions.list(place)).toEqual([first, second]);
      expect(await store.actions.list({ ...place, contract: "stech" })).toEqual([]);
      expect(await store.actions.get(second)).toEqual(second);
      expect(await store.actions.get({ ...second, tenant: "org_2" })).toBeNull();
    });

    test("F-AUTHIO-02: one too many at a trigger is refused, and neither it nor what says so is written", async () => {
      const { store } = await use(open);
      const facts = [fact(), fact(), fact(), fact()] as const;
      await store.actions.create(newAction("act_1"), { activeMax: 1, facts: [facts[0]] });
      const another = store.actions.create(newAction("act_2"), { activeMax: 1, facts: [facts[1]] });
      await expect(another).rejects.toMatchObject({ code: "limit_reached" });
      await store.actions.create(newAction("act_3", { enabled: false }), { activeMax: 1, facts: [facts[2]] });
      const enabled = store.actions.change(of("act_3"), { enabled: true }, { activeMax: 1, facts: () => [facts[3]] });
      await expect(enabled).rejects.toMatchObject({ code: "limit_reached" });
      expect((await store.actions.list(place)).map(({ id, enabled }) => [id, enabled])).toEqual([
        ["act_1", true],
        ["act_3", false],
      ]);
      expect(await factIds(store)).toEqual([facts[0].id, facts[2].id]);
    });

    test("F-AUTHIO-02: of two that are made at once, one is", async () => {
      const { store } = await use(open);
      const made = await Promise.allSettled([
        store.actions.create(newAction("act_1"), { activeMax: 1, facts: [fact()] }),
        store.actions.create(newAction("act_2"), { activeMax: 1, facts: [fact()] }),
      ]);
      expect(made.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
      expect(await store.actions.asked(place)).toHaveLength(1);
    });

    test("are asked where they are enabled, killed ones among them", async () => {
      const { store } = await use(open);
      await store.actions.create(newAction("act_1", { killedAt: 5, killedReason: "error_rate" }), anyNumber);
      await store.actions.create(newAction("act_2", { enabled: false }), { ...anyNumber, facts: [fact()] });
      for (const over of [{ tenant: "org_2" }, { contract: "stech" }, { trigger: "pre_token_mint" }]) {
        await store.actions.create(newAction(`act_${Object.values(over)[0]}`, over), { ...anyNumber, facts: [fact()] });
      }
      expect((await store.actions.asked(place)).map(({ id }) => id)).toEqual(["act_1"]);
    });

    test("are changed with what says so, made from the action as it is after, by their tenant alone", async () => {
      const { store } = await use(open);
      await store.actions.create(newAction("act_1"), oneActive);
      const said = fact();
      const afters: Action[] = [];
      const rule = { activeMax: 1, facts: (after: Action) => [(afters.push(after), said)] as const };
      expect(await store.actions.change({ ...of("act_1"), tenant: "org_2" }, { url: "https://b" }, rule)).toBeNull();
      const changed = newAction("act_1", { url: "https://b", timeoutMs: 100, updatedAt: 2000 });
      expect(await store.actions.change(of("act_1"), { url: "https://b", timeoutMs: 100 }, rule)).toEqual(changed);
      expect(afters).toEqual([changed]);
      expect(await store.actions.get(changed)).toEqual(changed);
      expect((await factIds(store)).at(-1)).toBe(said.id);
    });

    test("F-AUTHIO-11: are killed once for each time they are counted, whoever comes first", async () => {
      const { store } = await use(open);
      await store.actions.create(newAction("act_1"), oneActive);
      const facts = [fact(), fact(), fact()] as const;
      const kill = (countedSince: number, index: 0 | 1 | 2) =>
        store.actions.kill({ ...of("act_1"), countedSince, reason: "consecutive_5xx" }, [facts[index]]);
      expect(await kill(999, 2)).toBe(false);
      const kills = await Promise.all([kill(1000, 0), kill(1000, 1)]);
      expect(kills.toSorted()).toEqual([false, true]);
      expect(await store.actions.get(of("act_1"))).toMatchObject({ killedAt: 2000, killedReason: "consecutive_5xx" });
      const alive = { killedAt: null, killedReason: null, countedSince: 3000 };
      await store.actions.change(of("act_1"), alive, { activeMax: 1, facts: () => [fact()] });
      // What was counted before somebody enabled it again counts for nothing.
      expect(await kill(1000, 2)).toBe(false);
      expect(await factIds(store)).toContain(facts[kills.indexOf(true) === 0 ? 0 : 1].id);
      expect(await factIds(store)).not.toContain(facts[2].id);
    });

    test("have the sealed form of a secret that is held in memory until it is forgotten, or replaced", async () => {
      const { store } = await use(open);
      const held = newAction("act_1", { secretStorage: "memory", sealedSecret: null, secretHash: "hash_1" });
      await store.actions.create(held, oneActive);
      await store.actions.create(newAction("act_2", { enabled: false }), { ...anyNumber, facts: [fact()] });
      const shared = { tenant: held.tenant, id: "act_1", sharedSecret: "sealed_1" };
      const sealed = async (id: string) => (await store.actions.get(of(id)))?.sharedSecret;
      await store.actions.share([{ ...shared, secretHash: "hash_0" }]);
      expect(await sealed("act_1")).toBeNull();
      await store.actions.share([{ ...shared, secretHash: "hash_1" }]);
      await store.actions.share([{ ...shared, secretHash: "hash_1", sharedSecret: "sealed again" }]);
      expect(await sealed("act_1")).toBe("sealed_1");
      await store.actions.unshare();
      expect(await sealed("act_1")).toBeNull();
      expect(await store.actions.get(of("act_2"))).toMatchObject({ sealedSecret: "sealed" });
    });

    test("are removed with what they were asked", async () => {
      const { store } = await use(open);
      await store.actions.create(newAction("act_1"), oneActive);
      await store.actions.record({ invocations: [newInvocation("inv_1")], events: [], kept: [] });
      const said = fact();
      expect(await store.actions.remove({ ...of("act_1"), tenant: "org_2" }, () => [said])).toBe(false);
      expect(await store.actions.remove(of("act_1"), () => [said])).toBe(true);
      expect(await store.actions.remove(of("act_1"), () => [fact()])).toBe(false);
      expect(await store.actions.get(of("act_1"))).toBeNull();
      expect(await store.database.selectFrom("hookwright_invocations").selectAll().execute()).toEqual([]);
      expect((await factIds(store)).at(-1)).toBe(said.id);
    });
  });

  describe("invocations", () => {
    test("R-AUTHIO-01: are given newest first, whole, and a repeat adds none, nor an event", async () => {
      const { store } = await use(open);
      await store.actions.create(newAction("act_1"), oneActive);
      const rows = [
        newInvocation("inv_1"),
        newInvocation("inv_2", {
          status: "rejected",
          denyCode: "fraud_review",
          denyReason: "Zoë 🙂",
          isOverride: true,
        }),
        newInvocation("inv_3", {
          status: "timeout",
          httpStatus: null,
          error: "late",
          responseSha256: null,
          isTest: true,
        }),
      ];
      const events = [fact({ idempotencyKey: "inv_2:roles" })];
      for (let time = 0; time < 2; time += 1) await store.actions.record({ invocations: rows, events, kept: [] });
      expect(await store.actions.invocations({ actionId: "act_1", limit: 10 })).toEqual(rows.toReversed());
      expect(await store.actions.invocations({ actionId: "act_1", limit: 1 })).toEqual(rows.slice(-1));
      expect(await factIds(store)).toHaveLength(2);
    });

    test("R-AUTHIO-02: are kept as many of each action as are to be, the newest", async () => {
      const { store } = await use(open);
      for (const id of ["act_1", "act_2"]) await store.actions.create(newAction(id), { ...anyNumber, facts: [fact()] });
      const rowsOf = (actionId: string, from: number) =>
        [0, 1, 2].map((index) => newInvocation(`inv_${actionId}_${from + index}`, { actionId }));
      const kept = [{ actionIds: ["act_1"], keepMax: 4 }];
      for (const from of [0, 3]) {
        const invocations = [...rowsOf("act_1", from), ...rowsOf("act_2", from)];
        await store.actions.record({ invocations, events: [], kept });
      }
      const left = async (actionId: string) =>
        (await store.actions.invocations({ actionId, limit: 10 })).map(({ id }) => id.slice(-1)).join("");
      expect([await left("act_1"), await left("act_2")]).toEqual(["5432", "543210"]);
    });

    test("of an action that is gone are left out, and the others written", async () => {
      const { store } = await use(open);
      await store.actions.create(newAction("act_1"), oneActive);
      const invocations = [newInvocation("inv_1"), newInvocation("inv_2", { actionId: "act_gone" })];
      await store.actions.record({ invocations, events: [], kept: [] });
      expect(await store.actions.invocations({ actionId: "act_1", limit: 10 })).toHaveLength(1);
      expect(await store.database.selectFrom("hookwright_invocations").select("id").execute()).toHaveLength(1);
    });

    test("are written together with their events, or neither is", async () => {
      const { store } = await use(open);
      await store.actions.create(newAction("act_1"), oneActive);
      const broken = { ...fact(), id: "evt_taken" };
      await store.log.append([broken]);
      const events = [{ ...fact(), id: "evt_taken" }];
      await expect(store.actions.record({ invocations: [newInvocation("inv_1")], events, kept: [] })).rejects.toThrow();
      expect(await store.actions.invocations({ actionId: "act_1", limit: 10 })).toEqual([]);
    });
  });
}
