import { bodyFields, carriedFields, envelopeKey, envelopeValue } from "../envelope.ts";
import type { ContractModel, Type } from "../model.ts";
import { bodyOf, changed, findSite, placeIn } from "./requests.ts";
import type { Path, Sample, Site } from "./sites.ts";
import type { Case } from "./vector.ts";

/** Known events that are not what was published. Each fault is told with the place where it is. */
export function faultCases(contract: ContractModel, samples: readonly Sample[]): readonly Case[] {
  return [
    ...faults().flatMap(({ name, fits, wrong }) => {
      const found = findSite(samples, fits);
      if (found === null) return [];
      const { sample, site } = found;
      return [invalidField(contract, { name, sample, path: site.path, value: wrong })];
    }),
    ...wholeNumberFaults(contract, samples),
    ...missingPlace(contract, samples),
    ...envelopeFaults(contract, samples[0]),
  ];
}

/** A list of places without any: the first is told. */
function missingPlace(contract: ContractModel, samples: readonly Sample[]): readonly Case[] {
  const found = findSite(samples, ({ type, value }) => type.kind === "tuple" && Array.isArray(value));
  if (found === null) return [];
  const { sample, site } = found;
  const fault = invalidField(contract, { name: "malformed, no place of a list", sample, path: site.path, value: [] });
  return [{ ...fault, expect: { ok: false, code: "invalid_field", path: placeIn(contract, 0, [...site.path, 0]) } }];
}

/** In JavaScript the number would be another one, and nobody could tell; so no language takes it. */
function wholeNumberFaults(contract: ContractModel, samples: readonly Sample[]): readonly Case[] {
  const found = findSite(samples, ({ type, value }) => type.kind === "integer" && typeof value === "number");
  if (found === null) return [];
  const { sample, site } = found;
  return ["9007199254740993", "-9007199254740992"].map((number) => ({
    name: `malformed, the whole number ${number}`,
    body: bodyOf(contract, [withNumber(sample, site.path, number)]),
    expect: { ok: false, code: "invalid_field", path: placeIn(contract, 0, site.path) },
  }));
}

/** The number is written as a text first, since it would be rounded on its way. */
function withNumber(sample: Sample, path: Path, number: string): string {
  return changed(sample, path, number).replace(JSON.stringify(number), number);
}

interface Fault {
  readonly name: string;
  readonly fits: (site: Site) => boolean;
  /** Undefined: absent. */
  readonly wrong: unknown;
}

function faults(): readonly Fault[] {
  const isPlain = (site: Site) => site.union === null && site.type.kind !== "unknown";
  return [
    ...wrongValues.map(({ kind, wrong, got }) => ({
      name: `malformed, ${got} for ${kind}`,
      fits: (site: Site) => isPlain(site) && site.type.kind === kind && site.value !== undefined && site.value !== null,
      wrong,
    })),
    { name: "malformed, inside a list", fits: (site) => isItem(site) && site.type.kind !== "array", wrong: [] },
    {
      name: "malformed, null where it is not allowed",
      fits: (site) => isPlain(site) && !site.nullable && !site.optional,
      wrong: null,
    },
    {
      name: "malformed, null for an optional field",
      fits: (site) => isPlain(site) && !site.nullable && site.optional,
      wrong: null,
    },
    {
      name: "malformed, a required field absent",
      fits: (site) => isPlain(site) && !site.nullable && !site.optional && !isItem(site),
      wrong: undefined,
    },
    {
      name: "malformed, a nullable field absent",
      fits: (site) => isPlain(site) && site.nullable && !site.optional && !isItem(site),
      wrong: undefined,
    },
    {
      name: "malformed, an unknown kind of a closed union",
      fits: (site) => site.union?.open === false,
      wrong: "other",
    },
  ];
}

const wrongValues: readonly { readonly kind: Type["kind"]; readonly wrong: unknown; readonly got: string }[] = [
  { kind: "string", wrong: 7, got: "a number" },
  { kind: "integer", wrong: 1.5, got: "a fraction" },
  { kind: "number", wrong: "1", got: "text" },
  { kind: "boolean", wrong: "true", got: "text" },
  { kind: "constant", wrong: "another", got: "another value" },
  { kind: "enum", wrong: true, got: "a boolean" },
  { kind: "scalars", wrong: {}, got: "an object" },
  { kind: "array", wrong: {}, got: "an object" },
  { kind: "record", wrong: [], got: "a list" },
  { kind: "tuple", wrong: {}, got: "an object" },
  { kind: "shape", wrong: [], got: "a list" },
];

function isItem(site: Site): boolean {
  return typeof site.path.at(-1) === "number" && site.type.kind !== "unknown";
}

function envelopeFaults(contract: ContractModel, sample: Sample | undefined): readonly Case[] {
  if (sample === undefined) return [];
  const text = bodyFields(contract.declaration).find(([, field]) => envelopeValue(field).kind === "text");
  const typeKey = envelopeKey(contract.declaration, "event.type");
  const inEnvelope = text === undefined ? [] : [{ path: [text[0]], value: 7 }];
  const missing = (name: string, value: unknown): Case => ({
    name,
    body: bodyOf(contract, [changed(sample, [typeKey], value)]),
    expect: { ok: false, code: "missing_type", path: placeIn(contract, 0, [typeKey]) },
  });
  const carried = carriedFields(contract.declaration).map(({ header, key }): Case => ({
    name: `no header ${header}`,
    body: bodyOf(contract, [changed(sample, [key], undefined)]),
    expect: { ok: false, code: "missing_header" },
  }));
  const malformed = inEnvelope.map((fault) =>
    invalidField(contract, { name: "malformed, in the envelope", sample, ...fault }),
  );
  if (carriedFields(contract.declaration).some(({ key }) => key === typeKey)) return [...malformed, ...carried];
  return [...malformed, ...carried, missing("no type", undefined), missing("a type that is not text", 7)];
}

export interface FieldFault {
  readonly name: string;
  readonly sample: Sample;
  readonly path: Path;
  readonly value: unknown;
}

export function invalidField(contract: ContractModel, { name, sample, path, value }: FieldFault): Case {
  return {
    name,
    body: bodyOf(contract, [changed(sample, path, value)]),
    expect: { ok: false, code: "invalid_field", path: placeIn(contract, 0, path) },
  };
}
