import { sql } from "kysely";
import type { Action, ActionStore } from "../seams/action-store.ts";
import { HookwrightError } from "../errors.ts";
import { actionOf, actionRow, changeRow } from "./action-row.ts";
import { append } from "./append.ts";
import { invocations, record } from "./invocations.ts";
import type { Source } from "./schema.ts";
import { inTurn } from "./transaction.ts";

export function actionStore(source: Source): ActionStore {
  return {
    create: (action, rule) => inTurn(source, action, (inside) => create(inside, action, rule)),
    list: (of) => list(source, of),
    get: (of) => get(source, of),
    asked: (of) => asked(source, of),
    change: (of, change, rule) => inTurn(source, of, (inside) => update(inside, { of, change, rule })),
    kill: (of, facts) => inTurn(source, of, (inside) => kill(inside, of, facts)),
    share: (secrets) => share(source, secrets),
    unshare: () => unshare(source),
    remove: (of, facts) => inTurn(source, of, (inside) => remove(inside, of, facts)),
    record: (of) => record(source, of),
    invocations: (of) => invocations(source, of),
  };
}

type InputOf<Method extends keyof ActionStore> = Parameters<ActionStore[Method]>;

async function create(source: Source, action: Action, { activeMax, facts }: InputOf<"create">[1]): Promise<void> {
  await source.db.insertInto("hookwright_actions").values(actionRow(action)).execute();
  await refuseTooMany(source, action, activeMax);
  await append(source, facts);
}

/** Looks at what was written, and thereby undoes it. */
async function refuseTooMany(source: Source, action: Action, activeMax: number | null): Promise<void> {
  if (activeMax === null || !action.enabled) return;
  const active = await asked(source, action);
  if (active.length <= activeMax) return;
  const others = active.filter(({ id }) => id !== action.id).map(({ id }) => id);
  const message = `enabled: expected at most ${activeMax} enabled at ${action.trigger}; there is ${others.join(", ")} already.`;
  throw new HookwrightError("limit_reached", message, { path: "enabled" });
}

async function list({ db }: Source, of: InputOf<"list">[0]): Promise<readonly Action[]> {
  const matching = db.selectFrom("hookwright_actions").selectAll().where("tenant", "=", of.tenant);
  return (await matching.where("contract", "=", of.contract).orderBy("key").execute()).map(actionOf);
}

async function get({ db }: Source, of: InputOf<"get">[0]): Promise<Action | null> {
  const matching = db.selectFrom("hookwright_actions").selectAll().where("id", "=", of.id);
  const row = await matching.where("tenant", "=", of.tenant).executeTakeFirst();
  return row === undefined ? null : actionOf(row);
}

async function asked({ db }: Source, of: InputOf<"asked">[0]): Promise<readonly Action[]> {
  const rows = await db
    .selectFrom("hookwright_actions")
    .selectAll()
    .where("tenant", "=", of.tenant)
    .where("contract", "=", of.contract)
    .where("trigger_name", "=", of.trigger)
    .where("enabled", "=", sql.lit(1))
    .orderBy("key")
    .execute();
  return rows.map(actionOf);
}

interface Update {
  readonly of: InputOf<"change">[0];
  readonly change: InputOf<"change">[1];
  readonly rule: InputOf<"change">[2];
}

async function update(source: Source, { of, change, rule }: Update): Promise<Action | null> {
  const changed = await source.db
    .updateTable("hookwright_actions")
    .set({ ...changeRow(change), updated_at: of.at })
    .where("id", "=", of.id)
    .where("tenant", "=", of.tenant)
    .returningAll()
    .executeTakeFirst();
  if (changed === undefined) return null;
  const after = actionOf(changed);
  await refuseTooMany(source, after, rule.activeMax);
  await append(source, rule.facts(after));
  return after;
}

async function kill(source: Source, of: InputOf<"kill">[0], facts: InputOf<"kill">[1]): Promise<boolean> {
  const killed = await source.db
    .updateTable("hookwright_actions")
    .set({ killed_at: of.at, killed_reason: of.reason, updated_at: of.at })
    .where("id", "=", of.id)
    .where("tenant", "=", of.tenant)
    .where("counted_since", "=", of.countedSince)
    .where("killed_at", "is", null)
    .executeTakeFirst();
  if (killed.numUpdatedRows === 0n) return false;
  await append(source, facts);
  return true;
}

/** One statement for each: there are few, and most are written already. */
async function share({ db }: Source, secrets: InputOf<"share">[0]): Promise<void> {
  for (const { tenant, id, secretHash, sharedSecret } of secrets)
    await db
      .updateTable("hookwright_actions")
      .set({ shared_sealed_secret: sharedSecret })
      .where("id", "=", id)
      .where("tenant", "=", tenant)
      .where("secret_hash", "=", secretHash)
      .where("shared_sealed_secret", "is", null)
      .execute();
}

async function unshare({ db }: Source): Promise<void> {
  await db
    .updateTable("hookwright_actions")
    .set({ shared_sealed_secret: null })
    .where("shared_sealed_secret", "is not", null)
    .execute();
}

async function remove(source: Source, of: InputOf<"remove">[0], facts: InputOf<"remove">[1]): Promise<boolean> {
  const before = await get(source, of);
  if (before === null) return false;
  const key = source.db.selectFrom("hookwright_actions").select("key").where("id", "=", before.id);
  // The table's own cascade only works where foreign keys are switched on, and the product's connection may have them off.
  await source.db.deleteFrom("hookwright_invocations").where("action_key", "in", key).execute();
  await source.db.deleteFrom("hookwright_actions").where("id", "=", before.id).execute();
  await append(source, facts(before));
  return true;
}
