import type { ContractModel, EventType } from "../model.ts";

/** Where the schemas are published. An `$id` is a name: it stays the same wherever a copy is served. */
const baseUrl = "https://hookwright.dev/schemas";

export const schemasFolder = "runtime/generated/schemas";

export const bundleUrl = `${baseUrl}/bundle.json`;

/** The `$id` of an event type's schema. */
export function schemaUrl(contract: ContractModel, event: EventType): string {
  return `${baseUrl}/${fileOf(contract, event)}`;
}

export function schemaPath(contract: ContractModel, event: EventType): string {
  return `${schemasFolder}/${fileOf(contract, event)}`;
}

function fileOf({ declaration }: ContractModel, event: EventType): string {
  return `${declaration.id}/${encodeURIComponent(event.name)}.json`;
}
