/** How a wire contract is put into words; every document says it alike. */
import type { AttemptFailure, HeaderSource, OutcomeRule, OutcomeTrigger } from "../catalog/contract.ts";
import type { PushModel } from "./model.ts";

type Declaration = PushModel["declaration"];

/** What a request header carries. */
export function headerText(declaration: Declaration, source: HeaderSource): string {
  const { timestamp, prefix } = declaration.signature;
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
      return "The delivery: this event for this endpoint. The same on every attempt.";
    case "attempt.id":
      return "This attempt; another on every attempt.";
    case "timestamp":
      return `When the attempt was signed, in ${timestamp.unit} since 1970-01-01T00:00:00Z; new on every attempt.`;
    case "signature":
      return `The signature behind \`${prefix}\`; new on every attempt.`;
  }
}

/** One line of the outcome table for one answer. */
export interface OutcomeLine {
  readonly on: OutcomeTrigger;
  readonly text: string;
}

/** The outcome table, one line for each answer or failure, without those that an earlier line decides. */
export function outcomeLines(declaration: Declaration): readonly OutcomeLine[] {
  const lines = new Map<OutcomeTrigger, string>();
  for (const rule of declaration.outcomes) {
    for (const trigger of triggersOf(rule)) {
      if (!lines.has(trigger) && !isDecided(lines, trigger)) lines.set(trigger, outcomeText(rule));
    }
  }
  return [...lines].map(([on, text]) => ({ on, text }));
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

function outcomeText(rule: OutcomeRule): string {
  const recorded = rule.error === undefined ? "" : ` Recorded as \`${rule.error}\`.`;
  switch (rule.then) {
    case "deliver":
      return "Accepted: the delivery is done.";
    case "retry":
      return `Tried again after the next wait.${recorded}`;
    case "reject":
      return `Refused: the delivery ends here and is not tried again.${recorded}`;
  }
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
      return `no complete answer within ${duration(declaration.timeoutSeconds)}`;
    case "network_error":
      return "no connection, or one that broke";
    case "address_blocked":
      return "the host resolves to an address that is not public";
  }
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
