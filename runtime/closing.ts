import { HookwrightError } from "./errors.ts";

/** Knows whether Hookwright was closed in this process. */
export interface Closing {
  /** The same function, from whose first call on the others refuse. */
  readonly closing: (close: () => Promise<void>) => () => Promise<void>;
  /** The same function until Hookwright is closed; from then on it rejects with `closed`. */
  readonly refusing: <Parameters extends readonly unknown[], Answer>(
    work: (...parameters: Parameters) => Promise<Answer>,
  ) => (...parameters: Parameters) => Promise<Answer>;
}

export function createClosing(): Closing {
  let isClosed = false;
  return {
    closing: (close) => () => {
      isClosed = true;
      return close();
    },
    refusing:
      (work) =>
      async (...parameters) => {
        if (!isClosed) return work(...parameters);
        const message = "Hookwright was closed in this process, and nothing was written. Emit and ask before close().";
        throw new HookwrightError("closed", message);
      },
  };
}
