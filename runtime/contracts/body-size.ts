import type { Contract, StreamContract } from "../../catalog/contract.ts";
import { HookwrightError } from "../errors.ts";
import { batchBody, recordText } from "./batch-body.ts";

const mebibyte = 1024 * 1024;

/** The most that a request's body may have. Receivers that are generated take as much by default. */
export function bodyBytesMax({ mode, bodyBytesMax }: Contract): number {
  return bodyBytesMax ?? (mode === "stream" ? 16 * mebibyte : mebibyte);
}

/** How many records, from the first, fit in one body; at least one, as none is appended that does not fit alone. */
export function fittingCount(
  contract: StreamContract,
  records: readonly { readonly id: string; readonly body: string }[],
): number {
  const max = bodyBytesMax(contract);
  // Each comes with what is behind it: the end of its line, or a comma that the last one has not.
  let bytes = Buffer.byteLength(batchBody(contract, [])) - (contract.batch.body.kind === "lines" ? 0 : 1);
  const fits = (record: { readonly id: string; readonly body: string }) => {
    bytes += Buffer.byteLength(recordText(contract, record)) + 1;
    return bytes <= max;
  };
  const excess = records.findIndex((record) => !fits(record));
  return excess === -1 ? records.length : Math.max(excess, 1);
}

/** Throws `event_too_large` when the request that an event makes would be more than receivers of its contract take. */
export function refuseTooLarge(
  contract: Contract,
  { id, type, body }: { readonly id: string; readonly type: string; readonly body: string },
): void {
  const max = bodyBytesMax(contract);
  // UTF-8 has at most three bytes for each unit, and no wrapper of a record is as long as this.
  if (body.length * 3 + 1024 <= max) return;
  const sent = contract.mode === "stream" ? batchBody(contract, [recordText(contract, { id, body })]) : body;
  const bytes = Buffer.byteLength(sent);
  if (bytes <= max) return;
  const message = `${contract.id}/${type}: data: expected a request of at most ${max} bytes, which is what receivers take, got ${bytes} bytes; send less, or a link to the rest.`;
  throw new HookwrightError("event_too_large", message, { path: "data" });
}
