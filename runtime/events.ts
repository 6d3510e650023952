import type { Contract } from "../catalog/contract.ts";
import type { QueryExecutorProvider } from "kysely";
import { compilePayload, type PreparePayload } from "./contracts/event-data.ts";
import { payloadOf, renderEnvelope } from "./contracts/envelope.ts";
import { newId, type Random } from "./contracts/identifier.ts";
import { contractOf, eventTypeOf } from "./contracts/contract-of.ts";
import type { WireCatalog, WireContract } from "./contracts/wire-contract.ts";
import type { Clock } from "./clock.ts";
import type { EmitUntyped, EmittedEvent, ProductTransaction, UntypedInput } from "./emitter.ts";
import { HookwrightError } from "./errors.ts";
import type { Appended, Executor, LogStore, NewEvent } from "./store.ts";

export interface EventParts {
  readonly catalog: WireCatalog;
  readonly store: Pick<LogStore, "append">;
  /** Turns a Kysely transaction into something that runs one statement of the store's dialect. */
  readonly executorOf: (transaction: QueryExecutorProvider) => Executor;
  readonly clock: Clock;
  readonly random: Random;
  /** Called after an event was appended, so that the engine reads the log. */
  readonly wake: () => void;
}

/** How emit renders an event before it is appended. */
export type RenderEvent = (contract: string, type: string, event: Omit<UntypedInput, "tx">) => NewEvent;

/** The most events one shared insert carries; the knee of the curve lies between 100 and 500 rows. */
const sharedInsertMax = 500;

/** Validates and renders, once: the text made here is what is stored, signed and sent. */
export function createRender(parts: Pick<EventParts, "catalog" | "clock" | "random">): RenderEvent {
  const prepared = new Map<string, PreparePayload>();
  return (contractId, type, input) => {
    const contract = contractOf(parts.catalog, contractId);
    const prepare = prepareOf(prepared, contract, type);
    const time = parts.clock.now();
    const envelope = {
      id: newId(contract.declaration.ids.event, time, parts.random),
      type,
      time,
      tenant: checkText("tenant", input.tenant),
      ...prepare(input),
    };
    return {
      id: envelope.id,
      contract: contractId,
      type,
      tenant: input.tenant,
      time,
      body: renderEnvelope(contract.declaration.envelope, envelope),
      idempotencyKey: input.idempotencyKey === undefined ? null : checkText("idempotencyKey", input.idempotencyKey),
    };
  };
}

/**
 * `emit`: with `tx` it adds one statement to the caller's transaction; without, emits that are under way at the same
 * time share an insert, and the promise resolves once that is on disk.
 */
export function createEmit(parts: EventParts, render: RenderEvent): EmitUntyped {
  const share = shareInserts(parts.store);
  return async (contractId, type, input) => {
    refuseUnemitted(contractOf(parts.catalog, contractId).declaration);
    const event = render(contractId, type, input);
    const appended = input.tx === undefined ? await share(event) : await appendIn(input.tx, event, parts);
    parts.wake();
    return emitted(appended, event, parts.catalog);
  };
}

function refuseUnemitted({ id, producer, mode }: Contract): void {
  if (producer === "product" && mode !== "action") return;
  const message =
    producer === "product"
      ? `contract: expected one whose events are emitted, got ${JSON.stringify(id)}, which is in mode ${mode}: it is asked.`
      : `contract: events of "${id}" are emitted by Hookwright alone.`;
  throw new HookwrightError("unknown_contract", message, { path: "contract" });
}

function prepareOf(
  prepared: Map<string, PreparePayload>,
  contract: WireContract<Contract>,
  type: string,
): PreparePayload {
  const key = `${contract.declaration.id} ${type}`;
  const known = prepared.get(key);
  if (known !== undefined) return known;
  const prepare = compilePayload(type, eventTypeOf(contract, type, "type"));
  prepared.set(key, prepare);
  return prepare;
}

/** 255 characters fit every index and header. */
function checkText(name: string, value: string): string {
  if (typeof value === "string" && value.length > 0 && value.length <= 255) return value;
  const got = typeof value === "string" ? `${value.length} characters` : typeof value;
  throw new HookwrightError("invalid_request", `${name}: expected text of 1 to 255 characters, got ${got}.`, {
    path: name,
  });
}

async function appendIn(tx: ProductTransaction, event: NewEvent, parts: EventParts): Promise<Appended | undefined> {
  const executor = "query" in tx ? tx : parts.executorOf(tx);
  const [appended] = await parts.store.append([event], executor);
  return appended;
}

/** Group commit: while one insert is on its way, later events wait for the next and share it. */
function shareInserts(store: Pick<LogStore, "append">): (event: NewEvent) => Promise<Appended | undefined> {
  interface Waiting {
    readonly event: NewEvent;
    readonly resolve: (appended: Appended | undefined) => void;
    readonly reject: (error: unknown) => void;
  }
  let waiting: Waiting[] = [];
  let running = false;

  async function run(): Promise<void> {
    running = true;
    while (waiting.length > 0) {
      const batch = waiting.slice(0, sharedInsertMax);
      waiting = waiting.slice(sharedInsertMax);
      try {
        const appended = await store.append(batch.map((entry) => entry.event));
        batch.forEach((entry, index) => entry.resolve(appended[index]));
      } catch (error) {
        for (const entry of batch) entry.reject(error);
      }
    }
    running = false;
  }

  return (event) =>
    new Promise((resolve, reject) => {
      waiting.push({ event, resolve, reject });
      // A microtask later, so that emits made in one go share the first insert too.
      if (!running) queueMicrotask(() => void (running || run()));
    });
}

function emitted(appended: Appended | undefined, event: NewEvent, catalog: WireCatalog): EmittedEvent {
  const first = appended?.event ?? event;
  const created = appended?.created ?? true;
  if (!created) refuseOtherContent(first, event, contractOf(catalog, event.contract));
  const { id, type, tenant, time, body } = first;
  return { id, type, tenant, time, body, created };
}

/** A key that is used again has to mean the same event; anything else is a mistake that would lose one of them. */
function refuseOtherContent(first: NewEvent, repeat: NewEvent, contract: WireContract<Contract>): void {
  const { envelope } = contract.declaration;
  const same =
    first.type === repeat.type &&
    JSON.stringify(payloadOf(envelope, first.body)) === JSON.stringify(payloadOf(envelope, repeat.body));
  if (same) return;
  throw new HookwrightError(
    "idempotency_conflict",
    `idempotencyKey: ${JSON.stringify(repeat.idempotencyKey)} was used for event ${first.id} (${first.type}) with other content.`,
    { path: "idempotencyKey" },
  );
}
