import type { ActionContract } from "../../catalog/contract.ts";
import type {
  Action,
  ActionChange,
  ActionSecret,
  ActionSettings,
  ActionStore,
  Invocation,
} from "../seams/action-store.ts";
import type { AnyVerdict, AskOutcome } from "../asker.ts";
import type { Asks } from "./ask.ts";
import type { AskParts } from "./parts.ts";
import { actionContractOf } from "../contracts/action-contract.ts";
import { eventTypeOf } from "../contracts/contract-of.ts";
import { checkedUrl, type EndpointParts } from "../endpoints/endpoints.ts";
import { HookwrightError } from "../errors.ts";
import { newSecret } from "../secrets/signing-secret.ts";
import type { Events } from "../seams/log-store.ts";

/** An action as its owner asks for it. What is left out is as the contract declares. */
export interface NewAction extends Partial<Omit<ActionSettings, "url">> {
  readonly tenant: string;
  readonly contract: string;
  readonly trigger: string;
  readonly url: string;
  /** Where the secret is kept: sealed in the database, or in the memory of the processes alone (D-AUTHIO-10). */
  readonly secretStorage?: Action["secretStorage"];
}

/** An action and its signing secret, which is shown this once. */
export interface ActionWithSecret {
  readonly action: Action;
  readonly signingSecret: string;
}

export interface ActionId {
  readonly tenant: string;
  readonly id: string;
}

/** Who asks for a change: the id of an API key, or `operator`. Stands in the fact that says so. */
export interface By {
  readonly actorId: string;
}

/** The rules of actions. What there is none of, or what is another tenant's, is `not_found`. */
export interface Actions {
  /** Throws `invalid_url`, `unknown_event_type`, `invalid_request` or `limit_reached`, and stores nothing then. */
  readonly create: (action: NewAction, by: By) => Promise<ActionWithSecret>;
  readonly list: ActionStore["list"];
  readonly get: (of: ActionId) => Promise<Action>;
  readonly update: (of: ActionId, change: Partial<ActionSettings>, by: By) => Promise<Action>;
  /** From the answer on, this process signs with the new secret alone, and others within a second (D-AUTHIO-11). */
  readonly rotateSecret: (of: ActionId, by: By) => Promise<ActionWithSecret>;
  /** Ends a kill and counts anew (F-AUTHIO-11). Of an action that was not killed, it changes nothing. */
  readonly reenable: (of: ActionId, by: By) => Promise<Action>;
  readonly remove: (of: ActionId, by: By) => Promise<void>;
  /** Asks the declared test question, also of an action that is disabled or killed (R-AUTHIO-04). */
  readonly test: (of: ActionId) => Promise<AskOutcome<AnyVerdict>>;
  /** Newest first, as many as the contract keeps unless `limit` says fewer (R-AUTHIO-02). */
  readonly invocations: (of: ActionId & { readonly limit?: number | undefined }) => Promise<readonly Invocation[]>;
}

export type ActionParts = Pick<
  AskParts,
  "store" | "catalog" | "secrets" | "clock" | "newId" | "random" | "renderFact" | "wake"
> &
  Pick<EndpointParts, "mode" | "allowTargets"> & {
    readonly asks: Pick<Asks, "test" | "changed" | "flush">;
    /** The other live processes on the database. */
    readonly others: () => Promise<readonly unknown[]>;
  };

export function createActions(parts: ActionParts): Actions {
  const { store, clock, asks, secrets } = parts;
  const declarationOf = (contract: string) => actionContractOf(parts.catalog, contract).declaration;

  async function get(of: ActionId): Promise<Action> {
    return found(await store.get(of), of);
  }

  function facts(type: string, { id, contract, tenant, trigger }: Action, more: object): Events {
    return parts.renderFact({ type, tenant, data: { actionId: id, contract, trigger, ...more } });
  }

  function changed(tenant: string): void {
    asks.changed(tenant);
    parts.wake();
  }

  /** Asks who else is there only for a secret that others might not have. */
  async function keep(of: Pick<Action, "tenant" | "id" | "secretStorage">, secret: string): Promise<ActionSecret> {
    const isShared = of.secretStorage === "memory" && (await parts.others()).length > 0;
    return secrets.keep(of, secret, isShared ? "others" : "none");
  }

  /** Writes a change and the fact that says so; `type` names it. */
  async function write(before: Action, change: ActionChange, fact: (after: Action) => Events): Promise<Action> {
    const { id, tenant } = before;
    const activeMax = declarationOf(before.contract).activeMax ?? null;
    const after = await store.change({ id, tenant, at: clock.now() }, change, { activeMax, facts: fact });
    changed(tenant);
    return found(after, before);
  }

  return {
    create: async (given, { actorId }) => {
      const action = newAction(parts, given);
      const declaration = declarationOf(given.contract);
      const signingSecret = newSecret(declaration.secret, parts.random);
      const whole = { ...action, ...(await keep(action, signingSecret)) };
      const activeMax = declaration.activeMax ?? null;
      const created = facts("action.created", whole, { actorId, ...settingsOf(whole) });
      await store.create(whole, { activeMax, facts: created });
      changed(whole.tenant);
      return { action: whole, signingSecret };
    },
    list: store.list,
    get,
    update: async (of, change, { actorId }) => {
      const before = await get(of);
      const checked = checkedChange(parts, declarationOf(before.contract), change);
      return write(before, checked, (after) => facts("action.updated", after, { actorId, ...settingsOf(after) }));
    },
    rotateSecret: async (of, { actorId }) => {
      const before = await get(of);
      const signingSecret = newSecret(declarationOf(before.contract).secret, parts.random);
      const kept = await keep(before, signingSecret);
      const action = await write(before, kept, (after) => facts("action.secret_rotated", after, { actorId }));
      secrets.forget(before);
      return { action, signingSecret };
    },
    reenable: async (of, { actorId }) => {
      const before = await get(of);
      if (before.killedAt === null) return before;
      // Later than the count that killed it, whatever the clock says: processes tell the counts apart by it.
      const countedSince = Math.max(clock.now(), before.countedSince + 1);
      const alive = { killedAt: null, killedReason: null, countedSince };
      return write(before, alive, (after) => facts("action.reenabled", after, { actorId }));
    },
    remove: async (of, { actorId }) => {
      const removed = await store.remove(of, (before) => facts("action.deleted", before, { actorId }));
      found(removed || null, of);
      changed(of.tenant);
    },
    test: async (of) => asks.test(await get(of)),
    invocations: async ({ limit, ...of }) => {
      const { id, contract } = await get(of);
      const { invocationsMax } = declarationOf(contract).log;
      // What was just asked here is among them.
      await asks.flush();
      return store.invocations({ actionId: id, limit: Math.min(limit ?? invocationsMax, invocationsMax) });
    },
  };
}

function newAction(parts: ActionParts, given: NewAction): Omit<Action, "sealedSecret" | "sharedSecret" | "secretHash"> {
  const contract = actionContractOf(parts.catalog, given.contract);
  const { declaration } = contract;
  eventTypeOf(contract, given.trigger, "trigger");
  const at = parts.clock.now();
  return {
    id: parts.newId(declaration.ids.endpoint, at),
    contract: declaration.id,
    tenant: given.tenant,
    trigger: given.trigger,
    url: checkedUrl(given.url, declaration, parts),
    timeoutMs: checkedTimeout(declaration, given.timeoutMs ?? declaration.timeoutMs.default),
    failMode: given.failMode ?? declaration.failMode.default,
    enabled: given.enabled ?? true,
    secretStorage: given.secretStorage ?? "sealed",
    killedAt: null,
    killedReason: null,
    countedSince: at,
    createdAt: at,
    updatedAt: at,
  };
}

function checkedChange(
  parts: ActionParts,
  declaration: ActionContract,
  { url, timeoutMs, ...rest }: Partial<ActionSettings>,
): ActionChange {
  return {
    ...rest,
    ...(url === undefined ? {} : { url: checkedUrl(url, declaration, parts) }),
    ...(timeoutMs === undefined ? {} : { timeoutMs: checkedTimeout(declaration, timeoutMs) }),
  };
}

/** Within the contract's bounds (R-AUTHIO-14). */
function checkedTimeout({ timeoutMs: { min, max } }: ActionContract, timeoutMs: number): number {
  if (Number.isInteger(timeoutMs) && timeoutMs >= min && timeoutMs <= max) return timeoutMs;
  const message = `timeoutMs: expected a whole number from ${min} to ${max}, got ${timeoutMs}.`;
  throw new HookwrightError("invalid_request", message, { path: "timeoutMs" });
}

const settingsOf = ({ url, timeoutMs, failMode, enabled }: ActionSettings) => ({ url, timeoutMs, failMode, enabled });

function found<Value>(value: Value | null, { id }: Pick<ActionId, "id">): Value {
  if (value !== null) return value;
  throw new HookwrightError("not_found", `There is no action ${JSON.stringify(id)}.`);
}
