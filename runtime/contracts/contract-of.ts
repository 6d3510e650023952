import { HookwrightError } from "../errors.ts";
import type { WireCatalog, WireContract } from "./wire-contract.ts";

/** The contract of that id. Throws `unknown_contract`. */
export function contractOf(catalog: WireCatalog, id: string): WireContract {
  const contract = Object.hasOwn(catalog, id) ? catalog[id] : undefined;
  if (contract !== undefined) return contract;
  const known = Object.keys(catalog).join(", ");
  const message = `contract: expected one of ${known}, got ${JSON.stringify(id)}.`;
  throw new HookwrightError("unknown_contract", message, { path: "contract" });
}
