import { plainOptions, type EndpointSecrets, type EndpointSettings } from "../../runtime/endpoints/settings.ts";
import type { Endpoint, Events } from "../../runtime/seams/log-store.ts";
import type { EndpointStore } from "../../runtime/seams/store.ts";
import { append } from "./memory-log.ts";
import { endpointOf, forgetHead, shardOfTenant, type EndpointRow, type Tables } from "./memory-tables.ts";
import type { Immediate } from "./immediate.ts";

function isServed({ shards, now }: Tables, need: string | undefined): boolean {
  const row = shards.find((shard) => shard.need === (need ?? null));
  return need !== undefined && row !== undefined && row.owner !== null && row.until > now();
}

export function memoryEndpoints(tables: Tables): Immediate<EndpointStore> {
  const find = (of: { readonly tenant: string; readonly id: string }): EndpointRow | undefined =>
    tables.endpoints.find((row) => row.id === of.id && row.tenant === of.tenant && row.deletedAt === null);

  const list = ({ tenant, contract }: { readonly tenant: string; readonly contract: string }): readonly Endpoint[] =>
    tables.endpoints
      .filter((row) => row.tenant === tenant && row.contract === contract && row.deletedAt === null)
      .map(endpointOf);

  function update(
    of: { readonly tenant: string; readonly id: string; readonly at: number },
    change: Partial<EndpointSettings & EndpointSecrets>,
    facts: (after: Endpoint) => Events,
  ): Endpoint | null {
    const row = find(of);
    if (row === undefined) return null;
    append(tables, facts({ ...endpointOf(row), ...change, updatedAt: of.at }), null);
    Object.assign(row, change, { updatedAt: of.at });
    const waiting = tables.pending.get(row.key);
    for (const [key, { need, ...each }] of waiting ?? []) if (!isServed(tables, need)) waiting?.set(key, each);
    forgetHead(tables, row.key);
    return endpointOf(row);
  }

  return {
    create: (given, facts) => {
      append(tables, facts, null);
      const row: EndpointRow = {
        ...plainOptions,
        publicKey: null,
        declaration: null,
        ...given,
        key: tables.endpoints.length + 1,
        shard: shardOfTenant(tables, given.tenant),
        previousSecret: null,
        subscription: null,
        failureCount: 0,
        lastFailedAt: null,
        lastFailureStatus: null,
        updatedAt: given.createdAt,
        deletedAt: null,
      };
      tables.endpoints.push(row);
      return endpointOf(row);
    },
    list,
    page: ({ after, limit, ...of }) => {
      const before = tables.endpoints.find((row) => row.tenant === of.tenant && row.id === after);
      if (after !== null && before === undefined) return null;
      return list(of)
        .filter(({ key }) => key > (before?.key ?? 0))
        .slice(0, limit);
    },
    get: (of) => {
      const row = find(of);
      return row === undefined ? null : endpointOf(row);
    },
    update,
    rotate: (of, secrets, facts) => {
      const row = find(of);
      return row === undefined ? null : update(of, { publicKey: null, ...secrets(endpointOf(row)) }, facts);
    },
    remove: (of, facts) => {
      const row = find(of);
      if (row === undefined) return false;
      append(tables, facts({ ...endpointOf(row), updatedAt: of.at, deletedAt: of.at }), null);
      Object.assign(row, { deletedAt: of.at, updatedAt: of.at });
      tables.pending.delete(row.key);
      forgetHead(tables, row.key);
      return true;
    },
  };
}
