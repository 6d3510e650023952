import type { Emitter, OutputFile } from "../emitter.ts";
import type { ContractModel } from "../model.ts";
import { once } from "../once.ts";
import { commentLines } from "./comment.ts";
import { decoderDeclarations } from "./decoders.ts";
import { eventDeclarations } from "./events.ts";
import { inGo, packageName } from "./names.ts";
import { shapeDeclarations } from "./shapes.ts";
import { goFile, note } from "./source.ts";
import { fixtures, vectorsTest } from "./tests.ts";
import { verdictDeclarations } from "./verdict.ts";
import { webhookDeclarations } from "./webhook.ts";

const folder = "sdks/go/contracts";

/** The receivers' SDK in Go: for each contract a package with its types and its `Webhook`, and one with its examples. */
export const go: Emitter = {
  target: "go",
  owns: [folder],
  emit: (catalog) => catalog.contracts.filter(({ events }) => events.length > 0).flatMap(filesOf),
};

const filesOf = once((read: ContractModel): readonly OutputFile[] => {
  const contract = inGo(read);
  const { declaration } = contract;
  const name = packageName(declaration.id);
  const shapes = contract.shapes.filter((shape) => shape.name !== contract.verdict);
  const [introduction = ""] = declaration.doc.split("\n\n");
  const comment = { ...note(`Package ${name} receives ${declaration.title} as typed events.`), details: introduction };
  const files = {
    "doc.go": goFile(name, [], commentLines(comment)),
    "events.go": goFile(name, eventDeclarations(contract)),
    "shapes.go": goFile(
      name,
      shapes.flatMap((shape) => shapeDeclarations(contract, shape)),
    ),
    "decode.go": goFile(name, decoderDeclarations(contract)),
    "webhook.go": goFile(name, webhookDeclarations(contract)),
    ...(declaration.mode === "action" ? { "verdict.go": goFile(name, verdictDeclarations(contract)) } : {}),
    "vectors_test.go": vectorsTest(contract),
    [`${name}test/${name}test.go`]: fixtures(contract),
  };
  return Object.entries(files).map(([file, text]) => ({ path: `${folder}/${name}/${file}`, text }));
});
