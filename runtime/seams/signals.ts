/**
 * What there is word of. `log`: events were appended, and get their positions by whoever gives them. `uncommitted`: the
 * same in a transaction that is still open. `positioned`: events have got their positions. `work`: anything else as well,
 * such as deliveries that are due.
 */
export type SignalWord = "log" | "uncommitted" | "positioned" | "work";

/** Word from one process to the others on the same database that there is something new. It may get lost. */
export interface Signals {
  /** Costs the caller nothing: what is asked for within 10 ms is sent as one. */
  readonly notify: (word: SignalWord) => void;
  /** Calls back when another process notified, or may have while there was no connection. The answer ends it. */
  readonly listen: (callback: (word: SignalWord) => void) => () => void;
}
