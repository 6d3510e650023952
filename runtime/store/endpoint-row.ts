import type { Selectable } from "kysely";
import type { Endpoint, EndpointSettings } from "../store.ts";
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
    sealedSecret: row.sealed_secret,
    failureCount: row.failure_count,
    lastFailedAt: row.last_failed_at,
    lastFailureStatus: row.last_failure_status,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    deletedAt: row.deleted_at,
  };
}

export type SettingsChange = Partial<EndpointSettings & Pick<Endpoint, "sealedSecret">>;

/** Only the columns whose settings are given. */
export function settingsRow(change: SettingsChange): Partial<Selectable<EndpointRow>> {
  return {
    ...(change.url !== undefined && { url: change.url }),
    ...(change.description !== undefined && { description: change.description }),
    ...(change.events !== undefined && { events: JSON.stringify(change.events) }),
    ...(change.enabled !== undefined && { enabled: change.enabled ? 1 : 0 }),
    ...(change.sealedSecret !== undefined && { sealed_secret: change.sealedSecret }),
  };
}
