import { createQueue } from "./queue.ts";

/**
 * Who may send now. An endpoint has at most `perEndpointMax` deliveries that are sent or stand ready; what exceeds that
 * waits behind it, so a slow endpoint fills its own cap and not the slots of the others. Two lanes share the slots: new
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

interface EndpointLane<Task> {
  /** Ready and started. */
  active: number;
  /** Of the lane `pending`, in whatever progress. */
  pending: number;
  readonly waiting: Task[];
}

/**
 * `send` never rejects. What it resolves to is called once the task's place is free again: whoever asks for more of the
 * endpoint's deliveries then is not told that it is saturated by this one.
 */
export function createLanes<Task extends LaneTask>(
  limits: LaneLimits,
  send: (task: Task) => Promise<() => void>,
): Lanes<Task> {
  const endpoints = new Map<number, EndpointLane<Task>>();
  const ready = { live: createQueue<Task>(), pending: createQueue<Task>() };
  const inFlight = { live: 0, pending: 0 };
  const pendingMax = Math.ceil(limits.slotsMax / 2);

  function add(task: Task): void {
    const endpoint = endpoints.get(task.endpointKey) ?? { active: 0, pending: 0, waiting: [] };
    endpoints.set(task.endpointKey, endpoint);
    if (task.lane === "pending") endpoint.pending += 1;
    place(endpoint, task);
  }

  function place(endpoint: EndpointLane<Task>, task: Task): void {
    if (endpoint.active >= limits.perEndpointMax) {
      task.progress = "waiting";
      endpoint.waiting.push(task);
      return;
    }
    endpoint.active += 1;
    task.progress = "ready";
    ready[task.lane].push(task);
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
    const conclude = await send(task);
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
    let task = endpoint.waiting.shift();
    while (task?.progress === "withdrawn") task = endpoint.waiting.shift();
    if (task !== undefined) place(endpoint, task);
    else if (endpoint.active === 0) endpoints.delete(endpointKey);
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
    inFlightCount: () => inFlight.live + inFlight.pending,
  };
}

function saturatedEndpoints<Task>(endpoints: ReadonlyMap<number, EndpointLane<Task>>, max: number): readonly number[] {
  return [...endpoints].filter(([, endpoint]) => endpoint.pending >= max).map(([key]) => key);
}
