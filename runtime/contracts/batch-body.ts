import type { StreamContract } from "../../catalog/contract.ts";

/**
 * The body of a batch, joined from the texts of its records, which were stored when its events were emitted: they are never parsed, so
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

/** A record as it stands in a body, from the event's id and its stored text, which is not parsed either (D-AUTH0-08). */
export function recordText(
  { batch }: StreamContract,
  { id, body }: { readonly id: string; readonly body: string },
): string {
  if (batch.record === undefined) return body;
  return `{${JSON.stringify(batch.record.id)}:${JSON.stringify(id)},${JSON.stringify(batch.record.member)}:${body}}`;
}

/** The media type of a body with several records; one alone is JSON. */
export function batchType({ batch, contentType }: StreamContract): string {
  if (contentType !== undefined) return contentType;
  return batch.body.kind === "lines" ? "application/x-ndjson" : "application/json";
}
