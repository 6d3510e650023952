import { timingSafeEqual } from "node:crypto";
import type { FastifyReply, FastifyRequest } from "fastify";
import { HookwrightError } from "../errors.ts";
import { keyHash } from "../secrets/api-key.ts";
import type { Role } from "../seams/api-key-store.ts";
import type { KeyHolder } from "../access/keys.ts";
import type { HttpParts } from "./parts.ts";
import { createAdmit } from "./rate-limit.ts";
import { createWrongKeys } from "./wrong-keys.ts";

/**
 * Who may use a route: anyone, the operator alone or with the key for metrics as well, any key whatever its tenant and
 * role, or a key of the tenant in the path with one of these roles (R-STECH-03, D-STECH-09).
 */
export type Access = "public" | "operator" | "metrics" | "key" | "read" | "write" | "keys";

declare module "fastify" {
  interface FastifyRequest {
    /** Who asks: the id of an API key or portal token, `operator` or `metrics`. Empty on public routes. */
    actorId: string;
    /** Null for the operator, for whoever reads metrics, on public routes, and where the request was refused. */
    keyHolder: KeyHolder | null;
  }
  interface FastifyContextConfig {
    access?: Access;
  }
}

const roles: Readonly<Record<Exclude<Access, "public" | "operator" | "metrics">, readonly Role[]>> = {
  key: ["member", "admin", "owner"],
  read: ["member", "admin", "owner"],
  write: ["admin", "owner"],
  keys: ["owner"],
};

export type AuthParts = Pick<
  HttpParts,
  "adminKeyHash" | "metricsKeyHash" | "keys" | "clock" | "rateLimits" | "metrics"
>;

/**
 * What a portal token reaches, by the tags of routes: whatever has one of them is reached, also when it is added later,
 * and nothing else is.
 */
const portalTags: readonly string[] = ["Endpoints", "Deliveries", "MCP"];

/**
 * Refuses who may not use the route, before the body is read. A key of another tenant gets the answer that a tenant
 * which does not exist would get, so that keys cannot be used to look for tenants.
 */
export function createAuthorize(parts: AuthParts) {
  const limitRate = createLimitRate(parts);
  const wrongKeys = createWrongKeys(parts.clock);
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    if (request.is404) return;
    // A route without a declared access is refused when it is registered; "keys" is the strictest of all.
    const access = request.routeOptions.config.access ?? "keys";
    if (access === "public") return;
    const key = bearerKey(request);
    const hash = keyHash(key);
    if (isSameHash(hash, parts.adminKeyHash)) request.actorId = operator;
    else if (access === "metrics" && isSameHash(hash, parts.metricsKeyHash ?? "")) request.actorId = "metrics";
    else {
      const found = await wrongKeys.lookUp({ address: request.ip, hash }, () => parts.keys.holderOf(key, hash));
      if ("waitMs" in found) refuseGuesses(parts, found.waitMs, reply);
      // To anybody else there is no such path.
      if (access === "operator" || access === "metrics")
        throw new HookwrightError("not_found", "There is nothing here.");
      const holder = holderIn(access === "key" ? "any" : { tenant: tenantOf(request) }, found.holder);
      limitRate(holder, reply);
      refuseBeyond(holder, access, request);
      request.actorId = holder.id;
      request.keyHolder = holder;
    }
  };
}

const operator = "operator";

/** Whether the caller of a route that others may read may change endpoints as well. */
export function mayWrite({ keyHolder }: Pick<FastifyRequest, "keyHolder">): boolean {
  return keyHolder === null || roles.write.includes(keyHolder.role);
}

function refuseGuesses({ metrics }: AuthParts, waitMs: number, reply: FastifyReply): never {
  metrics.limited("address");
  void reply.header("retry-after", Math.ceil(waitMs / 1000));
  throw new HookwrightError("rate_limited", "Authorization: too many keys that are not known came from this address.");
}

function holderIn(place: "any" | { readonly tenant: string | null }, holder: KeyHolder | null): KeyHolder {
  if (holder === null)
    throw new HookwrightError("unauthorized", "Authorization: the API key is not known, or it has expired.");
  if (place !== "any" && holder.tenant !== place.tenant)
    throw new HookwrightError("not_found", "There is no such tenant.");
  return holder;
}

function refuseBeyond({ isPortal, role }: KeyHolder, access: keyof typeof roles, request: FastifyRequest): void {
  if (isPortal && access !== "key" && !tagsOf(request).some((tag) => portalTags.includes(tag)))
    throw new HookwrightError(
      "forbidden",
      "Authorization: a portal token reaches endpoints, deliveries and MCP alone.",
    );
  if (roles[access].includes(role)) return;
  const message = `Authorization: expected a key with the role ${roles[access].join(" or ")}, got one with ${role}.`;
  throw new HookwrightError("forbidden", message);
}

function tagsOf({ routeOptions }: FastifyRequest): readonly string[] {
  return routeOptions.schema?.tags ?? [];
}

/** 429 with the whole seconds to wait (RFC 9110 §10.2.3). The operator's key has no limit. */
function createLimitRate({ clock, metrics, rateLimits }: AuthParts) {
  const admitKey = createAdmit(rateLimits.perKey, clock);
  const admitTenant = createAdmit(rateLimits.perTenant, clock);
  return ({ id, tenant }: KeyHolder, reply: FastifyReply): void => {
    const forKey = admitKey(id);
    const waitMs = forKey > 0 ? forKey : admitTenant(tenant);
    if (waitMs === 0) return;
    metrics.limited(forKey > 0 ? "key" : "tenant");
    void reply.header("retry-after", Math.ceil(waitMs / 1000));
    const of = forKey > 0 ? `The key may make ${rateLimits.perKey}` : `The tenant may make ${rateLimits.perTenant}`;
    throw new HookwrightError("rate_limited", `${of} requests a second, and made more.`);
  };
}

/** Takes the same time whatever the difference is. */
export function isSameHash(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function bearerKey({ headers }: FastifyRequest): string {
  const key = /^Bearer +([\x21-\x7e]{1,512})$/i.exec(headers.authorization ?? "")?.[1];
  if (key !== undefined) return key;
  const got = headers.authorization === undefined ? "none" : "something else";
  throw new HookwrightError("unauthorized", `Authorization: expected "Bearer <key>", got ${got}.`);
}

function tenantOf({ params }: FastifyRequest): string | null {
  const tenant: unknown = typeof params === "object" && params !== null ? Reflect.get(params, "tenant") : null;
  return typeof tenant === "string" ? tenant : null;
}
