import { answerOf, api } from "../api.ts";
import { number } from "../format.ts";
import { useEvery, useLoad } from "../load.ts";
import { Badge, Shown } from "../parts/states.tsx";
import { Time } from "../parts/time.tsx";
import { texts } from "../texts/texts.ts";

/** The newest batches of a log stream, and what came of them. */
export function StreamRuns({ path }: { readonly path: { readonly tenant: string; readonly id: string } }) {
  const t = texts();
  const report = useLoad(`${path.id} report`, (signal) =>
    answerOf(
      api.GET("/v1/orgs/{tenant}/log-streams/{id}/report", { params: { path, query: { per_page: 10 } }, signal }),
    ),
  );
  useEvery(5000, report.reload);
  return (
    <details>
      <summary>{t.runs}</summary>
      <Shown of={report}>
        {({ logs }) =>
          logs.length === 0 ? (
            <p class="fine">{t.noRuns}</p>
          ) : (
            <div class="table" role="region" aria-label={t.runs} tabIndex={0}>
              <table>
                <thead>
                  <tr>
                    <th scope="col">{t.outcome}</th>
                    <th scope="col">{t.time}</th>
                    <th scope="col">{t.answer}</th>
                    <th scope="col" class="number">
                      {t.records}
                    </th>
                    <th scope="col" class="number">
                      {t.attempts}
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {logs.map((run) => (
                    <tr key={run.number}>
                      <td>
                        <Badge tone={run.result === "delivered" ? "ok" : "bad"}>{run.result}</Badge>
                      </td>
                      <td>
                        <Time at={run.start} />
                      </td>
                      <td>{[run.status, run.error, run.warning].filter((each) => each !== null).join(" ") || "–"}</td>
                      <td class="number">{number(run.logsProcessed)}</td>
                      <td class="number">{number(run.attempts)}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )
        }
      </Shown>
    </details>
  );
}
