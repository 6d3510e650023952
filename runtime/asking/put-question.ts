import { refuseTooLarge } from "../contracts/body-size.ts";
import { attemptIds } from "../contracts/delivery-id.ts";
import type { Action, Invocation } from "../seams/action-store.ts";
import type { AnyVerdict, AskOutcome, QuestionSettings } from "../asker.ts";
import { renderEnvelope } from "../contracts/envelope.ts";
import { traceRequest, type TracedRequest } from "../tracing.ts";
import { attemptRequest } from "../contracts/request-headers.ts";
import type { Asking, AskParts, ReadyAction } from "./parts.ts";
import type { InvocationLog } from "./invocation-log.ts";
import type { Judgement } from "./judge.ts";
import { dropFacts } from "./drop-facts.ts";
import { noOverrides, overridesOf, type Overrides } from "./overrides.ts";
import type { Watch } from "./watch.ts";

export interface QuestionContext {
  readonly parts: AskParts;
  readonly log: InvocationLog;
  readonly watch: Watch;
}

/** One question to one action. A `test` overrides nothing and counts for no kill switch (D-AUTHIO-15). */
export interface OneQuestion extends ReadyAction {
  readonly data: unknown;
  readonly settings: QuestionSettings;
  readonly kind: "real" | "test";
}

export const nobodyAsked: AskOutcome<AnyVerdict> = {
  decision: "allow",
  status: null,
  code: null,
  reason: null,
  overrides: {},
  isOverride: false,
  verdict: null,
  actionId: null,
  invocationId: null,
  httpStatus: null,
  error: null,
  durationMs: 0,
};

/** Asks, judges, counts, and leaves it to the log to write it down. */
export async function putQuestion(
  { parts, log, watch }: QuestionContext,
  asking: Asking,
  question: OneQuestion,
): Promise<AskOutcome<AnyVerdict>> {
  const { action, kind } = question;
  const { declaration } = asking;
  const startedAt = parts.clock.now();
  const id = parts.newId(declaration.ids.event, startedAt);
  const isKilled = kind === "real" && watch.isKilled(action);
  const answer = isKilled
    ? killed
    : await traceRequest(
        () => spanOf(question, id),
        () => exchange(parts, asking, { ...question, id, startedAt }),
        ({ status, httpStatus }) => ({
          outcome: status,
          status: httpStatus,
          // Never the words of the receiver.
          error: status === "allowed" || status === "denied" ? null : status,
        }),
      );
  const { status, httpStatus } = answer;
  if (kind === "real") parts.asked(declaration.id, answer);
  if (kind === "real" && !isKilled) watch.note(action, declaration, { status, httpStatus, now: parts.clock.now() });
  const { answer: mayOverride } = declaration.triggers[action.trigger] ?? { answer: "informational" };
  const takesOverrides = mayOverride === "decides-and-overrides" && status === "allowed" && kind === "real";
  const overrides = takesOverrides ? overridesOf(declaration, answer.verdict ?? {}, question.settings) : noOverrides;
  const outcome = outcomeOf({ asking, action, id, answer, overrides });
  const invocation = invocationOf(action, { outcome, answer, startedAt, kind });
  const facts = dropFacts(parts.renderFact, { action, invocationId: id, drops: overrides.drops });
  log.add({ invocation, keepMax: declaration.log.invocationsMax, facts });
  return outcome;
}

function spanOf({ action, kind, url }: OneQuestion, id: string): TracedRequest {
  const { contract, tenant, trigger } = action;
  return {
    ...{ name: "hookwright.ask", url, contract, tenant },
    attributes: {
      "messaging.message.id": id,
      "hookwright.event.type": trigger,
      "hookwright.action.id": action.id,
      "hookwright.ask.kind": kind,
    },
    events: null,
  };
}

type Answer = Judgement & { readonly durationMs: number };

/** As if the action were not there, but for its line in the log (R-AUTHIO-27). */
const killed: Answer = {
  status: "killed",
  httpStatus: null,
  error: "the action was killed; enable it again once it is mended",
  responseSha256: null,
  verdict: null,
  denial: null,
  durationMs: 0,
};

interface Sent extends OneQuestion {
  readonly id: string;
  readonly startedAt: number;
}

async function exchange(parts: AskParts, { declaration, judge }: Asking, sent: Sent): Promise<Answer> {
  const { action, data, id, key, startedAt, url } = sent;
  const { verdict } = declaration;
  const trigger = action.trigger;
  const body = renderEnvelope(declaration.envelope, {
    id,
    type: trigger,
    time: startedAt,
    tenant: action.tenant,
    endpointId: action.id,
    data,
  });
  refuseTooLarge(declaration, { id, type: trigger, body });
  const ids = attemptIds(declaration, { eventId: id, endpointId: action.id, run: 0, number: 1 });
  const request = attemptRequest(declaration, {
    url,
    eventId: id,
    eventType: trigger,
    eventTime: startedAt,
    tenant: action.tenant,
    endpointId: action.id,
    ...ids,
    attemptNumber: 1,
    authorization: null,
    body,
    now: startedAt,
    keys: [key],
    timeoutMs: action.timeoutMs,
    // One more than is taken says that there is more, and no more is read (D-AUTHIO-08).
    responseBodyBytesMax: verdict.bytesMax + 1,
    responseHeaders: ["content-type", verdict.signatureHeader.toLowerCase()],
  });
  const came = await parts.outbound.send(request);
  if (came.kind === "address_blocked")
    parts.log.warn({ actionId: action.id, detail: came.detail }, "An action leads to an address that is not public.");
  const asked = { eventId: id, deliveryId: ids.deliveryId, key, now: parts.clock.now() };
  return { ...judge(came, asked), durationMs: Math.round(came.durationMs) };
}

interface Outcome {
  readonly asking: Asking;
  readonly action: Action;
  readonly id: string;
  readonly answer: Answer;
  readonly overrides: Overrides;
}

function outcomeOf({ asking, action, id, answer, overrides: { overrides, isOverride } }: Outcome) {
  const { statuses, triggers } = asking.declaration;
  const { status, verdict, denial, httpStatus, error, durationMs } = answer;
  const isInformational = triggers[action.trigger]?.answer === "informational";
  return {
    decision: isInformational ? ("allow" as const) : decisionOf(answer, action),
    status: statuses[status],
    code: denial?.code ?? null,
    reason: denial?.reason ?? null,
    overrides,
    isOverride,
    verdict,
    actionId: action.id,
    invocationId: id,
    httpStatus,
    error,
    durationMs,
  };
}

/**
 * A denial always holds, also in an answer that is no verdict; a kill never does; in between the fail mode decides
 * (D-AUTHIO-06, F-AUTHIO-06).
 */
function decisionOf({ status, denial }: Pick<Answer, "status" | "denial">, { failMode }: Action): "allow" | "deny" {
  if (denial !== null) return "deny";
  if (status === "allowed" || status === "killed") return "allow";
  return failMode === "open" ? "allow" : "deny";
}

interface Logged {
  readonly outcome: ReturnType<typeof outcomeOf>;
  readonly answer: Answer;
  readonly startedAt: number;
  readonly kind: OneQuestion["kind"];
}

function invocationOf(action: Action, { outcome, answer, startedAt, kind }: Logged): Invocation {
  return {
    id: outcome.invocationId,
    actionId: action.id,
    trigger: action.trigger,
    status: outcome.status,
    durationMs: answer.durationMs,
    httpStatus: answer.httpStatus,
    error: answer.error === null ? null : storable(answer.error),
    responseSha256: answer.responseSha256,
    isOverride: outcome.isOverride,
    denyCode: outcome.code === null ? null : storable(outcome.code),
    denyReason: outcome.reason === null ? null : storable(outcome.reason),
    isTest: kind === "test",
    createdAt: startedAt,
  };
}

const textLengthMax = 1000;

/** A receiver's text, as a column takes it: PostgreSQL has no NUL, and a row is no place for 64 KiB. */
function storable(text: string): string {
  return text.slice(0, textLengthMax).replaceAll("\0", "\ufffd").toWellFormed();
}
