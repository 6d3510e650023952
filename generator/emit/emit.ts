import type { Emitter } from "../emitter.ts";
import { hardLine, print } from "../lines.ts";
import type { Piece } from "../lines.ts";
import type { CatalogModel, ContractModel } from "../model.ts";
import { camelCase } from "../names.ts";
import { once } from "../once.ts";
import { marker } from "../output.ts";
import { eventTypesName, inRuntime } from "../typebox/typebox.ts";
import { blockObject, call, importNames, inlineObject, interfaceOf } from "../typescript-syntax.ts";
import { literal, moduleOf, propertyKey, raw } from "../typescript-syntax.ts";
import { askerSender, emitterSender, senderModule, senderName, senderOf, titleComment } from "./sender.ts";
import type { Sender } from "./sender.ts";

/** The typed `emit` or `ask` of each contract that the product sends over, and the catalog that the runtime takes. */
export const emit: Emitter = {
  target: "emit",
  owns: ["runtime/generated"],
  emit: (catalog) => [
    ...sent(catalog).map(senderFile),
    { path: "runtime/generated/catalog.ts", text: print(catalogModule(catalog)) },
  ],
};

const senderFile = once((contract: ContractModel) => ({
  path: `runtime/generated/${contract.declaration.id}/${senderOf(contract).file}`,
  text: print(senderModule(inRuntime(contract))),
}));

function sent(catalog: CatalogModel): readonly ContractModel[] {
  return catalog.contracts.filter((contract) => contract.declaration.producer === "product");
}

function catalogModule(read: CatalogModel): Piece {
  const catalog = { contracts: read.contracts.map(inRuntime) };
  const { contracts } = catalog;
  const header = [
    `// ${marker}`,
    importNames("import", ["catalog as declarations"], "../../catalog/index.ts"),
    importNames("import", ["catalogOf", "declarationOf"], "../contracts/declaration.ts"),
    ...contracts.flatMap((contract) => imports(contract, sent(catalog).includes(contract))),
  ];
  const isAsked = sent(catalog).some((contract) => senderOf(contract) === askerSender);
  return moduleOf(header, [
    [
      titleComment("Every contract with its event types, by id."),
      hardLine,
      catalogConstant(contracts, isAsked ? "Emitters & Askers" : "Emitters"),
    ],
    senders(catalog, emitterSender),
    ...(isAsked ? [senders(catalog, askerSender)] : []),
  ]);
}

function senders(catalog: CatalogModel, sender: Sender): Piece {
  const contracts = sent(catalog).filter((contract) => senderOf(contract) === sender);
  const members = contracts.map((contract) => {
    const member = `${propertyKey(contract.declaration.id)}: ${senderName(contract)};`;
    return [titleComment(`${contract.declaration.title}.`), hardLine, member];
  });
  return [titleComment(sender.allDoc), hardLine, interfaceOf(sender.all, members)];
}

/** The constant that stands for a verdict's schema where those of several contracts meet. */
function verdictName({ declaration }: ContractModel): string {
  return `${camelCase(declaration.id)}Verdict`;
}

function imports(contract: ContractModel, isSent: boolean): readonly Piece[] {
  const folder = `./${contract.declaration.id}`;
  const verdict = contract.verdict === null ? [] : [`${contract.verdict} as ${verdictName(contract)}`];
  return [
    ...(isSent ? [importNames("import type", [senderName(contract)], `${folder}/${senderOf(contract).file}`)] : []),
    importNames("import", [eventTypesName(contract), ...verdict], `${folder}/schemas.ts`),
  ];
}

/** `senders`: the type of what the product emits and asks with. */
function catalogConstant(contracts: readonly ContractModel[], senders: string): Piece {
  const entries = contracts.map((contract) => {
    const declaration = call(
      "declarationOf",
      raw("declarations"),
      inlineObject([
        ["id", literal(contract.declaration.id)],
        ["mode", literal(contract.declaration.mode)],
      ]),
    );
    const entry = inlineObject([
      ["declaration", declaration],
      ["eventTypes", raw(eventTypesName(contract))],
      ...(contract.verdict === null ? [] : [["verdict", raw(verdictName(contract))] as const]),
    ]);
    return [contract.declaration.id, entry] as const;
  });
  return [`export const catalog = catalogOf<${senders}>()(`, blockObject(entries).piece, ");"];
}
