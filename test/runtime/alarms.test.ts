import { readFileSync } from "node:fs";
import { parser } from "@prometheus-io/lezer-promql";
import { pino } from "pino";
import { beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { createApp } from "../../runtime/app.ts";
import { catalog } from "../../runtime/generated/catalog.ts";
import { openKeyRing } from "../../runtime/secrets/key-ring.ts";

/** The types of the metrics that a server gives, by name, and the labels that their series have. */
interface Served {
  readonly types: ReadonlyMap<string, string>;
  readonly labels: ReadonlyMap<string, ReadonlySet<string>>;
}

let served: Served;

beforeAll(async () => {
  const keyRing = openKeyRing([{ id: "test", key: new Uint8Array(32) }]);
  const of = { database: ":memory:", catalog, keyRing, allowTargets: [], log: pino({ level: "silent" }) };
  const app = await createApp({ ...of, mode: "local" });
  const text = await app.metrics.text();
  await app.close();
  const labels = new Map<string, Set<string>>();
  for (const [, name = "", given = ""] of text.matchAll(/^(\w+)\{(.*)\} \S+$/gm)) {
    const known = labels.get(name) ?? new Set();
    for (const [, label = ""] of given.matchAll(/(\w+)="/g)) known.add(label);
    labels.set(name, known);
  }
  const types = [...text.matchAll(/^# TYPE (\w+) (\w+)$/gm)].map(([, name = "", type = ""]) => [name, type] as const);
  served = { types: new Map(types), labels };
});

/** Of a histogram each of its series has a name of its own. */
function metricOf(name: string): string | null {
  if (served.types.has(name)) return name;
  const base = name.replace(/_(bucket|sum|count)$/, "");
  return served.types.get(base) === "histogram" ? base : null;
}

interface Selector {
  readonly metric: string;
  readonly labels: readonly string[];
}

/** What an expression selects. Throws when it is not PromQL. */
function selectorsOf(expression: string): readonly Selector[] {
  const selectors: { metric: string; labels: string[] }[] = [];
  parser.parse(expression).iterate({
    enter: ({ type, name, from, to }) => {
      const text = expression.slice(from, to);
      if (type.isError) throw new Error(`Not PromQL at ${from}, ${JSON.stringify(text)}: ${expression}`);
      if (name === "VectorSelector") selectors.push({ metric: "", labels: [] });
      const last = selectors.at(-1);
      if (name === "Identifier" && last?.metric === "") last.metric = text;
      if (name === "LabelName" && expression.slice(to).match(/^\s*(=|!)/)) last?.labels.push(text);
    },
  });
  return selectors;
}

/** Prometheus's own, and labels that it adds to what it scrapes. */
const ofPrometheus = ["up"];
const added = ["job", "instance"];

function expectServed(expression: string): void {
  const selectors = selectorsOf(expression);
  expect(selectors.length, expression).toBeGreaterThan(0);
  for (const { metric, labels } of selectors) {
    if (ofPrometheus.includes(metric)) continue;
    expect(metricOf(metric), `${metric} of ${expression}`).not.toBeNull();
    const known = served.labels.get(metric);
    for (const label of labels.filter((each) => !added.includes(each)))
      expect(known === undefined || known.has(label), `${label} of ${metric} in ${expression}`).toBe(true);
  }
}

test("an expression that is not PromQL, and a metric that there is not, are found", () => {
  expect(() => selectorsOf("sum(rate(a[5m])")).toThrow("Not PromQL");
  expect(() => expectServed("sum(hookwright_no_such_metric) > 1")).toThrow("hookwright_no_such_metric");
  expect(() => expectServed('hookwright_endpoints{stat="failing"} > 1')).toThrow("stat of hookwright_endpoints");
  expect(selectorsOf('a{b="c",d!~"e"} / on (f) sum by (g) (h_bucket[5m])')).toEqual([
    { metric: "a", labels: ["b", "d"] },
    { metric: "h_bucket", labels: [] },
  ]);
});

test("metrics have Prometheus's names and units: counters end in _total, times in _seconds, nothing is in milliseconds", () => {
  for (const [name, type] of served.types) {
    if (!name.startsWith("hookwright_")) continue;
    expect(/_total$/.test(name), name).toBe(type === "counter");
    expect(name, name).not.toMatch(/_(ms|millis|milliseconds|minutes|kb|mb)(_|$)/);
    if (type === "histogram") expect(name).toMatch(/_seconds$/);
  }
});

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

const rulesFile: { readonly groups: readonly { readonly name: string; readonly rules: readonly Rule[] }[] } = parse(
  readFileSync("runtime/deploy/alerts.yaml", "utf8"),
  { strict: true, uniqueKeys: true },
);
const rules = rulesFile.groups.flatMap((group) => group.rules);

describe("the rules for Prometheus", () => {
  test("have what Prometheus asks for, and nothing that it does not know", () => {
    expect(Object.keys(rulesFile)).toEqual(["groups"]);
    const groups = rulesFile.groups.map(({ name }) => name);
    expect(new Set(groups).size).toBe(groups.length);
    for (const group of rulesFile.groups) expect(Object.keys(group).sort()).toEqual(["name", "rules"]);
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
    for (const { alert, expr, for: lasts = "0s", labels, annotations, ...rest } of rules) {
      expect(rest, alert).toEqual({});
      expect(alert).toMatch(/^Hookwright[A-Z]\w+$/);
      expect(expr, alert).toMatch(/\S/);
      expect(lasts, alert).toMatch(/^\d+(s|m|h)$/);
      expect(["critical", "warning", "info"], alert).toContain(labels["severity"]);
      expect(Object.keys(annotations), alert).toEqual(["summary", "description"]);
      for (const text of Object.values(annotations))
        expect(typeof text === "string" && text.length > 10, alert).toBe(true);
    }
  });

  test.each(rules.map((rule) => [rule.alert, rule] as const))("%s asks for metrics that are served", (_, rule) => {
    expectServed(rule.expr);
  });

  test.each(rules.map((rule) => [rule.alert, rule] as const))("%s says of its labels only what it has", (_, rule) => {
    const { expr, annotations } = rule;
    const named = Object.values(annotations).flatMap((text) => [...text.matchAll(/\$labels\.(\w+)/g)]);
    // An aggregation keeps the labels it is by; without one all are kept, those that Prometheus adds among them.
    const isAggregated = /^(sum|max|min|count)\b/.test(expr.trim());
    const kept = /\bby \(([^)]*)\)/.exec(expr)?.[1]?.split(/,\s*/) ?? (isAggregated ? [] : added);
    for (const [, label = ""] of named) expect(kept, rule.alert).toContain(label);
  });

  test("are explained in the guide to production, each under its name with what to do", () => {
    const guide = readFileSync("runtime/README.md", "utf8");
    const rows = [...guide.matchAll(/^\| `(Hookwright\w+)` +\| (.+?) +\| (.+?) +\|$/gm)];
    expect(rows.map(([, name]) => name)).toEqual(rules.map(({ alert }) => alert));
    for (const [, name, meaning = "", remedy = ""] of rows)
      expect(meaning.length * remedy.length, name).toBeGreaterThan(400);
  });
});

interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly datasource?: { readonly type: string; readonly uid: string };
  readonly targets?: readonly { readonly refId: string; readonly expr: string }[];
}

const dashboard: {
  readonly schemaVersion: number;
  readonly title: string;
  readonly templating: { readonly list: readonly { readonly name: string; readonly query: string }[] };
  readonly panels: readonly Panel[];
} = JSON.parse(readFileSync("runtime/deploy/dashboard.json", "utf8"));
const charts = dashboard.panels.filter(({ type }) => type !== "row");
/** As Grafana fills its variables in. */
const expressions = charts.flatMap(({ targets = [] }) =>
  targets.map(({ expr }) => expr.replaceAll("$__rate_interval", "5m").replaceAll("$job", ".+")),
);

describe("Grafana's dashboard", () => {
  test("has panels with a place of their own, and targets that ask the chosen data source", () => {
    expect(dashboard.schemaVersion).toBeGreaterThanOrEqual(36);
    expect(dashboard.templating.list.map(({ name }) => name)).toEqual(["datasource", "job"]);
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
    const cells = dashboard.panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, index) => `${x + (index % w)},${y + Math.floor(index / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    for (const { title, datasource, targets = [], gridPos } of charts) {
      expect(gridPos.x + gridPos.w, title).toBeLessThanOrEqual(24);
      expect(datasource, title).toEqual({ type: "prometheus", uid: "${datasource}" });
      expect(new Set(targets.map(({ refId }) => refId)).size, title).toBe(targets.length);
      expect(targets.length, title).toBeGreaterThan(0);
    }
  });

  test.each(expressions)("%s asks for metrics that are served", expectServed);

  test("shows every metric of ours", () => {
    const shown = new Set(expressions.flatMap(selectorsOf).map(({ metric }) => metricOf(metric)));
    const ours = [...served.types.keys()].filter((name) => name.startsWith("hookwright_"));
    expect(ours.filter((name) => !shown.has(name))).toEqual([]);
  });
});
