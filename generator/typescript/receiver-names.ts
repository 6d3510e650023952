import type { ContractModel, EventType } from "../model.ts";
import { pascalCase, typescriptGlobals } from "../names.ts";
import { once } from "../once.ts";
import { resolveNames } from "../resolved-names.ts";

/** The contract with names that TypeScript can have. Fields are called what they are called on the wire. */
export const inTypeScript = once((contract: ContractModel): ContractModel =>
  resolveNames(contract, {
    typeName: pascalCase,
    reservedTypes: [...typescriptGlobals, ...own],
    laterName: unknownVariant,
    events: "types",
    members: null,
  }),
);

/** The interface of an event, `DeploymentCreated`. */
export function eventName({ name, named }: EventType): string {
  return pascalCase(named ?? name);
}

/** The member of an open union that stands for kinds which were added later. */
export function unknownVariant(shape: string): string {
  return `Unknown${shape}`;
}

const own =
  `Authorization Envelope EventMap InstanceType Pick ReceiverContract Secrets UnknownEvent Webhook WebhookEvent
Allow Deny Others Override Overrides VerdictMap`.split(/\s+/);
