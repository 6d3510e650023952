import type { Emitter } from "../emitter.ts";
import { print } from "../lines.ts";
import type { ContractModel } from "../model.ts";
import { once } from "../once.ts";
import { fixturesModule } from "./fixtures-module.ts";
import { receiverModule } from "./receiver-module.ts";

/** The receivers' SDK in TypeScript: for each contract its types with their `Webhook`, and its examples as events. */
export const typescript: Emitter = {
  target: "typescript",
  owns: ["sdks/typescript/src/contracts"],
  emit: (catalog) => catalog.contracts.flatMap(contractFiles),
};

const contractFiles = once((contract: ContractModel) => {
  const path = `sdks/typescript/src/contracts/${contract.declaration.id}`;
  return [
    { path: `${path}.ts`, text: print(receiverModule(contract)) },
    { path: `${path}.fixtures.ts`, text: print(fixturesModule(contract)) },
  ];
});
