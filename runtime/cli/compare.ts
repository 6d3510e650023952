import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { approvalsName, approve, parseApprovals } from "../../generator/compat/approvals.ts";
import type { ApprovedFindings } from "../../generator/compat/approvals.ts";
import { baselineName } from "../../generator/compat/baseline.ts";
import { compareCatalogs } from "../../generator/compat/compare-catalogs.ts";
import type { ReadLines } from "../../generator/compat/format-text.ts";
import { readEarlierCatalog } from "./earlier-catalog.ts";
import { lineReader } from "./line-reader.ts";
import { readPresentCatalog, type CatalogPlace } from "./present-catalog.ts";

export interface CompareFlags extends CatalogPlace {
  /** A git ref or a baseline file; left out, the baseline beside the catalog's index. */
  readonly against?: string;
}

export interface Comparison extends ApprovedFindings {
  readonly against: string;
  readonly readLines: ReadLines;
}

/** The catalog beside an earlier one, with approvals as of `now`. Throws when either cannot be read. */
export async function compareWithEarlier(flags: CompareFlags, now: number): Promise<Comparison> {
  const root = resolve(flags.root);
  const against = flags.against ?? relative(process.cwd(), join(root, dirname(flags.index), baselineName));
  const present = await readPresentCatalog(flags);
  const earlier = await readEarlierCatalog(against, { root, index: flags.index });
  const findings = compareCatalogs(earlier.model, present);
  const approved = approve(findings, readApprovals(root, flags.index), new Date(now).toISOString().slice(0, 10));
  return { ...approved, against, readLines: { before: earlier.readLine, after: lineReader(root) } };
}

function readApprovals(root: string, index: string) {
  const name = join(dirname(index), approvalsName);
  const file = join(root, name);
  return existsSync(file) ? parseApprovals(readFileSync(file, "utf8"), name) : [];
}
