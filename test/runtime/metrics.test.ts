import { expect, test } from "vitest";
import type { EngineStatus } from "../../runtime/engine/engine.ts";
import { createMetrics, type MetricsParts } from "../../runtime/metrics.ts";
import type { Attempt } from "../../runtime/seams/log-store.ts";

const idle: EngineStatus = { inFlightCount: 0, isSequencer: false, pausedEndpoints: [], shards: [] };
const attempt: Attempt = {
  ...{ endpointKey: 1, position: 1, run: 0, number: 1, startedAt: 0, durationMs: 30 },
  ...{ result: "delivered", status: 200, error: null, responseBody: null, ownHeaders: null, responseHeaders: null },
};

function metricsOf(over: Partial<MetricsParts> = {}, store: Partial<MetricsParts["store"]> = {}) {
  const empty = {
    oldestWriteAgeMs: async () => null,
    ends: async () => [],
    nextDueAt: async () => null,
    unserved: async () => [],
  };
  const streams = { oldestDueAt: async () => 95_000 };
  const pendingCount = async (max: number) => Math.min(7, max);
  const parts = { streams, pendingCount, status: () => idle, now: () => 100_000 };
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
      oldestWriteAgeMs: async () => 2500,
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
