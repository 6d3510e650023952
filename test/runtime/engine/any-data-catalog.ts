import { Type } from "@sinclair/typebox";
import { catalog as declarations } from "../../../catalog/index.ts";
import type { EventType, WireCatalog } from "../../../runtime/contracts/wire-contract.ts";

/** The catalog's declarations with event types that take any data: the engine never looks inside. */
export function anyDataCatalog(): WireCatalog {
  const any: EventType = {
    group: "",
    summary: "",
    details: "",
    deprecated: null,
    title: null,
    level: null,
    since: null,
    schema: Type.Unknown(),
    meta: null,
    truncated: [],
  };
  return Object.fromEntries(
    declarations.map((declaration) => {
      const names = Object.keys(declaration.examples);
      return [declaration.id, { declaration, eventTypes: Object.fromEntries(names.map((name) => [name, any])) }];
    }),
  );
}
