import { carriedFields, envelopeKey } from "../envelope.ts";
import type { ContractModel } from "../model.ts";
import { bodyOf, placeOfRecord, wrapperPath } from "./requests.ts";
import type { Sample } from "./sites.ts";
import type { Case, Expected } from "./vector.ts";

/** Bodies that are no JSON, and JSON that is no event and no batch. */
export function rootCases(contract: ContractModel, sample: Sample): readonly Case[] {
  const event = JSON.stringify(sample.event);
  const body = bodyOf(contract, [event]);
  const notJson: Expected = { ok: false, code: "invalid_json" };
  const cut = body.trimEnd().slice(0, -1);
  const number = event.replace("{", '{"a":NaN,');
  return [
    { name: "not JSON, cut short", body: cut, expect: notJson },
    { name: "not JSON, not a number", body: bodyOf(contract, [number]), expect: notJson },
    { name: "not JSON, something behind it", body: `${body.trimEnd()}]`, expect: notJson },
    { name: "not JSON, not UTF-8", body: notUtf8(body), expect: notJson },
    ...(isByLine(contract) ? [] : [{ name: "not JSON, empty", body: "", expect: notJson }]),
    ...["null", "7", '"text"', "[]", "{}"].flatMap((root) => rootCase(contract, root)),
  ];
}

function isByLine({ declaration }: ContractModel): boolean {
  return declaration.mode === "stream" && declaration.batch.body.kind === "lines";
}

/** A byte that begins no character, inside the first text. */
function notUtf8(body: string): Uint8Array {
  const bytes = Buffer.from(body);
  const at = bytes.indexOf('"') + 1;
  return Buffer.concat([bytes.subarray(0, at), Buffer.of(0xff), bytes.subarray(at)]);
}

function rootCase(contract: ContractModel, root: string): readonly Case[] {
  const expect = expectedOf(contract, root);
  return expect === null ? [] : [{ name: `wrong root, ${root}`, body: root, expect }];
}

/** Null where the root is right. */
function expectedOf(contract: ContractModel, root: string): Expected | null {
  const { declaration } = contract;
  const typeKey = envelopeKey(declaration, "event.type");
  const isObject = root === "{}";
  // A wrapper without its event, or an event without its type.
  const [member] = wrapperPath(contract);
  const path = member ?? typeKey;
  const hasHeaders = carriedFields(declaration).length > 0;
  const withoutType: Expected = hasHeaders
    ? { ok: false, code: "missing_header" }
    : { ok: false, code: "missing_type", path };
  const notAnEvent: Expected = isObject && member === undefined ? withoutType : { ok: false, code: "not_an_object" };
  if (declaration.mode !== "stream") return notAnEvent;
  const { body, single } = declaration.batch;
  if (body.kind === "array" && root === "[]") return null;
  if (body.kind === "lines") {
    return { ...notAnEvent, path: placeOfRecord(contract, 0, isObject ? [path] : []) };
  }
  return isObject && single !== null ? { ...notAnEvent, path } : { ok: false, code: "not_a_batch" };
}
