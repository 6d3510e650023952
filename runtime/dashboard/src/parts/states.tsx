import type { ComponentChildren } from "preact";
import type { Problem } from "../api.ts";
import type { Loaded } from "../load.ts";
import { texts } from "../texts/texts.ts";

/** What happened, what to do, and what to name to whoever looks into it. */
export function ProblemNote({ problem, retry }: { readonly problem: Problem; readonly retry?: () => void }) {
  const t = texts();
  const isLost = problem.status === 404;
  const message = problem.status === 0 ? t.noAnswer : isLost ? t.notFound : problem.message;
  const remedy = problem.status === 0 ? t.noAnswerRemedy : isLost ? t.notFoundRemedy : problem.remedy;
  return (
    <div class="note bad" role="alert">
      <p>
        <strong>{message}</strong> {remedy}
      </p>
      {problem.requestId !== null && <p class="fine">{t.request(problem.requestId)}</p>}
      {retry !== undefined && (
        <button type="button" onClick={retry}>
          {t.retry}
        </button>
      )}
    </div>
  );
}

/** Shows what has come, that it is on its way, or why it did not come. */
export function Shown<Value>(props: {
  readonly of: Loaded<Value>;
  /** The page's heading, while it has none of its own. */
  readonly title?: string;
  readonly children: (value: Value) => ComponentChildren;
}) {
  const { value, problem, reload } = props.of;
  return (
    <>
      {value === null && props.title !== undefined && <h1 tabIndex={-1}>{props.title}</h1>}
      {problem !== null && <ProblemNote problem={problem} retry={reload} />}
      {value !== null ? props.children(value) : problem === null && <Loading />}
    </>
  );
}

export function Loading() {
  return (
    <p class="loading" role="status">
      {texts().loading}
    </p>
  );
}

export function Empty({ title, children }: { readonly title: string; readonly children?: ComponentChildren }) {
  return (
    <div class="empty">
      <p>
        <strong>{title}</strong>
      </p>
      {children}
    </div>
  );
}

export type Tone = "ok" | "warn" | "bad" | "plain";

/** A word with a mark beside its colour, for readers who do not tell the colours apart. */
export function Badge({ tone, children }: { readonly tone: Tone; readonly children: ComponentChildren }) {
  return <span class={`badge ${tone}`}>{children}</span>;
}
