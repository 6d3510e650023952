/** One question to the action of a tenant at a trigger. It is never asked inside a database transaction. */
export interface Question<Data> {
  /** Whose action is asked. */
  readonly tenant: string;
  readonly data: Data;
  /**
   * What the tenant lets an answer override, by the names that the contract declares: a setting is on or off, a list
   * names the values that are known (R-AUTHIO-28, R-AUTHIO-30). Needed only where a setting is on.
   */
  readonly settings?: QuestionSettings;
}

/**
 * Given with the question and not kept here: the product has its table of roles, and a copy of it would be wrong from
 * the first role on that it does not know yet.
 */
export type QuestionSettings = Readonly<Record<string, boolean | readonly string[]>>;

/** What a question came to. */
export interface AskOutcome<Verdict> {
  /** What holds: that of the action, or where it gave none, that of its fail mode. */
  readonly decision: "allow" | "deny";
  /** The contract's word for it. Null: there is no action, nobody was asked. */
  readonly status: string | null;
  /** Why it is denied, for the client (F-AUTHIO-05). Null unless the action denied. */
  readonly code: string | null;
  /** Why it is denied, for the log alone. */
  readonly reason: string | null;
  /** Those members of the verdict that override something and may. What was reserved, unknown or disabled is gone. */
  readonly overrides: Partial<Verdict>;
  /** Whether something of the tenant's own is replaced, its roles say (R-AUTHIO-29). */
  readonly isOverride: boolean;
  /** The answer as it came, without members that are null. Null: there was none, or none that could be used. */
  readonly verdict: Verdict | null;
  readonly actionId: string | null;
  readonly invocationId: string | null;
  /** The response's status. Null when there was none. */
  readonly httpStatus: number | null;
  /** What was wrong. Null when nothing was. */
  readonly error: string | null;
  /** From the request to the end of the answer. */
  readonly durationMs: number;
}

/**
 * Asks the actions of one contract: once, and answers by the action's deadline. Nothing a receiver does rejects it; data
 * that do not have the declared type are refused with `invalid_event_data`, and nobody is asked.
 */
export interface Asker<Questions, Verdict> {
  readonly ask: <Trigger extends keyof Questions & string>(
    trigger: Trigger,
    question: Question<Questions[Trigger]>,
  ) => Promise<AskOutcome<Verdict>>;
}

/** A verdict whose contract is known only at run time. */
export type AnyVerdict = Readonly<Record<string, unknown>>;

/** `ask` for callers that know contract and trigger only at run time. */
export type AskUntyped = (
  contract: string,
  trigger: string,
  question: Question<unknown>,
) => Promise<AskOutcome<AnyVerdict>>;
