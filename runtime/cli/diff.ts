import { changelogEntry } from "../../generator/compat/changelog.ts";
import { compareWithEarlier, type CompareFlags } from "./compare.ts";

/** Prints the changelog entry for what changed since an earlier catalog; what is approved changed as well. */
export async function runDiff(flags: CompareFlags, now: number): Promise<void> {
  const { findings, approved } = await compareWithEarlier(flags, now);
  process.stdout.write(changelogEntry([...findings, ...approved.map(({ finding }) => finding)]));
}
