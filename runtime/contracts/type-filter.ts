import type { StreamContract } from "../../catalog/contract.ts";
import type { StreamSettings, TypeFilter } from "../seams/stream-store.ts";
import type { WireContract } from "./wire-contract.ts";

/**
 * Which event types a stream sends, from its settings and the catalog as they are now. Of a level or above, and the
 * types that are named; neither set: all of them. Types that the contract leaves out by default are sent only where they
 * are named (F-AUTH0-06, D-AUTH0-03).
 */
export function typeFilterOf(
  { declaration, eventTypes }: WireContract<StreamContract>,
  { level, types }: Pick<StreamSettings, "level" | "types">,
): TypeFilter {
  const { filter } = declaration;
  if (filter.kind === "none") return { except: [] };
  if (level === null && types.length === 0) return { except: filter.exceptByDefault };
  const ofLevel =
    level === null
      ? []
      : Object.keys(eventTypes).filter(
          (type) => (eventTypes[type]?.level ?? 0) >= level && !filter.exceptByDefault.includes(type),
        );
  return { only: [...new Set([...types, ...ofLevel])].sort() };
}
