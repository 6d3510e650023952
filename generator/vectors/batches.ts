import type { RecordWrapper } from "../../catalog/contract.ts";
import type { ContractModel } from "../model.ts";
import { bodyOf, bodyOfRecords, known, placeIn, placeOfRecord, recordOf, wrapperPath } from "./requests.ts";
import { pathText, replaced, type Sample } from "./sites.ts";
import type { Case } from "./vector.ts";

/** Several records in a request, none, or one alone. A contract without batches has none. */
export function batchCases(contract: ContractModel, samples: readonly Sample[]): readonly Case[] {
  const { declaration } = contract;
  if (declaration.mode !== "stream") return [];
  const { body, record, single } = declaration.batch;
  const texts = samples.map(({ event }) => JSON.stringify(event));
  return [
    {
      name: "batch, every example",
      body: bodyOf(contract, texts),
      expect: { ok: true, events: samples.map((sample) => known(sample)) },
    },
    { name: "batch, empty", body: bodyOf(contract, []), expect: { ok: true, events: [] } },
    ...faultyRecords(contract, samples),
    ...(body.kind === "object" ? memberCases(body.member) : []),
    ...(body.kind === "lines" ? lineCases(contract, samples) : []),
    ...(record === undefined ? [] : wrapperCases(contract, record, samples)),
    // One line is a batch of one, so there a record is never alone.
    ...(single === null || body.kind === "lines" ? [] : aloneCases(contract, samples)),
  ];
}

function faultyRecords(contract: ContractModel, [sample]: readonly Sample[]): readonly Case[] {
  const site = sample?.sites.find(({ type, value }) => type.kind === "string" && typeof value === "string");
  if (sample === undefined) return [];
  const good = JSON.stringify(sample.event);
  const notAnObject: Case = {
    name: "batch, a record that is no object",
    body: bodyOf(contract, [good, "7"]),
    expect: { ok: false, code: "not_an_object", path: placeIn(contract, 1, []) },
  };
  if (site === undefined) return [notAnObject];
  const malformed: Case = {
    name: "batch, the second record malformed",
    body: bodyOf(contract, [good, JSON.stringify(replaced(sample.event, site.path, 7)), good]),
    expect: { ok: false, code: "invalid_field", path: placeIn(contract, 1, site.path) },
  };
  return [malformed, notAnObject];
}

function memberCases(member: string): readonly Case[] {
  const expect = { ok: false, code: "not_a_batch" } as const;
  return [
    { name: "batch, its member null", body: JSON.stringify({ [member]: null }), expect },
    { name: "batch, its member an object", body: JSON.stringify({ [member]: {} }), expect },
  ];
}

function lineCases(contract: ContractModel, [sample]: readonly Sample[]): readonly Case[] {
  if (sample === undefined) return [];
  const text = recordOf(contract, JSON.stringify(sample.event));
  const expect = { ok: true, events: [known(sample), known(sample)] } as const;
  return [
    { name: "lines, none ended but the first", body: `${text}\n${text}`, expect },
    { name: "lines, an empty one between, ended as on Windows", body: `${text}\r\n\r\n${text}\r\n`, expect },
  ];
}

/** Of a wrapper its event is read and nothing else. */
function wrapperCases(
  contract: ContractModel,
  { id, member }: RecordWrapper,
  [sample]: readonly Sample[],
): readonly Case[] {
  if (sample === undefined) return [];
  const event = JSON.stringify(sample.event);
  const wrapped = recordOf(contract, event, sample.id);
  const expect = { ok: true, events: [known(sample)] } as const;
  // The place of the second record, and of what is in it.
  const refused = (name: string, text: string, path: string): Case => ({
    name: `wrapper, ${name}`,
    body: bodyOfRecords(contract, [wrapped, text]),
    expect: { ok: false, code: "not_an_object", path },
  });
  const inside = placeIn(contract, 1, []);
  return [
    { name: "wrapper, with the event's id", body: bodyOfRecords(contract, [wrapped]), expect },
    { name: "wrapper, without id", body: bodyOfRecords(contract, [`{${JSON.stringify(member)}:${event}}`]), expect },
    {
      name: "wrapper, its id behind the event and no text",
      body: bodyOfRecords(contract, [`{${JSON.stringify(member)}: ${event} , ${JSON.stringify(id)}:7}`]),
      expect,
    },
    refused("none", "7", placeOfRecord(contract, 1)),
    refused("a list", `[${event}]`, placeOfRecord(contract, 1)),
    refused("without event", `{${JSON.stringify(id)}:"another"}`, inside),
    refused("the event null", recordOf(contract, "null"), inside),
    refused("the event a text", recordOf(contract, JSON.stringify(event)), inside),
  ];
}

function aloneCases(contract: ContractModel, [sample]: readonly Sample[]): readonly Case[] {
  const site = sample?.sites.find(({ type, value }) => type.kind === "string" && typeof value === "string");
  if (sample === undefined || site === undefined) return [];
  return [
    {
      name: "one record alone",
      body: recordOf(contract, JSON.stringify(sample.event)),
      expect: { ok: true, events: [known(sample)] },
    },
    {
      name: "one record alone, malformed",
      body: recordOf(contract, JSON.stringify(replaced(sample.event, site.path, 7))),
      expect: { ok: false, code: "invalid_field", path: pathText([...wrapperPath(contract), ...site.path]) },
    },
  ];
}
