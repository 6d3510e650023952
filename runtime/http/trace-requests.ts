import { context, type Span } from "@opentelemetry/api";
import type { FastifyRequest } from "fastify";
import { startAnswer } from "../tracing.ts";
import type { HttpServer } from "./parts.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    /** It emits or asks for the caller, whose trace goes on in it. */
    traced?: true;
  }
}

/** Continues the caller's trace, the header `traceparent`, once it is known who asks and that it can be answered. */
export function addTracing(app: HttpServer): void {
  const spans = new WeakMap<FastifyRequest, Span>();
  app.addHook("preHandler", (request, _reply, done) => {
    const { config, url = "" } = request.routeOptions;
    const answer = config.traced === true ? startAnswer(url, request.headers) : null;
    if (answer === null) return done();
    spans.set(request, answer.span);
    context.with(answer.context, done);
  });
  app.addHook("onResponse", (request, { statusCode }, done) => {
    spans.get(request)?.setAttribute("http.response.status_code", statusCode).end();
    done();
  });
}
