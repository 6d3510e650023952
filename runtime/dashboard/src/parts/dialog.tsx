import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { problemOf, type Problem } from "../api.ts";
import { texts } from "../texts/texts.ts";
import { ProblemNote } from "./states.tsx";

/** The browser's own dialog: it keeps the focus, and Escape closes it. */
export function Dialog(props: {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}) {
  const ref = useRef<HTMLDialogElement>(null);
  useEffect(() => ref.current?.showModal(), []);
  return (
    <dialog ref={ref} aria-labelledby="dialog-title" onClose={props.onClose}>
      <h2 id="dialog-title">{props.title}</h2>
      {props.children}
    </dialog>
  );
}

/** Asks before something is done, naming what follows from it. It stays open, with the reason, when that fails. */
export function Confirm(props: {
  readonly title: string;
  readonly says: string;
  readonly does: string;
  readonly tone?: "bad";
  readonly onClose: () => void;
  readonly act: () => Promise<unknown>;
}) {
  const t = texts();
  const [problem, setProblem] = useState<Problem | null>(null);
  const [isBusy, setBusy] = useState(false);
  const act = async () => {
    setBusy(true);
    setProblem(null);
    try {
      await props.act();
      props.onClose();
    } catch (error) {
      setProblem(problemOf(error));
      setBusy(false);
    }
  };
  return (
    <Dialog title={props.title} onClose={props.onClose}>
      <p>{props.says}</p>
      {problem !== null && <ProblemNote problem={problem} />}
      <div class="row end">
        <button type="button" onClick={props.onClose}>
          {t.cancel}
        </button>
        <button
          type="button"
          class={props.tone === "bad" ? "danger" : "primary"}
          disabled={isBusy}
          onClick={() => void act()}
        >
          {props.does}
        </button>
      </div>
    </Dialog>
  );
}
