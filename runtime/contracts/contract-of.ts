import type { Contract, StreamContract } from "../../catalog/contract.ts";
import { HookwrightError } from "../errors.ts";
import { nearNames } from "../near-names.ts";
import type { EventType, WireCatalog, WireContract } from "./wire-contract.ts";

/** The contract whose events are the facts about endpoints, deliveries and all else that is ours. */
export const factsContract = "hookwright";

/** The contract of that id. Throws `unknown_contract`. */
export function contractOf(catalog: WireCatalog, id: string): WireContract<Contract> {
  const contract = Object.hasOwn(catalog, id) ? catalog[id] : undefined;
  if (contract !== undefined) return contract;
  const known = Object.keys(catalog).join(", ");
  const message = `contract: expected one of ${known}, got ${JSON.stringify(id)}.`;
  throw new HookwrightError("unknown_contract", message, { path: "contract" });
}

/** The same of a contract in mode `push`, for what has deliveries. Throws `unknown_contract`. */
export function pushContractOf(catalog: WireCatalog, id: string): WireContract {
  const contract = contractOf(catalog, id);
  if (isPush(contract)) return contract;
  const { mode } = contract.declaration;
  const message = `contract: expected one in mode push, got ${JSON.stringify(id)}, which is in mode ${mode}.`;
  throw new HookwrightError("unknown_contract", message, { path: "contract" });
}

export function isPush(contract: WireContract<Contract>): contract is WireContract {
  return contract.declaration.mode === "push";
}

/** The same of a contract in mode `stream`. */
export function streamContractOf(catalog: WireCatalog, id: string): WireContract<StreamContract> {
  const { declaration, ...rest } = contractOf(catalog, id);
  if (declaration.mode === "stream") return { declaration, ...rest };
  const message = `contract: expected one in mode stream, got ${JSON.stringify(id)}, which is in mode ${declaration.mode}.`;
  throw new HookwrightError("unknown_contract", message, { path: "contract" });
}

/** The contract's event type of that name; `path` is where the name stands. Throws `unknown_event_type` (D-STECH-10). */
export function eventTypeOf(
  { declaration, eventTypes }: WireContract<Contract>,
  name: string,
  path: string,
): EventType {
  const eventType = Object.hasOwn(eventTypes, name) ? eventTypes[name] : undefined;
  if (eventType !== undefined) return eventType;
  const near = nearNames(name, Object.keys(eventTypes)).map((type) => JSON.stringify(type));
  const meant = near.length === 0 ? "" : ` Did you mean ${near.join(" or ")}?`;
  const message = `${path}: the contract "${declaration.id}" has no event type ${JSON.stringify(name)}.${meant}`;
  throw new HookwrightError("unknown_event_type", message, { path });
}
