import { describe, test } from "vitest";
import { findBinaries } from "./binaries.ts";

/** Why there is no PostgreSQL to test with. Null: there is. */
export function missingPostgres(of: "any" | "own cluster"): string | null {
  if (findBinaries() !== null) return null;
  if (of === "any" && process.env.HOOKWRIGHT_TEST_DATABASE_URL !== undefined) return null;
  return of === "any"
    ? "no postgres and initdb on this machine, and HOOKWRIGHT_TEST_DATABASE_URL is not set"
    : "no postgres and initdb on this machine";
}

/** Tests that need PostgreSQL: skipped with the reason where there is none, or failed where a skip is refused. */
export function describePostgres(name: string, define: () => void, of: "any" | "own cluster" = "any"): void {
  const missing = missingPostgres(of);
  if (missing === null) describe(name, define);
  else if (process.env.HOOKWRIGHT_TEST_SKIP === "refuse") {
    test(name, () => Promise.reject(new Error(`A skip is refused: ${missing}.`)));
  } else test.skip(`${name}: ${missing}`, () => {});
}
