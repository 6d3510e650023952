import type { PushContract } from "../../catalog/contract.ts";
import { customHeaders } from "../contracts/custom-headers.ts";
import { parseFilter } from "../contracts/filter.ts";
import type { EndpointOptions } from "./settings.ts";
import { HookwrightError } from "../errors.ts";

/** What a rate and a cap may be; the engine's own cap holds beside it. */
export const optionLimits = { ratePerSecondMax: 1000, inFlightMax: 1000, metadataMax: 16, metadataLengthMax: 512 };

/** The stored form of those options that are given. Throws `invalid_request`. */
export function checkedOptions(
  contract: PushContract,
  { paused, filter, headers, metadata, ratePerSecond, inFlightMax }: Partial<EndpointOptions>,
): Partial<EndpointOptions> {
  // Parsed for what it throws: the engine parses what is stored.
  if (typeof filter === "string") parseFilter(filter);
  if (metadata !== undefined) checkMetadata(metadata);
  if (ratePerSecond !== undefined) checkCount("ratePerSecond", ratePerSecond, optionLimits.ratePerSecondMax);
  if (inFlightMax !== undefined) checkCount("inFlightMax", inFlightMax, optionLimits.inFlightMax);
  return {
    ...(paused !== undefined && { paused }),
    ...(filter !== undefined && { filter }),
    ...(headers !== undefined && { headers: customHeaders(contract, headers) }),
    ...(metadata !== undefined && { metadata }),
    ...(ratePerSecond !== undefined && { ratePerSecond }),
    ...(inFlightMax !== undefined && { inFlightMax }),
  };
}

function checkCount(name: "ratePerSecond" | "inFlightMax", value: number | null, max: number): void {
  if (value === null || (Number.isSafeInteger(value) && value >= 1 && value <= max)) return;
  throw problem(name, `expected a whole number from 1 to ${max}, or null, got ${value}`);
}

function checkMetadata(metadata: EndpointOptions["metadata"]): void {
  const { metadataMax, metadataLengthMax } = optionLimits;
  const entries = Object.entries(metadata);
  if (entries.length > metadataMax) throw problem("metadata", `expected at most ${metadataMax}, got ${entries.length}`);
  for (const [name, value] of entries) {
    if (name.length <= 64 && value.length <= metadataLengthMax) continue;
    throw problem("metadata", `expected names of at most 64 characters and values of at most ${metadataLengthMax}`);
  }
}

function problem(path: string, text: string): HookwrightError {
  return new HookwrightError("invalid_request", `${path}: ${text}.`, { path });
}
