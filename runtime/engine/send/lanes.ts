import type { Clock } from "../../seams/clock.ts";
import { createQueue } from "./queue.ts";

/**
 * Who may send now. An endpoint has at most `perEndpointMax` deliveries that are sent or stand ready; what exceeds that
 * waits behind it, so a slow endpoint fills its own cap and not the slots of the others; so does what exceeds the
 * endpoint's own cap, or its rate. Two lanes share the slots: new
 * events, and deliveries that were pending, which get at most half, so neither starves the other.
 */
export interface Lanes<Task extends LaneTask> {
  readonly add: (task: Task) => void;
  /** Starts what may be started. */
  readonly start: () => void;
  /** Takes a task back that has not been started. */
  readonly withdraw: (task: Task) => void;
  /** Endpoints with as many pending deliveries here as may be sent at once: more of theirs need not be claimed yet. */
  readonly saturated: () => readonly number[];
  readonly hasRoom: (lane: Lane) => boolean;
  /** Whether deliveries of the endpoint wait for its rate. */
  readonly isPaced: (endpointKey: number) => boolean;
  readonly inFlightCount: () => number;
}

export type Lane = "live" | "pending";

export interface LaneTask {
  readonly lane: Lane;
  readonly endpointKey: number;
  /** Set by the lanes. */
  progress: "waiting" | "ready" | "started" | "withdrawn";
}

export interface LaneLimits {
  readonly slotsMax: number;
  readonly perEndpointMax: number;
}

export interface LaneRules<Task> {
  /**
   * Never rejects. What it resolves to is called once the task's place is free again: whoever asks for more of the
   * endpoint's deliveries then is not told that it is saturated by this one.
   */
  readonly send: (task: Task) => Promise<() => void>;
  /** How many of the endpoint's deliveries may be active. */
  readonly capOf: (task: Task) => number;
  /** Lets the task pass, by 0, or says in how many milliseconds to ask again. */
  readonly pass: (task: Task) => number;
  readonly after: Clock["after"];
}

interface EndpointLane<Task> {
  readonly key: number;
  /** Whether a timer will look at what waits for the endpoint's rate. */
  isPaced: boolean;
  /** Ready and started. */
  active: number;
  /** Of the lane `pending`, in whatever progress. */
  pending: number;
  readonly waiting: Task[];
}

export function createLanes<Task extends LaneTask>(limits: LaneLimits, rules: LaneRules<Task>): Lanes<Task> {
  const endpoints = new Map<number, EndpointLane<Task>>();
  const ready = { live: createQueue<Task>(), pending: createQueue<Task>() };
  const inFlight = { live: 0, pending: 0 };
  const pendingMax = Math.ceil(limits.slotsMax / 2);

  function add(task: Task): void {
    const { endpointKey: key } = task;
    const endpoint = endpoints.get(key) ?? { key, isPaced: false, active: 0, pending: 0, waiting: [] };
    endpoints.set(key, endpoint);
    if (task.lane === "pending") endpoint.pending += 1;
    task.progress = "waiting";
    endpoint.waiting.push(task);
    advance(endpoint);
  }

  /** Makes ready what may be of what waits, in order. */
  function advance(endpoint: EndpointLane<Task>): void {
    const { waiting } = endpoint;
    for (let [task] = waiting; task !== undefined; [task] = waiting) {
      if (task.progress !== "withdrawn") {
        if (endpoint.isPaced || endpoint.active >= Math.min(limits.perEndpointMax, rules.capOf(task))) return;
        const waitMs = rules.pass(task);
        if (waitMs > 0) return pace(endpoint, waitMs);
        endpoint.active += 1;
        task.progress = "ready";
        ready[task.lane].push(task);
      }
      waiting.shift();
    }
    if (endpoint.active === 0) endpoints.delete(endpoint.key);
  }

  function pace(endpoint: EndpointLane<Task>, waitMs: number): void {
    endpoint.isPaced = true;
    rules.after(waitMs, () => {
      endpoint.isPaced = false;
      advance(endpoint);
      start();
    });
  }

  function next(): Task | undefined {
    if (inFlight.live + inFlight.pending >= limits.slotsMax) return undefined;
    const pending = inFlight.pending < pendingMax ? ready.pending.take() : undefined;
    return pending ?? ready.live.take();
  }

  function start(): void {
    for (let task = next(); task !== undefined; task = next()) void run(task);
  }

  async function run(task: Task): Promise<void> {
    task.progress = "started";
    inFlight[task.lane] += 1;
    const conclude = await rules.send(task);
    inFlight[task.lane] -= 1;
    leave(task);
    release(task.endpointKey);
    conclude();
    start();
  }

  function leave(task: Task): void {
    const endpoint = endpoints.get(task.endpointKey);
    if (endpoint !== undefined && task.lane === "pending") endpoint.pending -= 1;
  }

  /** Gives the place of a task that ended to the next one of its endpoint. */
  function release(endpointKey: number): void {
    const endpoint = endpoints.get(endpointKey);
    if (endpoint === undefined) return;
    endpoint.active -= 1;
    advance(endpoint);
  }

  return {
    add,
    start,
    withdraw: (task) => {
      const wasReady = task.progress === "ready";
      task.progress = "withdrawn";
      leave(task);
      if (!wasReady) return;
      ready[task.lane].discard(task);
      release(task.endpointKey);
    },
    saturated: () => saturatedEndpoints(endpoints, limits.perEndpointMax),
    hasRoom: (lane) => ready[lane].size() < limits.slotsMax,
    isPaced: (endpointKey) => endpoints.get(endpointKey)?.isPaced ?? false,
    inFlightCount: () => inFlight.live + inFlight.pending,
  };
}

function saturatedEndpoints<Task>(endpoints: ReadonlyMap<number, EndpointLane<Task>>, max: number): readonly number[] {
  return [...endpoints].filter(([, endpoint]) => endpoint.pending >= max).map(([key]) => key);
}
