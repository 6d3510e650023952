import type { ActionContract } from "../../catalog/contract.ts";
import type { Action } from "../seams/action-store.ts";
import type { AnyVerdict, AskOutcome, AskUntyped, Question, QuestionSettings } from "../asker.ts";
import { actionContractOf } from "../contracts/action-contract.ts";
import { eventTypeOf } from "../contracts/contract-of.ts";
import { compileEventData, type PrepareData } from "../contracts/event-data.ts";
import { signingKey } from "../contracts/signature.ts";
import type { WireContract } from "../contracts/wire-contract.ts";
import { refuseReserved } from "../contracts/reserved-tenant.ts";
import { HookwrightError } from "../errors.ts";
import { createDirectory } from "./action-directory.ts";
import { createInvocationLog } from "./invocation-log.ts";
import { createJudge } from "./judge.ts";
import { checkSettings } from "./overrides.ts";
import type { Asking, AskParts, ReadyAction } from "./parts.ts";
import { nobodyAsked, putQuestion } from "./put-question.ts";
import { createWatch } from "./watch.ts";

export interface Asks {
  /** One attempt, never in a transaction, within the action's deadline (D-AUTHIO-07). */
  readonly ask: AskUntyped;
  /** Asks one action, whether or not it is enabled, with the declared example (R-AUTHIO-04, D-AUTHIO-15). */
  readonly test: (action: Action) => Promise<AskOutcome<AnyVerdict>>;
  /** A tenant's actions were changed: the next question finds them as they are now. */
  readonly changed: (tenant: string) => void;
  /** Writes down what was asked and what was killed. Rejects when the database does not take it. */
  readonly flush: () => Promise<void>;
  /** Does the same for the last time: what the database does not take is not tried again. */
  readonly close: () => Promise<void>;
}

/**
 * `ask`: looks up the action, sends one signed question, and judges what comes back. What is looked up is at most a second
 * old, and nothing is written before the answer.
 */
export function createAsk(parts: AskParts): Asks {
  const prepared = new Map<string, PrepareData>();
  const askings = new Map<string, Asking>();
  const log = createInvocationLog(parts);
  const directory = createDirectory(async (place) => {
    const { declaration } = actionContractOf(parts.catalog, place.contract);
    return (await parts.store.asked(place)).map((action) => ready(parts, declaration, action));
  }, parts.clock);
  const watch = createWatch(parts, directory.expire);
  const context = { parts, log, watch };

  function asking(contract: WireContract<ActionContract>): Asking {
    const { declaration } = contract;
    const known = askings.get(declaration.id) ?? { declaration, judge: createJudge(contract) };
    askings.set(declaration.id, known);
    return known;
  }

  function prepare(contract: WireContract<ActionContract>, trigger: string): PrepareData {
    const key = `${contract.declaration.id} ${trigger}`;
    const known = prepared.get(key) ?? compileEventData(trigger, eventTypeOf(contract, trigger, "trigger"));
    prepared.set(key, known);
    return known;
  }

  return {
    ask: async (contractId, trigger, question) => {
      refuseTransaction(question);
      refuseReserved(question.tenant);
      const contract = actionContractOf(parts.catalog, contractId);
      const data = prepare(contract, trigger)(question.data);
      const settings: QuestionSettings = question.settings ?? {};
      checkSettings(contract.declaration, settings);
      let outcome = nobodyAsked;
      for (const action of await directory.at({ tenant: question.tenant, contract: contractId, trigger })) {
        const next = await putQuestion(context, asking(contract), { ...action, data, settings, kind: "real" });
        outcome = { ...next, overrides: { ...outcome.overrides, ...next.overrides } };
        if (outcome.decision === "deny") break;
      }
      return outcome;
    },
    test: (action) => {
      const contract = actionContractOf(parts.catalog, action.contract);
      const data = prepare(contract, action.trigger)(testData(contract.declaration, action.trigger));
      const one = ready(parts, contract.declaration, action);
      return putQuestion(context, asking(contract), { ...one, data, settings: {}, kind: "test" });
    },
    changed: directory.expire,
    flush: async () => {
      await watch.written();
      await log.flush();
    },
    close: async () => {
      await watch.written();
      await log.close();
    },
  };
}

function ready({ secrets }: AskParts, declaration: ActionContract, action: Action): ReadyAction {
  const { signature, secret } = declaration;
  const key = signingKey(secrets.signing(action), { signature, secretPrefix: secret.prefix });
  return { action, url: new URL(action.url), key };
}

/** It would hold its locks for as long as a receiver likes. */
function refuseTransaction(question: Question<unknown>): void {
  if (!("tx" in question)) return;
  const message = "tx: expected none; ask before the transaction or after it, as it would wait for the receiver.";
  throw new HookwrightError("invalid_request", message, { path: "tx" });
}

function testData({ id, examples, testExample }: ActionContract, trigger: string): unknown {
  const data = testExample === undefined ? undefined : examples[trigger]?.[testExample];
  if (data !== undefined) return data;
  throw new HookwrightError("invalid_request", `The contract "${id}" declares no test question for ${trigger}.`);
}
