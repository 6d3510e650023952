import type { Contract } from "../../catalog/contract.ts";

/** The contract of that id. Throws when there is none: then the generated files are older than the catalog. */
export function declarationOf(declarations: readonly Contract[], id: string): Contract {
  const declaration = declarations.find((candidate) => candidate.id === id);
  if (declaration !== undefined) return declaration;
  const known = declarations.map((candidate) => candidate.id).join(", ");
  throw new Error(`The catalog has no contract "${id}"; it has ${known}. Run "hookwright generate".`);
}
