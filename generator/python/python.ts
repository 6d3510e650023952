import type { Emitter, OutputFile } from "../emitter.ts";
import { print } from "../lines.ts";
import type { ContractModel } from "../model.ts";
import { once } from "../once.ts";
import { eventsModule } from "./events-module.ts";
import { fixturesModule } from "./fixtures-module.ts";
import { modelsModule } from "./models-module.ts";
import { packageModule } from "./package-module.ts";
import { inPython, packageName } from "./python-names.ts";

const folder = "sdks/python/src/hookwright_webhooks";

/** The receivers' SDK in Python: for each contract a package with its `Webhook`, its types, and its examples as events. */
export const python: Emitter = {
  target: "python",
  // The hand-written core stands beside the contracts; it is never stale, since its files do not have the marker.
  owns: [folder],
  emit: (catalog) => catalog.contracts.flatMap(ownFiles),
};

const ownFiles = once((contract: ContractModel) =>
  contractFiles(contract, `${folder}/${packageName(contract.declaration.id)}`),
);

/** The files of one contract's package. */
export function contractFiles(read: ContractModel, at: string): readonly OutputFile[] {
  const contract = inPython(read);
  return [
    { path: `${at}/__init__.py`, text: print(packageModule(contract)) },
    { path: `${at}/models.py`, text: print(modelsModule(contract)) },
    { path: `${at}/events.py`, text: print(eventsModule(contract)) },
    { path: `${at}/fixtures.py`, text: print(fixturesModule(contract)) },
  ];
}
