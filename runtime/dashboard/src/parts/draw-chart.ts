import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { zone } from "../format.ts";
import type { Series } from "./series.ts";

const height = 180;

/** Draws stacked bars, and follows the width of its holder until the function it gives is called. */
export function draw(
  holder: HTMLElement,
  { series, labels }: { readonly series: Series; readonly labels: readonly [string, string, string] },
): () => void {
  const start = Date.parse(series.since) / 1000;
  const times = series.delivered.map((_, index) => start + index * series.pieceSeconds);
  const both = series.delivered.map((each, index) => each + (series.retried[index] ?? 0));
  const all = both.map((each, index) => each + (series.failed[index] ?? 0));
  const style = getComputedStyle(holder);
  const color = (name: string) => style.getPropertyValue(name).trim();
  const bars = uPlot.paths.bars?.({ size: [0.8, 40], align: 1 });
  const bar = (label: string, name: string): uPlot.Series => ({
    ...{ label, stroke: color(name), fill: color(name), points: { show: false }, width: 0 },
    ...(bars !== undefined && { paths: bars }),
  });
  const axis: uPlot.Axis = {
    ...{ stroke: color("--hw-muted"), font: "12px system-ui" },
    grid: { stroke: color("--hw-line"), width: 1 },
    ticks: { stroke: color("--hw-line"), width: 1 },
  };
  const zoned = (seconds: number) =>
    zone.peek() === "UTC" ? uPlot.tzDate(new Date(seconds * 1000), "Etc/UTC") : new Date(seconds * 1000);
  const plot = new uPlot(
    {
      ...{ width: holder.clientWidth, height, legend: { show: false }, tzDate: zoned },
      cursor: { show: false },
      // The tallest first, so that the others stand before it.
      series: [{}, bar(labels[2], "--hw-bad"), bar(labels[1], "--hw-warn"), bar(labels[0], "--hw-ok")],
      axes: [
        { ...axis, values: timeLabels },
        { ...axis, size: 44, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000] },
      ],
      scales: {
        // To the end of the last piece, or its bar would be cut off.
        x: { range: () => [start, start + series.delivered.length * series.pieceSeconds] },
        y: { range: (_plot, _min, max) => [0, Math.max(4, max * 1.1)] },
      },
    },
    [times, all, both, [...series.delivered]],
    holder,
  );
  const watch = new ResizeObserver(() => plot.setSize({ width: holder.clientWidth, height }));
  watch.observe(holder);
  return () => {
    watch.disconnect();
    plot.destroy();
  };
}

/** In the page's language: the hour within a day, otherwise the day. */
function timeLabels(_plot: uPlot, splits: readonly number[]): string[] {
  const isWithinDay = (splits.at(-1) ?? 0) - (splits[0] ?? 0) <= 2 * 86_400;
  const zoned = zone.peek() === "UTC" ? { timeZone: "UTC" } : {};
  const format = new Intl.DateTimeFormat(document.documentElement.lang, {
    ...(isWithinDay ? { hour: "2-digit", minute: "2-digit", hourCycle: "h23" } : { month: "short", day: "numeric" }),
    ...zoned,
  });
  return splits.map((each) => format.format(each * 1000));
}
