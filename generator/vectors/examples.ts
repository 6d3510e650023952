import { envelopeFields, envelopeValue } from "../envelope.ts";
import type { ContractModel } from "../model.ts";
import { bodyOf, known, valueProbe } from "./requests.ts";
import type { Sample, Site } from "./sites.ts";
import { pathText } from "./sites.ts";
import type { Case, Probe } from "./vector.ts";

/**
 * Each example is accepted. Every field of every shape is looked at once in each state that it has in an example, so
 * that a name which was cased wrongly is found, and no more often, so that the files stay small.
 */
export function exampleCases(contract: ContractModel, samples: readonly Sample[]): readonly Case[] {
  const seen = new Set<string>();
  return samples.map((sample) => ({
    name: `valid, ${sample.type}, ${sample.name}`,
    body: bodyOf(contract, [JSON.stringify(sample.event)]),
    expect: { ok: true, events: [known(sample, probesOf(contract, sample, seen))] },
  }));
}

function probesOf(contract: ContractModel, sample: Sample, seen: Set<string>): readonly Probe[] {
  const found = [...envelopeProbes(contract, sample), ...sample.sites.flatMap(siteProbes)];
  return found.flatMap(({ of, probe }) => {
    const key = `${of} ${probe.is}`;
    if (seen.has(key)) return [];
    seen.add(key);
    return [probe];
  });
}

interface Sighting {
  readonly of: string;
  readonly probe: Probe;
}

function envelopeProbes({ declaration }: ContractModel, { event }: Sample): readonly Sighting[] {
  const beside = ["type", "data", "members", "meta"];
  return envelopeFields(declaration)
    .filter(([, field]) => !beside.includes(envelopeValue(field).kind))
    .map(([key]) => ({ of: key, probe: valueProbe([key], event[key]) }));
}

/** A path writes no step with what parts its steps, and Go finds no field by a name that a struct tag cannot hold. */
function isWritable(step: string): boolean {
  return /^[\p{L}\p{Nd}!#$%&()*+\-/:;<=>?@^_{|}~ ]+$/u.test(step);
}

/** Objects and lists with something in them are looked at in their parts. */
function siteProbes({ path, type, value, of }: Site): readonly Sighting[] {
  if (!path.every((step) => typeof step === "number" || isWritable(step))) return [];
  if (value === undefined || value === null) {
    return [{ of, probe: { path: pathText(path), is: value === null ? "null" : "absent" } }];
  }
  if (
    type.kind === "shape" ||
    (Array.isArray(value) && value.length > 0 && (type.kind === "array" || type.kind === "tuple"))
  )
    return [];
  return [{ of, probe: valueProbe(path, value) }];
}
