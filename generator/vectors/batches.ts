import type { ContractModel } from "../model.ts";
import { bodyOf, known, placeIn } from "./requests.ts";
import { pathText, replaced, type Sample } from "./sites.ts";
import type { Case } from "./vector.ts";

/** Several records in a request, none, or one alone. A contract without batches has none. */
export function batchCases(contract: ContractModel, samples: readonly Sample[]): readonly Case[] {
  const { declaration } = contract;
  if (declaration.mode !== "stream") return [];
  const texts = samples.map(({ event }) => JSON.stringify(event));
  return [
    {
      name: "batch, every example",
      body: bodyOf(contract, texts),
      expect: { ok: true, events: samples.map((sample) => known(sample)) },
    },
    { name: "batch, empty", body: bodyOf(contract, []), expect: { ok: true, events: [] } },
    ...faultyRecords(contract, samples),
    ...(declaration.batch.body.kind === "object" ? memberCases(declaration.batch.body.member) : []),
    ...(declaration.batch.body.kind === "lines" ? lineCases(samples) : []),
    ...(declaration.batch.single === null ? [] : aloneCases(samples)),
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

function lineCases([sample]: readonly Sample[]): readonly Case[] {
  if (sample === undefined) return [];
  const text = JSON.stringify(sample.event);
  const expect = { ok: true, events: [known(sample), known(sample)] } as const;
  return [
    { name: "lines, none ended but the first", body: `${text}\n${text}`, expect },
    { name: "lines, an empty one between, ended as on Windows", body: `${text}\r\n\r\n${text}\r\n`, expect },
  ];
}

function aloneCases([sample]: readonly Sample[]): readonly Case[] {
  const site = sample?.sites.find(({ type, value }) => type.kind === "string" && typeof value === "string");
  if (sample === undefined || site === undefined) return [];
  return [
    {
      name: "one record alone",
      body: JSON.stringify(sample.event),
      expect: { ok: true, events: [known(sample)] },
    },
    {
      name: "one record alone, malformed",
      body: JSON.stringify(replaced(sample.event, site.path, 7)),
      expect: { ok: false, code: "invalid_field", path: pathText(site.path) },
    },
  ];
}
