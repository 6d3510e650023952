import {
  context,
  createContextKey,
  createTraceState,
  isSpanContextValid,
  ProxyTracerProvider,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Attributes,
  type Context,
  type Span,
  type SpanContext,
  type SpanOptions,
  type Tracer,
} from "@opentelemetry/api";
import { HookwrightError } from "./errors.ts";
import { packageVersion } from "./version.ts";

/*
 * Spans by the semantic conventions for messaging and for HTTP. An event keeps the context of its emit, so whoever
 * attempts it, in any process and however much later, goes on with the same trace. Without a tracer in the process nothing
 * is made; what is in a payload, a secret or a URL's path stands in no span.
 */

const scope = ["hookwright", packageVersion()] as const;

/** The tracer that somebody set up in this process. Null: nobody did. */
function tracer(): Tracer | null {
  const provider = trace.getTracerProvider();
  if (!(provider instanceof ProxyTracerProvider)) return provider.getTracer(...scope);
  return provider.getDelegateTracer(...scope) ?? null;
}

/** Vendors are to pass on 512 characters (W3C Trace Context §3.3.1.5); a longer one is left out. */
const traceStateLengthMax = 512;

/** A context as it is kept: `traceparent` (W3C Trace Context), and after a space `tracestate`, if there is one. */
function traceText({ traceId, spanId, traceFlags, traceState }: SpanContext): string {
  const parent = `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, "0")}`;
  const state = traceState?.serialize() ?? "";
  return state === "" || state.length > traceStateLengthMax ? parent : `${parent} ${state}`;
}

/** Null when it is none. A version that is not known yet may say more after its flags. */
export function spanContextOf(text: string): SpanContext | null {
  const [parent = "", state] = text.split(" ", 2);
  const found = /^(?!ff)([\da-f]{2})-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})(-.*)?$/.exec(parent);
  const [, version, traceId = "", spanId = "", flags = "", rest] = found ?? [];
  if (version === "00" && rest !== undefined) return null;
  const traceState = state === undefined ? {} : { traceState: createTraceState(state) };
  const given = { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true, ...traceState };
  return isSpanContextValid(given) ? given : null;
}

interface EmitOf {
  readonly contract: string;
  readonly type: string;
  readonly tenant: string;
}

/**
 * Runs an emit in a span under the caller's, and gives it the text that the event keeps. Outside any trace that is null
 * and there is no span: all that it costs is a look at the active context.
 */
export function traceEmit<Event extends { readonly id: string; readonly created: boolean }>(
  { contract, type, tenant }: EmitOf,
  emit: (text: string | null) => Promise<Event>,
): Promise<Event> {
  const span = trace.getSpanContext(context.active()) === undefined ? undefined : startEmit(contract, type, tenant);
  if (span === undefined) return emit(null);
  const kept = span.spanContext();
  return ended(span, emit(isSpanContextValid(kept) ? traceText(kept) : null), ({ id, created }) => ({
    attributes: { "messaging.message.id": id, "hookwright.event.created": created },
    error: null,
  }));
}

function startEmit(contract: string, type: string, tenant: string): Span | undefined {
  const attributes = {
    "messaging.operation.name": "emit",
    "messaging.operation.type": "send",
    ...messageAttributes({ contract, tenant }),
    "hookwright.event.type": type,
  };
  return tracer()?.startSpan("hookwright.emit", { kind: SpanKind.PRODUCER, attributes });
}

/** One exchange, or several that are attempted as one, with a subscriber. */
export interface TracedRequest {
  readonly name: "hookwright.attempt" | "hookwright.batch" | "hookwright.ask";
  readonly url: URL;
  readonly contract: string;
  readonly tenant: string;
  readonly attributes: Attributes;
  /**
   * What stands with the events that are sent. The conventions want a link to each, and allow a parent where it is one
   * alone: an attempt continues its event's trace, a batch, whose events are of many traces, has one of its own. Null:
   * no event is sent, and it is the caller's active context that goes on.
   */
  readonly events: readonly (string | null | undefined)[] | null;
}

/** What a request came to: the outcome in the contract's words, and what was wrong in one of few words. */
export interface TracedOutcome {
  readonly outcome: string;
  readonly status: number | null;
  readonly error: string | null;
}

/** Runs it in a client's span; without a tracer, it alone. */
export function traceRequest<Result>(
  requestOf: () => TracedRequest,
  run: () => Promise<Result>,
  outcomeOf: (result: Result) => TracedOutcome,
): Promise<Result> {
  const by = tracer();
  if (by === null) return run();
  const { name, url, contract, tenant, attributes, events } = requestOf();
  const span = startRequest(by, name, events, {
    kind: SpanKind.CLIENT,
    attributes: { ...messageAttributes({ contract, tenant }), ...serverAttributes(url), ...attributes },
  });
  return ended(span, run(), (result) => {
    const { outcome, status, error } = outcomeOf(result);
    const answer = status === null ? {} : { "http.response.status_code": status };
    return { attributes: { "hookwright.outcome": outcome, ...answer }, error };
  });
}

/** As many as the SDKs take of one span, unless they are told to take more. */
const linksMax = 128;

function startRequest(by: Tracer, name: string, events: TracedRequest["events"], options: SpanOptions): Span {
  if (events === null) return by.startSpan(name, options);
  const contexts = events.flatMap((text) => (text ? (spanContextOf(text) ?? []) : [])).slice(0, linksMax);
  const [first] = contexts;
  const parent: Context =
    first === undefined || events.length > 1 ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, first);
  return by.startSpan(name, { ...options, links: contexts.map((each) => ({ context: each })) }, parent);
}

/** Continues the trace of a request that came; null where that is done already, or nobody traces. */
export function startAnswer(
  route: string,
  headers: Readonly<Record<string, unknown>>,
): { readonly span: Span; readonly context: Context } | null {
  const active = context.active();
  const by = trace.getSpanContext(active) === undefined ? tracer() : null;
  if (by === null) return null;
  const given = [headers["traceparent"], headers["tracestate"]].filter((each) => typeof each === "string");
  const remote = spanContextOf(given.join(" "));
  const parent = remote === null ? active : trace.setSpanContext(active, remote);
  const attributes = { "http.request.method": "POST", "http.route": route };
  const span = by.startSpan(`POST ${route}`, { kind: SpanKind.SERVER, attributes }, parent);
  return { span, context: trace.setSpan(parent, span) };
}

/** The SDK's own, by which instrumentation that is not ours keeps its hands off what is sent. */
const suppressed = createContextKey("OpenTelemetry SDK Context Key SUPPRESS_TRACING");
const untracedContext = ROOT_CONTEXT.setValue(suppressed, true);

/** Runs it so that instrumented HTTP clients add no header: the receiver gets those of its contract and no others. */
export function untraced<Result>(run: () => Result): Result {
  return context.with(untracedContext, run);
}

/** Of a URL no more than where it leads: its path and its query are where people put keys. */
function serverAttributes({ protocol, hostname, port }: URL): Attributes {
  const scheme = protocol.slice(0, -1);
  const number = port === "" ? (scheme === "https" ? 443 : 80) : Number(port);
  return {
    "http.request.method": "POST",
    "url.scheme": scheme,
    "server.address": hostname,
    "server.port": number,
  };
}

function messageAttributes({ contract, tenant }: { readonly contract: string; readonly tenant: string }): Attributes {
  return { "messaging.system": "hookwright", "messaging.destination.name": contract, "hookwright.tenant": tenant };
}

/** Ends the span with what the work comes to. Of an error its code alone: a message may quote what was refused. */
async function ended<Result>(
  span: Span,
  work: Promise<Result>,
  tell: (result: Result) => { readonly attributes: Attributes; readonly error: string | null },
): Promise<Result> {
  try {
    const result = await work;
    const { attributes, error } = tell(result);
    span.setAttributes(attributes);
    if (error !== null) fail(span, error);
    return result;
  } catch (error) {
    fail(span, error instanceof HookwrightError ? error.code : "internal_error");
    throw error;
  } finally {
    span.end();
  }
}

function fail(span: Span, error: string): void {
  span.setAttribute("error.type", error).setStatus({ code: SpanStatusCode.ERROR });
}
