import { createHash } from "node:crypto";
import type { Companion, CompanionField } from "../../catalog/contract.ts";
import { isPush } from "./contract-of.ts";
import type { WireCatalog } from "./wire-contract.ts";

/** An event type by its contract's id and its name. */
export interface EventKind {
  readonly contract: string;
  readonly type: string;
}

/** An event that goes along with another one. */
export interface CompanionEvent extends EventKind {
  readonly data: unknown;
  readonly idempotencyKey: string | null;
}

/** What goes along with an event, by the declarations of all contracts (`Companion`), in their order. */
export type CompanionsOf = (
  event: EventKind & { readonly data: unknown; readonly idempotencyKey: string | null },
) => readonly CompanionEvent[];

export function createCompanions(catalog: WireCatalog): CompanionsOf {
  const rules = rulesOf(catalog);
  return (event) => {
    const own = rules.get(kindText(event));
    if (own === undefined) return [];
    const fields = fieldsOf(event.data);
    return own.flatMap(({ contract, companion }, index) => {
      if (!applies(companion, fields)) return [];
      const kind = { contract, type: companion.emits };
      const data = dataOf(companion, event.data, fields);
      return [{ ...kind, data, idempotencyKey: derivedKey(event.idempotencyKey, { ...kind, index }) }];
    });
  };
}

const ofCatalog = new WeakMap<WireCatalog, CompanionsOf>();

/** All that goes along with an event, its companions' companions too, by contract and type in the order of the log. */
export function companionKinds(catalog: WireCatalog, event: EventKind & { readonly data: unknown }): readonly string[] {
  const companionsOf = ofCatalog.get(catalog) ?? createCompanions(catalog);
  ofCatalog.set(catalog, companionsOf);
  return companionsOf({ ...event, idempotencyKey: null }).flatMap((companion) => [
    kindText(companion),
    ...companionKinds(catalog, companion),
  ]);
}

interface Rule {
  /** The contract of the companion. */
  readonly contract: string;
  readonly companion: Companion;
}

function rulesOf(catalog: WireCatalog): ReadonlyMap<string, readonly Rule[]> {
  const rules = new Map<string, Rule[]>();
  for (const contract of Object.values(catalog)) {
    if (!isPush(contract)) continue;
    const { id, companions = [] } = contract.declaration;
    for (const companion of companions) {
      const kind = kindText({ contract: companion.contract ?? id, type: companion.of });
      rules.set(kind, [...(rules.get(kind) ?? []), { contract: id, companion }]);
    }
  }
  return rules;
}

export const kindText = ({ contract, type }: EventKind): string => `${contract} ${type}`;

type Fields = Readonly<Record<string, unknown>>;

/** Data are objects; this is where it is known of a value that any product gave. */
function fieldsOf(data: unknown): Fields {
  return Object.fromEntries(Object.entries(typeof data === "object" && data !== null ? data : {}));
}

function applies({ when }: Companion, fields: Fields): boolean {
  return when === undefined || when.in.some((value) => value === fields[when.field]);
}

function dataOf({ data }: Companion, first: unknown, fields: Fields): unknown {
  switch (data.kind) {
    case "same":
      // The object itself where nothing is added, so that the bytes are the same for certain (R-STECH-28).
      return Object.keys(data.adds).length === 0 ? first : { ...data.adds, ...fields };
    case "made":
      return Object.fromEntries(Object.entries(data.fields).map(([name, field]) => [name, valueOf(field, fields)]));
  }
}

function valueOf(field: CompanionField, fields: Fields): unknown {
  if ("constant" in field) return field.constant;
  const value = fields[field.from];
  return field.otherwise === undefined ? value : (value ?? field.otherwise);
}

/** No key that a product thinks of, and the same for every repeat. */
function derivedKey(key: string | null, of: EventKind & { readonly index: number }): string | null {
  if (key === null) return null;
  const text = JSON.stringify([key, of.contract, of.type, of.index]);
  return `companion:${createHash("sha256").update(text).digest("hex")}`;
}
