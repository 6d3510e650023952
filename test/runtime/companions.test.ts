import { createNewId } from "../../runtime/contracts/identifier.ts";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { stech } from "../../catalog/stech/contract.ts";
import type { EmitUntyped } from "../../runtime/emitter.ts";
import { createEmit, createRender } from "../../runtime/events.ts";
import { catalog } from "../../runtime/generated/catalog.ts";
import type { StoredEvent } from "../../runtime/seams/log-store.ts";
import type { ProductTransaction } from "../../runtime/transactions/product-transaction.ts";
import { executorIn } from "../../runtime/transactions/executor-in.ts";
import { createFakeClock } from "../fake-clock.ts";
import { openSqliteHarness } from "./store/temporary-store.ts";
import type { StoreHarness } from "./store/suite/harness.ts";

let harness: StoreHarness;
let emit: EmitUntyped;
beforeEach(async () => {
  harness = await openSqliteHarness();
  const clock = createFakeClock(1_778_248_931_482);
  const random = (bytes: number) => crypto.getRandomValues(new Uint8Array(bytes));
  const parts = {
    catalog,
    store: harness.store.log,
    executorIn: (tx: ProductTransaction) => executorIn(tx, { opened: "node:sqlite" }),
    clock,
    newId: createNewId(random),
    wake: () => {},
  };
  emit = createEmit(parts, createRender(parts));
});
afterEach(() => harness.dispose());

const blocked = Object.values(stech.examples["agent_run.blocked"])[0];
const action = { actionId: "a", actorUserId: "usr_1", targetType: null, targetId: null, reason: null };
const dataText = ({ body }: StoredEvent) => body.slice(body.indexOf('"data":'));
const all = () => harness.store.events.list({ tenant: "org_1", contract: "stech", types: null, after: 0, limit: 99 });
const types = async () => (await all()).map(({ type }) => type);

describe("companions of the product's events", () => {
  test("R-STECH-28: a blocked run is flagged with the same bytes, an id of its own, and at the same time", async () => {
    const emitted = await emit("stech", "agent_run.blocked", { tenant: "org_1", data: blocked });
    const [run, flag, ...others] = await all();
    expect([run?.type, flag?.type, others]).toEqual(["agent_run.blocked", "audit.flagged", []]);
    expect(run && dataText(run)).toBe(flag && dataText(flag));
    expect([run?.id, run?.time]).toEqual([emitted.id, flag?.time]);
    expect(flag?.id).not.toBe(run?.id);
  });

  test("R-STECH-32, R-STECH-33: an action is flagged when it is curated, with its kind in front", async () => {
    await emit("stech", "admin_action.recorded", { tenant: "org_1", data: { ...action, action: "agents.renamed" } });
    expect(await types()).toEqual(["admin_action.recorded"]);
    const data = { ...action, action: "api_tokens.revoked" };
    await emit("stech", "admin_action.recorded", { tenant: "org_1", data });
    const flagged = (await all()).at(-1);
    expect([await types(), flagged && dataText(flagged)]).toEqual([
      ["admin_action.recorded", "admin_action.recorded", "audit.flagged"],
      `"data":${JSON.stringify({ kind: "admin_action", ...data })}}`,
    ]);
  });

  test("a flag that the product emits itself goes alone", async () => {
    await emit("stech", "audit.flagged", { tenant: "org_1", data: blocked });
    expect(await types()).toEqual(["audit.flagged"]);
  });

  test("a repeat is a repeat of both, also of emits under way at the same time", async () => {
    const event = { tenant: "org_1", data: blocked, idempotencyKey: "run_1" };
    const emitted = await Promise.all([1, 2, 3].map(() => emit("stech", "agent_run.blocked", event)));
    await emit("stech", "agent_run.blocked", event);
    expect(emitted.map(({ created }) => created)).toEqual([true, false, false]);
    expect(new Set(emitted.map(({ id }) => id)).size).toBe(1);
    expect(await types()).toEqual(["agent_run.blocked", "audit.flagged"]);
  });

  test("a repeat that is refused for its content leaves no companion behind", async () => {
    const key = { tenant: "org_1", idempotencyKey: "run_1" };
    await emit("stech", "admin_action.recorded", { ...key, data: { ...action, action: "agents.renamed" } });
    const other = emit("stech", "agent_run.blocked", { ...key, data: blocked });
    await expect(other).rejects.toMatchObject({ code: "idempotency_conflict" });
    const curated = { ...key, data: { ...action, action: "api_tokens.revoked" } };
    await expect(emit("stech", "admin_action.recorded", curated)).rejects.toMatchObject({
      code: "idempotency_conflict",
    });
    expect(await types()).toEqual(["admin_action.recorded"]);
  });

  test("stand in the product's transaction, or do not when it rolls back", async () => {
    const work = harness.store.database.transaction().execute(async (tx) => {
      await emit("stech", "agent_run.blocked", { tenant: "org_1", data: blocked, tx });
      throw new Error("rolled back");
    });
    await expect(work).rejects.toThrow("rolled back");
    expect(await types()).toEqual([]);
    await harness.store.database
      .transaction()
      .execute((tx) => emit("stech", "agent_run.blocked", { tenant: "org_1", data: blocked, tx }));
    expect(await types()).toEqual(["agent_run.blocked", "audit.flagged"]);
  });
});
