import type { StreamContract } from "../../catalog/contract.ts";

/**
 * The body of a batch, joined from the texts that were stored when its events were emitted: they are never parsed, so
 * the same events make the same bytes whenever they are sent (D-AUTHSIGNAL-05).
 */
export function batchBody({ batch }: StreamContract, records: readonly string[]): string {
  switch (batch.body.kind) {
    case "object":
      return `{${JSON.stringify(batch.body.member)}:[${records.join(",")}]}`;
    case "array":
      return `[${records.join(",")}]`;
    case "lines":
      return records.map((record) => `${record}\n`).join("");
  }
}

/** The media type of a body with several records; one alone is JSON. */
export function batchType({ batch }: StreamContract): string {
  return batch.body.kind === "lines" ? "application/x-ndjson" : "application/json";
}
