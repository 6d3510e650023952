/** A bounded number of attempts under way at once, shared by tenants. Only the functions of this file change it. */
export interface Places {
  free: number;
  /** Only tenants that have some. */
  readonly byTenant: Map<string, number>;
}

export function createPlaces(max: number): Places {
  return { free: max, byTenant: new Map() };
}

/**
 * A tenant may take a place while it has fewer than twice as many as are free. Alone it gets two thirds, and whoever
 * comes next finds room at once; the more tenants there are, the smaller the share of each.
 */
export function mayTake({ free, byTenant }: Places, tenant: string): boolean {
  return free > 0 && (byTenant.get(tenant) ?? 0) < 2 * free;
}

export function takePlace(places: Places, tenant: string): void {
  places.free -= 1;
  places.byTenant.set(tenant, (places.byTenant.get(tenant) ?? 0) + 1);
}

export function givePlaceBack(places: Places, tenant: string): void {
  places.free += 1;
  const left = (places.byTenant.get(tenant) ?? 1) - 1;
  if (left === 0) places.byTenant.delete(tenant);
  else places.byTenant.set(tenant, left);
}
