import type { Emitter } from "../emitter.ts";
import { payloadOf } from "../contracts/envelope.ts";
import { contractOf } from "../contracts/contract-of.ts";
import type { WireCatalog } from "../contracts/wire-contract.ts";
import type { NewEvent } from "../seams/log-store.ts";

/** An event that was emitted in a test. */
export interface EmittedInTest<Contract = string, Type = string, Data = unknown> {
  readonly contract: Contract;
  readonly id: string;
  readonly type: Type;
  readonly tenant: string;
  readonly data: Data;
  /** What it says beside its data. Undefined: nothing. */
  readonly meta: unknown;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly idempotencyKey: string | null;
  /** What is sent, to the byte. */
  readonly body: string;
}

/** The data by event type of a contract's emitter; of what is no emitter, none. */
export type EventDataOf<Value> = Value extends Emitter<infer EventData, infer _Meta> ? EventData : never;

/** The contracts that emit. */
export type ContractOf<Emitters> = {
  [Contract in keyof Emitters & string]: Emitters[Contract] extends Emitter<infer _Data, infer _Meta>
    ? Contract
    : never;
}[keyof Emitters & string];

export type TypeOf<Emitters, Contract extends keyof Emitters> = keyof EventDataOf<Emitters[Contract]> & string;

export type DataOf<Emitters, Contract extends keyof Emitters, Type extends TypeOf<Emitters, Contract>> = EventDataOf<
  Emitters[Contract]
>[Type];

/** The union over the types of a contract, which narrows on `type`. */
export type AnyEmitted<Emitters, Contract extends keyof Emitters & string> = {
  [Type in TypeOf<Emitters, Contract>]: EmittedInTest<Contract, Type, DataOf<Emitters, Contract, Type>>;
}[TypeOf<Emitters, Contract>];

/** What was emitted, in its order: all of it, that of a contract, or that of one type. */
export interface ReadEmitted<Emitters> {
  (): readonly EmittedInTest[];
  <Contract extends ContractOf<Emitters>>(contract: Contract): readonly AnyEmitted<Emitters, Contract>[];
  <Contract extends ContractOf<Emitters>, Type extends TypeOf<Emitters, Contract>>(
    contract: Contract,
    type: Type,
  ): readonly EmittedInTest<Contract, Type, DataOf<Emitters, Contract, Type>>[];
}

export function readEmitted(catalog: WireCatalog, event: NewEvent): EmittedInTest {
  const { contract, id, type, tenant, time, idempotencyKey, body } = event;
  const { data, meta } = payloadOf(contractOf(catalog, contract).declaration.envelope, body);
  return { contract, id, type, tenant, data, meta, time, idempotencyKey, body };
}
