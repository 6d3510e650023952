import { useState } from "preact/hooks";
import { answerOf, api } from "../api.ts";
import { useEvery, useLoad } from "../load.ts";
import { addressOf, place, setQuery } from "../router.ts";
import { session } from "../session.ts";
import { SelectField, TextField } from "../parts/fields.tsx";
import { Empty, Shown } from "../parts/states.tsx";
import { texts } from "../texts/texts.ts";
import { FirstMinutes } from "../parts/first-minutes.tsx";
import { allOf, AllEndpointsTable, standingOf, TenantEndpointsTable } from "./tenant-endpoints.tsx";

const conditions = ["failing", "paused", "disabled"] as const;
const askedCondition = () => conditions.find((each) => each === place.value.query.get("condition"));

/** The endpoints of all tenants, for the operator. */
export function AllEndpointsScreen() {
  const t = texts();
  const condition = askedCondition();
  const text = place.value.query.get("text") ?? "";
  const [cursors, setCursors] = useState<readonly string[]>([]);
  const cursor = cursors.at(-1);
  const query = {
    ...(condition !== undefined && { condition }),
    ...(text !== "" && { text }),
    ...(cursor !== undefined && { cursor }),
  };
  const page = useLoad(JSON.stringify(query), (signal) =>
    answerOf(api.GET("/v1/endpoints", { params: { query }, signal })),
  );
  useEvery(10_000, page.reload);
  return (
    <>
      <h1 tabIndex={-1}>{t.endpoints}</h1>
      <Filters onChange={() => setCursors([])} />
      <Shown of={page}>
        {({ endpoints, nextCursor }) => (
          <>
            {endpoints.length > 0 ? (
              <AllEndpointsTable rows={endpoints} />
            ) : condition === undefined && text === "" ? (
              <FirstMinutes />
            ) : (
              <Empty title={t.noEndpointsFound} />
            )}
            {nextCursor !== null && (
              <button type="button" onClick={() => setCursors([...cursors, nextCursor])}>
                {t.more}
              </button>
            )}
          </>
        )}
      </Shown>
    </>
  );
}

function Filters({ onChange }: { readonly onChange: () => void }) {
  const t = texts();
  const set = (changes: Readonly<Record<string, string>>) => (onChange(), setQuery(changes));
  return (
    <div class="filters" role="search">
      <TextField
        label={t.search}
        type="search"
        help={t.searchEndpoints}
        value={place.value.query.get("text") ?? ""}
        onInput={(text) => set({ text })}
      />
      <SelectField
        label={t.state}
        value={askedCondition() ?? ""}
        options={[
          ["", t.all],
          ["failing", t.failing],
          ["paused", t.paused],
          ["disabled", t.disabled],
        ]}
        onInput={(condition) => set({ condition })}
      />
    </div>
  );
}

/** A tenant's endpoints, with how they did in the last 24 hours. */
export function TenantEndpointsScreen({ tenant }: { readonly tenant: string }) {
  const t = texts();
  const endpoints = useLoad(tenant, (signal) => allOf(tenant, signal));
  const counts = useLoad(`${tenant} counts`, (signal) =>
    answerOf(api.GET("/v1/orgs/{tenant}/counts", { params: { path: { tenant } }, signal })),
  );
  useEvery(10_000, () => (endpoints.reload(), counts.reload()));
  const condition = askedCondition();
  const text = place.value.query.get("text") ?? "";
  const words = { failing: [t.failing, t.breakerOpen], paused: [t.paused], disabled: [t.disabled] };
  return (
    <>
      <div class="head">
        <h1 tabIndex={-1}>{t.endpoints}</h1>
        <span class="spring" />
        {session.value?.canChange === true && (
          <a class="button primary" href={addressOf(tenant, ["endpoints", "new"])}>
            {t.addEndpoint}
          </a>
        )}
      </div>
      <Filters onChange={() => {}} />
      <Shown of={endpoints}>
        {(all) => {
          const shown = all.filter(
            (each) =>
              (condition === undefined || words[condition].includes(standingOf(each).word)) &&
              [each.url, each.id, each.description ?? ""].some((part) => part.includes(text)),
          );
          if (all.length === 0) return <FirstMinutes />;
          if (shown.length === 0) return <Empty title={t.noEndpointsFound} />;
          return <TenantEndpointsTable tenant={tenant} endpoints={shown} counts={counts.value} />;
        }}
      </Shown>
    </>
  );
}
