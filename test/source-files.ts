import { execFileSync } from "node:child_process";

/** Files that git tracks or would track, relative to the root. */
export function trackedFiles(): readonly string[] {
  const args = ["ls-files", "--cached", "--others", "--exclude-standard", "--deduplicate"];
  return execFileSync("git", args, { encoding: "utf8" }).split("\n").filter(Boolean);
}

/** Our TypeScript sources. */
export function sourceFiles(): readonly string[] {
  return trackedFiles().filter((path) => /\.tsx?$/.test(path) && !path.endsWith(".d.ts"));
}
