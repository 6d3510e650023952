import { distinctText, hasPlainName, takenBy } from "./distinct-names.ts";
import { carriedFields } from "./envelope.ts";
import type { ContractModel, EventType } from "./model.ts";
import { pascalCase } from "./names.ts";
import type { NameSpace } from "./names.ts";
import { once } from "./once.ts";

/**
 * Names of a contract's components; they start with its id, as a document holds all contracts. Shapes that it has from an
 * earlier contract have the names that they have there.
 */
export interface ComponentNames {
  readonly ofShape: (shape: string) => string;
  readonly ofEvent: (event: EventType) => string;
  readonly ofHeader: (header: string) => string;
  /** Any event of the contract. */
  readonly anyEvent: string;
  /** What a request of a contract in mode `stream` holds. */
  readonly batch: string;
}

export const componentNames = once((contract: ContractModel): ComponentNames => {
  const { declaration, sameTypesAs } = contract;
  const prefix = pascalCase(declaration.id);
  const prefixOfShapes = pascalCase(sameTypesAs ?? declaration.id);
  const { shapes, events, headers } = textsOf(contract);
  return {
    ofShape: (shape) => prefixOfShapes + pascalCase(shapes.get(shape) ?? shape),
    ofEvent: (event) => prefix + pascalCase(events.get(event.name) ?? event.name),
    ofHeader: (header) => prefix + pascalCase(headers.get(header) ?? header),
    anyEvent: `${prefix}Event`,
    batch: `${prefix}Batch`,
  };
});

/** Gives shapes, events and headers texts whose names are distinct within the contract. */
function textsOf({ declaration, shapes, events }: ContractModel) {
  const taken = takenBy(["Event", "Batch"]);
  const named = (
    names: readonly string[],
    { textOf, suffix }: { textOf: (name: string) => string; suffix: string },
  ) => {
    const rule = { nameOf: pascalCase, taken, suffix };
    const plain = names.filter((name) => hasPlainName(textOf(name), rule));
    // A name that can be plain stays so, whatever stands before it that cannot.
    const ordered = [...plain, ...names.filter((name) => !plain.includes(name))];
    return new Map(ordered.map((name) => [name, distinctText(textOf(name), rule)]));
  };
  const asItIs = (name: string) => name;
  return {
    events: named(
      events.map(({ name }) => name),
      { textOf: asItIs, suffix: "event" },
    ),
    shapes: named(
      shapes.map(({ name }) => name),
      { textOf: asItIs, suffix: "data" },
    ),
    headers: named(headersOf(declaration), { textOf: (name) => `${name.toLowerCase()} header`, suffix: "value" }),
  };
}

const headersOf = (declaration: ContractModel["declaration"]): readonly string[] => [
  ...carriedFields(declaration).map(({ header }) => header),
  ...Object.keys(declaration.headers),
];

/** The names of all components that a contract has in a document; those of its shapes may be an earlier one's. */
export function componentsOf(contract: ContractModel): readonly string[] {
  const names = componentNames(contract);
  const { mode } = contract.declaration;
  const own = contract.sameTypesAs === undefined ? contract.shapes : [];
  return [
    ...own.map((shape) => names.ofShape(shape.name)),
    ...contract.events.map(names.ofEvent),
    ...headersOf(contract.declaration).map(names.ofHeader),
    ...(mode === "action" ? [] : [names.anyEvent]),
    ...(mode === "stream" ? [names.batch] : []),
  ];
}

/** Throws when two contracts would have a component of one name, which the reader refuses. */
export function claimComponents(contract: ContractModel, claimed: NameSpace): void {
  for (const name of componentsOf(contract)) claimed.claim(name, `the component ${name} of ${contract.declaration.id}`);
}
