import { exampleEvents } from "../example-events.ts";
import { hardLine } from "../lines.ts";
import type { Piece } from "../lines.ts";
import type { ContractModel, EventType } from "../model.ts";
import { marker } from "../output.ts";
import { carriedId } from "../receiver-contract.ts";
import { constants, docComment, importNames, moduleOf } from "../typescript-syntax.ts";

/** The catalog's examples as typed events, for receivers' tests. */
export function fixturesModule(contract: ContractModel): Piece {
  const { id, title } = contract.declaration;
  const header = [`// ${marker}`, importNames("import type", ["EventMap"], `./${id}.ts`)];
  const fixtures = Object.fromEntries(contract.events.map((event) => [event.name, fixturesOf(contract, event)]));
  const summary = `The examples of ${title} as events, by type and name. Ids and times are made up and stay the same.`;
  return moduleOf(header, [
    [
      docComment({ summary, details: "", deprecated: null }) ?? "",
      hardLine,
      ["export const fixtures = ", constants(fixtures, 3).piece],
      " satisfies { readonly [Type in keyof EventMap]: Readonly<Record<string, EventMap[Type]>> };",
    ],
  ]);
}

function fixturesOf(contract: ContractModel, event: EventType): Readonly<Record<string, unknown>> {
  const carried = contract.declaration.mode === "stream" ? null : carriedId(contract);
  const own = (id: string) => (carried === null ? {} : { [carried.as]: id });
  const events = exampleEvents(contract, event);
  return Object.fromEntries(events.map((example) => [example.name, { ...own(example.id), ...example.event }]));
}
