import { answerOf, api, type Answer } from "../api.ts";
import { useEvery, useLoad } from "../load.ts";
import { addressOf } from "../router.ts";
import { session } from "../session.ts";
import { shortUrl } from "../parts/delivery-table.tsx";
import { Payload } from "../parts/payload.tsx";
import { Badge, Empty, Shown, type Tone } from "../parts/states.tsx";
import { Time } from "../parts/time.tsx";
import { texts, type Texts } from "../texts/texts.ts";

type Of = { readonly tenant: string; readonly id: string };
type Account = Answer<"/v1/orgs/{tenant}/events/{id}/deliveries">["endpoints"][number];

/** One event, and why each endpoint got it or did not. */
export function EventScreen(of: Of) {
  const t = texts();
  const asked = useLoad(`${of.tenant} ${of.id}`, async (signal) => {
    const options = { params: { path: of }, signal };
    const [accounts, body] = await Promise.all([
      answerOf(api.GET("/v1/orgs/{tenant}/events/{id}/deliveries", options)),
      answerOf(api.GET("/v1/orgs/{tenant}/events/{id}/body", { ...options, parseAs: "text" })),
    ]);
    return { ...accounts, body };
  });
  useEvery(5000, asked.reload);
  return (
    <Shown of={asked} title={t.event}>
      {({ event, endpoints, logStreams, body }) => (
        <>
          <p class="crumbs">
            <a href={addressOf(of.tenant, ["deliveries"])}>{t.deliveries}</a>
          </p>
          <h1 tabIndex={-1}>{event.type}</h1>
          <dl class="facts">
            <dt>{t.id}</dt>
            <dd>
              <code>{event.id}</code>
            </dd>
            <dt>{t.contract}</dt>
            <dd>{event.contract}</dd>
            <dt>{t.time}</dt>
            <dd>
              <Time at={event.createdAt} as="whole" />
            </dd>
          </dl>
          <h2>{t.why}</h2>
          {endpoints.length === 0 ? <Empty title={t.noEndpointsThen} /> : <Accounts of={of} accounts={endpoints} />}
          {session.value?.kind !== "portal" && logStreams.length > 0 && (
            <ul class="plain">
              {logStreams.map(({ logStreamId, reason }) => (
                <li key={logStreamId}>
                  <code>{logStreamId}</code> {reason}
                </li>
              ))}
            </ul>
          )}
          <h2>{t.payload}</h2>
          <Payload text={body} name={`${event.id}.json`} />
        </>
      )}
    </Shown>
  );
}

function Accounts({ of, accounts }: { readonly of: Of; readonly accounts: readonly Account[] }) {
  const t = texts();
  return (
    <div class="table" role="region" aria-label={t.why} tabIndex={0}>
      <table class="wide">
        <thead>
          <tr>
            <th scope="col">{t.endpoint}</th>
            <th scope="col">{t.outcome}</th>
            <th scope="col">{t.decidedBy}</th>
            <th scope="col">{t.deliveries}</th>
          </tr>
        </thead>
        <tbody>
          {accounts.map((each) => (
            <tr key={each.endpointId}>
              <td class="cut" title={each.url}>
                {each.deleted ? (
                  <s>
                    <bdi>{shortUrl(each.url)}</bdi>
                  </s>
                ) : (
                  <a href={addressOf(of.tenant, ["endpoints", each.endpointId])}>
                    <bdi>{shortUrl(each.url)}</bdi>
                  </a>
                )}
              </td>
              <td class="sentence">
                <Badge tone={toneOf(each.outcome)}>
                  {each.outcome === "delivering" ? t.yes : each.outcome === "waiting" ? t.pending : t.no}
                </Badge>
                <span class="fine block">{outcomesOf(t)[each.outcome] ?? each.reason}</span>
                {isHeld(each) && (
                  <span class="fine block">
                    {t.heldBackBy}: {holdsOf(t)[each.heldBackBy ?? ""] ?? each.waitsFor}
                  </span>
                )}
              </td>
              <td>
                {each.decidedBy === null ? (
                  "–"
                ) : (
                  <>
                    {each.decidedBy.type} <Time at={each.decidedBy.at} />
                  </>
                )}
              </td>
              <td>
                {each.deliveries.map((delivery) => (
                  <a
                    key={delivery.id}
                    class="block"
                    href={addressOf(of.tenant, ["deliveries", each.endpointId, delivery.id])}
                  >
                    {delivery.status}
                  </a>
                ))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** What has ended is held back by nothing. */
const isHeld = ({ heldBackBy, deliveries, outcome }: Account): boolean =>
  heldBackBy !== null && (outcome === "waiting" || deliveries.some(({ nextAttemptAt }) => nextAttemptAt !== null));

const holdsOf = (t: Texts): Readonly<Record<string, string>> => ({
  disabled: t.disabled,
  paused: t.paused,
  breaker_open: t.breakerOpen,
});

const toneOf = (outcome: string): Tone => (outcome === "delivering" ? "ok" : outcome === "waiting" ? "warn" : "plain");

const outcomesOf = (t: Texts): Readonly<Record<string, string>> => ({
  delivering: t.outcomeDelivering,
  waiting: t.outcomeWaiting,
  dropped: t.outcomeDropped,
  created_later: t.outcomeCreatedLater,
  deleted: t.outcomeDeleted,
  disabled: t.outcomeDisabled,
  contract_differs: t.outcomeContractDiffers,
  not_subscribed: t.outcomeNotSubscribed,
  filtered: t.outcomeFiltered,
});
