import type { Endpoint } from "./log-store.ts";

/** Endpoints that need somebody: `failing` had a failure in its last attempt, and is neither disabled nor paused. */
export type EndpointCondition = "failing" | "paused" | "disabled";

/** How many endpoints there are, up to a limit. */
export interface EndpointCounts {
  readonly total: number;
  readonly failing: number;
  readonly paused: number;
  readonly disabled: number;
}

/** Looks over all tenants, for the operator. */
export interface OperatorStore {
  /**
   * The endpoints that were made last, below a key, and how far it looked: at most `looksMax` endpoints, so that a search
   * costs no more however many there are.
   */
  readonly endpoints: (of: {
    /** Only endpoints that were made before this one. */
    readonly beforeKey: number;
    readonly condition: EndpointCondition | null;
    /** Stands in the URL, the tenant, the id or the description. Null: any. */
    readonly text: string | null;
    readonly looksMax: number;
    readonly limit: number;
  }) => Promise<{ readonly endpoints: readonly Endpoint[]; readonly nextKey: number | null }>;
  /** Of the newest `max` endpoints. */
  readonly endpointCounts: (max: number) => Promise<EndpointCounts>;
  /** Tenants that have or had an endpoint, in the order of their names, after one. */
  readonly tenants: (of: { readonly after: string; readonly limit: number }) => Promise<readonly string[]>;
}
