import { openApi, unlessNotFound, type Api, type ApiFlags } from "./api.ts";
import { findInvocation, invocationText } from "./ask-action.ts";
import { readAttempts, type Attempts } from "./attempts-text.ts";
import { accountsText, readAccounts, type EventAccounts } from "./event-outcome.ts";

export interface ExplainEventFlags extends ApiFlags {
  readonly json?: true;
  /** Each attempt with its headers, too. */
  readonly headers?: true;
}

/**
 * Prints what became of an event for every endpoint of the tenant and every log stream of its contract, or why nothing
 * did; or what a question came to, which is no event. Exit status 1: there is neither.
 */
export async function runExplainEvent(id: string, flags: ExplainEventFlags): Promise<0 | 1> {
  const api = openApi(flags);
  const accounts = await unlessNotFound(readAccounts(api, id));
  const invocation = accounts === null ? await findInvocation(api, id) : null;
  if (accounts !== null) console.log(await accountsAs(flags, api, accounts));
  else if (invocation !== null)
    console.log(flags.json ? JSON.stringify(invocation, null, 2) : invocationText(invocation));
  else console.error(`error: there is no event or question ${JSON.stringify(id)}, or it is no longer kept.`);
  return accounts === null && invocation === null ? 1 : 0;
}

async function accountsAs({ json, headers }: ExplainEventFlags, api: Api, accounts: EventAccounts): Promise<string> {
  const attempts = headers ? await readAttempts(api, accounts) : new Map<string, Attempts>();
  if (!json) return accountsText(accounts, attempts);
  const endpoints = accounts.endpoints.map((account) => ({
    ...account,
    deliveries: account.deliveries.map((delivery) => {
      const made = attempts.get(delivery.id);
      return made === undefined ? delivery : { ...delivery, attempts: made };
    }),
  }));
  return JSON.stringify({ ...accounts, endpoints }, null, 2);
}
