import { Type } from "@sinclair/typebox";
import { HookwrightError } from "../../errors.ts";
import { openapiDocument } from "../openapi-document.ts";
import type { HttpParts, HttpServer } from "../parts.ts";
import { unavailability } from "../../store/unavailable.ts";
import { errorAnswer } from "../route-rules.ts";
import { prepareJson, prepareText, sendPrepared, type Prepared } from "../prepared.ts";

const tags = ["Service"];
const Status = (description: string) => Type.Object({ status: Type.Literal("ok") }, { description });

/** What says something about the server itself. */
export function serviceRoutes(app: HttpServer, parts: HttpParts): void {
  documentRoutes(app, parts);
  healthRoutes(app, parts);
}

function documentRoutes(app: HttpServer, { openapi, llms, examples }: HttpParts): void {
  let document: Prepared | undefined;

  app.get(
    "/openapi.json",
    {
      config: { access: "public" },
      schema: {
        operationId: "getOpenapi",
        summary: "This document",
        tags,
        response: { 200: Type.Unsafe<unknown>(Type.Object({}, { description: "OpenAPI 3.1: routes and webhooks." })) },
      },
    },
    (request, reply) => {
      document ??= prepareJson(openapiDocument(openapi, app.swagger(), examples));
      return sendPrepared(request, reply, document);
    },
  );

  const guide = prepareText(llms, "text/plain; charset=utf-8");
  app.get(
    "/llms.txt",
    {
      config: { access: "public" },
      schema: {
        operationId: "getLlmsText",
        summary: "The events and how to receive them, as text for language models",
        tags,
        response: {
          200: {
            description: "Markdown (llmstxt.org).",
            content: { "text/plain": { schema: Type.Unsafe<unknown>(Type.String()) } },
          },
        },
      },
    },
    (request, reply) => sendPrepared(request, reply, guide),
  );
}

function healthRoutes(app: HttpServer, { store, isReady, metrics }: HttpParts): void {
  app.get(
    "/metrics",
    {
      config: { access: "metrics" },
      schema: {
        operationId: "getMetrics",
        summary: "Metrics for Prometheus",
        description:
          "In the text exposition format; scrape it with the key for metrics, or the operator's, as the bearer token.",
        tags,
        response: {
          200: {
            description: "One line for each metric.",
            content: { "text/plain": { schema: Type.Unsafe<unknown>(Type.String()) } },
          },
        },
      },
    },
    async (_request, reply) => reply.type(metrics.contentType).send(await metrics.text()),
  );

  app.get(
    "/healthz",
    {
      config: { access: "public" },
      schema: {
        operationId: "getHealth",
        summary: "Whether the process is up",
        tags,
        response: { 200: Status("It is.") },
      },
    },
    () => ({ status: "ok" as const }),
  );

  app.get(
    "/readyz",
    {
      config: { access: "public" },
      schema: {
        operationId: "getReadiness",
        summary: "Whether the engine runs and the database answers",
        tags,
        response: { 200: Status("Both."), 503: errorAnswer(503) },
      },
    },
    async () => {
      if (!isReady()) throw new HookwrightError("not_ready", "The engine does not run yet, or not any more.");
      await answered(store.ping()).catch((cause: unknown) => {
        const reason = unavailability(cause) ?? "it does not answer as it should";
        throw new HookwrightError("not_ready", `The database cannot be used at present: ${reason}.`);
      });
      return { status: "ok" as const };
    },
  );
}

/** Probes give up after seconds, and then nobody reads the reason. */
const pingWithinMs = 3000;

/** Rejects, with an error that `unavailability` knows, when there is no answer in time. */
async function answered(ping: Promise<void>): Promise<void> {
  const late = new Error("There was no answer in time.");
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(Object.assign(late, { code: "ETIMEDOUT" })), pingWithinMs);
  });
  await Promise.race([ping, tooLate]).finally(() => clearTimeout(timer));
}
