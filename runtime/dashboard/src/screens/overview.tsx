import type { ComponentChildren } from "preact";
import { answerOf, api, type Answer } from "../api.ts";
import { duration, number, percent } from "../format.ts";
import { useEvery, useLoad } from "../load.ts";
import { addressOf, place, setQuery } from "../router.ts";
import { Chart } from "../parts/chart.tsx";
import { SelectField } from "../parts/fields.tsx";
import { sum, successRate } from "../parts/spark-line.tsx";
import { Empty, Shown } from "../parts/states.tsx";
import { Time } from "../parts/time.tsx";
import { texts } from "../texts/texts.ts";
import { FirstMinutes } from "../parts/first-minutes.tsx";
import { allOf, AllEndpointsTable, TenantEndpointsTable } from "./tenant-endpoints.tsx";

type Period = "1h" | "24h" | "7d" | "30d";
const periods: readonly Period[] = ["1h", "24h", "7d", "30d"];

export function OverviewScreen({ tenant }: { readonly tenant: string | null }) {
  const t = texts();
  const asked = periods.find((each) => each === place.value.query.get("period")) ?? "24h";
  const names = { "1h": t.period1h, "24h": t.period24h, "7d": t.period7d, "30d": t.period30d };
  const counts = useLoad(`${tenant} ${asked}`, (signal) => countsOf(tenant, asked, signal));
  useEvery(10_000, counts.reload);
  return (
    <>
      <div class="head">
        <h1 tabIndex={-1}>{t.overview}</h1>
        <span class="spring" />
        <SelectField
          label={t.period}
          value={asked}
          options={periods.map((each) => [each, names[each]])}
          onInput={(period) => setQuery({ period: period === "24h" ? null : period })}
        />
      </div>
      <Shown of={counts}>
        {(value) => (
          <section class="card" aria-label={t.attempts}>
            <Totals counts={value} tenant={tenant} period={asked} />
            <Chart series={totalOf(value)} title={t.attemptsOver(names[asked])} />
            {!value.isWhole && <CountedNote since={value.countedSince} />}
          </section>
        )}
      </Shown>
      {tenant === null ? <Operator /> : <Tenant tenant={tenant} />}
    </>
  );
}

type Counts = Answer<"/v1/counts">;

function countsOf(tenant: string | null, period: Period, signal: AbortSignal): Promise<Counts> {
  const query = { period };
  if (tenant === null) return answerOf(api.GET("/v1/counts", { params: { query }, signal }));
  return answerOf(api.GET("/v1/orgs/{tenant}/counts", { params: { path: { tenant }, query }, signal }));
}

/** All endpoints together. */
function totalOf({ since, pieceSeconds, endpoints }: Counts) {
  const length = { "120": 30, "3600": 24, "21600": 28, "86400": 30 }[String(pieceSeconds)] ?? 24;
  const over = (pick: (each: Counts["endpoints"][number]) => readonly number[]) =>
    Array.from({ length }, (_, index) => sum(endpoints.map((each) => pick(each)[index] ?? 0)));
  return {
    ...{ since, pieceSeconds },
    delivered: over((each) => each.delivered),
    retried: over((each) => each.retried),
    failed: over((each) => each.failed),
  };
}

function Totals(props: { readonly counts: Counts; readonly tenant: string | null; readonly period: Period }) {
  const t = texts();
  const total = totalOf(props.counts);
  const rate = successRate(total);
  const list = (state: string) => addressOf(props.tenant, ["deliveries"], { state, since: props.period });
  return (
    <dl class="figures">
      <Figure name={t.successRate}>{rate === null ? "–" : percent(rate)}</Figure>
      <Figure name={t.delivered} href={list("delivered")}>
        {number(sum(total.delivered))}
      </Figure>
      <Figure name={t.retried} href={list("pending")}>
        {number(sum(total.retried))}
      </Figure>
      <Figure name={t.failed} href={list("failed")}>
        {number(sum(total.failed))}
      </Figure>
    </dl>
  );
}

/** Every number leads to its list. */
function Figure(props: { readonly name: string; readonly href?: string; readonly children: ComponentChildren }) {
  return (
    <div>
      <dt>{props.name}</dt>
      <dd>{props.href === undefined ? props.children : <a href={props.href}>{props.children}</a>}</dd>
    </div>
  );
}

function CountedNote({ since }: { readonly since: string }) {
  const [before = "", after = ""] = texts().counted("\u0000").split("\u0000");
  return (
    <p class="fine">
      {before}
      <Time at={since} />
      {after}
    </p>
  );
}

/** Some of each condition, the failing ones first. */
async function needingOf(signal: AbortSignal) {
  const conditions = ["failing", "disabled", "paused"] as const;
  const pages = conditions.map((condition) =>
    answerOf(api.GET("/v1/endpoints", { params: { query: { condition, limit: 8 } }, signal })),
  );
  return (await Promise.all(pages)).flatMap(({ endpoints }) => endpoints);
}

function Operator() {
  const t = texts();
  const stand = useLoad("overview", (signal) => answerOf(api.GET("/v1/overview", { signal })));
  const needing = useLoad("needing", needingOf);
  useEvery(10_000, () => (stand.reload(), needing.reload()));
  const list = (condition: string) => addressOf(null, ["endpoints"], { condition });
  return (
    <Shown of={stand}>
      {({ endpoints, pending, unserved, oldestWriteAgeMs }) => (
        <>
          <section class="card" aria-label={t.endpoints}>
            <dl class="figures">
              <Figure name={t.endpoints} href={addressOf(null, ["endpoints"])}>
                {endpoints.isWhole ? number(endpoints.total) : t.atLeast(number(endpoints.total))}
              </Figure>
              <Figure name={t.failing} href={list("failing")}>
                {number(endpoints.failing)}
              </Figure>
              <Figure name={t.paused} href={list("paused")}>
                {number(endpoints.paused)}
              </Figure>
              <Figure name={t.disabled} href={list("disabled")}>
                {number(endpoints.disabled)}
              </Figure>
              <Figure name={t.waiting} href={addressOf(null, ["deliveries"], { state: "pending" })}>
                {pending.isWhole ? number(pending.count) : t.atLeast(number(pending.count))}
              </Figure>
            </dl>
            {unserved.map(({ waitsFor, count }) => (
              <p class="note warn" key={waitsFor}>
                {t.unserved(count, waitsFor)}
              </p>
            ))}
            {(oldestWriteAgeMs ?? 0) > 60_000 && <p class="note warn">{t.heldBack(duration(oldestWriteAgeMs ?? 0))}</p>}
          </section>
          {endpoints.total === 0 ? (
            <FirstMinutes />
          ) : (
            <section>
              <h2>{t.needsSomebody}</h2>
              <Shown of={needing}>
                {(rows) => (rows.length === 0 ? <Empty title={t.nobodyNeeded} /> : <AllEndpointsTable rows={rows} />)}
              </Shown>
            </section>
          )}
        </>
      )}
    </Shown>
  );
}

function Tenant({ tenant }: { readonly tenant: string }) {
  const t = texts();
  const endpoints = useLoad(tenant, (signal) => allOf(tenant, signal));
  useEvery(10_000, endpoints.reload);
  return (
    <section>
      <h2>{t.needsSomebody}</h2>
      <Shown of={endpoints}>
        {(all) => {
          const needing = all.filter(({ enabled, paused, failureCount }) => !enabled || paused || failureCount > 0);
          if (all.length === 0) return <FirstMinutes />;
          if (needing.length === 0) return <Empty title={t.nobodyNeeded} />;
          return <TenantEndpointsTable tenant={tenant} endpoints={needing} counts={null} />;
        }}
      </Shown>
    </section>
  );
}
