import { useState } from "preact/hooks";
import { answerOf, api, problemOf, type Problem } from "../api.ts";
import { number } from "../format.ts";
import { useEvery, useLoad } from "../load.ts";
import type { Redelivery } from "../session.ts";
import { SelectField } from "../parts/fields.tsx";
import { Badge, ProblemNote, Shown } from "../parts/states.tsx";
import { Time } from "../parts/time.tsx";
import { texts } from "../texts/texts.ts";

type Of = { readonly tenant: string; readonly id: string };
const route = "/v1/orgs/{tenant}/webhook-endpoints/{id}/redeliveries";
const hours: Readonly<Record<string, number>> = { "1h": 1, "24h": 24, "7d": 168, "30d": 720 };

/** Delivers again what was missed: counts first, then does it, shows how far it is, and can be stopped. */
export function Recovery(of: Of) {
  const t = texts();
  const [since, setSince] = useState("24h");
  const [found, setFound] = useState<{ readonly count: number; readonly isWhole: boolean } | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const runs = useLoad(`${of.id} redeliveries`, (signal) => answerOf(api.GET(route, { params: { path: of }, signal })));
  useEvery(2000, () => runs.value?.redeliveries.some(({ finishedAt }) => finishedAt === null) && runs.reload());
  const ask = async (dryRun: boolean) => {
    setProblem(null);
    const from = new Date(Date.now() - (hours[since] ?? 24) * 3_600_000).toISOString();
    try {
      const answer = await answerOf(
        api.POST(route, { params: { path: of }, body: { undelivered: true, from, dryRun } }),
      );
      if ("found" in answer) setFound({ count: answer.found, isWhole: answer.isWhole });
      else setFound(null);
      runs.reload();
    } catch (error) {
      setProblem(problemOf(error));
    }
  };
  return (
    <section class="card stack">
      <p>{t.recoverSays}</p>
      <div class="row bottom">
        <SelectField
          label={t.recoverSince}
          value={since}
          options={[
            ["1h", t.period1h],
            ["24h", t.period24h],
            ["7d", t.period7d],
            ["30d", t.period30d],
          ]}
          onInput={(value) => (setSince(value), setFound(null))}
        />
        <button type="button" onClick={() => void ask(true)}>
          {t.recoverCount}
        </button>
      </div>
      {problem !== null && <ProblemNote problem={problem} />}
      <div role="status" class="row">
        {found !== null && (found.count === 0 ? t.recoverNothing : t.recoverFound(found.count, found.isWhole))}
        {found !== null && found.count > 0 && (
          <button type="button" class="primary" onClick={() => void ask(false)}>
            {t.recoverStart(found.count)}
          </button>
        )}
      </div>
      <Shown of={runs}>
        {({ redeliveries }) => (
          <>
            {redeliveries.map((each) => (
              <Run key={each.id} of={of} run={each} reload={runs.reload} />
            ))}
          </>
        )}
      </Shown>
    </section>
  );
}

function Run({ of, run, reload }: { readonly of: Of; readonly run: Redelivery; readonly reload: () => void }) {
  const t = texts();
  const isRunning = run.finishedAt === null && run.state !== "cancelled";
  const path = { ...of, redelivery: run.id };
  const stop = () => answerOf(api.POST(`${route}/{redelivery}/cancel`, { params: { path } })).then(reload, reload);
  const names: Readonly<Record<string, string>> = { running: t.running, cancelled: t.cancelled, failed: t.failed };
  return (
    <div class="run">
      <div class="row">
        <Badge tone={isRunning ? "warn" : run.failed > 0 ? "bad" : "ok"}>{names[run.state] ?? t.finished}</Badge>
        <Time at={run.startedAt} />
        <span>{t.recoverProgress(run.redelivered, run.found)}</span>
        {isRunning && (
          <button type="button" class="small" onClick={() => void stop()}>
            {t.recoverStop}
          </button>
        )}
      </div>
      <progress max={Math.max(1, run.found)} value={run.redelivered} aria-label={t.recover} />
      <p class="fine">
        {t.delivered} {number(run.delivered)} · {t.failed} {number(run.failed)} · {t.pending} {number(run.waiting)}
      </p>
    </div>
  );
}
