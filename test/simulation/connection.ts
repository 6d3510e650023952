import type { SignalWord, Signals } from "../../runtime/seams/signals.ts";
import type { Appended, Executor, LogStore, NewEvent, Settled, Settlement } from "../../runtime/seams/log-store.ts";
import type { DeliveryStore, EndpointStore } from "../../runtime/seams/store.ts";
import type { Conditions, FaultCounts } from "./conditions.ts";
import type { Immediate } from "./immediate.ts";
import type { Transaction } from "./memory-log.ts";
import type { MemoryStore } from "./memory-store.ts";
import type { Host, Scheduler } from "./scheduler.ts";

/** The connection broke, before or after the statement took effect: the caller cannot tell. */
export class ConnectionLost extends Error {}

export interface Network {
  readonly scheduler: Scheduler;
  readonly memory: MemoryStore;
  readonly conditions: Conditions;
  readonly faults: FaultCounts;
  readonly listeners: Map<Host, (word: SignalWord) => void>;
  /** Transactions of the product that are open, by what it runs its statements with. */
  readonly transactions: Map<Executor, Transaction>;
  /** A call of this process got lost. */
  readonly lost: (host: Host) => void;
  /** Runs `write`, which writes the settlements, and looks at what it leaves. */
  readonly settling: (settlements: readonly Settlement[], write: () => Settled) => Settled;
}

/** The store as one process has it: every call takes time, may fail, and may have taken effect when it did. */
export interface Connection {
  readonly log: LogStore;
  readonly endpoints: EndpointStore;
  readonly deliveries: DeliveryStore;
}

export function connect(network: Network, host: Host): Connection {
  const { memory } = network;
  const { append, settle, ...log } = memory.log;
  return {
    log: {
      ...remote<Omit<LogStore, "append" | "settle" | "signals">>(network, host, log),
      append: (events, executor) =>
        call(network, host, { name: "append", effect: () => appendIn(network, events, executor) }),
      settle: (settlements) => {
        const effect = () => network.settling(settlements, () => settle(settlements));
        return call(network, host, { name: "settle", effect });
      },
      signals: memory.tables.kind === "embedded" ? null : signalsOf(network, host),
    },
    endpoints: remote<EndpointStore>(network, host, memory.endpoints),
    deliveries: remote<DeliveryStore>(network, host, memory.deliveries),
  };
}

function appendIn(
  { memory, transactions }: Network,
  events: readonly NewEvent[],
  executor?: Executor,
): readonly Appended[] {
  if (executor === undefined) return memory.log.append(events, null);
  const transaction = transactions.get(executor);
  if (transaction === undefined) throw new Error("The transaction has ended.");
  return memory.log.append(events, transaction);
}

type Asynchronous<Methods> = { readonly [Name in keyof Methods]: (...parameters: never[]) => Promise<unknown> };

/** Every method of the store, called over the network. */
function remote<Methods extends object>(network: Network, host: Host, methods: Immediate<Methods>): Methods {
  const wrapped = Object.entries<(...parameters: unknown[]) => unknown>(methods as never).map(([name, method]) => [
    name,
    (...parameters: unknown[]) => call(network, host, { name, effect: () => method(...parameters) }),
  ]);
  // The same names, and each answers with a promise of what it answered with before.
  return Object.fromEntries(wrapped) as Asynchronous<Methods> as Methods;
}

interface Call<Answer> {
  readonly name: string;
  readonly effect: () => Answer;
}

function call<Answer>(network: Network, host: Host, { name, effect }: Call<Answer>): Promise<Answer> {
  const { scheduler, faults } = network;
  return new Promise((resolve, reject) => {
    const fate = drawFate(network);
    const answer = (run: () => void, outcome: string) =>
      void scheduler.after({ host, kind: "work", label: `${name} ${outcome}`, afterMs: fate.backMs, run });
    const arrive = () => {
      // Whether what a process wrote last before it died got there is chance.
      if (host.state === "dead" && scheduler.random.isLucky(0.5)) return;
      if (fate.kind === "lost") {
        faults.lostCalls += 1;
        network.lost(host);
        return answer(() => reject(new ConnectionLost(`${name} did not get there.`)), "lost");
      }
      try {
        const value = effect();
        if (fate.kind === "answered") return answer(() => resolve(value), "done");
        faults.unknownCalls += 1;
        answer(() => reject(new ConnectionLost(`${name} was not answered.`)), "unknown");
      } catch (error) {
        answer(() => reject(error), "refused");
      }
    };
    scheduler.after({ host: null, kind: "work", label: `${host.name} ${name}`, afterMs: fate.thereMs, run: arrive });
  });
}

interface Fate {
  readonly kind: "answered" | "lost" | "unknown";
  readonly thereMs: number;
  readonly backMs: number;
}

function drawFate({ scheduler: { random }, conditions, faults }: Network): Fate {
  const isSlow = random.isLucky(conditions.slowProbability);
  if (isSlow) faults.slowCalls += 1;
  const ms = () => random.below((isSlow ? conditions.slowMsMax : conditions.callMsMax) + 1);
  const chance = random.next();
  const isLost = conditions.isDown || chance < conditions.lostProbability;
  const isUnknown = chance < conditions.lostProbability + conditions.unknownProbability;
  return { kind: isLost ? "lost" : isUnknown ? "unknown" : "answered", thereMs: ms(), backMs: ms() };
}

/** Word gets around in some milliseconds, or gets lost. */
function signalsOf({ scheduler, listeners, conditions }: Network, host: Host): Signals {
  return {
    notify: (word) => {
      for (const [other, callback] of listeners) {
        if (other === host || scheduler.random.isLucky(conditions.signalLossProbability)) continue;
        scheduler.after({ host: other, kind: "work", label: "signal", afterMs: 10, run: () => callback(word) });
      }
    },
    listen: (callback) => {
      listeners.set(host, callback);
      return () => void listeners.delete(host);
    },
  };
}
