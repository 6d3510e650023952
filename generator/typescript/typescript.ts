import type { Emitter } from "../emitter.ts";
import { print } from "../lines.ts";
import { fixturesModule } from "./fixtures-module.ts";
import { receiverModule } from "./receiver-module.ts";

/** The receivers' SDK in TypeScript: for each contract its types with their `Webhook`, and its examples as events. */
export const typescript: Emitter = {
  target: "typescript",
  owns: ["sdks/typescript/src/contracts"],
  emit: (catalog) =>
    catalog.contracts.flatMap((contract) => [
      { path: `sdks/typescript/src/contracts/${contract.declaration.id}.ts`, text: print(receiverModule(contract)) },
      {
        path: `sdks/typescript/src/contracts/${contract.declaration.id}.fixtures.ts`,
        text: print(fixturesModule(contract)),
      },
    ]),
};
