import { AsyncLocalStorage } from "node:async_hooks";
import { context, diag, DiagLogLevel, ROOT_CONTEXT, trace, type Context } from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { detectResources, envDetector, resourceFromAttributes } from "@opentelemetry/resources";
import { BasicTracerProvider, BatchSpanProcessor } from "@opentelemetry/sdk-trace-base";
import type { Logger } from "pino";
import { packageVersion } from "../version.ts";

/** Spans of what was done last; a collector that does not answer must not keep the process. */
const flushMsMax = 5000;

/**
 * Sends the spans of this process to a collector, over HTTP, as the variables of the OpenTelemetry SDKs say (`OTEL_EXPORTER_OTLP_…`,
 * `OTEL_TRACES_SAMPLER`, `OTEL_SERVICE_NAME`, `OTEL_RESOURCE_ATTRIBUTES`). Gives what sends the last ones.
 */
export function exportTraces(log: Pick<Logger, "warn">): () => Promise<void> {
  const warn = (message: string) => log.warn({ detail: message }, "Traces are not exported as they should be.");
  diag.setLogger({ error: warn, warn, info: () => {}, debug: () => {}, verbose: () => {} }, DiagLogLevel.WARN);
  const own = resourceFromAttributes({ "service.name": "hookwright", "service.version": packageVersion() });
  const provider = new BasicTracerProvider({
    resource: own.merge(detectResources({ detectors: [envDetector] })),
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
  });
  trace.setGlobalTracerProvider(provider);
  followCalls();
  return async () => {
    const late = new Promise<void>((resolve) => void setTimeout(resolve, flushMsMax).unref());
    await Promise.race([provider.shutdown().catch((error: unknown) => warn(String(error))), late]);
  };
}

/** The active context follows a call through what it waits for. */
export function followCalls(): void {
  const storage = new AsyncLocalStorage<Context>();
  const manager: Parameters<typeof context.setGlobalContextManager>[0] = {
    active: () => storage.getStore() ?? ROOT_CONTEXT,
    with: (active, run, thisArgument, ...given) => storage.run(active, () => run.apply(thisArgument, given)),
    bind: (active, target) =>
      typeof target === "function"
        ? Object.assign((...given: unknown[]) => storage.run(active, () => target(...given)), target)
        : target,
    enable: () => manager,
    disable: () => manager,
  };
  context.setGlobalContextManager(manager);
}
