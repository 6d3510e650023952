import type { Clock } from "../../seams/clock.ts";

/** Attempts younger than `slowAfterMs` have quick places, older ones slow places as far as there is room. */
export type Budget = "quick" | "slow";

/** Attempts under way, and the place that each of them has. */
export interface UnderWay<Task extends PlacedTask> {
  /** Whether an attempt may begin: of this tenant, or of any. */
  readonly hasRoom: (budget: Budget, tenant?: string) => boolean;
  readonly begin: (task: Task, budget: Budget) => void;
  readonly end: (task: Task) => void;
  /** How many of this lane have quick places. */
  readonly quickCount: (lane: PlacedTask["lane"]) => number;
  readonly count: () => number;
}

export interface PlacedTask {
  readonly lane: "live" | "pending";
  readonly tenant: string;
}

export interface PlaceLimits {
  /** Attempts under way that have quick places, at most. */
  readonly slotsMax: number;
  /** Attempts under way that have slow places, at most; at least one, as endpoints that were slow need it. */
  readonly slowMax: number;
  /** How long an attempt has its quick place. */
  readonly slowAfterMs: number;
}

export interface UnderWayParts<Task> {
  readonly clock: Pick<Clock, "monotonic" | "after">;
  /** Called with attempts that are under way for `slowAfterMs`, once. */
  readonly slowed: (tasks: readonly Task[]) => void;
}

export function createUnderWay<Task extends PlacedTask>(
  { slotsMax, slowMax, slowAfterMs }: PlaceLimits,
  { clock, slowed }: UnderWayParts<Task>,
): UnderWay<Task> {
  const places: Record<Budget, Places> = { quick: createPlaces(slotsMax), slow: createPlaces(slowMax) };
  const placeOf = new Map<Task, Budget>();
  const quickCount = { live: 0, pending: 0 };
  /** Attempts younger than `slowAfterMs`, by when they began; the oldest comes first. */
  const young = new Map<Task, number>();
  /** Older attempts that keep their quick places until there is room for them. */
  const overdue = new Set<Task>();
  let isTimed = false;

  function give(task: Task, budget: Budget): void {
    placeOf.set(task, budget);
    takePlace(places[budget], task.tenant);
    if (budget === "quick") quickCount[task.lane] += 1;
  }

  function takeBack(task: Task): Budget | undefined {
    const budget = placeOf.get(task);
    if (budget === undefined) return undefined;
    placeOf.delete(task);
    givePlaceBack(places[budget], task.tenant);
    if (budget === "quick") quickCount[task.lane] -= 1;
    return budget;
  }

  function moveOverdue(): void {
    for (const task of overdue) {
      if (places.slow.free === 0) return;
      if (!mayTake(places.slow, task.tenant)) continue;
      overdue.delete(task);
      takeBack(task);
      give(task, "slow");
    }
  }

  /** One timer for all attempts: for the oldest of the young ones. */
  function time(): void {
    const oldest = young.values().next();
    if (isTimed || oldest.done === true) return;
    isTimed = true;
    clock.after(Math.ceil(Math.max(oldest.value + slowAfterMs - clock.monotonic(), 0)), sweep);
  }

  function sweep(): void {
    isTimed = false;
    const now = clock.monotonic();
    const slow: Task[] = [];
    for (const [task, beganAt] of young) {
      if (now - beganAt < slowAfterMs) break;
      young.delete(task);
      slow.push(task);
      if (placeOf.get(task) === "quick") overdue.add(task);
    }
    moveOverdue();
    time();
    if (slow.length > 0) slowed(slow);
  }

  return {
    hasRoom: (budget, tenant) => (tenant === undefined ? places[budget].free > 0 : mayTake(places[budget], tenant)),
    begin: (task, budget) => {
      give(task, budget);
      young.set(task, clock.monotonic());
      time();
    },
    end: (task) => {
      young.delete(task);
      overdue.delete(task);
      if (takeBack(task) === "slow") moveOverdue();
    },
    quickCount: (lane) => quickCount[lane],
    count: () => placeOf.size,
  };
}

/** A bounded number of attempts under way at once, shared by tenants. */
interface Places {
  free: number;
  /** Only tenants that have some. */
  readonly byTenant: Map<string, number>;
}

function createPlaces(max: number): Places {
  return { free: max, byTenant: new Map() };
}

/**
 * A tenant may take a place while it has fewer than twice as many as are free. Alone it gets two thirds, and whoever
 * comes next finds room at once; the more tenants there are, the smaller the share of each.
 */
function mayTake({ free, byTenant }: Places, tenant: string): boolean {
  return free > 0 && (byTenant.get(tenant) ?? 0) < 2 * free;
}

function takePlace(places: Places, tenant: string): void {
  places.free -= 1;
  places.byTenant.set(tenant, (places.byTenant.get(tenant) ?? 0) + 1);
}

function givePlaceBack(places: Places, tenant: string): void {
  places.free += 1;
  const left = (places.byTenant.get(tenant) ?? 1) - 1;
  if (left === 0) places.byTenant.delete(tenant);
  else places.byTenant.set(tenant, left);
}
