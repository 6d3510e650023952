import type { CatalogModel, ContractModel } from "./model.ts";
import type { SeenFiles } from "./output.ts";
import type { ParsedFiles } from "./read/sources.ts";

/** What one run leaves to the next in the same process, so that an edit costs what it changes. */
export interface Kept {
  readonly parsed: ParsedFiles;
  /** By id, as they were last read. */
  readonly contracts: Map<string, KeptContract>;
  readonly seen: SeenFiles;
}

interface KeptContract {
  readonly contract: ContractModel;
  readonly json: string;
}

export function nothingKept(): Kept {
  return { parsed: new Map(), contracts: new Map(), seen: new Map() };
}

/** The same catalog, in which each contract that is as it was is also the same object: see `once`. */
export function keepContracts(catalog: CatalogModel, { contracts }: Kept): CatalogModel {
  const kept = catalog.contracts.map((contract) => {
    const { id } = contract.declaration;
    const json = JSON.stringify(contract);
    const known = contracts.get(id);
    if (known?.json === json) return known.contract;
    contracts.set(id, { contract, json });
    return contract;
  });
  return { contracts: kept };
}
