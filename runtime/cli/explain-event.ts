import { openApi, type ApiFlags } from "./api.ts";
import { accountsText, readAccounts } from "./event-outcome.ts";

export interface ExplainEventFlags extends ApiFlags {
  readonly json?: true;
}

/** Prints for every endpoint of the tenant what became of an event, or why nothing did. */
export async function runExplainEvent(eventId: string, flags: ExplainEventFlags): Promise<void> {
  const accounts = await readAccounts(openApi(flags), eventId);
  console.log(flags.json ? JSON.stringify(accounts, null, 2) : accountsText(accounts));
}
