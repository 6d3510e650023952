import { useState } from "preact/hooks";
import { answerOf, api, type Answer } from "../api.ts";
import { number } from "../format.ts";
import { useEvery, useLoad } from "../load.ts";
import { session } from "../session.ts";
import { Confirm } from "../parts/dialog.tsx";
import { Badge, Empty, Shown, type Tone } from "../parts/states.tsx";
import { Time } from "../parts/time.tsx";
import { texts } from "../texts/texts.ts";
import { Consumers } from "./consumers.tsx";
import { StreamRuns } from "./stream-runs.tsx";

type Stream = Answer<"/v1/orgs/{tenant}/log-streams">["logStreams"][number];
const route = "/v1/orgs/{tenant}/log-streams/{id}";

/** How far each log stream is, and what it sends. */
export function StreamsScreen({ tenant }: { readonly tenant: string }) {
  const t = texts();
  const streams = useLoad(`${tenant} streams`, (signal) =>
    answerOf(api.GET("/v1/orgs/{tenant}/log-streams", { params: { path: { tenant } }, signal })),
  );
  useEvery(5000, streams.reload);
  return (
    <>
      <h1 tabIndex={-1}>{t.streams}</h1>
      <Shown of={streams}>
        {({ logStreams }) =>
          logStreams.length === 0 ? (
            <Empty title={t.noStreams} />
          ) : (
            <>
              {logStreams.map((stream) => (
                <StreamCard key={stream.id} tenant={tenant} stream={stream} reload={streams.reload} />
              ))}
            </>
          )
        }
      </Shown>
      <Consumers tenant={tenant} />
    </>
  );
}

function StreamCard(props: { readonly tenant: string; readonly stream: Stream; readonly reload: () => void }) {
  const t = texts();
  const { tenant, stream, reload } = props;
  const [isAsking, setAsking] = useState(false);
  const path = { tenant, id: stream.id };
  const tone: Tone = stream.status === "active" ? "ok" : "warn";
  return (
    <section class="card" aria-label={stream.id}>
      <div class="head">
        <h2>
          <code>{stream.id}</code>
        </h2>
        <Badge tone={tone}>{stream.status}</Badge>
        <span class="spring" />
        {session.value?.canChange === true &&
          (stream.status === "paused" ? (
            <button
              type="button"
              onClick={() => void answerOf(api.POST(`${route}/resume`, { params: { path } })).then(reload, reload)}
            >
              {t.resume}
            </button>
          ) : (
            <button type="button" onClick={() => setAsking(true)}>
              {t.pause}
            </button>
          ))}
      </div>
      <dl class="facts">
        <dt>{t.contract}</dt>
        <dd>{stream.contract}</dd>
        <dt>{t.position}</dt>
        <dd>{number(stream.position)}</dd>
        <dt>{t.lag}</dt>
        <dd>
          {stream.oldestUndeliveredAt === null ? t.caughtUp : <Time at={stream.oldestUndeliveredAt} as="relative" />}
        </dd>
        <dt>{t.nextAttempt}</dt>
        <dd>{stream.dueAt === null ? "–" : <Time at={stream.dueAt} />}</dd>
      </dl>
      <StreamRuns path={path} />
      {isAsking && (
        <Confirm
          title={t.pause}
          says={t.pauseStreamSays}
          does={t.pause}
          onClose={() => setAsking(false)}
          act={() => answerOf(api.POST(`${route}/pause`, { params: { path } })).then(reload)}
        />
      )}
    </section>
  );
}
