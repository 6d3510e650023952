import { useState } from "preact/hooks";
import { answerOf, api, problemOf, type Answer } from "../api.ts";
import { duration } from "../format.ts";
import { useEvery, useLoad } from "../load.ts";
import { session } from "../session.ts";
import { shortUrl } from "../parts/delivery-table.tsx";
import { Badge, Empty, Shown } from "../parts/states.tsx";
import { Time } from "../parts/time.tsx";
import { relativeTime } from "../format.ts";
import { texts } from "../texts/texts.ts";

type Action = Answer<"/v1/orgs/{tenant}/actions">["actions"][number];
const route = "/v1/orgs/{tenant}/actions/{id}";

/** Who is asked at each trigger, and what was answered. */
export function ActionsScreen({ tenant }: { readonly tenant: string }) {
  const t = texts();
  const actions = useLoad(`${tenant} actions`, (signal) =>
    answerOf(api.GET("/v1/orgs/{tenant}/actions", { params: { path: { tenant } }, signal })),
  );
  useEvery(5000, actions.reload);
  return (
    <>
      <h1 tabIndex={-1}>{t.actions}</h1>
      <Shown of={actions}>
        {({ actions: all }) =>
          all.length === 0 ? (
            <Empty title={t.noActions} />
          ) : (
            <>
              {all.map((action) => (
                <ActionCard key={action.id} tenant={tenant} action={action} reload={actions.reload} />
              ))}
            </>
          )
        }
      </Shown>
    </>
  );
}

function ActionCard(props: { readonly tenant: string; readonly action: Action; readonly reload: () => void }) {
  const t = texts();
  const { tenant, action, reload } = props;
  const path = { tenant, id: action.id };
  const asked = useLoad(action.id, (signal) => answerOf(api.GET(`${route}/invocations`, { params: { path }, signal })));
  useEvery(5000, asked.reload);
  const isKilled = action.killedAt !== null;
  return (
    <section class="card" aria-label={action.trigger}>
      <div class="head">
        <h2>{action.trigger}</h2>
        <Badge tone={isKilled ? "bad" : action.enabled ? "ok" : "plain"}>
          {isKilled || !action.enabled ? t.disabled : t.active}
        </Badge>
        <span class="spring" />
        {session.value?.canChange === true && <TestAction path={path} done={asked.reload} />}
        {isKilled && session.value?.canChange === true && (
          <button
            type="button"
            onClick={() => void answerOf(api.POST(`${route}/reenable`, { params: { path } })).then(reload, reload)}
          >
            {t.reenable}
          </button>
        )}
      </div>
      {action.killedAt !== null && <p class="note bad">{t.killed(relativeTime(action.killedAt))}</p>}
      <dl class="facts">
        <dt>{t.url}</dt>
        <dd>
          <bdi>{shortUrl(action.url)}</bdi>
        </dd>
        <dt>{t.timeout}</dt>
        <dd>{duration(action.timeoutMs)}</dd>
        <dt>{t.failMode}</dt>
        <dd>{action.failMode === "open" ? t.failOpen : t.failClosed}</dd>
      </dl>
      <h3>{t.invocations}</h3>
      <Shown of={asked}>
        {({ invocations }) => <Invocations invocations={invocations} deadlineMs={action.timeoutMs} />}
      </Shown>
    </section>
  );
}

/** Asks once, with what says that it is a test, and shows the verdict. */
function TestAction(props: {
  readonly path: { readonly tenant: string; readonly id: string };
  readonly done: () => void;
}) {
  const t = texts();
  const [told, setTold] = useState("");
  const ask = () =>
    answerOf(api.POST(`${route}/test`, { params: { path: props.path } })).then(
      ({ outcome }) => {
        setTold(
          [outcome.decision, outcome.code, outcome.error, duration(outcome.durationMs)].filter(Boolean).join(" · "),
        );
        props.done();
      },
      (error: unknown) => setTold(problemOf(error).message),
    );
  return (
    <>
      <span role="status">{told}</span>
      <button type="button" onClick={() => void ask()}>
        {t.test}
      </button>
    </>
  );
}

type Invocation = Answer<"/v1/orgs/{tenant}/actions/{id}/invocations">["invocations"][number];

function Invocations({
  invocations,
  deadlineMs,
}: {
  readonly invocations: readonly Invocation[];
  readonly deadlineMs: number;
}) {
  const t = texts();
  if (invocations.length === 0) return <p class="fine">{t.noInvocations}</p>;
  return (
    <div class="table" role="region" aria-label={t.invocations} tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t.verdict}</th>
            <th scope="col">{t.answer}</th>
            <th scope="col">{t.length}</th>
            <th scope="col">{t.time}</th>
          </tr>
        </thead>
        <tbody>
          {invocations.slice(0, 20).map((each) => (
            <tr key={each.id}>
              <td>
                <Badge tone={each.status === "ok" ? "ok" : "bad"}>{each.status}</Badge> {each.denyCode ?? ""}
              </td>
              <td>{[each.httpStatus, each.error].filter((part) => part !== null).join(" ") || "–"}</td>
              <td>
                <meter max={deadlineMs} value={Math.min(deadlineMs, each.durationMs)} aria-hidden="true" />{" "}
                {duration(each.durationMs)}
              </td>
              <td>
                <Time at={each.createdAt} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
