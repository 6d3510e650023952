import type { AnyVerdict, AskOutcome, QuestionSettings } from "../asker.ts";
import type { Payload } from "../contracts/event-data.ts";
import { contractsOf, type Api } from "./api.ts";

/** Asks the tenant's action at a trigger, and prints what it came to: a refusal is an answer like any other. */
export async function askAction(
  api: Api,
  { type, contract, payload }: { readonly type: string; readonly contract: string; readonly payload: Payload },
  { setting, json }: { readonly setting: QuestionSettings; readonly json?: true },
): Promise<void> {
  const settings = Object.keys(setting).length === 0 ? {} : { settings: setting };
  const { outcome } = await api.call<{ readonly outcome: AskOutcome<AnyVerdict> }>(
    "POST",
    `/actions/${encodeURIComponent(type)}/ask`,
    { contract, data: payload.data, ...settings },
  );
  console.log(json ? JSON.stringify({ trigger: type, contract, outcome }) : outcomeText(type, outcome));
}

function outcomeText(trigger: string, outcome: AskOutcome<AnyVerdict>): string {
  const { decision, status, code, overrides, error, httpStatus, durationMs, invocationId } = outcome;
  if (status === null) return `nobody is asked at ${trigger}: no action is enabled there, so it is ${decision}`;
  const words = [decision, status, ...(code === null ? [] : [code]), ...overrideWords(overrides)];
  const answer = httpStatus === null ? "no answer" : `status ${httpStatus}`;
  const why = error === null ? "" : `\n  ${error}`;
  return `asked ${trigger} ${invocationId}\n  ${[...words, answer, `${durationMs} ms`].join("  ")}${why}`;
}

/** Each override as it is printed, by the receiver's side too. */
export function overrideWords(overrides: AnyVerdict): readonly string[] {
  return Object.entries(overrides).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
}

/** What was asked with that id, as the log of its action has it. */
export interface InvocationAnswer {
  readonly id: string;
  readonly actionId: string;
  readonly trigger: string;
  readonly status: string;
  readonly durationMs: number;
  readonly httpStatus: number | null;
  readonly error: string | null;
  readonly denyCode: string | null;
  readonly createdAt: string;
}

/** Looks through the logs of all actions of the tenant, which keep the newest. Null: none has it. */
export async function findInvocation(api: Api, id: string): Promise<InvocationAnswer | null> {
  for (const { id: contract, mode } of await contractsOf(api)) {
    if (mode !== "action") continue;
    const { actions } = await api.read<{ readonly actions: readonly { readonly id: string }[] }>("/actions", {
      contract,
    });
    for (const action of actions) {
      const path = `/actions/${action.id}/invocations`;
      const { invocations } = await api.read<{ readonly invocations: readonly InvocationAnswer[] }>(path);
      const found = invocations.find((each) => each.id === id);
      if (found !== undefined) return found;
    }
  }
  return null;
}

export function invocationText(invocation: InvocationAnswer): string {
  const { id, actionId, trigger, status, denyCode, httpStatus, durationMs, error, createdAt } = invocation;
  const answer = httpStatus === null ? "no answer" : `status ${httpStatus}`;
  const words = [status, ...(denyCode === null ? [] : [denyCode]), answer, `${durationMs} ms`];
  return `${trigger} ${id}, asked at ${createdAt}\n\n  ${actionId}  ${words.join("  ")}${error === null ? "" : `\n    ${error}`}`;
}
