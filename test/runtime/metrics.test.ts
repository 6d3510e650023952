import { expect, test } from "vitest";
import type { EngineStatus } from "../../runtime/engine/engine.ts";
import { createMetrics, type MetricsParts } from "../../runtime/metrics.ts";
import { catalog } from "../../runtime/generated/catalog.ts";
import type { Attempt } from "../../runtime/seams/log-store.ts";

const idle: EngineStatus = { inFlightCount: 0, isSequencer: false, pausedEndpoints: [], shards: [] };
const attempt: Attempt = {
  ...{ endpointKey: 1, position: 1, run: 0, number: 1, startedAt: 0, durationMs: 30 },
  ...{ result: "delivered", status: 200, error: null, responseBody: null, ownHeaders: null, responseHeaders: null },
};

function metricsOf(over: Partial<MetricsParts> = {}, store: Partial<MetricsParts["store"]> = {}) {
  const empty = {
    oldestWrite: async () => null,
    ends: async () => [],
    nextDueAt: async () => null,
    unserved: async () => [],
  };
  const streams = {
    oldestDueAt: async () => 95_000,
    stalledCount: async ({ dueBefore }: { dueBefore: number }) => (dueBefore === 40_000 ? 2 : 0),
  };
  const counts = {
    pending: async (max: number) => Math.min(7, max),
    waiting: async () => ({ due: 1, later: 2, disabled: 3, paused: 4 }),
    endpoints: async () => ({ failing: 5, disabled: 6, paused: 7 }),
  };
  const parts = {
    failed: () => {},
    catalog: {},
    shardCount: 16,
    streams,
    counts,
    status: () => idle,
    now: () => 100_000,
  };
  return createMetrics({ store: { ...empty, ...store }, ...parts, ...over });
}

const valueOf = (text: string, name: string) =>
  text
    .split("\n")
    .find((line) => line.startsWith(`${name} `))
    ?.split(" ")[1];

test("what the engine holds, how far it is behind, and what holds the log back are told when they are asked for", async () => {
  const shards = [
    { shard: 3, cursor: 90, divertedCount: 2 },
    { shard: 5, cursor: 40, divertedCount: 0 },
  ];
  const text = await metricsOf(
    { status: () => ({ inFlightCount: 7, isSequencer: true, pausedEndpoints: [4, 8], shards }) },
    {
      oldestWrite: async () => ({ ageMs: 2500, pid: 7, application: "billing" }),
      ends: async (of) => of.map((shard) => ({ shard, position: 100 })),
      nextDueAt: async ({ except }) => (except.join() === "4,8" ? 60_000 : 0),
    },
  ).text();
  expect(valueOf(text, "hookwright_attempts_in_flight")).toBe("7");
  expect(valueOf(text, "hookwright_shards_leased")).toBe("2");
  expect(valueOf(text, "hookwright_is_sequencer")).toBe("1");
  expect(valueOf(text, "hookwright_tenants_diverted")).toBe("2");
  expect(valueOf(text, "hookwright_breakers_open")).toBe("2");
  expect(valueOf(text, "hookwright_log_horizon_seconds")).toBe("2.5");
  expect(valueOf(text, "hookwright_log_lag_positions")).toBe("60");
  expect(valueOf(text, "hookwright_pending_overdue_seconds")).toBe("40");
});

test("with nothing to do all of it is 0", async () => {
  const text = await metricsOf({}, { nextDueAt: async () => 200_000 }).text();
  for (const name of ["log_horizon_seconds", "log_lag_positions", "pending_overdue_seconds", "shards_leased"])
    expect(valueOf(text, `hookwright_${name}`)).toBe("0");
});

test("attempts are counted by result and timed in seconds; emits by whether they appended", async () => {
  const metrics = metricsOf();
  metrics.attempted("stech", attempt);
  metrics.attempted("stech", { ...attempt, result: "retry" });
  const event = { id: "evt_1", type: "a.b", tenant: "org_1", time: 0, body: "{}" };
  const emit = metrics.counting(async (_, type) => ({ ...event, created: type === "a.b" }));
  await emit("stech", "a.b", { tenant: "org_1", data: {} });
  await emit("stech", "a.c", { tenant: "org_1", data: {} });
  const text = await metrics.text();
  expect(valueOf(text, 'hookwright_attempts_total{contract="stech",result="delivered"}')).toBe("1");
  expect(valueOf(text, 'hookwright_attempts_total{contract="stech",result="retry"}')).toBe("1");
  expect(valueOf(text, 'hookwright_attempt_duration_seconds_sum{contract="stech"}')).toBe("0.06");
  expect(valueOf(text, 'hookwright_events_emitted_total{contract="stech",created="true"}')).toBe("1");
  expect(valueOf(text, 'hookwright_events_emitted_total{contract="stech",created="false"}')).toBe("1");
});

test("questions are counted by what they came to and timed, but for those nobody was asked; kills by their reason", async () => {
  const metrics = metricsOf();
  for (const status of ["allowed", "allowed", "timeout", "killed"]) metrics.asked("authio", { status, durationMs: 40 });
  metrics.killed("authio", "error_rate");
  const text = await metrics.text();
  expect(valueOf(text, 'hookwright_questions_total{contract="authio",status="allowed"}')).toBe("2");
  expect(valueOf(text, 'hookwright_questions_total{contract="authio",status="killed"}')).toBe("1");
  expect(valueOf(text, 'hookwright_question_duration_seconds_sum{contract="authio"}')).toBe("0.12");
  expect(valueOf(text, 'hookwright_actions_killed_total{contract="authio",reason="error_rate"}')).toBe("1");
});

test("an emit that fails is not counted", async () => {
  const metrics = metricsOf();
  const emit = metrics.counting(() => Promise.reject(new Error("refused")));
  await expect(emit("stech", "a.b", { tenant: "org_1", data: {} })).rejects.toThrow("refused");
  expect(await metrics.text()).not.toMatch(/^hookwright_events_emitted_total\{/m);
});

test("answers are counted by route and status; what waits, and what runs, is told", async () => {
  const metrics = metricsOf();
  const of = { method: "GET", route: "/v1/orgs/:tenant/events", durationMs: 20 };
  for (const status of [200, 200, 429]) metrics.answered({ ...of, status });
  const text = await metrics.text();
  const counted = (status: number) => `{method="GET",route="${of.route}",status="${status}"}`;
  expect(valueOf(text, `hookwright_http_requests_total${counted(200)}`)).toBe("2");
  expect(valueOf(text, `hookwright_http_requests_total${counted(429)}`)).toBe("1");
  expect(valueOf(text, `hookwright_http_request_duration_seconds_sum{route="${of.route}"}`)).toBe("0.06");
  expect(valueOf(text, "hookwright_pending_deliveries")).toBe("7");
  expect(text).toMatch(/^hookwright_build_info\{version="\d+\.\d+\.\d+[^"]*",node="v\d+[^"]*"\} 1$/m);
});

test("what waits is told by its cause, endpoints by their state, and streams that stand still", async () => {
  const unserved = [
    { need: "key:newer", count: 8, isServed: false },
    { need: "contract:harbor", count: 9, isServed: true },
    { need: "contract:quay", count: 1, isServed: false },
  ];
  const text = await metricsOf({}, { unserved: async () => unserved }).text();
  const labelled = (name: string) =>
    Object.fromEntries(
      [...text.matchAll(new RegExp(`^${name}\\{\\w+="(.*)"\\} (\\d+)$`, "gm"))].map(([, ...pair]) => pair),
    );
  const waiting = { due: "1", later: "2", disabled: "3", paused: "4", unserved: "9" };
  expect(labelled("hookwright_waiting_deliveries")).toEqual(waiting);
  expect(labelled("hookwright_unserved_deliveries")).toEqual({ "key:newer": "8", "contract:quay": "1" });
  expect(labelled("hookwright_endpoints")).toEqual({ failing: "5", disabled: "6", paused: "7" });
  expect(valueOf(text, "hookwright_stalled_streams")).toBe("2");
});

test("who holds the log's horizon is told once it is ten seconds old, and no longer than it is so", async () => {
  let oldest = { ageMs: 9999, pid: 42 as number | null, application: 'a "b"' };
  const metrics = metricsOf({}, { oldestWrite: async () => oldest });
  const held = async () => /^hookwright_log_horizon_holder_seconds\{.*$/m.exec(await metrics.text())?.[0];
  expect(await held()).toBeUndefined();
  oldest = { ...oldest, ageMs: 10_000 };
  expect(await held()).toBe('hookwright_log_horizon_holder_seconds{pid="42",application="a \\"b\\""} 10');
  oldest = { ...oldest, ageMs: 11_000, pid: null };
  expect(await held()).toBe('hookwright_log_horizon_holder_seconds{pid="none",application="a \\"b\\""} 11');
  oldest = { ...oldest, ageMs: 1 };
  expect(await held()).toBeUndefined();
});

test("endpoints that are disabled are counted by their contract, and requests that are too many by their limit", async () => {
  const metrics = metricsOf();
  const fact = { id: "evt_1", contract: "hookwright", tenant: "org_1", time: 0, idempotencyKey: null, trace: null };
  const body = JSON.stringify({ data: { contract: "stech" } });
  for (const type of ["endpoint.disabled", "endpoint.disabled", "endpoint.created"])
    metrics.told([{ ...fact, type, body }]);
  for (const limit of ["key", "key", "tenant", "address"] as const) metrics.limited(limit);
  const text = await metrics.text();
  expect(valueOf(text, 'hookwright_endpoints_disabled_total{contract="stech"}')).toBe("2");
  expect(valueOf(text, 'hookwright_http_rate_limited_total{limit="key"}')).toBe("2");
  expect(valueOf(text, 'hookwright_http_rate_limited_total{limit="address"}')).toBe("1");
});

test("Node's own metrics are those of the process, once, in every app of it", async () => {
  for (const metrics of [metricsOf(), metricsOf()]) {
    const text = await metrics.text();
    expect(text.match(/^process_resident_memory_bytes \d+$/gm)).toHaveLength(1);
    expect(text.match(/^nodejs_eventloop_lag_p99_seconds \S+$/gm)).toHaveLength(1);
    expect(text.match(/^# TYPE (\w+)/gm)?.length).toBe(new Set(text.match(/^# TYPE (\w+)/gm)).size);
  }
});

test("whoever asks meanwhile gets the same answer, and the database is asked once", async () => {
  let asked = 0;
  const counts = { waiting: async () => ({ due: 0, later: 0, disabled: 0, paused: 0 }), pending: async () => 0 };
  const endpoints = async () => ((asked += 1), { failing: 0, disabled: 0, paused: 0 });
  const metrics = metricsOf({ counts: { ...counts, endpoints } });
  await Promise.all([metrics.text(), metrics.text(), metrics.text()]);
  expect(asked).toBe(1);
  await metrics.text();
  expect(asked).toBe(2);
});

test("counters of what is rare begin at 0, so that the first one is an increase", async () => {
  const text = await metricsOf({ catalog }).text();
  for (const series of [
    'hookwright_attempts_total{contract="stech",result="exhausted"}',
    'hookwright_endpoints_disabled_total{contract="stech"}',
    'hookwright_attempts_not_made_total{contract="authn",reason="secret_unreadable"}',
    'hookwright_stream_batches_total{contract="auth0",accepted="false"}',
    'hookwright_actions_killed_total{contract="authio",reason="error_rate"}',
    'hookwright_http_rate_limited_total{limit="tenant"}',
  ])
    expect(valueOf(text, series), series).toBe("0");
});

test("what the database does not answer is left out and told; the rest is there", async () => {
  let isUp = true;
  const told: unknown[] = [];
  const failing = new Error("It is down.");
  const answers = async <Value>(value: Value) => (isUp ? value : Promise.reject(failing));
  const metrics = metricsOf(
    { failed: (error) => void told.push(error) },
    { oldestWrite: () => answers({ ageMs: 12_000, pid: 1, application: "a" }), ends: () => answers([]) },
  );
  const names = ["hookwright_log_horizon_seconds", "hookwright_log_lag_positions", "hookwright_database_up"];
  const values = async () => {
    const text = await metrics.text();
    return [...names.map((name) => valueOf(text, name)), /^hookwright_log_horizon_holder_seconds\{/m.test(text)];
  };
  expect(await values()).toEqual(["12", "0", "1", true]);
  isUp = false;
  expect(await values()).toEqual([undefined, undefined, "0", false]);
  expect(told).toEqual([failing, failing, failing]);
  metrics.limited("key");
  expect(valueOf(await metrics.text(), 'hookwright_http_rate_limited_total{limit="key"}')).toBe("1");
  isUp = true;
  expect(await values()).toEqual(["12", "0", "1", true]);
});
