import type { Rule } from "./rule.ts";
import { deliveryRules } from "./rules/delivery.ts";
import { eventRules } from "./rules/event.ts";
import { typeRules } from "./rules/type.ts";

/**
 * Every rule by its id. An id is never reused, and never changes its meaning.
 *
 * Some changes that break other systems cannot be made here, so they have no rule: versions and upcasters of events
 * (stored bytes are the sent bytes), dates of removal (`@deprecated` has a text), an internal scope of event types,
 * objects that are published as closed and ordering keys (neither is promised), patterns, shortest lengths and counts
 * of items (no word of the vocabulary has them), integers beyond 2^53 (none is taken), units and sensitivity of a field
 * (only the envelope has units), a published example that no longer fits (the reader refuses it), compression, method
 * and content type (all contracts share them), and source addresses (the network's matter). The id that receivers
 * deduplicate by changes with the header or the field of the envelope that carries it.
 */
export const rules = { ...eventRules, ...typeRules, ...deliveryRules } as const;

export type RuleId = keyof typeof rules;

export function isRuleId(id: string): id is RuleId {
  return Object.hasOwn(rules, id);
}

export function ruleOf(id: RuleId): Rule {
  return rules[id];
}
