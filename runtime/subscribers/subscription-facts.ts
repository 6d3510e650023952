import type { RenderFact } from "../events.ts";
import type { Endpoint, NewEvent } from "../seams/log-store.ts";

/**
 * The facts of a subscription: made, enabled again, signed with another secret. One that is merely renewed changes nothing
 * about who gets what, and has none: there would be one for each subscriber and each time.
 */
export function subscriptionFacts(
  renderFact: RenderFact,
  { before, after }: { readonly before: Endpoint | null; readonly after: Endpoint },
  actorId: string,
): readonly NewEvent[] {
  const { id: endpointId, tenant, contract, url, events, enabled, paused, filter } = after;
  const of = { endpointId, contract };
  const settings = {
    ...of,
    url,
    events,
    enabled,
    ...(paused && { paused }),
    ...(filter !== null && { filter }),
    actorId,
  };
  if (before === null) return renderFact({ type: "endpoint.created", tenant, data: settings });
  const enabledAgain = before.enabled ? [] : renderFact({ type: "endpoint.updated", tenant, data: settings });
  if (before.sealedSecret === after.sealedSecret) return enabledAgain;
  const expiresAt = after.previousSecret?.expiresAt;
  const previousSecretExpiresAt = expiresAt === undefined ? null : new Date(expiresAt).toISOString();
  const data = { ...of, actorId, previousSecretExpiresAt };
  return [...enabledAgain, ...renderFact({ type: "endpoint.secret_rotated", tenant, data })];
}
