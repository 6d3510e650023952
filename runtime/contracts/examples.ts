import type { Contract } from "../../catalog/contract.ts";
import { eventTypeOf } from "./contract-of.ts";
import type { Payload } from "./event-data.ts";
import type { WireContract } from "./wire-contract.ts";

export interface NamedExample extends Payload {
  readonly name: string;
}

/** The catalog's examples of an event type, each with its name. */
export function examplesOf(contract: WireContract<Contract>, type: string): readonly NamedExample[] {
  // The catalog's examples are typed by their event; here the event is known by name only.
  const examples = contract.declaration.examples as Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  const hasMeta = eventTypeOf(contract, type, "type").meta !== null;
  const payload = (example: unknown) => (hasMeta ? (example as Payload) : { data: example });
  return Object.entries(examples[type] ?? {}).map(([name, example]) => ({ name, ...payload(example) }));
}
