import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";
import type { Contract } from "../catalog/contract.ts";
import { factsContract } from "./contracts/contract-of.ts";
import type { WireCatalog } from "./contracts/wire-contract.ts";
import type { EmitMany } from "./emit-many.ts";
import type { EmitUntyped } from "./emitter.ts";
import { addGauges, type GaugeParts } from "./metrics/gauges.ts";
import type { KillReason } from "./seams/action-store.ts";
import type { Attempt, NewEvent } from "./seams/log-store.ts";

/** What the process has done and is doing, for Prometheus. */
export interface Metrics {
  /** Counts what is emitted. */
  readonly counting: (emit: EmitUntyped) => EmitUntyped;
  readonly countingMany: (emit: EmitMany) => EmitMany;
  readonly attempted: (contract: string, attempt: Attempt) => void;
  /** A delivery that could not be attempted through a fault of ours. */
  readonly notAttempted: (contract: string, reason: "secret_unreadable" | "fault") => void;
  readonly answered: (answer: Answered) => void;
  /** A question, by what it came to. */
  readonly asked: (contract: string, answer: { readonly status: string; readonly durationMs: number }) => void;
  /** An action that this process killed. */
  readonly killed: (contract: string, reason: string) => void;
  /** Takes events of Hookwright's own that this process appended. */
  readonly told: (events: readonly NewEvent[]) => void;
  /** A request that was refused as there were too many. */
  readonly limited: (limit: RateLimit) => void;
  /** An attempt at a batch of a stream. */
  readonly batchAttempted: (contract: string, outcome: { readonly isAccepted: boolean }, recordCount: number) => void;
  /**
   * The text exposition format, version 0.0.4. Asks the database; what it does not answer is left out. Those who ask
   * meanwhile get the same answer.
   */
  readonly text: () => Promise<string>;
  readonly contentType: string;
}

/** Whose requests were too many: a key's, all of a tenant, or those of an address with keys that are not known. */
export type RateLimit = "key" | "tenant" | "address";

/** A request that was answered; `route` is the pattern and not the path, which may hold anything. */
export interface Answered {
  readonly method: string;
  readonly route: string;
  readonly status: number;
  readonly durationMs: number;
}

const seconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

export interface MetricsParts extends GaugeParts {
  /** Counters of its contracts begin at 0: a series that begins at 1 does not increase for whoever asks by how much. */
  readonly catalog: WireCatalog;
}

/** A registry of its own, as a process may hold several apps. */
export function createMetrics(parts: MetricsParts): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const contracts = Object.values(parts.catalog).map(({ declaration }) => declaration);
  const ofMode = (...modes: readonly Contract["mode"][]) =>
    contracts.flatMap(({ id, mode }) => (modes.includes(mode) ? [id] : []));
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
  for (const contract of ofMode("push"))
    for (const result of ["delivered", "retry", "rejected", "exhausted"] as const)
      attempts.inc({ contract, result }, 0);
  for (const contract of ofMode("stream"))
    for (const accepted of ["true", "false"]) batches.inc({ contract, accepted }, 0);
  let isDatabaseUp = true;
  addGauges(registers, {
    ...parts,
    failed: (error) => {
      isDatabaseUp = false;
      parts.failed(error);
    },
  });
  const after = new Registry();
  const databaseUp = new Gauge({
    name: "hookwright_database_up",
    help: "1 when the database answered all that this scrape asked it; 0: what it did not answer is left out.",
    registers: [after],
  });
  async function read(): Promise<string> {
    isDatabaseUp = true;
    const texts = await Promise.all([registry.metrics(), processMetrics()]);
    databaseUp.set(Number(isDatabaseUp));
    return [...texts, await after.metrics()].join("\n");
  }
  let reading: Promise<string> | null = null;
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
    ...countQuestions(registers, ofMode("action")),
    ...countTrouble(registers, ofMode("push")),
    batchAttempted: (contract, { isAccepted }, recordCount) => {
      batches.inc({ contract, accepted: String(isAccepted) });
      if (isAccepted) records.inc({ contract }, recordCount);
    },
    text: () => (reading ??= read().finally(() => (reading = null))),
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

function countQuestions(registers: Registry[], contracts: readonly string[]): Pick<Metrics, "asked" | "killed"> {
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
  for (const contract of contracts)
    for (const reason of ["error_rate", "timeout_rate", "consecutive_5xx"] satisfies KillReason[])
      kills.inc({ contract, reason }, 0);
  return {
    asked: (contract, { status, durationMs }) => {
      questions.inc({ contract, status });
      if (status !== "killed") durations.observe({ contract }, durationMs / 1000);
    },
    killed: (contract, reason) => kills.inc({ contract, reason }),
  };
}

function countTrouble(
  registers: Registry[],
  contracts: readonly string[],
): Pick<Metrics, "told" | "limited" | "notAttempted"> {
  const disabled = new Counter({
    name: "hookwright_endpoints_disabled_total",
    help: "Endpoints that this process disabled, as their contract has it.",
    labelNames: ["contract"],
    registers,
  });
  const limited = new Counter({
    name: "hookwright_http_rate_limited_total",
    help: "Requests to the HTTP API that were refused by rate: of a key, of a tenant, or of an address with unknown keys.",
    labelNames: ["limit"],
    registers,
  });
  const notAttempted = new Counter({
    name: "hookwright_attempts_not_made_total",
    help: "Times that a delivery could not be attempted through a fault of ours, such as a secret that no key opens; it is looked at again.",
    labelNames: ["contract", "reason"],
    registers,
  });
  for (const contract of contracts) {
    disabled.inc({ contract }, 0);
    for (const reason of ["secret_unreadable", "fault"]) notAttempted.inc({ contract, reason }, 0);
  }
  for (const limit of ["key", "tenant", "address"] satisfies RateLimit[]) limited.inc({ limit }, 0);
  return {
    notAttempted: (contract, reason) => notAttempted.inc({ contract, reason }),
    told: (events) => {
      for (const { contract, type, body } of events) {
        if (contract === factsContract && type === "endpoint.disabled") disabled.inc({ contract: contractIn(body) });
      }
    },
    limited: (limit) => limited.inc({ limit }),
  };
}

/** The contract that a fact is about. */
function contractIn(body: string): string {
  const { data }: { readonly data: { readonly contract: string } } = JSON.parse(body);
  return data.contract;
}

let processRegistry: Registry | null = null;

/**
 * Gives Node's own metrics (`process_…`, `nodejs_…`), of the process and not of one of its apps. They are first collected
 * when they are first asked for: whoever is never scraped watches neither the event loop nor the garbage collector.
 */
async function processMetrics(): Promise<string> {
  if (processRegistry === null) {
    processRegistry = new Registry();
    collectDefaultMetrics({ register: processRegistry });
  }
  return processRegistry.metrics();
}
