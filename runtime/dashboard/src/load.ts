import { signal } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";
import { problemOf, type Problem } from "./api.ts";
import { signOut } from "./session.ts";

export interface Loaded<Value> {
  /** Null until it has come; while it is asked for again, what came last. */
  readonly value: Value | null;
  readonly problem: Problem | null;
  readonly isLoading: boolean;
  readonly reload: () => void;
}

/** Asks when the page opens, whenever `key` changes, and on `reload`. An answer that comes too late is dropped. */
export function useLoad<Value>(key: string, ask: (signal: AbortSignal) => Promise<Value>): Loaded<Value> {
  const [state, setState] = useState<Omit<Loaded<Value>, "reload"> & { readonly of: string }>({
    of: key,
    value: null,
    problem: null,
    isLoading: true,
  });
  const [round, setRound] = useState(0);
  useEffect(() => {
    const leaving = new AbortController();
    setState((before) => ({ of: key, value: before.of === key ? before.value : null, problem: null, isLoading: true }));
    ask(leaving.signal).then(
      (value) => leaving.signal.aborted || setState({ of: key, value, problem: null, isLoading: false }),
      (error: unknown) => {
        if (leaving.signal.aborted) return;
        const problem = problemOf(error);
        if (problem.status === 401) signOut();
        else setState((before) => ({ ...before, problem, isLoading: false }));
      },
    );
    return () => leaving.abort();
  }, [key, round]);
  const isOfKey = state.of === key;
  return {
    value: isOfKey ? state.value : null,
    problem: isOfKey ? state.problem : null,
    isLoading: !isOfKey || state.isLoading,
    reload: () => setRound((before) => before + 1),
  };
}

/** One pause for everything that comes by itself. */
export const isPaused = signal(false);

/** Calls again and again while the page is seen and not paused. */
export function useEvery(ms: number, call: () => void): void {
  const latest = useRef(call);
  latest.current = call;
  useEffect(() => {
    const timer = setInterval(() => {
      if (!isPaused.peek() && document.visibilityState === "visible") latest.current();
    }, ms);
    return () => clearInterval(timer);
  }, [ms]);
}
