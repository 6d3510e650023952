import { useState } from "preact/hooks";
import { answerOf, api, problemOf, type Answer, type Problem } from "../api.ts";
import { ProblemNote } from "../parts/states.tsx";
import { Time } from "../parts/time.tsx";
import { texts } from "../texts/texts.ts";

type Tried = Answer<"/v1/orgs/{tenant}/filters/try">;

/** Shows what a filter would have done to the newest events, before it is saved. */
export function FilterTrial(props: {
  readonly tenant: string;
  readonly contract: string | null;
  readonly filter: string;
}) {
  const t = texts();
  const [tried, setTried] = useState<{ readonly filter: string; readonly result: Tried } | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const { tenant, contract, filter } = props;
  const attempt = async () => {
    setProblem(null);
    const query = { filter, ...(contract !== null && { contract }) };
    await answerOf(api.GET("/v1/orgs/{tenant}/filters/try", { params: { path: { tenant }, query } })).then(
      (result) => setTried({ filter, result }),
      (error: unknown) => (setTried(null), setProblem(problemOf(error))),
    );
  };
  return (
    <div class="stack">
      <div class="row">
        <button type="button" class="small" onClick={() => void attempt()}>
          {t.tryFilter}
        </button>
        <span role="status">{tried?.filter === filter && t.filterTried(tried.result.passed, tried.result.looked)}</span>
      </div>
      {problem !== null && <ProblemNote problem={problem} />}
      {tried?.filter === filter && tried.result.examples.length > 0 && (
        <ul class="plain">
          {tried.result.examples.map(({ id, type, createdAt }) => (
            <li key={id}>
              {type} <code>{id}</code> <Time at={createdAt} />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
