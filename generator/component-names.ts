import type { ContractModel, EventType } from "./model.ts";
import { pascalCase } from "./names.ts";
import type { NameSpace } from "./names.ts";
import { once } from "./once.ts";

/** Names of a contract's components; they start with its id, as a document holds all contracts. */
export interface ComponentNames {
  readonly ofShape: (shape: string) => string;
  readonly ofEvent: (event: EventType) => string;
  readonly ofHeader: (header: string) => string;
  /** Any event of the contract. */
  readonly anyEvent: string;
  /** What a request of a contract in mode `stream` holds. */
  readonly batch: string;
}

export const componentNames = once(({ declaration }: ContractModel): ComponentNames => {
  const prefix = pascalCase(declaration.id);
  return {
    ofShape: (shape) => prefix + shape,
    ofEvent: (event) => prefix + pascalCase(event.name),
    ofHeader: (header) => `${prefix}${pascalCase(header.toLowerCase())}Header`,
    anyEvent: `${prefix}Event`,
    batch: `${prefix}Batch`,
  };
});

/** Throws when two things of the document would have one name. */
export function claimComponents(contract: ContractModel, names: ComponentNames, claimed: NameSpace): void {
  const { id, headers, mode } = contract.declaration;
  for (const shape of contract.shapes) claimed.claim(names.ofShape(shape.name), `the shape ${id}:${shape.name}`);
  for (const event of contract.events) claimed.claim(names.ofEvent(event), `the event type ${id}:${event.name}`);
  for (const header of Object.keys(headers)) claimed.claim(names.ofHeader(header), `the header ${id}:${header}`);
  if (mode !== "action") claimed.claim(names.anyEvent, `any event of ${id}`);
  if (mode === "stream") claimed.claim(names.batch, `a batch of ${id}`);
}
