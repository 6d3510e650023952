import { useEffect, useState } from "preact/hooks";
import { answerOf, api, problemOf, type Answer, type Problem } from "../api.ts";
import { fieldOf, shortTime, timeOfField } from "../format.ts";
import { useEvery, useLoad } from "../load.ts";
import { place, setQuery } from "../router.ts";
import { session } from "../session.ts";
import { Code } from "../parts/copy.tsx";
import { DeliveryTable, type DeliveryLine } from "../parts/delivery-table.tsx";
import { SelectField, TextField } from "../parts/fields.tsx";
import { RedeliverBar, useSelection } from "../parts/redeliver.tsx";
import { Empty, ProblemNote, Shown } from "../parts/states.tsx";
import { texts } from "../texts/texts.ts";

const states = ["pending", "delivered", "failed"] as const;
const hours: Readonly<Record<string, number>> = { "1h": 1, "24h": 24, "7d": 168, "30d": 720 };

/** The filters of the address, as the API takes them. */
function queryOf(query: URLSearchParams) {
  const state = states.find((each) => each === query.get("state"));
  const [types, text, since] = [query.get("types"), query.get("text"), hours[query.get("since") ?? ""]];
  return {
    ...(state !== undefined && { state }),
    ...(types && { types }),
    ...(text && { text }),
    ...(since !== undefined && { from: new Date(Date.now() - since * 3_600_000).toISOString() }),
    ...(query.get("from") && { from: query.get("from") ?? "" }),
    ...(query.get("until") && { until: query.get("until") ?? "" }),
  };
}

type Page = Answer<"/v1/deliveries">;

function pageOf(tenant: string | null, more: object, signal?: AbortSignal): Promise<Page> {
  const query = { ...queryOf(place.peek().query), ...more };
  const options = { ...(signal !== undefined && { signal }) };
  if (tenant === null) return answerOf(api.GET("/v1/deliveries", { params: { query }, ...options }));
  return answerOf(api.GET("/v1/orgs/{tenant}/deliveries", { params: { path: { tenant }, query }, ...options }));
}

export function DeliveriesScreen({ tenant }: { readonly tenant: string | null }) {
  const t = texts();
  const filters = place.value.query.toString();
  const page = useLoad(`${tenant} ${filters}`, (signal) => pageOf(tenant, {}, signal));
  return (
    <>
      <h1 tabIndex={-1}>{t.deliveries}</h1>
      <Filters />
      <Shown of={page}>
        {(first) => (
          <Lines key={filters} tenant={tenant} first={first} reload={page.reload} isFiltered={filters !== ""} />
        )}
      </Shown>
    </>
  );
}

function Filters() {
  const t = texts();
  const { query } = place.value;
  const given = (name: string) => query.get(name) ?? "";
  return (
    <div class="filters" role="search">
      <SelectField
        label={t.state}
        value={given("state")}
        options={[
          ["", t.all],
          ["pending", t.pending],
          ["delivered", t.delivered],
          ["failed", t.failed],
        ]}
        onInput={(state) => setQuery({ state })}
      />
      <SelectField
        label={t.period}
        value={given("since")}
        options={[
          ["", t.all],
          ["1h", t.period1h],
          ["24h", t.period24h],
          ["7d", t.period7d],
          ["30d", t.period30d],
          ["custom", t.periodCustom],
        ]}
        onInput={(since) => setQuery({ since, from: null, until: null })}
      />
      {given("since") === "custom" && (
        <>
          <TextField
            label={t.from}
            type="datetime-local"
            value={fieldOf(given("from"))}
            onInput={(from) => setQuery({ from: timeOfField(from) })}
          />
          <TextField
            label={t.until}
            type="datetime-local"
            value={fieldOf(given("until"))}
            onInput={(until) => setQuery({ until: timeOfField(until) })}
          />
        </>
      )}
      <Settled label={t.eventType} name="types" />
      <Settled label={t.text} name="text" help={t.textHelp} />
    </div>
  );
}

/** Asks when the reader has stopped typing, not at every letter. */
function Settled({ label, name, help }: { readonly label: string; readonly name: string; readonly help?: string }) {
  const given = place.value.query.get(name) ?? "";
  const [value, setValue] = useState(given);
  useEffect(() => setValue(given), [given]);
  useEffect(() => {
    if (value === given) return;
    const timer = setTimeout(() => setQuery({ [name]: value.trim() }), 350);
    return () => clearTimeout(timer);
  }, [value]);
  return (
    <TextField label={label} type="search" value={value} onInput={setValue} {...(help !== undefined && { help })} />
  );
}

/** Rows stay where they are: what comes new is counted on a bar until it is asked for. */
function Lines(props: {
  readonly tenant: string | null;
  readonly first: Page;
  readonly reload: () => void;
  readonly isFiltered: boolean;
}) {
  const t = texts();
  const { tenant, first, reload } = props;
  const [more, setMore] = useState<readonly Page[]>([]);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [fresh, setFresh] = useState<Page | null>(null);
  useEffect(() => (setMore([]), setFresh(null)), [first]);
  // What changed of a row that is shown shows where it stands.
  const latest = new Map(fresh?.deliveries.map((line) => [line.id, line]));
  const lines = [first, ...more].flatMap(({ deliveries }) => deliveries).map((line) => latest.get(line.id) ?? line);
  const known = new Set(lines.map(({ id }) => id));
  const newCount = fresh?.deliveries.filter(({ id }) => !known.has(id)).length ?? 0;
  useEvery(4000, () => void pageOf(tenant, {}).then(setFresh, () => undefined));
  const last = more.at(-1) ?? first;
  const lookFurther = () =>
    pageOf(tenant, { cursor: last.nextCursor ?? "" }).then(
      (page) => (setProblem(null), setMore([...more, page])),
      (error: unknown) => setProblem(problemOf(error)),
    );
  return (
    <>
      <div class="news" role="status">
        {newCount > 0 && (
          <button type="button" class="primary" onClick={reload}>
            {t.newRows(newCount)} · {t.show}
          </button>
        )}
      </div>
      {lines.length === 0 && <Nothing isFiltered={props.isFiltered} tenant={tenant} />}
      {lines.length > 0 && <Selectable lines={lines} tenant={tenant} reload={reload} />}
      {problem !== null && <ProblemNote problem={problem} />}
      <p class="fine row">
        {last.lookedBackTo === null || last.nextCursor === null
          ? t.lookedAtAll
          : t.lookedBackTo(shortTime(last.lookedBackTo))}
        {last.nextCursor !== null && (
          <button type="button" class="small" onClick={() => void lookFurther()}>
            {t.more}
          </button>
        )}
      </p>
    </>
  );
}

function Selectable(props: {
  readonly lines: readonly DeliveryLine[];
  readonly tenant: string | null;
  readonly reload: () => void;
}) {
  const selection = useSelection(props.lines);
  const mayChange = session.value?.canChange === true;
  return (
    <>
      {mayChange && <RedeliverBar lines={props.lines} selection={selection} done={props.reload} />}
      <DeliveryTable
        lines={props.lines}
        shows={props.tenant === null ? "tenants" : "one tenant"}
        selection={mayChange ? selection : undefined}
      />
    </>
  );
}

function Nothing({ isFiltered, tenant }: { readonly isFiltered: boolean; readonly tenant: string | null }) {
  const t = texts();
  if (isFiltered) return <Empty title={t.noDeliveriesFound} />;
  return (
    <Empty title={t.noDeliveries}>
      <p>{t.noDeliveriesNext}</p>
      <Code
        text={`HOOKWRIGHT_API_KEY=$KEY npx node runtime/cli/hookwright.ts trigger deployment.created --tenant ${tenant ?? "acme"}`}
      />
    </Empty>
  );
}
