import type { Selectable } from "kysely";
import type { EndpointOptions, EndpointSettings, NewEndpointSecrets, Subscription } from "../endpoints/settings.ts";
import type { Endpoint } from "../seams/log-store.ts";
import type { EndpointRow } from "./schema.ts";

export function endpointOf(row: Selectable<EndpointRow>): Endpoint {
  return {
    key: row.key,
    id: row.id,
    contract: row.contract,
    tenant: row.tenant,
    url: row.url,
    description: row.description,
    events: JSON.parse(row.events),
    enabled: row.enabled === 1,
    paused: row.paused === 1,
    filter: row.filter,
    headers: JSON.parse(row.headers),
    metadata: JSON.parse(row.metadata),
    ratePerSecond: row.rate_per_second,
    inFlightMax: row.in_flight_max,
    sealedSecret: row.sealed_secret,
    publicKey: row.public_key,
    declaration: row.declaration,
    previousSecret: previousSecretOf(row),
    subscription: subscriptionOf(row),
    failureCount: row.failure_count,
    lastFailedAt: row.last_failed_at,
    lastFailureStatus: row.last_failure_status,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    deletedAt: row.deleted_at,
  };
}

function previousSecretOf(row: Selectable<EndpointRow>): Endpoint["previousSecret"] {
  const { previous_sealed_secret: sealed, previous_secret_expires_at: expiresAt } = row;
  return sealed === null || expiresAt === null ? null : { sealed, expiresAt };
}

function subscriptionOf(row: Selectable<EndpointRow>): Endpoint["subscription"] {
  const { subscriber, expires_at: expiresAt, proven_at: provenAt, subscribed_by: factId } = row;
  if (subscriber === null || expiresAt === null || provenAt === null || factId === null) return null;
  return { subscriber, expiresAt, provenAt, factId };
}

export function subscriptionRow({ subscriber, expiresAt, provenAt }: Omit<Subscription, "factId">) {
  return { subscriber, expires_at: expiresAt, proven_at: provenAt };
}

export function secretsRow({
  sealedSecret,
  publicKey = null,
  previousSecret,
}: NewEndpointSecrets): Partial<Selectable<EndpointRow>> {
  return {
    sealed_secret: sealedSecret,
    public_key: publicKey,
    previous_sealed_secret: previousSecret?.sealed ?? null,
    previous_secret_expires_at: previousSecret?.expiresAt ?? null,
  };
}

/** Only the columns whose settings are given. */
export function settingsRow(change: Partial<EndpointSettings>): Partial<Selectable<EndpointRow>> {
  return {
    ...(change.url !== undefined && { url: change.url }),
    ...(change.description !== undefined && { description: change.description }),
    ...(change.events !== undefined && { events: JSON.stringify(change.events) }),
    ...(change.enabled !== undefined && { enabled: change.enabled ? 1 : 0 }),
    ...optionsRow(change),
  };
}

export function optionsRow(change: Partial<EndpointOptions>): Partial<Selectable<EndpointRow>> {
  return {
    ...(change.paused !== undefined && { paused: change.paused ? 1 : 0 }),
    ...(change.filter !== undefined && { filter: change.filter }),
    ...(change.headers !== undefined && { headers: JSON.stringify(change.headers) }),
    ...(change.metadata !== undefined && { metadata: JSON.stringify(change.metadata) }),
    ...(change.ratePerSecond !== undefined && { rate_per_second: change.ratePerSecond }),
    ...(change.inFlightMax !== undefined && { in_flight_max: change.inFlightMax }),
  };
}
