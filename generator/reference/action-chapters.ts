import type { ActionContract, ActionStatus } from "../../catalog/contract.ts";
import type { Declared, Shape } from "../model.ts";
import { duration, percent, triggerAnswerText, urlText } from "../wire-text.ts";
import { code, table } from "./markdown.ts";
import type { Chapter } from "./markdown.ts";
import { answerTable } from "./push-chapters.ts";

/** What a contract in mode `action` has of its own: who is asked when, the verdict, and what becomes of it. */
export function actionChapters(declaration: Declared<ActionContract>, answer: Shape | null): readonly Chapter[] {
  return [triggers(declaration), verdict(declaration, answer), statuses(declaration), failures(declaration)];
}

function triggers(declaration: Declared<ActionContract>): Chapter {
  const rows = Object.entries(declaration.triggers).map(([name, { answer }]) => [
    code(name),
    triggerAnswerText(answer),
  ]);
  return {
    title: "Triggers",
    blocks: [
      `An action is a URL (${urlText(declaration)}) that is asked for one trigger.`,
      table(["Trigger", "The answer"], rows),
    ],
  };
}

function verdict({ verdict: rule }: Declared<ActionContract>, answer: Shape | null): Chapter {
  const fields = answer?.kind === "object" ? answer.fields : [];
  const rows = fields.map(({ name, doc }) => [code(name), [doc?.summary ?? "", roleText(rule, name)].join(" ").trim()]);
  const dropped = Object.entries(rule.overrides).flatMap(([member, override]) => {
    const reserved = (override?.reserved ?? []).map(code).join(", ");
    return reserved === "" ? [] : [`Of ${code(member)} these keys are dropped: ${reserved}.`];
  });
  return {
    title: "Verdict",
    blocks: [
      `Answer with a 2xx status and a JSON object, in at most ${rule.bytesMax} bytes. Every field may be absent or null; an empty body lets it go on.`,
      ...(rows.length === 0 ? [] : [table(["Field of the answer", "Meaning"], rows)]),
      ...dropped,
      `${code(`${JSON.stringify(rule.decision)}: ${JSON.stringify(rule.denies)}`)} holds in every answer in which it can be read: also in one whose status, signature or other fields are wrong, whatever the fail mode is.`,
      `Signing the answer is up to you: with a header ${code(rule.signatureHeader)}, made like the request's signature with the same secret, the answer counts only if the signature is right.`,
    ],
  };
}

function roleText(rule: Declared<ActionContract>["verdict"], name: string): string {
  if (name === rule.decision) return `${code(JSON.stringify(rule.denies))} stops it; anything else lets it go on.`;
  if (name === rule.code) return "A code for why it was stopped.";
  if (name === rule.reason) return "Why it was stopped.";
  return Object.hasOwn(rule.overrides, name) ? "Read of triggers whose verdict may override." : "";
}

function statuses(declaration: Declared<ActionContract>): Chapter {
  const meanings: Record<ActionStatus, string> = {
    killed: "The action had been switched off, and was not asked.",
    address_blocked: "The host resolves to an address that is not public.",
    network_error: "No connection, or one that broke.",
    timeout: "No complete answer in time.",
    http_error: "A status other than 2xx; a redirect is one too.",
    invalid_response: "The answer is no verdict, or is too long.",
    invalid_signature: "The answer's signature is wrong; the log says whether by its secret or bytes, or by its clock.",
    denied: "The verdict stopped it.",
    allowed: "The verdict let it go on.",
  };
  const rows = Object.entries(meanings).map(([status, meaning]) => [wordFor(declaration, status), meaning]);
  return {
    title: "What a question came to",
    blocks: [
      table(["Status", "Meaning"], rows),
      `Of two that fit, the first holds. The log of an action keeps its last ${declaration.log.invocationsMax} questions.`,
      answerTable(declaration),
    ],
  };
}

function wordFor({ statuses: words }: Declared<ActionContract>, status: string): string {
  const entry = Object.entries(words).find(([of]) => of === status);
  return code(entry?.[1] ?? status);
}

function failures({ failMode, killSwitch, timeoutMs }: Declared<ActionContract>): Chapter {
  const { errorRate, timeoutRate, windowSeconds, evaluateEvery, serverErrorsMax } = killSwitch;
  const usual = { open: "it goes on", closed: "it is stopped" }[failMode.default];
  return {
    title: "Without a verdict",
    blocks: [
      `A question is asked once and never again. Its deadline is ${timeoutMs.default} ms unless another is set, from ${timeoutMs.min} to ${timeoutMs.max} ms.`,
      `Without a verdict the action's fail mode decides: ${code("open")} lets it go on, ${code("closed")} stops it. The fail mode is ${code(failMode.default)} unless it is set, so ${usual}.`,
      `An action is switched off when, over ${duration(windowSeconds)}, more than ${percent(errorRate)} of its questions failed or more than ${percent(timeoutRate)} ran out of time, which is looked at with every ${evaluateEvery}th question, or after ${serverErrorsMax} answers of 5xx in a row. While it is off it is not asked, its fail mode does not hold, and everything goes on, until somebody switches it on again.`,
    ],
  };
}
