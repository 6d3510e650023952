export type FindingSeverity = "error" | "warning" | "info";

/**
 * What a change touches: any receiver's payload, an SDK that is running, the sources that use an SDK, the delivery
 * itself, events that are stored already, or what people read.
 */
export const groups = ["payload", "sdk-runtime", "sdk-source", "delivery", "history", "docs"] as const;
export type Group = (typeof groups)[number];

export interface Rule {
  readonly severity: FindingSeverity;
  readonly group: Group;
  readonly title: string;
  /** Why it matters to whoever receives. */
  readonly reason: string;
  readonly remedy: string;
}

export function rule(
  [severity, group]: readonly [FindingSeverity, Group],
  title: string,
  { reason, remedy = "none is needed" }: { readonly reason: string; readonly remedy?: string },
): Rule {
  return { severity, group, title, reason, remedy };
}
