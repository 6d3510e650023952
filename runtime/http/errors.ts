import { randomUUID } from "node:crypto";
import type { Socket } from "node:net";
import type { FastifyReply, FastifyRequest } from "fastify";
import { unavailability } from "../store/unavailable.ts";
import { errorTable, HookwrightError, type ErrorCode } from "../errors.ts";

/** What Fastify finds wrong before a route is asked, in our words. */
const frameworkCodes: Readonly<Record<string, ErrorCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: "payload_too_large",
  FST_ERR_CTP_INVALID_MEDIA_TYPE: "unsupported_media_type",
  FST_ERR_CTP_EMPTY_TYPE: "unsupported_media_type",
  FST_ERR_NOT_FOUND: "not_found",
};

/** Service is back within two seconds of the database. */
const retryAfterSeconds = 2;

/** Answers any error from the table. What is our own fault is logged and told without its message. */
export function answerError(given: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const error = known(given);
  const { status } = errorTable[error.code];
  if (status >= 500) request.log.error({ reqId: request.id, err: given }, "request failed");
  if (status === 503) void reply.header("retry-after", retryAfterSeconds);
  if (status === 401) void reply.header("www-authenticate", "Bearer");
  return reply.code(status).type("application/json; charset=utf-8").send(errorBody(error, request.id));
}

export function notFound(request: FastifyRequest): never {
  const path = request.url.split("?")[0];
  throw new HookwrightError("not_found", `There is no route ${request.method} ${path}.`);
}

/** What cannot even be parsed as HTTP never becomes a request, so it is answered on its socket. */
export function answerBrokenRequest(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return;
  }
  const refusal = new HookwrightError("invalid_request", "The request is not HTTP/1.1 as this server reads it.");
  const body = JSON.stringify(errorBody(refusal, randomUUID()));
  socket.end(
    [
      "HTTP/1.1 400 Bad Request",
      "content-type: application/json; charset=utf-8",
      `content-length: ${Buffer.byteLength(body)}`,
      "connection: close",
      "",
      body,
    ].join("\r\n"),
  );
}

function errorBody({ code, message, path }: HookwrightError, requestId: string) {
  const { status, meaning, remedy } = errorTable[code];
  // Of a 503 the message is a reason from a table of ours.
  const told = status >= 500 && status !== 503 ? meaning : message;
  return { error: { code, message: told, remedy, ...(path === null ? {} : { path }), requestId } };
}

function sentence(reason: string): string {
  return `${reason.charAt(0).toUpperCase()}${reason.slice(1)}.`;
}

function known(error: unknown): HookwrightError {
  const reason = unavailability(error);
  if (reason !== null) return new HookwrightError("database_unavailable", sentence(reason), { cause: error });
  if (error instanceof HookwrightError) return error;
  if (!(error instanceof Error)) return new HookwrightError("internal_error", "Something that is no error was thrown.");
  const { code = "", statusCode = 500 } = error as Error & { code?: string; statusCode?: number };
  const message = error.message.endsWith(".") ? error.message : `${error.message}.`;
  const own = Object.hasOwn(frameworkCodes, code) ? frameworkCodes[code] : undefined;
  if (own !== undefined) return new HookwrightError(own, message);
  if (code.startsWith("FST_") && statusCode < 500) return new HookwrightError("invalid_request", message);
  return new HookwrightError("internal_error", message, { cause: error });
}
