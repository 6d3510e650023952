import type { TSchema } from "@sinclair/typebox";
import type { Contract, PushContract } from "../../catalog/contract.ts";

/** An event type as the generator writes it. */
export interface EventType<Data extends TSchema = TSchema> {
  readonly group: string;
  readonly summary: string;
  /** Markdown; empty when the summary says it all. */
  readonly details: string;
  /** Null unless deprecated. */
  readonly deprecated: string | null;
  /** What people call it, `Failed Login`. Null when it has no other name. */
  readonly title: string | null;
  /** From 0 (debug) to 4 (critical). Null where the contract has no levels. */
  readonly level: number | null;
  /** The version it came with. Null when the catalog names none. */
  readonly since: string | null;
  /** Of the event's data, strict: no keys but those it names. */
  readonly schema: Data;
  /** Of what it says beside its data, as strict. Null: it says nothing beside it, and a meta is refused. */
  readonly meta: TSchema | null;
  /** Texts that are cut at emit: the path from the event's data, and the most UTF-16 code units that are sent. */
  readonly truncated: readonly { readonly path: readonly string[]; readonly max: number }[];
}

/** A contract with the event types that were generated for it; in mode `push` unless it says otherwise. */
export interface WireContract<Declaration extends Contract = PushContract> {
  readonly declaration: Declaration;
  readonly eventTypes: Readonly<Record<string, EventType>>;
  /** Of an answer, in mode `action`; tolerant: it may have other keys, and other words where a set is open. */
  readonly verdict?: TSchema;
}

/** The generated catalog: contracts by id. The first is the one that is meant when none is named. */
export type WireCatalog = Readonly<Record<string, WireContract<Contract>>>;
