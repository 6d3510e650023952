import type { ActionContract } from "../../catalog/contract.ts";
import { eventTypeOf } from "../contracts/contract-of.ts";
import type { WireContract } from "../contracts/wire-contract.ts";
import type { Api } from "./api.ts";
import { overrideWords } from "./ask-action.ts";
import { keep, readKept } from "./kept-secrets.ts";
import {
  envelopeFacts,
  jsonOf,
  nothing,
  type ClaimPlace,
  type Claimed,
  type Listening,
  type OnExit,
  type Said,
} from "./listening.ts";
import { verificationProblem } from "./verify-delivery.ts";

/** An action that comes and goes with a command. */
interface LocalAction {
  readonly id: string;
  readonly trigger: string;
  readonly secret: string;
}

/** What a run has to undo, also when the one before it could not. */
interface KeptActions {
  readonly actions: readonly LocalAction[];
  /** Actions of others that were asked until now, and are asked again afterwards. */
  readonly replaced: readonly string[];
}

interface ActionAnswer {
  readonly id: string;
  readonly trigger: string;
  readonly url: string;
  readonly enabled: boolean;
}

export interface ActionsWanted {
  /** Triggers, or `*` for all of them. */
  readonly events: readonly string[];
  /** Whether an action that is asked there is disabled meanwhile. */
  readonly replace: boolean;
}

/** Listening to a contract in mode `action`: each question is forwarded, and its verdict given back. */
export function actionListening(contract: WireContract<ActionContract>, wanted: ActionsWanted): Listening {
  const { declaration } = contract;
  const triggers = wanted.events.includes("*") ? Object.keys(declaration.triggers) : wanted.events;
  for (const trigger of triggers) eventTypeOf(contract, trigger, "--events");
  return {
    timeoutMs: declaration.timeoutMs.max,
    claim: (at) => claimActions(declaration, { ...at, triggers, replace: wanted.replace }),
    arrival: ({ body }) => {
      const { type, id } = envelopeFacts(declaration.envelope, jsonOf(body));
      return { words: [type, id], fields: { type, invocationId: id } };
    },
    answer: (body) => verdictSaid(declaration, body),
  };
}

/** The receiver's own words; what of it counts is the server's decision. */
function verdictSaid({ verdict }: ActionContract, body: Buffer): Said {
  if (body.length === 0) return { words: ["allow"], fields: { decision: "allow", code: null, overrides: {} } };
  const said = jsonOf(body);
  if (typeof said !== "object" || said === null) return nothing;
  const members = new Map(Object.entries(said));
  const decision = members.get(verdict.decision) === verdict.denies ? "deny" : "allow";
  const code = members.get(verdict.code) ?? null;
  const overrides = Object.fromEntries([...members].filter(([name]) => Object.hasOwn(verdict.overrides, name)));
  return {
    words: [decision, ...(code === null ? [] : [String(code)]), ...overrideWords(overrides)],
    fields: { decision, code, overrides },
  };
}

type Claim = ClaimPlace & { readonly triggers: readonly string[]; readonly replace: boolean };

async function claimActions(declaration: ActionContract, claim: Claim): Promise<Claimed> {
  const { api, place } = claim;
  const before = readKept<KeptActions>(place) ?? { actions: [], replaced: [] };
  const { actions: existing } = await api.read<{ readonly actions: readonly ActionAnswer[] }>("/actions", {
    contract: declaration.id,
  });
  const isThere = (id: string) => existing.some((each) => each.id === id);
  const own = before.actions.filter(({ id }) => isThere(id));
  const others = existing.filter(
    ({ id, enabled, trigger }) => enabled && claim.triggers.includes(trigger) && !own.some((each) => each.id === id),
  );
  const inTheWay = declaration.activeMax === undefined ? [] : others;
  if (inTheWay.length > 0 && !claim.replace) throw taken(inTheWay);
  let kept: KeptActions = { actions: own, replaced: before.replaced.filter(isThere) };
  try {
    for (const { id } of inTheWay) {
      kept = { ...kept, replaced: [...kept.replaced, id] };
      keep(place, kept);
      await setEnabled(api, id, false);
    }
    for (const trigger of claim.triggers) {
      const action = await claimAction(declaration, claim, {
        trigger,
        known: own.find((each) => each.trigger === trigger),
      });
      kept = { ...kept, actions: [...kept.actions.filter(({ id }) => id !== action.id), action] };
      keep(place, kept);
    }
  } catch (error) {
    // What cannot be undone now is kept, and undone by the next run.
    await retireActions(claim, kept, "remove").catch(() => {});
    throw error;
  }
  return claimedOf(declaration, claim, kept);
}

function taken(others: readonly ActionAnswer[]): Error {
  const texts = others.map(({ trigger, id, url }) => `${trigger} (${id}, ${url})`).join(", ");
  return new Error(
    `--events: another action is asked at ${texts}.\nName other triggers, or give --replace: it is disabled until the end.`,
  );
}

async function claimAction(
  { id: contract, timeoutMs }: ActionContract,
  { api, url }: ClaimPlace,
  { trigger, known }: { readonly trigger: string; readonly known: LocalAction | undefined },
): Promise<LocalAction> {
  if (known !== undefined) {
    await api.call("PATCH", pathOf(known.id), { url, enabled: true });
    // It may have failed too often the last time.
    await api.call("POST", `${pathOf(known.id)}/reenable`);
    return known;
  }
  const { action, signingSecret } = await api.call<{ readonly action: ActionAnswer; readonly signingSecret: string }>(
    "POST",
    "/actions",
    { contract, trigger, url, timeoutMs: timeoutMs.max },
  );
  return { id: action.id, trigger, secret: signingSecret };
}

function claimedOf(declaration: ActionContract, claim: Claim, kept: KeptActions): Claimed {
  const actions = kept.actions.filter(({ trigger }) => claim.triggers.includes(trigger));
  return {
    ready: {
      lines: actions.map(({ trigger, id, secret }) => [trigger, `${id}  ${secret}`]),
      fields: {
        actions: actions.map(({ trigger, id, secret }) => ({ trigger, actionId: id, signingSecret: secret })),
      },
    },
    // Each has a secret of its own, and a contract need not say in a header which action is meant.
    problem: (delivery) => {
      const problems = actions.map(({ secret }) =>
        verificationProblem(declaration, delivery, { secret, now: Date.now() }),
      );
      return problems.includes(null) ? null : (problems[0] ?? "there is no action");
    },
    retire: async (how) => {
      await retireActions(claim, kept, how);
      const restored = kept.replaced.length === 0 ? [] : [`${kept.replaced.join(", ")} asked again.`];
      return {
        words: [`${actions.length} action${actions.length === 1 ? "" : "s"} ${how}d.`, ...restored],
        fields: { actionIds: actions.map(({ id }) => id), restored: kept.replaced },
      };
    },
  };
}

async function retireActions(
  { api, place }: ClaimPlace,
  { actions, replaced }: KeptActions,
  how: OnExit,
): Promise<void> {
  for (const { id } of actions) await (how === "disable" ? setEnabled(api, id, false) : api.call("DELETE", pathOf(id)));
  for (const id of replaced) await setEnabled(api, id, true);
  keep(place, how === "disable" ? { actions, replaced: [] } : null);
}

async function setEnabled(api: Api, id: string, enabled: boolean): Promise<void> {
  await api.call("PATCH", pathOf(id), { enabled });
}

const pathOf = (id: string) => `/actions/${id}`;
