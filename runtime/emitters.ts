import type { TypedCatalog } from "./contracts/declaration.ts";
import type { EmitUntyped, UntypedInput } from "./emitter.ts";

/** An emitter for each contract whose events the product emits, by the contract's id; what is asked is not emitted. */
export function createEmitters<Emitters extends object>(catalog: TypedCatalog<Emitters>, emit: EmitUntyped): Emitters {
  const products = Object.values(catalog).filter(
    ({ declaration }) => declaration.producer === "product" && declaration.mode !== "action",
  );
  const entries = products.map(({ declaration: { id } }) => {
    return [id, { emit: (type: string, event: UntypedInput) => emit(id, type, event) }];
  });
  // The generator wrote the interface `Emitters` from the same catalog, so this has its form.
  return Object.fromEntries(entries) as Emitters;
}
