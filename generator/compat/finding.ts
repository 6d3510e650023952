import type { Span } from "../model.ts";
import type { FindingSeverity, Group } from "./rule.ts";
import type { RuleId } from "./rules.ts";

/** A change as it is found, before it is known where it is told. */
export interface Difference {
  readonly rule: RuleId;
  /** Where, from what is compared: `.agentName`, `signature.encoding`. */
  readonly at: string;
  /** What changed from what to what, `string is integer now`. */
  readonly says: string;
  /** Null where there was, or is, nothing. */
  readonly before: Span | null;
  readonly after: Span | null;
}

/** A change between two catalogs that a rule names; each change is told once. */
export interface Finding {
  readonly rule: RuleId;
  readonly severity: FindingSeverity;
  readonly group: Group;
  /** The contract and the place in it: `shop/order.placed.data.total`, `shop/Money.amount`, `shop/timeoutSeconds`. */
  readonly path: string;
  /** What changed from what to what. */
  readonly says: string;
  readonly remedy: string;
  /** The event types that it touches, of a shared shape all that use it; empty when it touches all of the contract. */
  readonly events: readonly string[];
  readonly before: Span | null;
  readonly after: Span | null;
}

/** The more severe ones first. */
export const severities = ["error", "warning", "info"] as const satisfies readonly FindingSeverity[];

/** `catalog/shop/order.ts:5:3`. */
export function placeText({ file, line, column }: Span): string {
  return `${file}:${line}:${column}`;
}

/** What changed where, in one line: `shop/order.placed.data.total: it is not sent any more`. */
export function messageOf({ path, says, events }: Finding): string {
  return `${path}: ${says}${events.length > 1 ? ` (in ${events.length} event types)` : ""}`;
}
