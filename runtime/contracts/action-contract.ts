import type { ActionContract, Contract } from "../../catalog/contract.ts";
import { HookwrightError } from "../errors.ts";
import { contractOf } from "./contract-of.ts";
import type { WireCatalog, WireContract } from "./wire-contract.ts";

/** The contract of that id in mode `action`; left out, the catalog's first one. Throws `unknown_contract`. */
export function actionContractOf(catalog: WireCatalog, id: string | undefined): WireContract<ActionContract> {
  const contract = id === undefined ? Object.values(catalog).find(isAction) : contractOf(catalog, id);
  if (contract !== undefined && isAction(contract)) return contract;
  const got = contract === undefined ? "none" : `${JSON.stringify(id)}, which is in mode ${contract.declaration.mode}`;
  const message = `contract: expected one in mode action, got ${got}.`;
  throw new HookwrightError("unknown_contract", message, { path: "contract" });
}

function isAction(contract: WireContract<Contract>): contract is WireContract<ActionContract> {
  return contract.declaration.mode === "action";
}
