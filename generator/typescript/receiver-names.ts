import type { ContractModel, EventType } from "../model.ts";
import { nameSpace, pascalCase, typescriptGlobals } from "../names.ts";

/** Names of a contract's module in the SDK that do not stand in the model. */
export interface ReceiverNames {
  /** The interface of an event, `DeploymentCreated`. */
  readonly eventOf: (event: EventType) => string;
}

/** Throws when two things of a contract would have one name. */
export function receiverNames(contract: ContractModel): ReceiverNames {
  const names = nameSpace(
    `The TypeScript SDK of "${contract.declaration.id}"`,
    contract.declaration.mode === "action" ? reservedOfActions : reserved,
  );
  for (const shape of contract.shapes) {
    names.claim(shape.name, `the shape ${shape.name}`);
    if (shape.kind === "union" && shape.open) names.claim(unknownVariant(shape.name), `later kinds of ${shape.name}`);
  }
  const events = new Map(
    contract.events.map((event) => [event.name, names.claim(pascalCase(event.name), `the event type ${event.name}`)]),
  );
  return { eventOf: (event) => events.get(event.name) ?? pascalCase(event.name) };
}

/** The member of an open union that stands for kinds which were added later. */
export function unknownVariant(shape: string): string {
  return `Unknown${shape}`;
}

const own = [
  "Authorization",
  "Envelope",
  "EventMap",
  "InstanceType",
  "Pick",
  "ReceiverContract",
  "UnknownEvent",
  "Webhook",
  "WebhookEvent",
];

const ownOfActions = ["Allow", "Deny", "Others", "Override", "Overrides", "VerdictMap"];

const reserved = new Map([...typescriptGlobals, ...own.map(sdkName)]);

const reservedOfActions = new Map([...reserved, ...ownOfActions.map(sdkName)]);

function sdkName(name: string) {
  return [name, "a name of the SDK itself"] as const;
}
