import type { BatchBody, ReceiverContract } from "./contract.ts";
import { decodeEvent, under } from "./decode.ts";
import { WebhookError } from "./errors.ts";
import { parseJson, textOf } from "./json.ts";
import { describe, isObject, type JsonObject } from "./values.ts";

/**
 * The records of a body, in their order: those of a batch, or the one that came alone where that may be. Throws
 * invalid_json, not_a_batch, and what an event that is malformed throws, with a path that begins with its record.
 */
export function decodeBatch(contract: ReceiverContract, body: Uint8Array): JsonObject[] {
  if (contract.batch === null) throw new Error(`The contract "${contract.id}" has no batches.`);
  const { recordMember } = contract.batch;
  const { records, place } = recordsIn(contract.batch, textOf(body));
  return records.map((record, index) => {
    const path = place(index);
    // What is no object at all is told as an event that is none.
    if (recordMember === undefined || !isObject(record)) return decodeEvent(contract, record, path);
    const event = Object.hasOwn(record, recordMember) ? record[recordMember] : undefined;
    return decodeEvent(contract, event, under(path, recordMember));
  });
}

interface Records {
  readonly records: readonly unknown[];
  /** Where a record is in the body. */
  readonly place: (index: number) => string;
}

function recordsIn(batch: BatchBody, text: string): Records {
  const { body, single } = batch;
  if (body.kind === "lines") {
    const lines = text.split("\n").filter((line) => line.trim() !== "");
    return { records: lines.map(parseJson), place: (index) => `[${index}]` };
  }
  const root = parseJson(text);
  const member = body.kind === "object" ? body.member : null;
  const isBatch = member === null ? Array.isArray(root) : isObject(root) && Object.hasOwn(root, member);
  if (single && !isBatch && isObject(root)) return { records: [root], place: () => "" };
  const records = member !== null && isObject(root) ? root[member] : root;
  if (isBatch && Array.isArray(records)) return { records, place: (index) => `${member ?? ""}[${index}]` };
  throw notABatch(batch, root);
}

function notABatch({ body, single }: BatchBody, root: unknown): WebhookError {
  const batch = body.kind === "object" ? `an object with a list in ${body.member}` : "a list of records";
  const expected = single ? `${batch}, or a record alone` : batch;
  const got = describe(root);
  return new WebhookError("not_a_batch", `The body is not a batch: expected ${expected}, got ${got}.`, {
    expected,
    got,
  });
}
