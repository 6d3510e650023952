import { HookwrightError } from "../errors.ts";

/** The tenant of what happens to the log as a whole; no name that begins so is anybody else's. */
export const systemTenant = "_hookwright";

/** Throws `invalid_request` for a tenant that is Hookwright's own: nobody emits to it, asks for it or has a key of it. */
export function refuseReserved(tenant: string): void {
  if (!tenant.startsWith(systemTenant)) return;
  const message = `tenant: expected one whose name does not begin with ${JSON.stringify(systemTenant)}, got ${JSON.stringify(tenant)}; such names are Hookwright's own.`;
  throw new HookwrightError("invalid_request", message, { path: "tenant" });
}
