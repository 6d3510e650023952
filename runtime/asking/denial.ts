import type { ActionContract } from "../../catalog/contract.ts";

/** A denial, and what it says of itself that can be read. */
export interface Denial {
  readonly code: string | null;
  readonly reason: string | null;
}

/** Passes over what is no UTF-8: a denial is read as well as it can be. */
const utf8 = new TextDecoder("utf-8");

/**
 * The denial in an answer, whatever else is wrong with it. Null: it does not deny. Whoever says no is not overruled by a
 * fail mode for the form in which it was said (F-AUTHIO-06), so what is no verdict is read for this alone.
 */
export function denialIn(rule: ActionContract["verdict"], body: Uint8Array | null): Denial | null {
  const answer = body === null ? null : parsed(utf8.decode(body));
  if (typeof answer !== "object" || answer === null) return null;
  const members = new Map<string, unknown>(Object.entries(answer));
  if (members.get(rule.decision) !== rule.denies) return null;
  return { code: textOf(members.get(rule.code)), reason: textOf(members.get(rule.reason)) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function textOf(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
