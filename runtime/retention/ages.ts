import { HookwrightError } from "../errors.ts";
import type { WireCatalog } from "../contracts/wire-contract.ts";
import type { Horizons } from "../seams/store.ts";

/** How old something may be, in milliseconds; of contracts that are not named, `others`. Null: as old as it likes. */
export interface Age {
  readonly others: number | null;
  readonly byContract: Readonly<Record<string, number>>;
}

/** How long what is kept. */
export interface RetentionAges {
  /** Events, with their attempts. */
  readonly events: Age;
  /** Payloads of events, where they go before their events do. */
  readonly payloads: Age;
  /** Both of events with a delivery that was refused or given up, where that is longer. */
  readonly failed: Age;
}

export const anyAge: Age = { others: null, byContract: {} };

/** Every event that is older than this goes, whatever its contract. */
export function olderThan(ms: number): RetentionAges {
  return { events: { others: ms, byContract: {} }, payloads: anyAge, failed: anyAge };
}

/** What of a contract's events may go, at a time. */
export function horizonsAt({ events, payloads, failed }: RetentionAges, now: number, contract: string): Horizons {
  const before = (age: Age) => {
    const own = Object.hasOwn(age.byContract, contract) ? age.byContract[contract] : undefined;
    const ms = own ?? age.others;
    return ms === null ? null : now - ms;
  };
  return { events: before(events), payloads: before(payloads), failed: before(failed) };
}

/** No event that happened then or later goes, nor its payload: that of the shortest age. Null: nothing ever does. */
export function newestHorizon({ events, payloads }: RetentionAges, now: number): number | null {
  const ages = [events, payloads]
    .flatMap(({ others, byContract }) => [others ?? [], ...Object.values(byContract)])
    .flat();
  return ages.length === 0 ? null : now - Math.min(...ages);
}

/** Throws `invalid_configuration` for a contract that the catalog does not have. */
export function checkContracts(ages: RetentionAges, catalog: WireCatalog): void {
  const named = Object.values(ages).flatMap(({ byContract }: Age) => Object.keys(byContract));
  const unknown = named.find((contract) => !Object.hasOwn(catalog, contract));
  if (unknown === undefined) return;
  const message = `retention: expected contracts of the catalog, which are ${Object.keys(catalog).join(", ")}, got ${JSON.stringify(unknown)}.`;
  throw new HookwrightError("invalid_configuration", message);
}
