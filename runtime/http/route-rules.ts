import type { TSchema } from "@sinclair/typebox";
import { errorTable, HookwrightError } from "../errors.ts";
import type { Access } from "./auth.ts";
import { IdempotencyHeader } from "./idempotency.ts";
import type { HttpServer } from "./parts.ts";
import { ErrorAnswer, shared } from "./schemas.ts";

/** Methods by path, as they are registered. */
export type RegisteredRoutes = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * Sees to it that every route says who may use it, is described, and lists the error answers that follow from it. One
 * that does not stops the start, so no route can be open by oversight.
 */
export function completeRoutes(app: HttpServer): RegisteredRoutes {
  const registered = new Map<string, Set<string>>();
  app.addHook("onRoute", (route) => {
    const access = route.config?.access;
    const { schema, url } = route;
    const methods = [route.method].flat();
    if (schema?.hide === true) return;
    if (access === undefined || schema?.summary === undefined || schema.response === undefined)
      throw new Error(`${methods.join()} ${url}: expected config.access, schema.summary and schema.response.`);
    const isKeyed = methods.includes("POST") && route.config?.idempotency !== "event";
    if (isKeyed) schema.headers ??= IdempotencyHeader;
    schema.security = access === "public" ? [] : [{ bearer: [] }];
    schema.response = { ...errorAnswers(access, { hasBody: schema.body !== undefined, isKeyed }), ...schema.response };
    registered.set(url, new Set([...(registered.get(url) ?? []), ...methods]));
  });
  return registered;
}

function errorAnswers(
  access: Access,
  { hasBody, isKeyed }: { readonly hasBody: boolean; readonly isKeyed: boolean },
): Record<number, object> {
  const statuses = [400, 404, 500];
  if (access !== "public") statuses.push(401, 503);
  if (access === "read" || access === "write" || access === "keys") statuses.push(403, 429);
  if (isKeyed) statuses.push(409);
  if (hasBody) statuses.push(413, 415);
  return Object.fromEntries(statuses.map((status) => [status, errorAnswer(status)]));
}

/** The answer with that status, described by the codes it can have. */
export function errorAnswer(status: number): TSchema {
  const codes = Object.entries(errorTable).filter(([, error]) => error.status === status);
  const description = codes.map(([code, { meaning }]) => `\`${code}\`: ${meaning}`).join("\n\n");
  return { ...shared(ErrorAnswer), description };
}

/** Answers 405 and an Allow header where only the method is wrong (RFC 9110 §15.5.6). */
export function refuseOtherMethods(app: HttpServer, registered: RegisteredRoutes): void {
  const methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];
  for (const [url, allowed] of [...registered]) {
    const allow = [...allowed].join(", ");
    app.route({
      url,
      method: methods.filter((method) => !allowed.has(method)),
      config: { access: "public" },
      schema: { hide: true },
      // Before the body is read: it cannot matter any more.
      onRequest: async ({ method }, reply) => {
        void reply.header("allow", allow);
        throw new HookwrightError("method_not_allowed", `${method}: expected one of ${allow}.`);
      },
      handler: async () => undefined,
    });
  }
}
