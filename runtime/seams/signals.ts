/** Word from one process to the others on the same database that there is something new. It may get lost. */
export interface Signals {
  /** Costs the caller nothing: what is asked for within 10 ms is sent as one. */
  readonly notify: () => void;
  /** Calls back when another process notified, or may have while there was no connection. The answer ends it. */
  readonly listen: (callback: () => void) => () => void;
}
