import { timingSafeEqual } from "node:crypto";
import type { FastifyRequest } from "fastify";
import { HookwrightError } from "../errors.ts";
import { keyHash } from "../secrets/api-key.ts";
import type { Role } from "../api-key-store.ts";
import type { HttpParts } from "./parts.ts";

/**
 * Who may use a route: anyone, the operator alone, or a key of the tenant in the path with one of these roles
 * (R-STECH-03, D-STECH-09).
 */
export type Access = "public" | "operator" | "read" | "write" | "keys";

declare module "fastify" {
  interface FastifyRequest {
    /** Who asks: the id of an API key, or `operator`. Empty on public routes. */
    actorId: string;
  }
  interface FastifyContextConfig {
    access?: Access;
  }
}

const roles: Readonly<Record<Exclude<Access, "public" | "operator">, readonly Role[]>> = {
  read: ["member", "admin", "owner"],
  write: ["admin", "owner"],
  keys: ["owner"],
};

export type AuthParts = Pick<HttpParts, "adminKeyHash"> & { readonly store: Pick<HttpParts["store"], "apiKeys"> };

/**
 * Refuses who may not use the route, before the body is read. A key of another tenant gets the answer that a tenant
 * which does not exist would get, so that keys cannot be used to look for tenants.
 */
export function createAuthorize(parts: AuthParts): (request: FastifyRequest) => Promise<void> {
  return async (request) => {
    if (request.is404) return;
    // A route without a declared access is refused when it is registered; "keys" is the strictest of all.
    const access = request.routeOptions.config.access ?? "keys";
    if (access === "public") return;
    if (access === "operator") return refuseOthers(bearerKey(request), parts);
    const { role, actorId } = await callerIn(tenantOf(request), bearerKey(request), parts);
    request.actorId = actorId;
    if (roles[access].includes(role)) return;
    const message = `Authorization: expected a key with the role ${roles[access].join(" or ")}, got one with ${role}.`;
    throw new HookwrightError("forbidden", message);
  };
}

/** To anybody else there is no such path. */
function refuseOthers(key: string, { adminKeyHash }: AuthParts): void {
  if (isSameHash(keyHash(key), adminKeyHash)) return;
  throw new HookwrightError("not_found", "There is nothing here.");
}

interface Caller {
  readonly role: Role;
  readonly actorId: string;
}

async function callerIn(tenant: string | null, key: string, { adminKeyHash, store }: AuthParts): Promise<Caller> {
  const hash = keyHash(key);
  if (isSameHash(hash, adminKeyHash)) return { role: "owner", actorId: "operator" };
  const found = await store.apiKeys.findByHash(hash);
  if (found === null) throw new HookwrightError("unauthorized", "Authorization: the API key is not known.");
  if (found.tenant !== tenant) throw new HookwrightError("not_found", "There is no such tenant.");
  return { role: found.role, actorId: found.id };
}

function isSameHash(given: string, expected: string): boolean {
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
