/** How a wire contract is put into words; every document says it alike. */
import type { AttemptFailure, HeaderSource, OutcomeRule, OutcomeTrigger, Signature } from "../catalog/contract.ts";
import type { StreamContract, StreamRetry, Trigger } from "../catalog/contract.ts";
import type { Declaration } from "./model.ts";

/** How its events get to a receiver, in one sentence. */
export function deliveryText(declaration: Declaration): string {
  switch (declaration.mode) {
    case "push":
      return "Each event is one request, sent at least once.";
    case "stream":
      return `Events are sent in batches of up to ${declaration.batch.recordsMax}, in order${promiseText(declaration.retry)}.`;
    case "action":
      return "Each event is a question, asked once and answered with a verdict.";
  }
}

function promiseText(retry: StreamRetry): string {
  const isSkipped = retry.kind === "per-run" && retry.onExhausted === "skip";
  return isSkipped ? "; a batch that fails too often is passed over" : ", each at least once";
}

/** What the body of a request is. */
export function bodyText(declaration: Declaration): string {
  if (declaration.mode !== "stream") return "One event as a JSON object.";
  const { body, recordsMax, single, record } = declaration.batch;
  const texts = {
    object: (member: string) => `A JSON object whose \`${member}\` is an array of 1 to ${recordsMax} records.`,
    array: () => `A JSON array of 1 to ${recordsMax} records.`,
    lines: () => `1 to ${recordsMax} records, each a JSON text on a line of its own.`,
  };
  const alone = `Or one record alone, if the stream is set so, in up to ${single?.concurrencyDefault} requests at once.`;
  const wrapped = `Each record is an object with the event's id in \`${record?.id}\` and the event in \`${record?.member}\`.`;
  return [
    texts[body.kind](body.kind === "object" ? body.member : ""),
    ...(record === undefined ? [] : [wrapped]),
    ...(single === null ? [] : [alone]),
  ].join(" ");
}

/** What one request is called. */
function requestNoun({ mode }: Declaration): "delivery" | "batch" | "question" {
  return ({ push: "delivery", stream: "batch", action: "question" } as const)[mode];
}

/** How the requests of a contract are signed. Throws for a contract that signs nothing. */
export function signatureOf({ id, signature }: Declaration): Signature {
  if (signature !== null) return signature;
  throw new Error(`The contract "${id}" has a header with a signature or its time, and declares no signature.`);
}

/** What a request header carries. */
export function headerText(declaration: Declaration, source: HeaderSource): string {
  switch (source) {
    case "event.id":
      return "The event's id; the same on every attempt and for every endpoint.";
    case "event.type":
      return "The event's type, as in the body.";
    case "endpoint.id":
      return "The endpoint that it is sent to.";
    case "authorization":
      return "What was configured for the endpoint, as it is; without it the header is not sent.";
    case "delivery.id":
      return declaration.mode === "push"
        ? "The delivery: this event for this endpoint. The same on every attempt."
        : `The ${requestNoun(declaration)}. The same on every attempt.`;
    case "attempt.id":
      return "This attempt; another on every attempt.";
    case "attempt.number":
      return `Which attempt at the ${requestNoun(declaration)} it is: 1, and one more with each retry.`;
    case "event.position":
      return "The event's place in the log, a whole number: of two events of a tenant, the earlier one has the lower. Test deliveries go without it.";
    case "timestamp":
      return `When the attempt was signed, in ${signatureOf(declaration).timestamp?.unit ?? "seconds"} since 1970-01-01T00:00:00Z; new on every attempt.`;
    case "signature-input":
      return "The components that are signed, when that was, and by which key (RFC 9421 §4.1); new on every attempt.";
    case "content-digest":
      return "The SHA-256 of the body (RFC 9530).";
    case "signature":
      return signatureText(signatureOf(declaration));
  }
}

function signatureText({ content, prefix, timestamp }: Signature): string {
  if ("label" in content)
    return `The signature of the message, labelled \`${content.label}\` (RFC 9421 §4.2); new on every attempt.`;
  const time =
    timestamp?.carrier !== "signature"
      ? ""
      : ` and, behind \`${timestamp.prefix}\`, when it was made, in ${timestamp.unit} since 1970-01-01T00:00:00Z`;
  const signature = prefix === "" ? "The signature" : `The signature behind \`${prefix}\``;
  return `${signature}${time}; ${timestamp === null ? "the same" : "new"} on every attempt.`;
}

/** One line of the outcome table for one answer. */
export interface OutcomeLine {
  readonly on: OutcomeTrigger;
  readonly text: string;
}

/**
 * What follows from each answer or failure: the outcome table without the lines that an earlier one decides. Of an
 * action, what a question came to.
 */
export function outcomeLines(declaration: Declaration): readonly OutcomeLine[] {
  if (declaration.mode === "action") return answerLines(declaration);
  const lines = new Map<OutcomeTrigger, string>();
  for (const rule of declaration.outcomes) {
    for (const trigger of triggersOf(rule)) {
      if (!lines.has(trigger) && !isDecided(lines, trigger)) lines.set(trigger, outcomeText(declaration, rule));
    }
  }
  return [...lines].map(([on, text]) => ({ on, text }));
}

function answerLines({ statuses }: Extract<Declaration, { mode: "action" }>): readonly OutcomeLine[] {
  const failed = (status: string) => `No verdict: the fail mode decides. Recorded as \`${status}\`.`;
  return [
    { on: "2xx", text: "The body is the verdict; an empty one lets it go on." },
    ...(["3xx", "4xx", "5xx"] as const).map((on) => ({ on, text: failed(statuses.http_error) })),
    ...(["timeout", "network_error", "address_blocked"] as const).map((on) => ({ on, text: failed(statuses[on]) })),
  ];
}

function triggersOf(rule: OutcomeRule): readonly OutcomeTrigger[] {
  return typeof rule.on === "object" ? rule.on : [rule.on];
}

function isDecided(lines: ReadonlyMap<OutcomeTrigger, string>, trigger: OutcomeTrigger): boolean {
  return typeof trigger === "number" && [...lines.keys()].includes(statusClass(trigger));
}

function statusClass(status: number): OutcomeTrigger {
  const classes = { 2: "2xx", 3: "3xx", 4: "4xx", 5: "5xx" } as const;
  const digit = Math.floor(status / 100);
  return digit === 2 || digit === 3 || digit === 4 || digit === 5 ? classes[digit] : status;
}

function outcomeText(declaration: Exclude<Declaration, { mode: "action" }>, rule: OutcomeRule): string {
  const recorded = rule.error === undefined ? "" : ` Recorded as \`${rule.error}\`.`;
  if (declaration.mode === "stream") return batchOutcomeText(declaration, rule) + recorded;
  switch (rule.then) {
    case "deliver":
      return "Accepted: the delivery is done.";
    case "retry":
      return `Tried again after the next wait.${recorded}`;
    case "reject":
      return `Refused: the delivery ends here and is not tried again.${recorded}`;
  }
}

function batchOutcomeText({ retry }: Pick<StreamContract, "retry">, rule: OutcomeRule): string {
  if (rule.then === "deliver") return "Accepted: the next batch follows.";
  return retry.kind === "endless"
    ? "Not accepted: the same batch is sent again after the next wait."
    : "Not accepted: the same batch is sent again at once.";
}

/** When a batch that was not accepted is sent again. */
export function streamRetryText(retry: StreamRetry): string {
  if (retry.kind === "endless") {
    const { firstSeconds, maxSeconds, jitter } = retry;
    const spread = jitter === 0 ? "" : `, each up to ${percent(jitter)} longer or shorter at random`;
    return `A batch is sent again until it is accepted: after ${duration(firstSeconds)}, then after waits that double up to ${duration(maxSeconds)}${spread}. No batch is passed over.`;
  }
  const { retriesMax, budgetSeconds, onExhausted } = retry;
  const after = {
    skip: "After that the batch is passed over.",
    hold: "After that the next run sends the same batch again.",
  };
  return `A batch is sent again at once, up to ${retriesMax} times in a run and while the run has lasted less than ${duration(budgetSeconds)}. ${after[onExhausted]}`;
}

/** `10 %`. */
export function percent(share: number): string {
  return `${Number((share * 100).toFixed(2))} %`;
}

/** An answer or failure by name: `408`, `any other 4xx`, `no answer in time`. */
export function triggerText(declaration: Declaration, trigger: OutcomeTrigger): string {
  if (typeof trigger === "number") return String(trigger);
  if (isFailure(trigger)) return failureText(declaration, trigger);
  const others = outcomeLines(declaration).some(({ on }) => typeof on === "number" && statusClass(on) === trigger);
  return others ? `any other ${trigger}` : `any ${trigger}`;
}

function isFailure(trigger: OutcomeTrigger): trigger is AttemptFailure {
  return trigger === "timeout" || trigger === "network_error" || trigger === "address_blocked";
}

function failureText(declaration: Declaration, failure: AttemptFailure): string {
  switch (failure) {
    case "timeout":
      return `no complete answer within ${deadlineText(declaration)}`;
    case "network_error":
      return "no connection, or one that broke";
    case "address_blocked":
      return "the host resolves to an address that is not public";
  }
}

/** What the answer to a trigger of an action can do. */
export function triggerAnswerText(answer: Trigger["answer"]): string {
  switch (answer) {
    case "decides":
      return "The verdict decides.";
    case "decides-and-overrides":
      return "The verdict decides, and may override.";
    case "informational":
      return "For information: the answer changes nothing.";
  }
}

/** How long an answer may take. */
export function deadlineText(declaration: Declaration): string {
  if (declaration.mode !== "action") return duration(declaration.timeoutSeconds);
  const { default: usual, min, max } = declaration.timeoutMs;
  return `the action's deadline (${usual} ms unless it is set, from ${min} to ${max} ms)`;
}

/** `38 h 31 min`. Seconds are whole; a day is 24 h. */
export function duration(seconds: number): string {
  if (seconds === 0) return "0 s";
  const units = [
    [3600, "h"],
    [60, "min"],
    [1, "s"],
  ] as const;
  let rest = seconds;
  const parts: string[] = [];
  for (const [size, unit] of units) {
    const count = Math.floor(rest / size);
    if (count > 0) parts.push(`${count} ${unit}`);
    rest -= count * size;
  }
  return parts.join(" ");
}

/** What a URL may look like. */
export function urlText({ url }: Declaration): string {
  const schemes = url.schemes.map((scheme) => `\`${scheme}://\``).join(" or ");
  return `${schemes}, at most ${url.lengthMax} characters`;
}

export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
