import type { Contract } from "../../catalog/contract.ts";
import type { WireCatalog } from "./wire-contract.ts";

/** The contract of that id and mode. Throws when there is none: then the generated files are older than the catalog. */
export function declarationOf<Mode extends Contract["mode"]>(
  declarations: readonly Contract[],
  { id, mode }: { readonly id: string; readonly mode: Mode },
): Extract<Contract, { mode: Mode }> {
  const isMeant = (candidate: Contract): candidate is Extract<Contract, { mode: Mode }> =>
    candidate.id === id && candidate.mode === mode;
  const declaration = declarations.find(isMeant);
  if (declaration !== undefined) return declaration;
  const known = declarations.map((candidate) => candidate.id).join(", ");
  throw new Error(`The catalog has no contract "${id}" in mode ${mode}; it has ${known}. Run "hookwright generate".`);
}

declare const emitters: unique symbol;

/** Known to the type checker alone: what the product emits with. */
type CarriesEmitters<Emitters> = { readonly [emitters]?: Emitters };

/** A generated catalog with its emitters. */
export type TypedCatalog<Emitters> = WireCatalog & CarriesEmitters<Emitters>;

/** Ties a generated catalog to its emitters. Called twice, so that the second type argument is inferred. */
export function catalogOf<Emitters>(): <Catalog extends WireCatalog>(
  catalog: Catalog,
) => Catalog & CarriesEmitters<Emitters> {
  return (catalog) => catalog;
}
