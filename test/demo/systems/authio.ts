import { examples } from "../../../catalog/authio/examples.ts";
import { allow, deny, Webhook } from "../../../sdks/typescript/src/contracts/authio.ts";
import type { AskOutcome } from "../../../runtime/asker.ts";
import { rowOf, type Row } from "../ledger.ts";
import { tenant, type Place } from "../place.ts";
import type { Reply } from "../receivers.ts";
import type { System } from "../system.ts";

const contract = "authio";

/** Questions, each answered with a verdict while the product waits. */
export const authio: System = {
  open: async (place) => {
    const denies = await openAction(place, { trigger: "pre_register" }, async (webhook) =>
      json(await webhook.answer("pre_register", deny({ code: "compliance_block" }), { sign: true })),
    );
    const overrides = await openAction(place, { trigger: "pre_token_mint" }, async (webhook) =>
      json(await webhook.answer("pre_token_mint", allow({ overrides: asked }), { sign: true })),
    );
    const fails = await openAction(place, { trigger: "pre_authenticate", failMode: "closed" }, async () => ({
      status: 500,
    }));
    const actions = [denies, overrides, fails];
    const { ask } = place.hooks.authio;
    const invocationIds: string[] = [];
    const told = ({ invocationId, ...outcome }: AskOutcome<unknown>): string => {
      if (invocationId !== null) invocationIds.push(invocationId);
      return `${outcome.decision} (${[outcome.status, outcome.code].filter((each) => each !== null).join(", ")})`;
    };
    return {
      name: contract,
      show: async () => {
        const data = examples.pre_register["a password"];
        place.say(`denied       pre_register: ${told(await ask("pre_register", { tenant, data }))}`);
        const minting = { tenant, data: examples.pre_token_mint["a member of an organization"], settings };
        const minted = await ask("pre_token_mint", minting);
        place.say(`overridden   pre_token_mint: ${told(minted)}, ${JSON.stringify(minted.overrides)}`);
        place.say(`             of ${JSON.stringify(asked)}: what is reserved or not known was dropped`);
        const early = { tenant, data: examples.pre_authenticate["nobody yet"] };
        place.say(`no verdict   pre_authenticate: ${told(await ask("pre_authenticate", early))}, by its fail mode`);
        const logs = await invocationsOf(place, actions);
        place.say(
          `log          ${logs.map(({ trigger, status, durationMs }) => `${trigger} ${status} ${durationMs} ms`).join(", ")}`,
        );
      },
      row: () => actionRow(place, { actions, invocationIds }),
    };
  },
};

/** What the receiver wants, and what the product lets it have. */
const asked = { override_claims: { plan: "pro", sub: "usr_other" }, override_roles: ["admin", "root"] };
const settings = { roles_action_override: true, roles: ["admin", "member"], permissions: [] };

interface Action {
  readonly id: string;
  readonly subscriber: string;
}

async function openAction(
  place: Place,
  of: { readonly trigger: string; readonly failMode?: "open" | "closed" },
  reply: (webhook: Webhook) => Promise<Reply>,
): Promise<Action> {
  const subscriber = `${contract}/${of.trigger}`;
  const { action, signingSecret } = await place.call<{
    readonly action: { readonly id: string };
    readonly signingSecret: string;
  }>("POST", "actions", { ...of, contract, url: place.receivers.url(subscriber) });
  const webhook = new Webhook(signingSecret, { now: place.clock.now });
  place.receivers.open(subscriber, {
    verify: async (body, headers) => [{ id: (await webhook.verify(body, headers)).id, type: of.trigger }],
    reply: () => reply(webhook),
  });
  return { id: action.id, subscriber };
}

const json = ({ body, headers }: Awaited<ReturnType<Webhook["answer"]>>): Reply => ({ status: 200, body, headers });

interface Invocation {
  readonly trigger: string;
  readonly status: string;
  readonly durationMs: number;
}

/** What the runtime's own log has of them. */
async function invocationsOf({ call }: Place, actions: readonly Action[]): Promise<readonly Invocation[]> {
  const logs = await Promise.all(
    actions.map(({ id }) => call<{ readonly invocations: readonly Invocation[] }>("GET", `actions/${id}/invocations`)),
  );
  return logs.flatMap(({ invocations }) => invocations);
}

async function actionRow(
  place: Place,
  { actions, invocationIds }: { readonly actions: readonly Action[]; readonly invocationIds: readonly string[] },
): Promise<Row> {
  const account = {
    expected: invocationIds,
    received: actions.flatMap(({ subscriber }) => place.receivers.of(subscriber)),
    // A question is asked once, and whoever verified it was asked.
    has: ({ isVerified }: { readonly isVerified: boolean }) => isVerified,
    attempts: (await invocationsOf(place, actions)).length,
  };
  return rowOf({ system: contract, mode: "action" }, [account]);
}
