import type { ContractModel, EventType } from "../model.ts";
import { pascalCase } from "../names.ts";
import type { NameSpace } from "../names.ts";

/** Names of a contract's components; they start with its id, as a document holds all contracts. */
export interface ComponentNames {
  readonly ofShape: (shape: string) => string;
  readonly ofEvent: (event: EventType) => string;
  readonly ofHeader: (header: string) => string;
}

/** Throws when two things of the document would have one name. */
export function componentNames(contract: ContractModel, claimed: NameSpace): ComponentNames {
  const { id, headers } = contract.declaration;
  const prefix = pascalCase(id);
  const names: ComponentNames = {
    ofShape: (shape) => prefix + shape,
    ofEvent: (event) => prefix + pascalCase(event.name),
    ofHeader: (header) => `${prefix}${pascalCase(header.toLowerCase())}Header`,
  };
  for (const shape of contract.shapes) claimed.claim(names.ofShape(shape.name), `the shape ${id}:${shape.name}`);
  for (const event of contract.events) claimed.claim(names.ofEvent(event), `the event type ${id}:${event.name}`);
  for (const header of Object.keys(headers)) claimed.claim(names.ofHeader(header), `the header ${id}:${header}`);
  return names;
}
