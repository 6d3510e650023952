import { rules } from "./rules.ts";
import { indexOf, type History } from "./history.ts";

/** A rule of DESIGN §7 that does not hold, and each case of it. */
export interface Finding {
  readonly rule: string;
  readonly cases: readonly string[];
}

/** Compares what was asked for, what was received and what the database says. Empty: every rule holds. */
export function check(history: History): readonly Finding[] {
  const index = indexOf(history);
  return Object.entries(rules)
    .map(([rule, casesOf]) => ({ rule, cases: [...casesOf(index)] }))
    .filter(({ cases }) => cases.length > 0);
}
