import type { PushContract } from "../../catalog/contract.ts";
import { HookwrightError } from "../errors.ts";

/** How many entries a page has by the contract's limits (R-STECH-78). Throws `invalid_request` when too many are asked for. */
export function pageLimit(
  asked: number | undefined,
  { pageDefault, pageMax }: Pick<PushContract["log"], "pageDefault" | "pageMax">,
): number {
  if (asked === undefined) return pageDefault;
  if (asked <= pageMax) return asked;
  const message = `limit: expected a number from 1 to ${pageMax}, got ${asked}.`;
  throw new HookwrightError("invalid_request", message, { path: "limit" });
}
