import type { Contract } from "../../catalog/contract.ts";
import { eventArguments } from "../contracts/event-arguments.ts";
import { receiveSchema } from "../contracts/receive-schema.ts";
import type { WireContract } from "../contracts/wire-contract.ts";

/** An event type as a client of the Model Context Protocol sees it. */
export interface ListedEvent {
  readonly name: string;
  readonly description: string;
  readonly delivery: readonly ("webhook" | "poll")[];
  /** JSON Schema of what a subscriber may ask for. */
  readonly inputSchema: object;
  /** JSON Schema of the data as they are received. */
  readonly payloadSchema: object;
}

/** A contract's event types. Where it takes no subscribers they can be polled alone; questions are no events. */
export function listedEvents(contract: WireContract<Contract>): readonly ListedEvent[] {
  if (contract.declaration.mode === "action") return [];
  return Object.entries(contract.eventTypes).map(([name, { summary, details, deprecated, schema }]) => ({
    name,
    description: [summary, details, deprecated === null ? "" : `Deprecated. ${deprecated}`]
      .filter(Boolean)
      .join("\n\n"),
    delivery: modesOf(contract.declaration),
    inputSchema: eventArguments(contract, name).schema,
    payloadSchema: receiveSchema(schema),
  }));
}

function modesOf(declaration: Contract): ListedEvent["delivery"] {
  return declaration.mode === "push" && declaration.subscribers !== undefined ? ["webhook", "poll"] : ["poll"];
}
