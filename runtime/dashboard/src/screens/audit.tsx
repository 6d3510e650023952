import { useState } from "preact/hooks";
import { answerOf, api, type Answer } from "../api.ts";
import { useLoad } from "../load.ts";
import { Empty, Shown } from "../parts/states.tsx";
import { Time } from "../parts/time.tsx";
import { texts } from "../texts/texts.ts";

const limit = 100;

/** Who did what, in the order in which it was done. */
export function AuditScreen({ tenant }: { readonly tenant: string }) {
  const t = texts();
  const [cursors, setCursors] = useState<readonly string[]>([]);
  const cursor = cursors.at(-1);
  const query = { limit, ...(cursor !== undefined && { cursor }) };
  const page = useLoad(`${tenant} ${cursor}`, (signal) =>
    answerOf(api.GET("/v1/orgs/{tenant}/audit", { params: { path: { tenant }, query }, signal })),
  );
  return (
    <>
      <h1 tabIndex={-1}>{t.audit}</h1>
      <Shown of={page}>
        {({ entries, nextCursor }) => (
          <>
            {entries.length === 0 ? <Empty title={t.noAudit} /> : <Entries entries={entries} />}
            <div class="row">
              {cursors.length > 0 && (
                <button type="button" onClick={() => setCursors(cursors.slice(0, -1))}>
                  {t.back}
                </button>
              )}
              {entries.length === limit && (
                <button type="button" onClick={() => setCursors([...cursors, nextCursor])}>
                  {t.newer}
                </button>
              )}
            </div>
          </>
        )}
      </Shown>
    </>
  );
}

type Entry = Answer<"/v1/orgs/{tenant}/audit">["entries"][number];

function Entries({ entries }: { readonly entries: readonly Entry[] }) {
  const t = texts();
  return (
    <div class="table" role="region" aria-label={t.audit} tabIndex={0}>
      <table class="wide">
        <thead>
          <tr>
            <th scope="col">{t.time}</th>
            <th scope="col">{t.action}</th>
            <th scope="col">{t.actor}</th>
            <th scope="col">{t.details}</th>
          </tr>
        </thead>
        <tbody>
          {entries.map(({ id, at, actorId, action, details }) => (
            <tr key={id}>
              <td>
                <Time at={at} />
              </td>
              <td>
                <code>{action}</code>
              </td>
              <td>{actorId ?? "–"}</td>
              <td class="cut" title={JSON.stringify(details)}>
                {JSON.stringify(details)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Every entry is of the same endpoint. */
function withoutEndpoint({ details, ...entry }: Entry): Entry {
  const rest = Object.entries(Object(details) as Record<string, unknown>).filter(([name]) => name !== "endpointId");
  return { ...entry, details: Object.fromEntries(rest) };
}

/** Who changed one endpoint, the newest first. */
export function EndpointHistory(path: { readonly tenant: string; readonly id: string }) {
  const history = useLoad(`${path.id} history`, (signal) =>
    answerOf(api.GET("/v1/orgs/{tenant}/webhook-endpoints/{id}/history", { params: { path }, signal })),
  );
  return <Shown of={history}>{({ entries }) => <Entries entries={entries.map(withoutEndpoint)} />}</Shown>;
}
