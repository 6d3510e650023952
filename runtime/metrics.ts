import { Counter, Gauge, Histogram, Registry } from "prom-client";
import type { EmitMany } from "./emit-many.ts";
import type { EmitUntyped } from "./emitter.ts";
import type { EngineStatus } from "./engine/engine.ts";
import type { Attempt, LogStore } from "./seams/log-store.ts";
import { packageVersion } from "./version.ts";
import type { StreamStore } from "./seams/stream-store.ts";

/** What the process has done and is doing, for Prometheus. */
export interface Metrics {
  /** Counts what is emitted. */
  readonly counting: (emit: EmitUntyped) => EmitUntyped;
  readonly countingMany: (emit: EmitMany) => EmitMany;
  readonly attempted: (contract: string, attempt: Attempt) => void;
  readonly answered: (answer: Answered) => void;
  /** A question, by what it came to. */
  readonly asked: (contract: string, answer: { readonly status: string; readonly durationMs: number }) => void;
  /** An action that this process killed. */
  readonly killed: (contract: string, reason: string) => void;
  /** An attempt at a batch of a stream. */
  readonly batchAttempted: (contract: string, outcome: { readonly isAccepted: boolean }, recordCount: number) => void;
  /** The text exposition format, version 0.0.4. Asks the database; rejects when it does not answer. */
  readonly text: () => Promise<string>;
  readonly contentType: string;
}

/** A request that was answered; `route` is the pattern and not the path, which may hold anything. */
export interface Answered {
  readonly method: string;
  readonly route: string;
  readonly status: number;
  readonly durationMs: number;
}

export interface MetricsParts {
  /** Deliveries that wait, in the whole database; counted up to `max`. */
  readonly pendingCount: (max: number) => Promise<number>;
  readonly store: Pick<LogStore, "oldestWriteAgeMs" | "ends" | "nextDueAt" | "unserved">;
  readonly streams: Pick<StreamStore, "oldestDueAt">;
  readonly status: () => EngineStatus;
  readonly now: () => number;
}

/** Beyond this a count says no more than "many", and would cost a scan each time it is asked for. */
const pendingCountMax = 10_000;

const seconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** A registry of its own, as a process may hold several apps. */
export function createMetrics(parts: MetricsParts): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const emits = new Counter({
    name: "hookwright_events_emitted_total",
    help: "Events appended by this process, and repeats of them that appended nothing.",
    labelNames: ["contract", "created"],
    registers,
  });
  const attempts = new Counter({
    name: "hookwright_attempts_total",
    help: "Attempts by what they came to.",
    labelNames: ["contract", "result"],
    registers,
  });
  const durations = new Histogram({
    name: "hookwright_attempt_duration_seconds",
    help: "From the start of an attempt to the end of its answer.",
    labelNames: ["contract"],
    buckets: seconds,
    registers,
  });
  const batches = new Counter({
    name: "hookwright_stream_batches_total",
    help: "Attempts at batches of streams, by whether they were accepted.",
    labelNames: ["contract", "accepted"],
    registers,
  });
  const records = new Counter({
    name: "hookwright_stream_records_total",
    help: "Records in batches that were accepted.",
    labelNames: ["contract"],
    registers,
  });
  addGauges(registers, parts);
  return {
    counting: (emit) => async (contract, type, input) => {
      const event = await emit(contract, type, input);
      emits.inc({ contract, created: String(event.created) });
      return event;
    },
    countingMany: (emit) => async (tenant, inputs) => {
      const events = await emit(tenant, inputs);
      events.forEach(({ created }, at) =>
        emits.inc({ contract: inputs[at]?.contract ?? "", created: String(created) }),
      );
      return events;
    },
    attempted: (contract, { result, durationMs }) => {
      attempts.inc({ contract, result });
      durations.observe({ contract }, durationMs / 1000);
    },
    answered: countAnswers(registers),
    ...countQuestions(registers),
    batchAttempted: (contract, { isAccepted }, recordCount) => {
      batches.inc({ contract, accepted: String(isAccepted) });
      if (isAccepted) records.inc({ contract }, recordCount);
    },
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}

function countAnswers(registers: Registry[]): Metrics["answered"] {
  const requests = new Counter({
    name: "hookwright_http_requests_total",
    help: "Requests to the HTTP API by route and status.",
    labelNames: ["method", "route", "status"],
    registers,
  });
  const durations = new Histogram({
    name: "hookwright_http_request_duration_seconds",
    help: "From the start of a request to the end of its answer.",
    labelNames: ["route"],
    buckets: seconds,
    registers,
  });
  return ({ method, route, status, durationMs }) => {
    requests.inc({ method, route, status });
    durations.observe({ route }, durationMs / 1000);
  };
}

function countQuestions(registers: Registry[]): Pick<Metrics, "asked" | "killed"> {
  const questions = new Counter({
    name: "hookwright_questions_total",
    help: "Questions to actions by what they came to, tests aside; those that were not put as the action was killed, too.",
    labelNames: ["contract", "status"],
    registers,
  });
  const durations = new Histogram({
    name: "hookwright_question_duration_seconds",
    help: "From a question to the end of its answer.",
    labelNames: ["contract"],
    buckets: seconds,
    registers,
  });
  const kills = new Counter({
    name: "hookwright_actions_killed_total",
    help: "Actions that this process killed, by the limit that they passed.",
    labelNames: ["contract", "reason"],
    registers,
  });
  return {
    asked: (contract, { status, durationMs }) => {
      questions.inc({ contract, status });
      if (status !== "killed") durations.observe({ contract }, durationMs / 1000);
    },
    killed: (contract, reason) => kills.inc({ contract, reason }),
  };
}

/** What is measured when it is asked for. */
function addGauges(registers: Registry[], parts: MetricsParts): void {
  const { pendingCount, store, streams, status, now } = parts;
  new Gauge({
    name: "hookwright_build_info",
    help: "1; its labels say what runs.",
    labelNames: ["version", "node"],
    registers,
  }).set({ version: packageVersion(), node: process.version }, 1);
  const gauge = (name: string, help: string, value: () => number | Promise<number>) =>
    new Gauge({
      name,
      help,
      registers,
      async collect() {
        this.set(await value());
      },
    });
  const overdueSeconds = (dueAt: number | null) => Math.max(0, now() - (dueAt ?? Infinity)) / 1000;
  const shards = () => status().shards.map(({ shard }) => shard);
  gauge("hookwright_attempts_in_flight", "Attempts under way.", () => status().inFlightCount);
  gauge("hookwright_shards_leased", "Shards that this process works.", () => status().shards.length);
  gauge("hookwright_is_sequencer", "1 while this process gives events their positions.", () =>
    Number(status().isSequencer),
  );
  gauge("hookwright_tenants_diverted", "Tenants with so many events that they have a reader of their own.", () =>
    status().shards.reduce((sum, shard) => sum + shard.divertedCount, 0),
  );
  gauge(
    "hookwright_breakers_open",
    "Endpoints that this process tries one delivery at a time, as they fail.",
    () => status().pausedEndpoints.length,
  );
  gauge(
    "hookwright_log_horizon_seconds",
    "Age of the oldest open transaction that writes: its own events wait for its commit, others do not. 0: there is none.",
    async () => ((await store.oldestWriteAgeMs()) ?? 0) / 1000,
  );
  gauge(
    "hookwright_log_lag_positions",
    "The furthest that the cursor of one of this process's shards is behind the end of its log.",
    async () => {
      const ends = new Map((await store.ends(shards())).map(({ shard, position }) => [shard, position]));
      const lags = status().shards.map(({ shard, cursor }) => (ends.get(shard) ?? cursor) - cursor);
      return Math.max(0, ...lags);
    },
  );
  const unserved = new Gauge({
    name: "hookwright_unserved_deliveries",
    help: `Deliveries that wait for a process that has what they need, such as a contract; at most ${pendingCountMax} of each.`,
    labelNames: ["need"],
    registers,
    collect: async () => {
      unserved.reset();
      for (const { need, count, isServed } of await store.unserved({ countMax: pendingCountMax }))
        if (!isServed) unserved.set({ need }, count);
    },
  });
  gauge("hookwright_pending_deliveries", `Deliveries that wait, of all shards; at most ${pendingCountMax}.`, () =>
    pendingCount(pendingCountMax),
  );
  gauge(
    "hookwright_stream_oldest_undelivered_seconds",
    "How long the record that has been due longest, of this process's streams, has not been accepted. 0: none is due.",
    async () => overdueSeconds(await streams.oldestDueAt({ shards: shards(), now: now() })),
  );
  gauge(
    "hookwright_pending_overdue_seconds",
    "How long the pending delivery that was due first has been due, but for endpoints with an open breaker. 0: none is.",
    async () => overdueSeconds(await store.nextDueAt({ shards: shards(), except: status().pausedEndpoints })),
  );
}
