import type { Answer } from "../api.ts";
import { duration, number } from "../format.ts";
import { addressOf } from "../router.ts";
import { texts } from "../texts/texts.ts";
import { Badge, type Tone } from "./states.tsx";
import { Time } from "./time.tsx";

export type DeliveryLine = Answer<"/v1/deliveries">["deliveries"][number];

const tones: Readonly<Record<DeliveryLine["state"], Tone>> = { pending: "warn", delivered: "ok", failed: "bad" };

export function StateBadge({ line }: { readonly line: Pick<DeliveryLine, "state" | "status"> }) {
  const t = texts();
  return (
    <Badge tone={tones[line.state]}>
      {{ pending: t.pending, delivered: t.delivered, failed: t.failed }[line.state]}
    </Badge>
  );
}

/** What the receiver last answered, or why there was no answer. */
export function answerText(line: Pick<DeliveryLine, "lastResponseStatus" | "lastError">): string {
  return [line.lastResponseStatus, line.lastError].filter((each) => each !== null).join(" ") || "–";
}

/** A host and its path: what tells endpoints apart. */
export function shortUrl(url: string): string {
  const { host, pathname } = URL.parse(url) ?? { host: url, pathname: "" };
  return `${host}${pathname === "/" ? "" : pathname}`;
}

export interface Selection {
  readonly ids: ReadonlySet<string>;
  readonly toggle: (id: string) => void;
  readonly toggleAll: () => void;
}

export function DeliveryTable(props: {
  readonly lines: readonly DeliveryLine[];
  readonly shows: "tenants" | "one tenant" | "one endpoint";
  readonly selection?: Selection | undefined;
}) {
  const t = texts();
  const { lines, shows, selection } = props;
  return (
    <div class="table" role="region" aria-label={t.deliveries} tabIndex={0}>
      <table class="wide">
        <thead>
          <tr>
            {selection !== undefined && (
              <th scope="col" class="tight">
                <input
                  type="checkbox"
                  aria-label={t.selectAll}
                  checked={selection.ids.size > 0 && selection.ids.size === lines.length}
                  onChange={selection.toggleAll}
                />
              </th>
            )}
            <th scope="col">{t.state}</th>
            <th scope="col">{t.eventType}</th>
            <th scope="col">{t.time}</th>
            {shows === "tenants" && <th scope="col">{t.tenant}</th>}
            {shows !== "one endpoint" && <th scope="col">{t.endpoint}</th>}
            <th scope="col">{t.answer}</th>
            <th scope="col" class="number">
              {t.attempts}
            </th>
            {shows !== "one endpoint" && (
              <th scope="col" class="number">
                {t.length}
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <tr key={line.id}>
              {selection !== undefined && (
                <td class="tight">
                  <input
                    type="checkbox"
                    aria-label={t.select(line.id)}
                    checked={selection.ids.has(line.id)}
                    onChange={() => selection.toggle(line.id)}
                  />
                </td>
              )}
              <td>
                <StateBadge line={line} />
              </td>
              <td class="type">
                <a href={addressOf(line.tenant, ["deliveries", line.endpointId, line.id])}>{line.eventType}</a>
              </td>
              <td>
                <Time at={line.createdAt} />
              </td>
              {shows === "tenants" && (
                <td>
                  <bdi>{line.tenant}</bdi>
                </td>
              )}
              {shows !== "one endpoint" && (
                <td class="cut" title={line.endpointUrl}>
                  <a class="quiet" href={addressOf(line.tenant, ["endpoints", line.endpointId])}>
                    <bdi>{shortUrl(line.endpointUrl)}</bdi>
                  </a>
                </td>
              )}
              <td class="cut">{answerText(line)}</td>
              <td class="number">{number(line.attemptCount)}</td>
              {shows !== "one endpoint" && (
                <td class="number">{line.lastDurationMs === null ? "–" : duration(line.lastDurationMs)}</td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
