import { openApi, unlessNotFound, type ApiFlags } from "./api.ts";
import { findInvocation, invocationText } from "./ask-action.ts";
import { accountsText, readAccounts } from "./event-outcome.ts";

export interface ExplainEventFlags extends ApiFlags {
  readonly json?: true;
}

/**
 * Prints what became of an event for every endpoint of the tenant and every log stream of its contract, or why nothing
 * did; or what a question came to, which is no event. Exit status 1: there is neither.
 */
export async function runExplainEvent(id: string, flags: ExplainEventFlags): Promise<0 | 1> {
  const api = openApi(flags);
  const accounts = await unlessNotFound(readAccounts(api, id));
  const invocation = accounts === null ? await findInvocation(api, id) : null;
  if (accounts !== null) console.log(flags.json ? JSON.stringify(accounts, null, 2) : accountsText(accounts));
  else if (invocation !== null)
    console.log(flags.json ? JSON.stringify(invocation, null, 2) : invocationText(invocation));
  else console.error(`error: there is no event or question ${JSON.stringify(id)}, or it is no longer kept.`);
  return accounts === null && invocation === null ? 1 : 0;
}
