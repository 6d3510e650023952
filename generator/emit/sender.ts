/** The module of one contract by which the product sends: the types of what it emits, or of what it asks. */
import { hardLine } from "../lines.ts";
import type { Piece } from "../lines.ts";
import type { ContractModel } from "../model.ts";
import { pascalCase } from "../names.ts";
import { marker } from "../output.ts";
import { docComment, documented, importNames, interfaceOf, moduleOf, propertyKey } from "../typescript-syntax.ts";

/** What a product sends with: it emits events, and asks questions. */
export interface Sender {
  readonly type: "Emitter" | "Asker";
  readonly file: string;
  /** The interface of all of them in `catalog.ts`. */
  readonly all: string;
  readonly allDoc: string;
  /** Ends the name of the interface of its data. */
  readonly data: string;
  readonly key: string;
}

export const emitterSender: Sender = {
  type: "Emitter",
  file: "emitter.ts",
  all: "Emitters",
  allDoc: "What the product emits with, by contract.",
  data: "EventData",
  key: "event type",
};

export const askerSender: Sender = {
  type: "Asker",
  file: "asker.ts",
  all: "Askers",
  allDoc: "What the product asks with, by contract.",
  data: "Questions",
  key: "trigger",
};

export function senderOf({ declaration }: ContractModel): Sender {
  return declaration.mode === "action" ? askerSender : emitterSender;
}

export function senderModule(contract: ContractModel): Piece {
  const { title, id } = contract.declaration;
  const { type, file, data, key } = senderOf(contract);
  const withMeta = contract.events.flatMap((event) => (event.meta === null ? [] : [{ ...event, meta: event.meta }]));
  const [unsaid] = type === "Asker" ? withMeta : [];
  if (unsaid !== undefined)
    throw new Error(`${unsaid.name}: a question says nothing beside its data. Leave WithMeta out.`);
  const used = [
    ...contract.events.map((event) => event.data),
    ...withMeta.map((event) => event.meta),
    ...answers(contract),
  ];
  const shapes = [...new Set(used)].sort();
  const dataName = pascalCase(id) + data;
  const metaName = `${pascalCase(id)}EventMeta`;
  const sender = senderName(contract);
  const members = contract.events.map((event) => documented(event.doc, `${propertyKey(event.name)}: ${event.data};`));
  const header = [
    `// ${marker}`,
    importNames("import type", [type], `../../${file}`),
    ...(shapes.length === 0 ? [] : [importNames("import type", shapes, "./schemas.ts")]),
  ];
  const metas = withMeta.map((event) => `${propertyKey(event.name)}: ${event.meta};`);
  const metaComment = titleComment(`${title}: what is said beside the data, by ${key}.`);
  const said = metas.length === 0 ? [] : [[metaComment, hardLine, interfaceOf(metaName, metas)]];
  const parameters = [dataName, ...(metas.length === 0 ? [] : [metaName]), ...answers(contract)];
  return moduleOf(header, [
    [titleComment(`${title}: the data by ${key}.`), hardLine, interfaceOf(dataName, members)],
    ...said,
    `export type ${sender} = ${type}<${parameters.join(", ")}>;`,
  ]);
}

/** The type of what a question comes back with. */
function answers({ verdict }: ContractModel): readonly string[] {
  return verdict === null ? [] : [verdict];
}

export function senderName(contract: ContractModel): string {
  return pascalCase(contract.declaration.id) + senderOf(contract).type;
}

export function titleComment(summary: string): Piece {
  return docComment({ summary, details: "", deprecated: null }) ?? "";
}
