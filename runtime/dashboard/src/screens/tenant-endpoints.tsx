import { answerOf, api, problemOf, type Answer } from "../api.ts";
import { percent } from "../format.ts";
import { addressOf } from "../router.ts";
import type { Endpoint } from "../session.ts";
import { shortUrl } from "../parts/delivery-table.tsx";
import { SparkLine, successRate } from "../parts/spark-line.tsx";
import { Badge, type Tone } from "../parts/states.tsx";
import { relativeTime } from "../format.ts";
import { texts } from "../texts/texts.ts";

/** All endpoints of a tenant, of every contract whose events are sent one by one. */
export async function allOf(tenant: string, signal: AbortSignal): Promise<readonly Endpoint[]> {
  const contracts = await pushContracts(signal);
  const lists = contracts.map((contract) => endpointsOf({ tenant, contract, signal }));
  return (await Promise.all(lists)).flat();
}

export async function pushContracts(signal?: AbortSignal): Promise<readonly string[]> {
  const query = { view: "summary" } as const;
  const { contracts } = (await answerOf(
    api.GET("/v1/event-types", { params: { query }, ...(signal !== undefined && { signal }) }),
  )) as { readonly contracts: readonly { readonly id: string; readonly mode: string }[] };
  return contracts.filter(({ mode }) => mode === "push").map(({ id }) => id);
}

async function endpointsOf(of: { readonly tenant: string; readonly contract: string; readonly signal: AbortSignal }) {
  const found: Endpoint[] = [];
  for (let after: string | undefined; ;) {
    const query = { contract: of.contract, limit: 200, ...(after !== undefined && { after }) };
    const params = { path: { tenant: of.tenant }, query };
    const page = await answerOf(api.GET("/v1/orgs/{tenant}/webhook-endpoints", { params, signal: of.signal })).catch(
      (error: unknown) => {
        // A portal does not reach Hookwright's own events.
        if (problemOf(error).status === 403) return { endpoints: [], hasMore: false };
        throw error;
      },
    );
    found.push(...page.endpoints);
    after = page.endpoints.at(-1)?.id;
    if (!page.hasMore) return found;
  }
}

/** How an endpoint stands, as a word and as a sentence. */
export function standingOf(endpoint: Endpoint): {
  readonly tone: Tone;
  readonly word: string;
  readonly sentence: string;
} {
  const t = texts();
  const { enabled, paused, breaker, failureCount, lastFailedAt } = endpoint;
  if (!enabled) return { tone: "plain", word: t.disabled, sentence: t.stateDisabled };
  if (paused) return { tone: "warn", word: t.paused, sentence: t.statePaused };
  if (breaker === "open") return { tone: "bad", word: t.breakerOpen, sentence: t.stateBreaker(failureCount) };
  if (failureCount > 0) {
    const since = lastFailedAt === null ? t.never : relativeTime(lastFailedAt);
    return { tone: "bad", word: t.failing, sentence: t.stateFailing(failureCount, since) };
  }
  return { tone: "ok", word: t.active, sentence: lastFailedAt === null ? t.stateNew : t.stateActive };
}

type Counts = Answer<"/v1/counts">;

export function EndpointRow(props: {
  readonly tenant: string;
  readonly endpoint: Endpoint;
  readonly counts: Counts["endpoints"][number] | null;
  readonly shows: "tenant" | "counts" | "neither";
}) {
  const { tenant, endpoint, counts } = props;
  const { tone, word, sentence } = standingOf(endpoint);
  const rate = counts === null ? null : successRate(counts);
  return (
    <tr>
      <td class="cut" title={endpoint.url}>
        <a href={addressOf(tenant, ["endpoints", endpoint.id])}>
          <bdi>{shortUrl(endpoint.url)}</bdi>
        </a>
        {endpoint.description !== null && <span class="fine block">{endpoint.description}</span>}
      </td>
      {props.shows === "tenant" && (
        <td>
          <a class="quiet" href={addressOf(tenant, [])}>
            <bdi>{tenant}</bdi>
          </a>
        </td>
      )}
      <td class="sentence">
        <Badge tone={tone}>{word}</Badge>
        <span class="fine block">{sentence}</span>
      </td>
      <td>{endpoint.contract}</td>
      {props.shows === "counts" && (
        <>
          <td class="number">{rate === null ? "–" : percent(rate)}</td>
          <td>{counts === null ? "–" : <SparkLine {...counts} />}</td>
        </>
      )}
    </tr>
  );
}

export function TenantEndpointsTable(props: {
  readonly tenant: string;
  readonly endpoints: readonly Endpoint[];
  readonly counts: Counts | null;
}) {
  const t = texts();
  return (
    <div class="table" role="region" aria-label={t.endpoints} tabIndex={0}>
      <table class="wide">
        <thead>
          <tr>
            <th scope="col">{t.url}</th>
            <th scope="col">{t.state}</th>
            <th scope="col">{t.contract}</th>
            {props.counts !== null && (
              <>
                <th scope="col" class="number">
                  {t.successRate}
                </th>
                <th scope="col">{t.period24h}</th>
              </>
            )}
          </tr>
        </thead>
        <tbody>
          {props.endpoints.map((endpoint) => (
            <EndpointRow
              key={endpoint.id}
              tenant={props.tenant}
              endpoint={endpoint}
              counts={props.counts?.endpoints.find(({ endpointId }) => endpointId === endpoint.id) ?? null}
              shows={props.counts === null ? "neither" : "counts"}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

type Row = Answer<"/v1/endpoints">["endpoints"][number];

export function AllEndpointsTable({ rows }: { readonly rows: readonly Row[] }) {
  const t = texts();
  return (
    <div class="table" role="region" aria-label={t.endpoints} tabIndex={0}>
      <table class="wide">
        <thead>
          <tr>
            <th scope="col">{t.url}</th>
            <th scope="col">{t.tenant}</th>
            <th scope="col">{t.state}</th>
            <th scope="col">{t.contract}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ tenant, endpoint }) => (
            <EndpointRow key={endpoint.id} tenant={tenant} endpoint={endpoint} counts={null} shows="tenant" />
          ))}
        </tbody>
      </table>
    </div>
  );
}
