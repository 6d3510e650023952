import type { ProductTransaction } from "./transactions/product-transaction.ts";

/** One event to emit. */
export interface EmitInput<Data> {
  /** Whose endpoints get it. */
  readonly tenant: string;
  readonly data: Data;
  /**
   * A repeat with the same key, tenant and contract returns the first event and appends nothing, for as long as that
   * event is kept: retention drops it together with its key.
   */
  readonly idempotencyKey?: string;
  /** The transaction it becomes part of, by one statement. Left out: it has one of its own. */
  readonly tx?: ProductTransaction;
}

/** One event of a type that says something beside its data. */
export interface EmitInputWithMeta<Data, Meta> extends EmitInput<Data> {
  readonly meta: Meta;
}

/** An event that stands in the log (with `tx`: that will, once the transaction commits). */
export interface EmittedEvent {
  readonly id: string;
  readonly type: string;
  readonly tenant: string;
  /** Milliseconds since 1970. */
  readonly time: number;
  /** What is sent, to the byte. */
  readonly body: string;
  /** False when the idempotency key had been used: this is the first event. */
  readonly created: boolean;
}

/**
 * Emits events of one contract, together with the companions that the contract declares. Data that do not have the
 * declared type are refused with `invalid_event_data`, keys the type does not name included, and nothing is written. So
 * is what is said beside them: the event types of `EventMeta` need their `meta`, the others take none.
 */
export interface Emitter<EventData, EventMeta = object> {
  readonly emit: <Type extends keyof EventData & string>(
    type: Type,
    event: Type extends keyof EventMeta
      ? EmitInputWithMeta<EventData[Type], EventMeta[Type]>
      : EmitInput<EventData[Type]>,
  ) => Promise<EmittedEvent>;
}

/** An event whose type is known only at run time, and with it whether it takes a meta. */
export type UntypedInput = EmitInput<unknown> & Partial<EmitInputWithMeta<unknown, unknown>>;

/** `emit` for callers that know contract and type only at run time. */
export type EmitUntyped = (contract: string, type: string, event: UntypedInput) => Promise<EmittedEvent>;
