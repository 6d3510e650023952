import { createHash } from "node:crypto";
import { isPush } from "./contract-of.ts";
import type { WireCatalog } from "./wire-contract.ts";

/**
 * One thing that a process has to have to make a delivery, as the text that is kept with deliveries that wait for it:
 * `contract:stech`, `type:stech/deployment.created`, `declaration:stech#3`, `key:2026-01`.
 */
export type Need = string;

/** Numbers of the declarations of contracts, in the order in which processes first came with them. */
export type DeclarationNumbers = ReadonlyMap<string, number>;

/** What this process has. */
export interface Abilities {
  readonly catalog: WireCatalog;
  readonly declarations: DeclarationNumbers;
  /** Whether its key ring has the key. */
  readonly hasKey: (id: string) => boolean;
}

/** An endpoint as far as it decides who can deliver to it. */
interface ServedEndpoint {
  readonly contract: string;
  /** The number of the declaration under which it was made or last changed. Null: it is not known. */
  readonly declaration: number | null;
}

/** An event as far as it decides who can deliver it. */
interface TypedEvent {
  readonly contract: string;
  readonly type: string;
}

/** Gives what this process lacks to deliver anything to the endpoint. Null: nothing. */
export function needOfEndpoint(
  { catalog, declarations }: Omit<Abilities, "hasKey">,
  { contract, declaration }: ServedEndpoint,
): Need | null {
  const known = catalog[contract];
  if (known === undefined || !isPush(known)) return `contract:${contract}`;
  const isNewer = declaration !== null && declaration > (declarations.get(contract) ?? declaration);
  return isNewer ? `declaration:${contract}#${declaration}` : null;
}

/** Gives what this process lacks to deliver this event, given that it can deliver to the endpoint. Null: nothing. */
export function needOfEvent(catalog: WireCatalog, { contract, type }: TypedEvent) {
  return catalog[contract]?.eventTypes[type] === undefined ? `type:${contract}/${type}` : null;
}

export const needOfKey = (id: string): Need => `key:${id}`;

/** Whether this process has what these deliveries wait for. */
export function serves({ catalog, declarations, hasKey }: Abilities, need: Need): boolean {
  const { kind, name, detail } = partsOf(need);
  const known = catalog[name];
  switch (kind) {
    case "contract":
      return known !== undefined && isPush(known);
    case "type":
      return known?.eventTypes[detail] !== undefined;
    case "declaration":
      return known !== undefined && isPush(known) && (declarations.get(name) ?? 0) >= Number(detail);
    case "key":
      return hasKey(name);
    default:
      return false;
  }
}

/** Says what is needed: `the contract "stech"`. */
export function describeNeed(need: Need): string {
  const { kind, name, detail } = partsOf(need);
  switch (kind) {
    case "contract":
      return `the contract "${name}"`;
    case "type":
      return `the event type "${detail}" of the contract "${name}"`;
    case "declaration":
      return `the declaration of the contract "${name}" of ${detail} or later`;
    case "key":
      return `the key "${name}", with which the endpoint's secret is sealed`;
    default:
      return need;
  }
}

function partsOf(need: Need): { readonly kind: string; readonly name: string; readonly detail: string } {
  const [, kind = "", name = "", , detail = ""] = /^(\w+):([^/#]*)([/#](.*))?$/s.exec(need) ?? [];
  return { kind, name, detail };
}

/** The hash of each contract's declaration, by contract; documentation and examples apart. */
export function declarationHashes(catalog: WireCatalog): ReadonlyMap<string, string> {
  const hashOf = (declaration: object) =>
    createHash("sha256")
      .update(JSON.stringify(sorted(declaration)))
      .digest("hex");
  return new Map(Object.entries(catalog).map(([id, { declaration }]) => [id, hashOf(declaration)]));
}

/** Parts of a declaration that say nothing to a receiver. */
const unheard = new Set(["examples", "summary", "details", "description"]);

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).filter(([name]) => !unheard.has(name));
  return Object.fromEntries(
    entries.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([name, each]) => [name, sorted(each)]),
  );
}
