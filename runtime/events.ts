import type { Contract } from "../catalog/contract.ts";
import { refuseTooLarge } from "./contracts/body-size.ts";
import { createCompanions } from "./contracts/companions.ts";
import { compilePayload, type PreparePayload } from "./contracts/event-data.ts";
import { checkGiven } from "./contracts/given.ts";
import { masked } from "./contracts/masking.ts";
import { withoutEmpty } from "./contracts/omission.ts";
import { checkTenantMember } from "./contracts/tenant-member.ts";
import { payloadOf, renderEnvelope } from "./contracts/envelope.ts";
import type { NewId } from "./contracts/identifier.ts";
import { refuseReserved } from "./contracts/reserved-tenant.ts";
import { contractOf, eventTypeOf, factsContract } from "./contracts/contract-of.ts";
import type { WireCatalog, WireContract } from "./contracts/wire-contract.ts";
import type { Clock } from "./seams/clock.ts";
import type { EmitUntyped, EmittedEvent, UntypedInput } from "./emitter.ts";
import { HookwrightError } from "./errors.ts";
import { traceEmit } from "./tracing.ts";
import type { ProductTransaction } from "./transactions/product-transaction.ts";
import {
  isErased,
  type Appended,
  type Events,
  type Executor,
  type LogStore,
  type NewEvent,
} from "./seams/log-store.ts";

export interface EventParts {
  readonly catalog: WireCatalog;
  readonly store: Pick<LogStore, "append">;
  /** Runs statements in a transaction of the product's. Throws for what is none, or has ended. */
  readonly executorIn: (transaction: ProductTransaction) => Executor;
  readonly clock: Clock;
  readonly newId: NewId;
  /**
   * Called after events were appended, once for all that shared an insert, so that the engine reads the log. Those of a
   * transaction of the product's are `uncommitted`.
   */
  readonly wake: (appended: "log" | "uncommitted") => void;
  /** Calls back when no more events are about to arrive together with one that has. Left out: `setImmediate`. */
  readonly gather?: (flush: () => void) => void;
}

/** How emit renders an event, and its companions after it, before they are appended. */
export type RenderEvent = (
  contract: string,
  type: string,
  event: Omit<UntypedInput, "tx"> & Pick<NewEvent, "trace">,
) => Events;

/** An event of the contract that carries Hookwright's own facts. */
export interface Fact {
  readonly type: string;
  readonly tenant: string;
  readonly data: unknown;
  readonly idempotencyKey?: string;
}

export type RenderFact = (fact: Fact) => Events;

export function createRenderFact(render: RenderEvent): RenderFact {
  return ({ type, ...event }) => render(factsContract, type, event);
}

/** The most events, companions aside, one shared insert carries; the knee of the curve lies between 100 and 500 rows. */
const sharedInsertMax = 500;
/** And the most text: an insert copies it several times on its way. */
const sharedTextMax = 8 * 1024 * 1024;

/** Validates and renders, once: the text made here is what is stored, signed and sent. */
export function createRender(parts: Pick<EventParts, "catalog" | "clock" | "newId">): RenderEvent {
  const prepared = new Map<string, PreparePayload>();
  const companionsOf = createCompanions(parts.catalog);

  function renderOne({
    contract: contractId,
    type,
    tenant,
    time,
    idempotencyKey,
    trace,
    ...payload
  }: RenderInput): NewEvent {
    const { declaration } = contractOf(parts.catalog, contractId);
    checkGiven(type, declaration.envelope, payload.data);
    const id = parts.newId(declaration.ids.event, time);
    const body = renderEnvelope(declaration.envelope, { id, type, time, tenant, ...payload });
    refuseTooLarge(declaration, { id, type, body });
    return { id, contract: contractId, type, tenant, time, body, idempotencyKey, trace };
  }

  function render(input: RenderInput): Events {
    const contract = contractOf(parts.catalog, input.contract);
    const { declaration } = contract;
    const { data, ...said } = prepareOf(prepared, contract, input.type)(input);
    checkTenantMember(declaration, { ...input, data });
    const payload = { data: masked(declaration.masked, data), ...said };
    const first = renderOne({ ...input, ...payload });
    const companions = companionsOf({ ...input, data: payload.data }).flatMap((companion) =>
      render({ ...input, meta: undefined, ...companion }),
    );
    return companions.length === 0
      ? [first]
      : [first, ...companions.map((event) => ({ ...event, companionOf: first }))];
  }

  return (contract, type, { tenant, data, meta, idempotencyKey, trace = null }) =>
    render({
      contract,
      type,
      tenant: checkText("tenant", tenant),
      time: parts.clock.now(),
      data,
      meta,
      idempotencyKey: idempotencyKey === undefined ? null : checkText("idempotencyKey", idempotencyKey),
      trace,
    });
}

/** An event to render; `time` is milliseconds since 1970. */
interface RenderInput extends Pick<NewEvent, "contract" | "type" | "tenant" | "time" | "idempotencyKey"> {
  readonly trace: string | null;
  readonly data: unknown;
  readonly meta: unknown;
}

/**
 * `emit`: with `tx` it adds one statement to the caller's transaction; without, emits that are under way at the same
 * time share an insert, and the promise resolves once that is on disk.
 */
export function createEmit(parts: EventParts, render: RenderEvent): EmitUntyped {
  const share = shareInserts(parts);
  async function emit(contract: string, type: string, input: UntypedInput, trace: string | null) {
    checkEmit(parts.catalog, contract, input.tenant);
    const events = render(contract, type, { ...input, trace });
    const appended = input.tx === undefined ? await share(events) : await appendIn(input.tx, events, parts);
    return emitted(appended, events[0], parts.catalog);
  }
  return (contract, type, input) =>
    traceEmit({ contract, type, tenant: input.tenant }, (trace) => emit(contract, type, input, trace));
}

/** Throws unless the product emits events of the contract, for a tenant of its own. */
export function checkEmit(catalog: WireCatalog, contract: string, tenant: string): void {
  refuseUnemitted(contractOf(catalog, contract).declaration);
  refuseReserved(checkText("tenant", tenant));
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
  const eventType = eventTypeOf(contract, type, "type");
  const checked = compilePayload(type, eventType);
  const omits = contract.declaration.omits === "empty";
  const prepare: PreparePayload = omits
    ? ({ data, ...said }) => checked({ data: withoutEmpty(eventType.schema, data), ...said })
    : checked;
  prepared.set(key, prepare);
  return prepare;
}

/**
 * 255 characters fit every index and header. PostgreSQL refuses text with a null character, and with it everything else
 * in the same insert.
 */
function checkText(name: string, value: string): string {
  if (typeof value === "string" && value.length > 0 && value.length <= 255 && !value.includes("\0")) return value;
  const got = typeof value === "string" ? describeText(value) : typeof value;
  const message = `${name}: expected text of 1 to 255 characters, none of them U+0000, got ${got}.`;
  throw new HookwrightError("invalid_request", message, { path: name });
}

const describeText = (text: string) => (text.includes("\0") ? "one that is U+0000" : `${text.length} characters`);

async function appendIn(tx: ProductTransaction, events: Events, parts: EventParts): Promise<Appended | undefined> {
  const [appended] = await parts.store.append(events, parts.executorIn(tx));
  parts.wake("uncommitted");
  return appended;
}

/**
 * Group commit: while one insert is on its way, later events wait for the next and share it. An event's companions are
 * in the same insert.
 */
function shareInserts({
  store,
  wake,
  gather = setImmediate,
}: Pick<EventParts, "store" | "wake" | "gather">): (events: Events) => Promise<Appended | undefined> {
  interface Waiting {
    readonly events: Events;
    readonly resolve: (appended: Appended | undefined) => void;
    readonly reject: (error: unknown) => void;
  }
  let waiting: Waiting[] = [];
  let isRunning = false;

  async function insertNext(): Promise<void> {
    const count = sharedCount(waiting);
    const batch = waiting.slice(0, count);
    waiting = waiting.slice(count);
    try {
      const appended = await store.append(batch.flatMap((entry) => entry.events));
      wake("log");
      let index = 0;
      for (const entry of batch) {
        entry.resolve(appended[index]);
        index += entry.events.length;
      }
    } catch (error) {
      for (const entry of batch) entry.reject(error);
    }
  }

  async function run(): Promise<void> {
    while (waiting.length > 0) await insertNext();
    isRunning = false;
  }

  return (events) =>
    new Promise((resolve, reject) => {
      waiting.push({ events, resolve, reject });
      if (isRunning) return;
      isRunning = true;
      // Once all sockets that have something to read were read, so that requests which arrive together share an insert.
      // A microtask later each would be alone: on SQLite, where an insert leaves no time for others to arrive, that was
      // a third of the events a second.
      gather(() => void run());
    });
}

/** How many of those that wait share the next insert; at least one. */
function sharedCount(waiting: readonly { readonly events: Events }[]): number {
  let length = 0;
  const first = waiting.slice(0, sharedInsertMax);
  const excess = first.findIndex(({ events }, index) => {
    for (const { body } of events) length += body.length;
    return index > 0 && length > sharedTextMax;
  });
  return excess === -1 ? first.length : excess;
}

/** What was appended. Throws `idempotency_conflict` when the key had been used for something else. */
export function emitted(appended: Appended | undefined, event: NewEvent, catalog: WireCatalog): EmittedEvent {
  const first = appended?.event ?? event;
  const created = appended?.created ?? true;
  if (!created) refuseOtherContent(first, event, contractOf(catalog, event.contract));
  const { id, type, tenant, time, body } = first;
  return { id, type, tenant, time, body, created };
}

/** A key that is used again has to mean the same event; anything else is a mistake that would lose one of them. */
function refuseOtherContent(first: NewEvent, repeat: NewEvent, contract: WireContract<Contract>): void {
  // What it said is not known any more.
  if (isErased(first)) return;
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
