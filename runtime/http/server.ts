import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import swagger from "@fastify/swagger";
import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import fastify, { LogController, type FastifyBaseLogger, type FastifyReply, type FastifyRequest } from "fastify";
import type { Logger } from "pino";
import { refuseAmbiguous } from "./ambiguous-requests.ts";
import type { Clock } from "../seams/clock.ts";
import { buildLazySerializers } from "./answers.ts";
import { createAuthorize } from "./auth.ts";
import { createCors } from "./cors.ts";
import { answerBrokenRequest, answerError, notFound } from "./errors.ts";
import { addIdempotency } from "./idempotency.ts";
import { parseJsonBody } from "./json-body.ts";
import { securitySchemes } from "./openapi-document.ts";
import type { HttpParts, HttpServer } from "./parts.ts";
import { createPortalReach } from "./portal-reach.ts";
import { completeRoutes, refuseOtherMethods } from "./route-rules.ts";
import { addTracing } from "./trace-requests.ts";
import { ActionBody, actionRoutes } from "./routes/actions.ts";
import { askingRoutes } from "./routes/asking.ts";
import { apiKeyRoutes, ApiKeyBody } from "./routes/api-keys.ts";
import { auditRoutes } from "./routes/audit.ts";
import { addDashboard } from "./dashboard.ts";
import { countRoutes } from "./routes/counts.ts";
import { deliveryLogRoutes } from "./routes/delivery-log.ts";
import { operatorRoutes } from "./routes/operators.ts";
import { sessionRoutes } from "./routes/session.ts";
import { deliveryRoutes, DeliveryBody } from "./routes/deliveries.ts";
import { endpointRoutes, EndpointBody } from "./routes/endpoints.ts";
import { eventDeliveryRoutes } from "./routes/event-deliveries.ts";
import { eventFeedRoutes } from "./routes/event-feed.ts";
import { eventTypeRoutes } from "./routes/event-types.ts";
import { filterRoutes } from "./routes/filters.ts";
import { eventRoutes } from "./routes/events.ts";
import { mcpRoutes } from "./routes/mcp.ts";
import { portalTokenRoutes } from "./routes/portal-tokens.ts";
import { feedRoutes, FeedConsumerBody } from "./routes/feeds.ts";
import { logStreamRoutes, LogStreamBody, RunBody } from "./routes/log-streams.ts";
import { publicKeyRoutes } from "./routes/public-keys.ts";
import { redeliveryRoutes, RedeliveryBody } from "./routes/redeliveries.ts";
import { serviceRoutes } from "./routes/service.ts";
import { testDeliveryRoutes } from "./routes/test-deliveries.ts";
import { signingKeyRoutes, SigningKeyBody } from "./routes/signing-keys.ts";
import { AnyEvent, ErrorAnswer } from "./schemas.ts";
import { compileValidation } from "./validation.ts";

export type { HttpParts, HttpServer };

const bodyBytesMax = 1024 * 1024;

/** The HTTP API, not listening yet. Closing it does not close its parts. */
export function createHttpServer(parts: HttpParts): HttpServer {
  const app: HttpServer = fastify({
    loggerInstance: redacted(parts.logger),
    // One logger for all requests: those few that log say their own id, and a logger each took 7 µs of every request.
    childLoggerFactory: (logger) => logger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: bodyBytesMax,
    schemaController: { compilersFactory: { buildSerializer: buildLazySerializers } },
    // Slow senders hold a connection for so long at most, headers and body together.
    requestTimeout: 30_000,
    // And slow readers of answers: Node counts bytes that are read as a sign of life, and waits for nothing else.
    connectionTimeout: parts.unreadMs,
    // Tenants and identifiers have up to 255 characters, each up to nine times as long when percent-encoded.
    routerOptions: { maxParamLength: 2304 },
    genReqId: () => randomUUID(),
    frameworkErrors: answerError,
    clientErrorHandler: answerBrokenRequest,
  }).withTypeProvider<TypeBoxTypeProvider>();
  app.setValidatorCompiler(compileValidation);
  app.setErrorHandler(answerError);
  app.setNotFoundHandler(notFound);
  readJsonOnly(app);
  app.decorateRequest("actorId", "");
  app.decorateRequest("keyHolder", null);
  app.addHook("onRequest", addCommonHeaders);
  app.addHook("onRequest", createCors(parts.corsOrigins));
  app.addHook("onRequest", refuseAmbiguous);
  app.addHook("onRequest", createAuthorize(parts));
  app.addHook("preHandler", createPortalReach(parts));
  addIdempotency(app, parts);
  addTracing(app);
  app.addHook("onResponse", noteAnswers(parts));
  noteUses(app, parts);
  endSockets(app, parts);
  addRoutes(app, parts);
  return app;
}

function readJsonOnly(app: HttpServer): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("application/json", { parseAs: "buffer" }, (_request, body, done) => {
    try {
      done(null, parseJsonBody(Buffer.from(body)));
    } catch (error) {
      done(error instanceof Error ? error : new Error(String(error)));
    }
  });
}

const routeFamilies = [
  eventTypeRoutes,
  eventRoutes,
  eventFeedRoutes,
  eventDeliveryRoutes,
  feedRoutes,
  endpointRoutes,
  filterRoutes,
  deliveryRoutes,
  deliveryLogRoutes,
  countRoutes,
  redeliveryRoutes,
  testDeliveryRoutes,
  logStreamRoutes,
  signingKeyRoutes,
  actionRoutes,
  askingRoutes,
  apiKeyRoutes,
  portalTokenRoutes,
  mcpRoutes,
  auditRoutes,
  publicKeyRoutes,
  operatorRoutes,
  sessionRoutes,
  serviceRoutes,
];

/** Routes come after the document's plugin, which sees only what is registered after it. */
function addRoutes(app: HttpServer, parts: HttpParts): void {
  const bodies = [
    EndpointBody,
    DeliveryBody,
    RedeliveryBody,
    ApiKeyBody,
    FeedConsumerBody,
    LogStreamBody,
    RunBody,
    SigningKeyBody,
    ActionBody,
  ];
  for (const schema of [ErrorAnswer, AnyEvent, ...bodies]) app.addSchema(schema);
  const routes = completeRoutes(app);
  void app.register(swagger, {
    openapi: { openapi: "3.1.0", components: { securitySchemes } },
    refResolver: { buildLocalReference: (schema) => String(schema.$id) },
  });
  void app.register(async (scope: HttpServer) => {
    for (const add of routeFamilies) add(scope, parts);
    addDashboard(scope, parts);
    refuseOtherMethods(scope, routes);
  });
}

function addCommonHeaders(request: FastifyRequest, reply: FastifyReply, done: () => void): void {
  // Answers hold secrets and other tenants' business: nothing between here and the caller may keep them.
  void reply.headers({
    "x-request-id": request.id,
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
  });
  done();
}

/** Once the answer has been sent, so that no request waits for it. */
function noteUses(app: HttpServer, { keys }: HttpParts): void {
  const underWay = new Set<Promise<void>>();
  app.addHook("onResponse", ({ id: reqId, keyHolder, log }, _reply, done) => {
    done();
    const noted = keyHolder === null ? null : keys.noteUse(keyHolder);
    if (noted === null) return;
    const noting = noted
      .catch((err: unknown) => log.warn({ reqId, err }, "last use of a key not noted"))
      .finally(() => underWay.delete(noting));
    underWay.add(noting);
  });
  app.addHook("onClose", async () => void (await Promise.all(underWay)));
}

/**
 * The route and not the path, so that whatever is put into a URL by mistake stays out of the log. What was refused is
 * logged as `info`, what was not as `debug`: writing a line takes a third of the time that an emit does without.
 */
function noteAnswers({ metrics }: HttpParts) {
  return ({ id: reqId, method, routeOptions, log }: FastifyRequest, reply: FastifyReply, done: () => void): void => {
    const { statusCode: status, elapsedTime } = reply;
    const route = routeOptions.url ?? null;
    const line = { reqId, method, route, status, durationMs: Math.round(elapsedTime) };
    if (status >= 400) log.info(line, "answered");
    else log.debug(line, "answered");
    metrics.answered({ method, route: route ?? "none", status, durationMs: elapsedTime });
    done();
  };
}

/** A second lock: no code here logs headers or secrets. */
function redacted(logger: Logger): FastifyBaseLogger {
  const secrets = ["signingSecret", "sealedSecret", "sealed", "key", "token"];
  const names = ["Authorization", "authorization", ...secrets];
  const paths = names.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);
  return logger.child({}, { redact: { paths, censor: "[redacted]" } });
}

/**
 * Ends connections when the server closes: at once where no request is under way, which Node does only for those that
 * had one, and after `answersWithinMs` where an answer is not finished, or nobody reads it.
 */
function endSockets(app: HttpServer, of: { readonly clock: Clock; readonly answersWithinMs: number }): void {
  const underWay = new Map<Socket, number>();
  const count = (socket: Socket, change: 1 | -1) => {
    const before = underWay.get(socket);
    if (before !== undefined) underWay.set(socket, before + change);
  };
  app.server.on("connection", (socket: Socket) => {
    underWay.set(socket, 0);
    socket.once("close", () => underWay.delete(socket));
  });
  app.server.on("request", ({ socket }: IncomingMessage, response: ServerResponse) => {
    count(socket, 1);
    response.once("close", () => count(socket, -1));
  });
  app.addHook("preClose", async () => {
    for (const [socket, requests] of underWay) if (requests === 0) socket.destroy();
    const cancel = of.clock.after(of.answersWithinMs, () => {
      for (const socket of underWay.keys()) socket.destroy();
    });
    app.server.once("close", cancel);
  });
}
