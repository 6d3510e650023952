import { useEffect, useRef } from "preact/hooks";
import { number, shortTime, zone } from "../format.ts";
import { language, texts } from "../texts/texts.ts";
import type { Series } from "./series.ts";
import { theme } from "../theme.ts";

/** Attempts over time, stacked. The drawing comes when it is needed; the table has the same numbers. */
export function Chart({ series, title }: { readonly series: Series; readonly title: string }) {
  const t = texts();
  const holder = useRef<HTMLDivElement>(null);
  useEffect(() => {
    let isGone = false;
    let close = () => {};
    void import("./draw-chart.ts").then(({ draw }) => {
      if (isGone || holder.current === null) return;
      close = draw(holder.current, { series, labels: [t.delivered, t.retried, t.failed] });
    });
    return () => {
      isGone = true;
      close();
    };
  }, [JSON.stringify(series), theme.value, zone.value, language.value]);
  return (
    <figure class="chart">
      <figcaption class="legend" aria-hidden="true">
        <span class="ok">{t.delivered}</span>
        <span class="warn">{t.retried}</span>
        <span class="bad">{t.failed}</span>
      </figcaption>
      <div ref={holder} class="plot" role="img" aria-label={title} />
      <details>
        <summary>{t.asTable}</summary>
        <PieceTable series={series} title={title} />
      </details>
    </figure>
  );
}

function PieceTable({ series, title }: { readonly series: Series; readonly title: string }) {
  const t = texts();
  return (
    <div class="table" tabIndex={0} role="region" aria-label={title}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t.time}</th>
            <th scope="col" class="number">
              {t.delivered}
            </th>
            <th scope="col" class="number">
              {t.retried}
            </th>
            <th scope="col" class="number">
              {t.failed}
            </th>
          </tr>
        </thead>
        <tbody>
          {series.delivered.map((delivered, index) => (
            <tr key={index}>
              <td>
                {shortTime(new Date(Date.parse(series.since) + index * series.pieceSeconds * 1000).toISOString())}
              </td>
              <td class="number">{number(delivered)}</td>
              <td class="number">{number(series.retried[index] ?? 0)}</td>
              <td class="number">{number(series.failed[index] ?? 0)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
