import { createFairQueue } from "./queue.ts";
import { createUnderWay, type Budget, type PlacedTask, type PlaceLimits, type UnderWayParts } from "./under-way.ts";

/**
 * Who may send now. An endpoint has at most as many deliveries that are sent or stand ready as its cap says; what exceeds
 * that, or its rate, waits behind it, so that a slow endpoint fills its own cap and not the places of the others. What
 * stands ready is started one of each tenant in turn, as far as the tenant's share of the places goes: quick places, or
 * slow ones from the start for endpoints that were slow the last time. Two lanes share the quick places: new events, and
 * deliveries that were pending, which get at most half, so neither starves the other.
 */
export interface Lanes<Task extends LaneTask> {
  readonly add: (task: Task) => void;
  /** Starts what may be started. */
  readonly start: () => void;
  /** Takes a task back that has not been started. */
  readonly withdraw: (task: Task) => void;
  /** Endpoints with as many pending deliveries here as may be sent at once: more of theirs need not be claimed yet. */
  readonly saturated: () => readonly number[];
  readonly isSaturated: (endpointKey: number) => boolean;
  readonly hasRoom: (lane: Lane) => boolean;
  /** Whether deliveries of the endpoint wait for its rate. */
  readonly isPaced: (endpointKey: number) => boolean;
  /** Whether the endpoint has attempts under way, and none of them has ended for this long. */
  readonly isStuck: (endpointKey: number, forMs: number) => boolean;
  readonly inFlightCount: () => number;
}

export type Lane = PlacedTask["lane"];

export interface LaneTask extends PlacedTask {
  readonly endpointKey: number;
  /** Set by the lanes. */
  progress: "waiting" | "ready" | "started" | "withdrawn";
}

export interface LaneLimits extends PlaceLimits {
  /** Deliveries of an endpoint that are sent or stand ready, at most, whatever `capOf` says. */
  readonly perEndpointMax: number;
}

export interface LaneRules<Task> extends UnderWayParts<Task> {
  /**
   * Never rejects. What it resolves to is called once the task's place is free again: whoever asks for more of the
   * endpoint's deliveries then is not told that it is saturated by this one.
   */
  readonly send: (task: Task) => Promise<() => void>;
  /** How many of the endpoint's deliveries may be active. It may change when one of them ends. */
  readonly capOf: (task: Task) => number;
  /** From which budget the endpoint's deliveries get places. It may change when one is slow, or ends. */
  readonly budgetOf: (task: Task) => Budget;
  /** Called after `slowed`, once the places that became free have been taken. */
  readonly swept: () => void;
  /** Lets the task pass, by 0, or says in how many milliseconds to ask again. */
  readonly pass: (task: Task) => number;
}

interface EndpointLane<Task> {
  readonly key: number;
  /** Whether a timer will look at what waits for the endpoint's rate. */
  isPaced: boolean;
  /** As of the last time that `budgetOf` was asked. */
  budget: Budget;
  /** As of the last time that `capOf` was asked. */
  cap: number;
  /** How many were started and have not ended. */
  started: number;
  /** When its last attempt ended, or the first one began, by the clock's `monotonic`. */
  movedAt: number;
  readonly ready: Set<Task>;
  /** Of the lane `pending`, in whatever progress. */
  pending: number;
  readonly waiting: Task[];
}

export function createLanes<Task extends LaneTask>(limits: LaneLimits, rules: LaneRules<Task>): Lanes<Task> {
  const endpoints = new Map<number, EndpointLane<Task>>();
  const queues = {
    live: createFairQueue<Task>(),
    pending: createFairQueue<Task>(),
    slow: createFairQueue<Task>(),
  };
  const underWay = createUnderWay<Task>(limits, {
    clock: rules.clock,
    slowed: (tasks) => {
      rules.slowed(tasks);
      for (const task of tasks) judge(task);
      start();
      rules.swept();
    },
  });
  const pendingMax = Math.ceil(limits.slotsMax / 2);

  const queueOf = (task: Task, budget: Budget) => (budget === "slow" ? queues.slow : queues[task.lane]);

  function add(task: Task): void {
    const { endpointKey: key } = task;
    const endpoint = endpoints.get(key) ?? newEndpointLane<Task>(key);
    endpoints.set(key, endpoint);
    judge(task);
    if (task.lane === "pending") endpoint.pending += 1;
    task.progress = "waiting";
    endpoint.waiting.push(task);
    advance(endpoint);
  }

  /** Asks again what the endpoint may have, and which places, which goes for what stands ready as well. */
  function judge(task: Task): void {
    const endpoint = endpoints.get(task.endpointKey);
    if (endpoint === undefined) return;
    endpoint.cap = Math.min(limits.perEndpointMax, rules.capOf(task));
    const budget = rules.budgetOf(task);
    if (budget === endpoint.budget) return;
    for (const each of endpoint.ready) {
      queueOf(each, endpoint.budget).discard(each);
      queueOf(each, budget).push(each);
    }
    endpoint.budget = budget;
  }

  /** Makes ready what may be of what waits, in order. */
  function advance(endpoint: EndpointLane<Task>): void {
    const { waiting, ready } = endpoint;
    for (let [task] = waiting; task !== undefined; [task] = waiting) {
      if (task.progress !== "withdrawn") {
        if (endpoint.isPaced || endpoint.started + ready.size >= endpoint.cap) return;
        const waitMs = rules.pass(task);
        if (waitMs > 0) return pace(endpoint, waitMs);
        task.progress = "ready";
        ready.add(task);
        queueOf(task, endpoint.budget).push(task);
      }
      waiting.shift();
    }
    if (endpoint.started + ready.size === 0) endpoints.delete(endpoint.key);
  }

  function pace(endpoint: EndpointLane<Task>, waitMs: number): void {
    endpoint.isPaced = true;
    rules.clock.after(waitMs, () => {
      endpoint.isPaced = false;
      advance(endpoint);
      start();
    });
  }

  function next(): { readonly task: Task; readonly budget: Budget } | undefined {
    const take = (queue: keyof typeof queues, budget: Budget) => {
      // Where nobody finds room, no tenant need be asked for.
      if (!underWay.hasRoom(budget)) return undefined;
      const task = queues[queue].take((tenant) => underWay.hasRoom(budget, tenant));
      return task && { task, budget };
    };
    const pending = () => (underWay.quickCount("pending") < pendingMax ? take("pending", "quick") : undefined);
    return take("slow", "slow") ?? pending() ?? take("live", "quick");
  }

  function start(): void {
    for (let found = next(); found !== undefined; found = next()) void run(found.task, found.budget);
  }

  async function run(task: Task, budget: Budget): Promise<void> {
    const endpoint = endpoints.get(task.endpointKey);
    if (endpoint?.ready.delete(task) === true) {
      if (endpoint.started === 0) endpoint.movedAt = rules.clock.monotonic();
      endpoint.started += 1;
    }
    task.progress = "started";
    underWay.begin(task, budget);
    const conclude = await rules.send(task);
    underWay.end(task);
    judge(task);
    leave(task);
    if (endpoint !== undefined) {
      endpoint.started -= 1;
      endpoint.movedAt = rules.clock.monotonic();
      advance(endpoint);
    }
    conclude();
    start();
  }

  function leave(task: Task): void {
    const endpoint = endpoints.get(task.endpointKey);
    if (endpoint !== undefined && task.lane === "pending") endpoint.pending -= 1;
  }

  function withdraw(task: Task): void {
    const endpoint = endpoints.get(task.endpointKey);
    task.progress = "withdrawn";
    leave(task);
    if (endpoint?.ready.delete(task) !== true) return;
    queueOf(task, endpoint.budget).discard(task);
    advance(endpoint);
  }

  /** An endpoint that is slow takes long to need more than it may have at once. */
  const isFull = ({ budget, cap, pending }: EndpointLane<Task>) =>
    pending >= (budget === "slow" ? cap : limits.perEndpointMax);

  return {
    add,
    start,
    withdraw,
    saturated: () => [...endpoints.values()].filter(isFull).map(({ key }) => key),
    isSaturated: (endpointKey) => {
      const endpoint = endpoints.get(endpointKey);
      return endpoint !== undefined && isFull(endpoint);
    },
    hasRoom: (lane) => queues[lane].size() < limits.slotsMax,
    isPaced: (endpointKey) => endpoints.get(endpointKey)?.isPaced ?? false,
    isStuck: (endpointKey, forMs) => {
      const { started = 0, movedAt = 0 } = endpoints.get(endpointKey) ?? {};
      return started > 0 && rules.clock.monotonic() - movedAt >= forMs;
    },
    inFlightCount: underWay.count,
  };
}

function newEndpointLane<Task>(key: number): EndpointLane<Task> {
  const state = { isPaced: false, budget: "quick", cap: 1, started: 0, movedAt: 0, pending: 0 } as const;
  return { ...state, key, ready: new Set(), waiting: [] };
}
