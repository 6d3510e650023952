import type { ReceiverContract } from "./contract.ts";
import { decodeEvent } from "./decode.ts";
import { WebhookError } from "./errors.ts";
import { type HeaderSource, readHeaders } from "./headers.ts";
import { describe, isObject, type JsonObject } from "./values.ts";

/**
 * Reads an event from its JSON and, where headers carry a part of it, from the headers of its request. Throws what
 * `decodeEvent` throws, missing_header and invalid_header.
 */
export function decodeRequest(contract: ReceiverContract, body: unknown, headers: HeaderSource): JsonObject {
  const { carried } = contract;
  if (carried === undefined || !isObject(body)) return decodeEvent(contract, body);
  return decodeEvent(contract, Object.assign(body, carriedMembers({ ...contract, carried }, headers)));
}

function carriedMembers(
  { carried, envelope }: Pick<ReceiverContract, "envelope"> & Required<Pick<ReceiverContract, "carried">>,
  headers: HeaderSource,
): JsonObject {
  const names = Object.entries(carried);
  const values = readHeaders(
    headers,
    names.map(([, header]) => header),
  );
  return Object.fromEntries(
    names.map(([key, header]) => {
      const text = decoded(header, values.get(header) ?? "");
      return [key, valueOf(envelope[key]?.type, text)];
    }),
  );
}

/** A text that is no value of the field's type stays as it is, and is refused like any other. */
function valueOf(type: unknown, text: string): unknown {
  if (type === "integer") return /^-?(0|[1-9][0-9]{0,15})$/.test(text) ? Number(text) : text;
  if (typeof type !== "object" || type === null || !("constant" in type)) return text;
  return String(type.constant) === text ? type.constant : text;
}

function decoded(header: string, value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    const expected = "percent-encoded UTF-8";
    const got = describe(value);
    const message = `The header ${header} is malformed: expected ${expected}, got ${got}.`;
    throw new WebhookError("invalid_header", message, { expected, got });
  }
}
