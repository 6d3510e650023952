import type { Emitter } from "../emitter.ts";
import { hardLine, print } from "../lines.ts";
import type { Piece } from "../lines.ts";
import type { CatalogModel, ContractModel } from "../model.ts";
import { nameSpace, pascalCase, typescriptGlobals } from "../names.ts";
import { marker } from "../output.ts";
import { eventTypesName } from "../typebox/typebox.ts";
import {
  blockObject,
  call,
  docComment,
  documented,
  importNames,
  inlineObject,
  interfaceOf,
} from "../typescript-syntax.ts";
import { literal, moduleOf, propertyKey, raw } from "../typescript-syntax.ts";

/** The typed `emit` of each contract that the product emits, and the catalog that the runtime takes. */
export const emit: Emitter = {
  target: "emit",
  owns: ["runtime/generated"],
  emit: (catalog) => [
    ...emitted(catalog).map((contract) => ({
      path: `runtime/generated/${contract.declaration.id}/emitter.ts`,
      text: print(emitterModule(contract)),
    })),
    { path: "runtime/generated/catalog.ts", text: print(catalogModule(catalog)) },
  ],
};

function emitted(catalog: CatalogModel): readonly ContractModel[] {
  return catalog.contracts.filter((contract) => contract.declaration.producer === "product");
}

function emitterModule(contract: ContractModel): Piece {
  const { title } = contract.declaration;
  const names = nameSpace(
    `The emitter of ${title}`,
    new Map([...typescriptGlobals, ["Emitter", "the emitter's type"]]),
  );
  const withMeta = contract.events.flatMap((event) => (event.meta === null ? [] : [{ ...event, meta: event.meta }]));
  const used = [...contract.events.map((event) => event.data), ...withMeta.map((event) => event.meta)];
  const shapes = [...new Set(used)].sort();
  for (const shape of shapes) names.claim(shape, `the shape ${shape}`);
  const eventData = names.claim(`${pascalCase(contract.declaration.id)}EventData`, "the data by event type");
  const eventMeta = names.claim(`${pascalCase(contract.declaration.id)}EventMeta`, "the meta by event type");
  const emitter = names.claim(emitterName(contract), "the emitter");
  const members = contract.events.map((event) => documented(event.doc, `${propertyKey(event.name)}: ${event.data};`));
  const header = [
    `// ${marker}`,
    importNames("import type", ["Emitter"], "../../emitter.ts"),
    ...(shapes.length === 0 ? [] : [importNames("import type", shapes, "./schemas.ts")]),
  ];
  const metas = withMeta.map((event) => `${propertyKey(event.name)}: ${event.meta};`);
  const metaComment = titleComment(`${title}: what is said beside the data, by event type.`);
  const said = metas.length === 0 ? [] : [[metaComment, hardLine, interfaceOf(eventMeta, metas)]];
  return moduleOf(header, [
    [titleComment(`${title}: the data by event type.`), hardLine, interfaceOf(eventData, members)],
    ...said,
    `export type ${emitter} = Emitter<${[eventData, ...(metas.length === 0 ? [] : [eventMeta])].join(", ")}>;`,
  ]);
}

function emitterName({ declaration }: ContractModel): string {
  return `${pascalCase(declaration.id)}Emitter`;
}

function catalogModule(catalog: CatalogModel): Piece {
  refuseCollisions(catalog);
  const { contracts } = catalog;
  const header = [
    `// ${marker}`,
    importNames("import", ["catalog as declarations"], "../../catalog/index.ts"),
    importNames("import", ["catalogOf", "declarationOf"], "../contracts/declaration.ts"),
    ...contracts.flatMap((contract) => imports(contract, emitted(catalog).includes(contract))),
  ];
  const members = emitted(catalog).map((contract) => {
    const member = `${propertyKey(contract.declaration.id)}: ${emitterName(contract)};`;
    return [titleComment(`${contract.declaration.title}.`), hardLine, member];
  });
  return moduleOf(header, [
    [titleComment("Every contract with its event types, by id."), hardLine, catalogConstant(contracts)],
    [titleComment("What the product emits with, by contract."), hardLine, interfaceOf("Emitters", members)],
  ]);
}

function refuseCollisions({ contracts }: CatalogModel): void {
  const reserved = ["catalog", "declarations", "catalogOf", "declarationOf", "Emitters"];
  const names = nameSpace("runtime/generated/catalog.ts", new Map(reserved.map((name) => [name, "the module itself"])));
  for (const contract of contracts) {
    names.claim(eventTypesName(contract), `the event types of "${contract.declaration.id}"`);
    names.claim(emitterName(contract), `the emitter of "${contract.declaration.id}"`);
  }
}

function imports(contract: ContractModel, emits: boolean): readonly Piece[] {
  const folder = `./${contract.declaration.id}`;
  return [
    ...(emits ? [importNames("import type", [emitterName(contract)], `${folder}/emitter.ts`)] : []),
    importNames("import", [eventTypesName(contract)], `${folder}/schemas.ts`),
  ];
}

function catalogConstant(contracts: readonly ContractModel[]): Piece {
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
    ]);
    return [contract.declaration.id, entry] as const;
  });
  return ["export const catalog = catalogOf<Emitters>()(", blockObject(entries).piece, ");"];
}

function titleComment(summary: string): Piece {
  return docComment({ summary, details: "", deprecated: null }) ?? "";
}
