import { useState } from "preact/hooks";
import { answerOf, api, type Answer } from "../api.ts";
import { duration, wholeTime } from "../format.ts";
import { useEvery, useLoad } from "../load.ts";
import { addressOf, go } from "../router.ts";
import { session, type Endpoint } from "../session.ts";
import { CopyButton } from "../parts/copy.tsx";
import { answerText, shortUrl, StateBadge } from "../parts/delivery-table.tsx";
import { Confirm } from "../parts/dialog.tsx";
import { Payload } from "../parts/payload.tsx";
import { ReceiveCode } from "../parts/receive-code.tsx";
import { redeliver } from "../parts/redeliver.tsx";
import { Badge, Shown } from "../parts/states.tsx";
import { Time } from "../parts/time.tsx";
import { texts } from "../texts/texts.ts";
import { lineOf } from "./endpoint-deliveries.tsx";

const route = "/v1/orgs/{tenant}/webhook-endpoints/{id}";
type Delivery = Answer<`${typeof route}/deliveries/{delivery}`>["delivery"];
type Of = { readonly tenant: string; readonly endpoint: string; readonly id: string };

/** One event at one endpoint: what was sent, what came back, and when. */
export function DeliveryScreen(of: Of) {
  const asked = useLoad(`${of.tenant} ${of.id}`, async (signal) => {
    const path = { tenant: of.tenant, id: of.endpoint, delivery: of.id };
    const { delivery } = await answerOf(api.GET(`${route}/deliveries/{delivery}`, { params: { path }, signal }));
    const event = { tenant: of.tenant, id: delivery.eventId };
    const [{ endpoint }, body] = await Promise.all([
      answerOf(api.GET(route, { params: { path: { tenant: of.tenant, id: of.endpoint } }, signal })),
      answerOf(api.GET("/v1/orgs/{tenant}/events/{id}/body", { params: { path: event }, signal, parseAs: "text" })),
    ]);
    return { delivery, endpoint, body };
  });
  useEvery(4000, () => asked.value?.delivery.nextAttemptAt != null && asked.reload());
  return (
    <Shown of={asked} title={texts().delivery}>
      {(value) => <Whole of={of} {...value} />}
    </Shown>
  );
}

interface Found {
  readonly of: Of;
  readonly delivery: Delivery;
  readonly endpoint: Endpoint;
  readonly body: string;
}

function Whole(props: Found) {
  const t = texts();
  const { of, delivery, endpoint, body } = props;
  const [isAsking, setAsking] = useState(false);
  const line = lineOf(delivery, { tenant: of.tenant, endpoint });
  const again = async () => {
    const { delivery: made } = await redeliver(line);
    go(addressOf(of.tenant, ["deliveries", of.endpoint, made.id]));
  };
  return (
    <>
      <p class="crumbs">
        <a href={addressOf(of.tenant, ["deliveries"])}>{t.deliveries}</a>
      </p>
      <div class="head">
        <h1 tabIndex={-1}>{delivery.eventType}</h1>
        <StateBadge line={line} />
        <span class="spring" />
        {session.value?.canChange === true && (
          <button type="button" onClick={() => setAsking(true)}>
            {t.redeliver}
          </button>
        )}
      </div>
      <Facts of={of} delivery={delivery} endpoint={endpoint} />
      <h2>{t.timeline}</h2>
      <Timeline delivery={delivery} state={line.state} />
      <h2>{t.requestBody}</h2>
      <Payload text={body} name={`${delivery.eventId}.json`} />
      <div class="row">
        <CopyButton text={curlOf(endpoint.url, body)} label={t.copyCurl} />
        <span class="fine">{t.curlNote}</span>
      </div>
      <details>
        <summary>{t.verify}</summary>
        <p>{t.verifySays}</p>
        <ReceiveCode contract={endpoint.contract} />
      </details>
      {isAsking && (
        <Confirm
          title={t.redeliverAsk(1)}
          says={t.redeliverSays(1)}
          does={t.redeliver}
          onClose={() => setAsking(false)}
          act={again}
        />
      )}
    </>
  );
}

function Facts({ of, delivery, endpoint }: Omit<Found, "body">) {
  const t = texts();
  return (
    <dl class="facts">
      <dt>{t.endpoint}</dt>
      <dd>
        <a href={addressOf(of.tenant, ["endpoints", of.endpoint])}>
          <bdi>{shortUrl(endpoint.url)}</bdi>
        </a>
      </dd>
      <dt>{t.event}</dt>
      <dd>
        <a href={addressOf(of.tenant, ["events", delivery.eventId])}>
          <code>{delivery.eventId}</code>
        </a>
      </dd>
      <dt>{t.id}</dt>
      <dd>
        <code>{delivery.id}</code>
      </dd>
    </dl>
  );
}

/** Single quotes keep a shell from reading anything in it. */
function curlOf(url: string, body: string): string {
  const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;
  return `curl -X POST ${quoted(url)} -H 'Content-Type: application/json' --data-binary ${quoted(body)}`;
}

function Timeline({
  delivery,
  state,
}: {
  readonly delivery: Delivery;
  readonly state: "pending" | "delivered" | "failed";
}) {
  const t = texts();
  return (
    <ol class="timeline">
      <li class="plain">
        <strong>{t.emitted}</strong> <Time at={delivery.createdAt} as="whole" />
      </li>
      {delivery.attempts.map((attempt) => {
        const isAccepted = delivery.deliveredAt !== null && attempt.number === delivery.attemptCount;
        const answer = answerText({ lastResponseStatus: attempt.status, lastError: attempt.error });
        return (
          <li key={attempt.id} class={isAccepted ? "ok" : "bad"}>
            <div class="row">
              <strong>{t.attemptNumber(attempt.number)}</strong>
              <Badge tone={isAccepted ? "ok" : "bad"}>{answer === "–" ? t.noResponse : answer}</Badge>
              <Time at={attempt.startedAt} as="whole" />
              <span class="fine">{t.took(duration(attempt.durationMs))}</span>
            </div>
            {attempt.responseBody !== null && (
              <details>
                <summary>{t.responseBody}</summary>
                <Payload text={attempt.responseBody} name="response.txt" />
              </details>
            )}
          </li>
        );
      })}
      <li class={{ pending: "warn", delivered: "ok", failed: "bad" }[state]}>
        {delivery.nextAttemptAt !== null && <strong>{t.waitsUntil(wholeTime(delivery.nextAttemptAt))}</strong>}
        {state === "delivered" && t.endedDelivered}
        {state === "failed" && t.endedFailed}
      </li>
    </ol>
  );
}
