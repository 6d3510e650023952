import type { ChallengeRule } from "./contract.ts";
import { isObject } from "./values.ts";

// A symbol, because an event may have members of any name.
const isAnswer = Symbol("challenge");

/** The answer to a question for a challenge, which a sender asks before it sends anything else. */
export interface ChallengeAnswer {
  readonly [isAnswer]: true;
  readonly body: Readonly<Record<string, string>>;
}

/** Null for anything but a question for a challenge. */
export function challengeAnswer(rule: ChallengeRule, body: unknown): ChallengeAnswer | null {
  if (!isObject(body)) return null;
  const isAsked = Object.entries(rule.constants).every(([name, constant]) => body[name] === constant);
  const text = body[rule.member];
  return isAsked && typeof text === "string" ? { [isAnswer]: true, body: { [rule.answer]: text } } : null;
}

export function isChallenge(message: object): message is ChallengeAnswer {
  return isAnswer in message;
}
