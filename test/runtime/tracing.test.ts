import { createHash } from "node:crypto";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { context, createContextKey, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
  type ReadableSpan,
} from "@opentelemetry/sdk-trace-base";
import { pino } from "pino";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { createApi } from "../../runtime/api.ts";
import { createApp } from "../../runtime/app.ts";
import { followCalls } from "../../runtime/cli/export-traces.ts";
import { catalog } from "../../runtime/generated/catalog.ts";
import { keyHash } from "../../runtime/secrets/api-key.ts";
import { openKeyRing } from "../../runtime/secrets/key-ring.ts";
import { spanContextOf, traceEmit, traceRequest } from "../../runtime/tracing.ts";
import { createSkippingClock } from "../demo/skipping-clock.ts";
import { openReceiver, type ReceivedRequest } from "../receiver.ts";
import { act, ask, openAnswers, openProject } from "./asking/project.ts";
import { deployment, operatorKey } from "./http/harness.ts";
import { temporaryFolder } from "./store/temporary-store.ts";
import { openStreamPlace, start } from "./streaming/place.ts";

const exporter = new InMemorySpanExporter();
const parent = `00-${"a".repeat(32)}-${"b".repeat(16)}-01`;

/** What a product does once, when it starts. */
function setUp(): void {
  if (!trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] })))
    throw new Error("There is a tracer provider already.");
}

/** Does it in a span of the product's, and gives that one's context. */
async function inSpan<Result>(run: () => Promise<Result>) {
  const span = trace.getTracer("product").startSpan("checkout");
  const result = await context.with(trace.setSpan(ROOT_CONTEXT, span), run);
  span.end();
  return { result, caller: span.spanContext() };
}

const spansOf = (name: string) => exporter.getFinishedSpans().filter((span) => span.name === name);
const contextsOf = (spans: readonly ReadableSpan[]) => spans.map((span) => span.spanContext());
const idsOf = ({ traceId, spanId }: { traceId: string; spanId: string }) => ({ traceId, spanId });

/** The line from emit to a receiver, which refuses as often as it is told to. */
async function openLine(refusals = 0) {
  const folder = await temporaryFolder();
  const received: ReceivedRequest[] = [];
  const receiver = await openReceiver((request) => (received.push(request) <= refusals ? 503 : 204));
  const clock = createSkippingClock();
  const app = await createApp({
    database: `${folder.path}/hookwright.db`,
    catalog,
    keyRing: openKeyRing([{ id: "test", key: createHash("sha256").update("test").digest() }]),
    mode: "local",
    allowTargets: [{ cidr: "127.0.0.0/8", portMin: receiver.port, portMax: receiver.port }],
    log: pino({ level: "silent" }),
    clock,
  });
  const api = createApi(app, { adminKeyHash: keyHash(operatorKey), isReady: () => true });
  await app.engine.start();
  onTestFinished(async () => {
    await api.close();
    await app.close();
    await receiver.close();
    await folder.dispose();
  });
  const post = (path: string, payload: object, headers: Record<string, string> = {}) =>
    api.inject({
      method: "POST",
      url: `/v1/orgs/acme/${path}`,
      headers: { authorization: `Bearer ${operatorKey}`, ...headers },
      payload,
    });
  const made = await post("webhook-endpoints", { url: `${receiver.url}/in/hidden`, events: ["*"] });
  expect(made.json()).toMatchObject({ endpoint: {} });
  const endpointId: string = made.json().endpoint.id;
  return {
    ...{ app, post, received, receiver, endpointId },
    emit: () => app.emit("stech", "deployment.created", { tenant: "acme", data: deployment }),
    attempts: (count: number) =>
      expect.poll(() => spansOf("hookwright.attempt"), { timeout: 20_000 }).toHaveLength(count),
    retryNow: async () => {
      await app.engine.idle();
      clock.skipTo(app.engine.nextDueAt() ?? 0);
    },
    traces: async () => {
      const rows = app.store.database
        .selectFrom("hookwright_events")
        .select("trace")
        .where("type", "=", "deployment.created");
      return (await rows.execute()).map((row) => row.trace);
    },
  };
}

describe("without a tracer in the process", () => {
  test("nothing is looked up, made or kept", async () => {
    const remote = spanContextOf(parent);
    if (remote === null) throw new Error("It is one.");
    const event = { id: "evt_1", created: true };
    const kept: unknown[] = [];
    await context.with(trace.setSpanContext(ROOT_CONTEXT, remote), () =>
      traceEmit({ contract: "stech", type: "a.b", tenant: "acme" }, async (text) => (kept.push(text), event)),
    );
    const unasked = () => Promise.reject(new Error("Nobody traces."));
    await traceRequest(unasked as never, async () => "answer", unasked as never);
    expect(kept).toEqual([null]);
  });
});

describe("with a tracer", () => {
  let isSetUp = false;
  beforeEach(() => {
    if (!isSetUp) {
      setUp();
      followCalls();
      isSetUp = true;
    }
    exporter.reset();
  });

  test("an event carries its emit's context to each of its attempts, which go on with its trace", async () => {
    const { emit, attempts, retryNow, traces, endpointId } = await openLine(1);
    const { result: event, caller } = await inSpan(emit);
    await attempts(1);
    await retryNow();
    await attempts(2);
    const [emitted] = spansOf("hookwright.emit");
    expect(emitted).toMatchObject({ kind: SpanKind.PRODUCER, parentSpanContext: idsOf(caller) });
    expect(emitted?.attributes).toEqual({
      "messaging.system": "hookwright",
      "messaging.operation.name": "emit",
      "messaging.operation.type": "send",
      "messaging.destination.name": "stech",
      "messaging.message.id": event.id,
      "hookwright.event.type": "deployment.created",
      "hookwright.event.created": true,
      "hookwright.tenant": "acme",
    });
    const { traceId = "", spanId = "" } = emitted?.spanContext() ?? {};
    expect(await traces()).toEqual([`00-${traceId}-${spanId}-01`]);
    const [first, second] = spansOf("hookwright.attempt");
    for (const span of [first, second]) {
      expect(span).toMatchObject({ kind: SpanKind.CLIENT, parentSpanContext: { traceId, spanId, isRemote: true } });
      expect(span?.links.map((link) => idsOf(link.context))).toEqual([{ traceId, spanId }]);
      expect(span?.spanContext().traceId).toBe(traceId);
      expect(span?.attributes).toMatchObject({
        "messaging.message.id": event.id,
        "http.request.method": "POST",
        "server.address": "127.0.0.1",
        "hookwright.endpoint.id": endpointId,
        "hookwright.delivery.id": expect.stringMatching(/^dlv_/),
      });
    }
    expect(first?.attributes).toMatchObject({
      "hookwright.attempt.number": 1,
      "hookwright.outcome": "retry",
      "http.response.status_code": 503,
    });
    expect(first?.status.code).toBe(SpanStatusCode.ERROR);
    expect(second?.attributes).toMatchObject({ "hookwright.attempt.number": 2, "hookwright.outcome": "delivered" });
    expect(second?.attributes).not.toHaveProperty("error.type");
    expect(JSON.stringify(exporter.getFinishedSpans().map(({ attributes }) => attributes))).not.toMatch(
      /hidden|support-triage/,
    );
  });

  test("outside any trace an emit makes no span and keeps nothing; its attempt is a trace of its own", async () => {
    const { emit, attempts, traces } = await openLine();
    await emit();
    await attempts(1);
    expect(spansOf("hookwright.emit")).toEqual([]);
    expect(await traces()).toEqual([null]);
    const [attempt] = spansOf("hookwright.attempt");
    expect(attempt).toMatchObject({ parentSpanContext: undefined, links: [] });
  });

  test("a receiver gets no traceparent, whatever instrumentation there is of HTTP clients", async () => {
    const { emit, attempts, received } = await openLine();
    const suppressed = createContextKey("OpenTelemetry SDK Context Key SUPPRESS_TRACING");
    let seen = 0;
    const instrument = (message: unknown) => {
      const { request } = message as { request: { addHeader: (name: string, value: string) => void } };
      seen += 1;
      if (context.active().getValue(suppressed) !== true) request.addHeader("traceparent", parent);
    };
    subscribe("undici:request:create", instrument);
    onTestFinished(() => void unsubscribe("undici:request:create", instrument));
    await inSpan(emit);
    await attempts(1);
    expect(seen).toBeGreaterThan(0);
    expect(Object.keys(received[0]?.headers ?? {})).not.toContain("traceparent");
  });

  test("an emit that is refused ends its span with the error's code and none of its words", async () => {
    const { app } = await openLine();
    const data = { ...deployment, password: "hidden" };
    await inSpan(() =>
      expect(app.emit("stech", "deployment.created", { tenant: "acme", data })).rejects.toThrow("password"),
    );
    const [span] = spansOf("hookwright.emit");
    expect(span?.status).toEqual({ code: SpanStatusCode.ERROR });
    expect(span?.attributes).toMatchObject({ "error.type": "invalid_event_data" });
    expect(span?.events).toEqual([]);
  });

  test("an event that comes over HTTP goes on with the request's trace, and with what vendors said of it", async () => {
    const { post, attempts, traces } = await openLine();
    const event = { type: "deployment.created", data: deployment };
    expect((await post("events", event, { traceparent: parent, tracestate: "vendor=1" })).statusCode).toBe(202);
    await attempts(1);
    const [answer] = spansOf("POST /v1/orgs/:tenant/events");
    expect(answer).toMatchObject({ kind: SpanKind.SERVER, parentSpanContext: { spanId: "b".repeat(16) } });
    expect(answer?.attributes).toMatchObject({ "http.response.status_code": 202 });
    const [emitted] = spansOf("hookwright.emit");
    const spanIds = [answer, emitted].map((span) => span?.spanContext().spanId);
    expect(emitted?.parentSpanContext?.spanId).toBe(spanIds[0]);
    expect(await traces()).toEqual([`00-${"a".repeat(32)}-${spanIds[1]}-01 vendor=1`]);
    const [attempt] = spansOf("hookwright.attempt");
    expect(attempt?.spanContext()).toMatchObject({ traceId: "a".repeat(32) });
    expect(attempt?.parentSpanContext?.traceState?.serialize()).toBe("vendor=1");
  });

  test("a trace that is not sampled stays so as far as the attempt", async () => {
    const { post, received, traces } = await openLine();
    const event = { type: "deployment.created", data: deployment };
    const answer = await post("events", event, { traceparent: parent.replace(/01$/, "00") });
    expect(answer.statusCode).toBe(202);
    await expect.poll(() => received.length, { timeout: 20_000 }).toBe(1);
    expect(await traces()).toEqual([expect.stringMatching(/^00-a{32}-[\da-f]{16}-00$/)]);
    expect(exporter.getFinishedSpans()).toEqual([]);
  });

  test("a batch links to the events in it, as far as links go, in a trace of its own", async () => {
    const place = await openStreamPlace();
    onTestFinished(() => place.close());
    await place.call("POST", "signing-keys", { contract: "authsignal" });
    await place.call("POST", "log-streams", { contract: "authsignal", settings: { url: place.url } });
    await place.emit("authsignal", 1);
    await inSpan(() => place.emit("authsignal", 200));
    await place.workAt(start + 900_000);
    const [batch] = spansOf("hookwright.batch");
    expect(batch).toMatchObject({ kind: SpanKind.CLIENT, parentSpanContext: undefined });
    expect(batch?.attributes).toMatchObject({ "messaging.batch.message_count": 201, "hookwright.outcome": "accepted" });
    const links = batch?.links.map((link) => link.context.spanId);
    expect(links).toEqual(
      contextsOf(spansOf("hookwright.emit"))
        .map(({ spanId }) => spanId)
        .slice(0, 128),
    );
  });

  test("a question is a client's span of its caller, without the words of who answered", async () => {
    const app = await openProject();
    const { url } = await openAnswers(() => ({ status: 500, body: '{"decision":"hidden"}' }));
    const { action } = await act(app, `${url}?token=hidden`);
    const { caller } = await inSpan(() => ask(app));
    const [asked] = spansOf("hookwright.ask");
    expect(asked).toMatchObject({ kind: SpanKind.CLIENT, parentSpanContext: idsOf(caller), links: [] });
    expect(asked?.attributes).toMatchObject({
      "hookwright.action.id": action.id,
      "hookwright.event.type": "pre_token_mint",
      "http.response.status_code": 500,
      "hookwright.outcome": "http_error",
    });
    expect(JSON.stringify(asked?.attributes)).not.toContain("hidden");
  });
});

test("a context is read as W3C Trace Context has it", () => {
  const [traceId, spanId] = ["a".repeat(32), "b".repeat(16)];
  expect(spanContextOf(parent)).toEqual({ traceId, spanId, traceFlags: 1, isRemote: true });
  expect(spanContextOf(`cc-${traceId}-${spanId}-01-what.comes`)).toMatchObject({ traceId, spanId });
  const refused = [
    "",
    "undefined",
    `00-${traceId}-${spanId}-01-more`,
    `ff-${traceId}-${spanId}-01`,
    `00-${"0".repeat(32)}-${spanId}-01`,
    `00-${traceId}-${"0".repeat(16)}-01`,
    `00-${traceId.toUpperCase()}-${spanId}-01`,
    `00-${traceId}-${spanId}`,
  ];
  expect(refused.filter((text) => spanContextOf(text) !== null)).toEqual([]);
});
