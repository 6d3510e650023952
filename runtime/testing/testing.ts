import type { PushContract } from "../../catalog/contract.ts";
import { contractOf, pushContractOf } from "../contracts/contract-of.ts";
import type { TypedCatalog } from "../contracts/declaration.ts";
import { examplesOf } from "../contracts/examples.ts";
import { createNewId, createPooledRandom } from "../contracts/identifier.ts";
import { createEmitters } from "../emitters.ts";
import { HookwrightError } from "../errors.ts";
import { createEmit, createRender } from "../events.ts";
import type { Executor, NewEvent } from "../seams/log-store.ts";
import { readEmitted, type ContractOf, type DataOf, type ReadEmitted, type TypeOf } from "./emitted.ts";
import { createMemoryLog, type TestTransaction } from "./memory-log.ts";
import { attemptOf, testSecrets, type TestAttempt, type TestReceiver } from "./receiving.ts";

export { assertEmitted, matchers, type EmittedMatchers, type EmittedPattern, type HasEmitted } from "./matchers.ts";
export { failing, type Failure, type TestAttempt, type TestReceiver } from "./receiving.ts";
export type { EmittedInTest } from "./emitted.ts";
export type { TestTransaction } from "./memory-log.ts";

export interface TestingOptions<Emitters> {
  /** `catalog` from the generated `catalog.ts`. */
  readonly catalog: TypedCatalog<Emitters>;
  /** The time at the start, in milliseconds since 1970. Left out: now. It stands still until it is advanced. */
  readonly now?: number;
}

/** A Hookwright in memory: the emitters of the catalog, and what a test asks of them. */
export type TestHookwright<Emitters> = Emitters & {
  readonly emitted: ReadEmitted<Emitters>;
  /** The data of the catalog's example of a type: the first, or the one of that name. */
  readonly example: <Contract extends ContractOf<Emitters>, Type extends TypeOf<Emitters, Contract>>(
    contract: Contract,
    type: Type,
    name?: string,
  ) => DataOf<Emitters, Contract, Type>;
  /** The secret, or the public key, that a receiver of a contract's deliveries verifies them with. */
  readonly secretOf: (contract: ContractOf<Emitters>) => string;
  /** Time stands still but for `advance`; `new Webhook(secret, { now: hooks.clock.now })` follows it. */
  readonly clock: { readonly now: () => number; readonly advance: (ms: number) => void };
  /**
   * Makes every attempt that is due, signed as the contract says, and decides each by the contract's outcomes and waits.
   * Those that are to be tried again become due when the clock is advanced. Contracts in other modes than push are left out.
   */
  readonly deliver: (receiver: TestReceiver) => Promise<readonly TestAttempt[]>;
  /** The same, advancing the clock to whatever is due next, until nothing waits. */
  readonly deliverAll: (receiver: TestReceiver) => Promise<readonly TestAttempt[]>;
  /** Runs work whose emits with `tx` are there once it resolves, and never were if it rejects. */
  readonly transaction: <Answer>(work: (tx: TestTransaction) => Promise<Answer>) => Promise<Answer>;
  /** Forgets what was emitted and what waits. */
  readonly clear: () => void;
};

interface Waiting {
  readonly event: NewEvent;
  readonly declaration: PushContract;
  number: number;
  /** Null: it is delivered, or given up. */
  dueAt: number | null;
}

/**
 * Opens a Hookwright for tests, without a database, an engine or a server. Emits are validated and rendered as ever, and an
 * idempotency key does what it does. Whatever is given as `tx`, but for a transaction of `transaction`, is taken as one that
 * commits: whether it does is up to the database of a test that has one, and to `openHookwright`.
 */
export function openTesting<Emitters extends object>({
  catalog,
  now: start = Date.now(),
}: TestingOptions<Emitters>): TestHookwright<Emitters> {
  let time = start;
  const log = createMemoryLog();
  const waiting = new Map<NewEvent, Waiting>();
  const clock = { now: () => time, monotonic: () => time, after: () => () => undefined };
  const newId = createNewId(createPooledRandom());
  const render = createRender({ catalog, clock, newId });
  const executorIn = (tx: unknown) => tx as Executor;
  const parts = { catalog, store: log, executorIn, clock, newId, wake: () => {}, gather: queueMicrotask };
  const emitted = (contract?: string, type?: string) =>
    log.events
      .filter((event) => (contract ?? event.contract) === event.contract && (type ?? event.type) === event.type)
      .map((event) => readEmitted(catalog, event));

  function due(): readonly Waiting[] {
    for (const event of log.events) {
      const { declaration } = contractOf(catalog, event.contract);
      if (waiting.has(event) || declaration.mode !== "push") continue;
      waiting.set(event, { event, declaration, number: 1, dueAt: event.time });
    }
    return [...waiting.values()].filter(({ dueAt }) => dueAt !== null && dueAt <= time);
  }

  async function deliver(receiver: TestReceiver): Promise<readonly TestAttempt[]> {
    const attempts: TestAttempt[] = [];
    for (const each of due()) {
      const attempt = await attemptOf(each.declaration, each.event, { number: each.number, now: time, receiver });
      each.number += 1;
      each.dueAt = attempt.dueAt;
      attempts.push(attempt);
    }
    return attempts;
  }

  async function deliverAll(receiver: TestReceiver): Promise<readonly TestAttempt[]> {
    const attempts = [...(await deliver(receiver))];
    for (;;) {
      const next = Math.min(...[...waiting.values()].flatMap(({ dueAt }) => (dueAt === null ? [] : [dueAt])));
      if (next === Infinity) return attempts;
      time = Math.max(time, next);
      attempts.push(...(await deliver(receiver)));
    }
  }

  const testing = {
    emitted,
    example: (contract: string, type: string, name?: string) => exampleOf(catalog, { contract, type, name }),
    secretOf: (contract: string) => secretOf(pushContractOf(catalog, contract).declaration),
    clock: { now: () => time, advance: (ms: number) => void (time += ms) },
    deliver,
    deliverAll,
    transaction: async <Answer>(work: (tx: TestTransaction) => Promise<Answer>) => {
      const tx = log.begin();
      const answer = await work(tx);
      tx.commit();
      return answer;
    },
    clear: () => {
      log.clear();
      waiting.clear();
    },
  };
  // The members have the types that the generated emitters give them, which are not known here.
  return Object.assign(
    createEmitters(catalog, { emit: createEmit(parts, render), ask }),
    testing,
  ) as TestHookwright<Emitters>;
}

function ask(): never {
  const message = "ask: a Hookwright for tests asks nobody; test what asks with a stub of ask, or with openHookwright.";
  throw new HookwrightError("invalid_request", message);
}

function secretOf(declaration: PushContract): string {
  const { shared, publicKey } = testSecrets(declaration);
  return shared ?? publicKey ?? "";
}

function exampleOf(
  catalog: TypedCatalog<unknown>,
  of: { readonly contract: string; readonly type: string; readonly name?: string | undefined },
): unknown {
  const examples = examplesOf(contractOf(catalog, of.contract), of.type);
  const example = of.name === undefined ? examples[0] : examples.find(({ name }) => name === of.name);
  if (example !== undefined) return structuredClone(example.data);
  const names = examples.map(({ name }) => JSON.stringify(name)).join(", ") || "none";
  const message = `name: expected an example of ${of.type}, which are ${names}, got ${JSON.stringify(of.name)}.`;
  throw new HookwrightError("invalid_request", message, { path: "name" });
}
