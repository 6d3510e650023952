import type { TypedCatalog } from "./contracts/declaration.ts";
import type { AskUntyped, Question } from "./asker.ts";
import type { EmitUntyped, UntypedInput } from "./emitter.ts";

/** What they work with. */
export interface EmitterParts {
  readonly emit: EmitUntyped;
  readonly ask: AskUntyped;
}

/** An emitter for each contract whose events the product emits, an asker for each that is asked, by the contract's id. */
export function createEmitters<Emitters extends object>(
  catalog: TypedCatalog<Emitters>,
  { emit, ask }: EmitterParts,
): Emitters {
  const products = Object.values(catalog).filter(({ declaration }) => declaration.producer === "product");
  const entries = products.map(({ declaration: { id, mode } }) => {
    const emitter = { emit: (type: string, event: UntypedInput) => emit(id, type, event) };
    const asker = { ask: (trigger: string, question: Question<unknown>) => ask(id, trigger, question) };
    return [id, mode === "action" ? asker : emitter];
  });
  // The generator wrote the interfaces `Emitters` and `Askers` from the same catalog, so this has their form.
  return Object.fromEntries(entries) as Emitters;
}
