import { shapeOf } from "../model.ts";
import type { ContractModel, EventType } from "../model.ts";
import { compareNames } from "./compare-names.ts";
import { compareShape } from "./compare-shapes.ts";
import type { Difference } from "./finding.ts";

/** A change of a payload with its whole path, and the event types whose payload it is part of. */
export interface PayloadDifference extends Difference {
  readonly events: readonly string[];
}

/** Two shapes that stand in the same place, and where they do: in an event type, or in another pair. */
interface Pair {
  readonly name: string;
  readonly differences: readonly Difference[];
  readonly uses: { readonly at: string; readonly from: Pair | EventType }[];
}

/**
 * What changed in the payloads of the event types that are in both contracts. Each pair of shapes is compared once: a
 * change of a shape that stands in several places is told by the shape's name, with the event types that use it.
 */
export function comparePayloads(before: ContractModel, after: ContractModel): readonly PayloadDifference[] {
  const pairs = new Map<string, Pair>();
  const visit = (names: { readonly before: string; readonly after: string }, use: Pair["uses"][number]): void => {
    const key = `${names.before}\n${names.after}`;
    const known = pairs.get(key);
    if (known !== undefined) {
      known.uses.push(use);
      return;
    }
    const { differences, nested } = compareShape(shapeOf(before, names.before), shapeOf(after, names.after));
    const inSdks = compareNames({ contract: before, shape: names.before }, { contract: after, shape: names.after });
    const pair: Pair = { name: names.after, differences: [...differences, ...inSdks], uses: [use] };
    pairs.set(key, pair);
    for (const inner of nested) visit(inner, { at: inner.at, from: pair });
  };
  for (const event of after.events) {
    const was = before.events.find(({ name }) => name === event.name);
    if (was === undefined) continue;
    visit({ before: was.data, after: event.data }, { at: ".data", from: event });
    if (was.meta !== null && event.meta !== null)
      visit({ before: was.meta, after: event.meta }, { at: ".meta", from: event });
  }
  return [...pairs.values()].flatMap((pair) => {
    const [path, events] = [pathOf(pair), [...eventsOf(pair)]];
    return pair.differences.map((difference) => ({ ...difference, at: path + difference.at, events }));
  });
}

function pathOf(pair: Pair | EventType): string {
  if (!("uses" in pair)) return pair.name;
  const [use, ...others] = pair.uses;
  return use === undefined || others.length > 0 ? pair.name : pathOf(use.from) + use.at;
}

function eventsOf(pair: Pair | EventType): ReadonlySet<string> {
  if (!("uses" in pair)) return new Set([pair.name]);
  return new Set(pair.uses.flatMap(({ from }) => [...eventsOf(from)]));
}
