import type { EndpointStore } from "../../runtime/store.ts";
import { append } from "./memory-log.ts";
import { endpointOf, forgetHead, shardOfTenant, type EndpointRow, type Tables } from "./memory-tables.ts";
import type { Immediate } from "./immediate.ts";

export function memoryEndpoints(tables: Tables): Immediate<EndpointStore> {
  const find = (of: { readonly tenant: string; readonly id: string }): EndpointRow | undefined =>
    tables.endpoints.find((row) => row.id === of.id && row.tenant === of.tenant && row.deletedAt === null);

  return {
    create: (given, fact) => {
      append(tables, [fact], null);
      const row: EndpointRow = {
        ...given,
        key: tables.endpoints.length + 1,
        shard: shardOfTenant(tables, given.tenant),
        failureCount: 0,
        lastFailedAt: null,
        lastFailureStatus: null,
        updatedAt: given.createdAt,
        deletedAt: null,
      };
      tables.endpoints.push(row);
      return endpointOf(row);
    },
    list: ({ tenant, contract }) =>
      tables.endpoints
        .filter((row) => row.tenant === tenant && row.contract === contract && row.deletedAt === null)
        .map(endpointOf),
    get: (of) => {
      const row = find(of);
      return row === undefined ? null : endpointOf(row);
    },
    update: (of, change, fact) => {
      const row = find(of);
      if (row === undefined) return null;
      const after = { ...endpointOf(row), ...change, updatedAt: of.at };
      append(tables, [fact(after)], null);
      Object.assign(row, change, { updatedAt: of.at });
      forgetHead(tables, row.key);
      return endpointOf(row);
    },
    remove: (of, fact) => {
      const row = find(of);
      if (row === undefined) return false;
      append(tables, [fact({ ...endpointOf(row), updatedAt: of.at, deletedAt: of.at })], null);
      Object.assign(row, { deletedAt: of.at, updatedAt: of.at });
      tables.pending.delete(row.key);
      forgetHead(tables, row.key);
      return true;
    },
  };
}
