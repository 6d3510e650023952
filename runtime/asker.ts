/** One question to an action. */
export interface Question<Data> {
  /** Whose action is asked. */
  readonly tenant: string;
  readonly data: Data;
}

/**
 * Asks the actions of one contract. What comes back is the verdict that holds: that of the action, or where there is no
 * usable one, that of its fail mode. Data that do not have the declared type are refused with `invalid_event_data`, and
 * nobody is asked.
 */
export interface Asker<Questions, Verdict> {
  readonly ask: <Trigger extends keyof Questions & string>(
    trigger: Trigger,
    question: Question<Questions[Trigger]>,
  ) => Promise<Verdict>;
}
