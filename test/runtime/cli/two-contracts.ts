import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A copy of the catalog with two of its contracts alone: a tenth of what there is to read and to write. */
export function copyTwoContracts(root: string): void {
  for (const file of ["contract.ts", "presets.ts", "vocabulary.ts", "stech", "hookwright"]) {
    cpSync(join("catalog", file), join(root, "catalog", file), { recursive: true });
  }
  const index = `import { hookwright } from "./hookwright/contract.ts";
import { stech } from "./stech/contract.ts";

export const catalog = [stech, hookwright] as const;
`;
  writeFileSync(join(root, "catalog/index.ts"), index);
}
