import { envelopeKey, knownWith } from "../envelope.ts";
import { shapeOf } from "../model.ts";
import type { ContractModel } from "../model.ts";
import { dataKeyOf } from "../receiver-contract.ts";
import { bodyOf, changed, findSite, type Found, known, valueProbe } from "./requests.ts";
import { pathText, replaced, type Sample, type Site, valueAt } from "./sites.ts";
import type { Case, ExpectedEvent, Probe } from "./vector.ts";

const later = "added_later";

/** What a receiver has to take as it comes: later names, any text, and the last of two equal keys. */
export function valueCases(contract: ContractModel, samples: readonly Sample[]): readonly Case[] {
  const accepts = (name: string, event: string, expected: ExpectedEvent): Case => ({
    name,
    body: bodyOf(contract, [event]),
    expect: { ok: true, events: [expected] },
  });
  const [first] = samples;
  const laterType = first === undefined ? [] : [accepts("unknown event type", ...ofLaterType(contract, first))];
  const extra =
    first === undefined
      ? []
      : [accepts("extra keys", withMoreKeys(contract, first), known(first, restProbes(contract, first)))];
  const others = first === undefined ? [] : otherForms(contract, first).map((each) => accepts(...each));
  return [
    ...laterType,
    ...others,
    ...extra,
    ...textCases(samples).map((each) => accepts(...each)),
    ...wholeNumberCases(samples).map((each) => accepts(...each)),
    ...laterValueCases(samples).map((each) => accepts(...each)),
    ...stateCases(samples).map((each) => accepts(...each)),
  ];
}

type Accepted = readonly [name: string, event: string, expected: ExpectedEvent];

/** The event in its envelope, with a type and data that nobody knows yet. */
function ofLaterType(contract: ContractModel, { event }: Sample): readonly [string, ExpectedEvent] {
  const type = `${later}.happened`;
  const dataKey = dataKeyOf(contract);
  const renamed = replaced(event, [envelopeKey(contract.declaration, "event.type")], type);
  const unknown = dataKey === null ? renamed : replaced(renamed, [dataKey], { [later]: [1, null] });
  return [JSON.stringify(unknown), { type, known: false, probes: [] }];
}

/** The event with another value where the envelope says in which form it is: what it says is not looked at. */
function otherForms(contract: ContractModel, { event, type }: Sample): readonly Accepted[] {
  const dataKey = dataKeyOf(contract);
  const bare = dataKey === null ? event : replaced(event, [dataKey], { [later]: [1, null] });
  return knownWith(contract.declaration).map(([key, value]) => {
    const other = typeof value === "string" ? later : value + 1;
    const text = JSON.stringify(replaced(bare, [key], other));
    return [`another ${key}, which makes it unknown`, text, { type, known: false, probes: [] }] as const;
  });
}

function withMoreKeys(contract: ContractModel, { event }: Sample): string {
  const dataKey = dataKeyOf(contract);
  const more = { [later]: { deep: [true] } };
  const data = dataKey === null ? undefined : event[dataKey];
  const inside = typeof data === "object" ? { ...event, [dataKey ?? ""]: { ...data, ...more } } : event;
  return JSON.stringify({ ...inside, ...more });
}

/** In an open record a receiver finds what is not named too. */
function restProbes(contract: ContractModel, { type }: Sample): readonly Probe[] {
  const data = contract.events.find(({ name }) => name === type)?.data;
  const shape = data === undefined ? undefined : shapeOf(contract, data);
  if (shape?.kind !== "object" || shape.open !== true) return [];
  const dataKey = dataKeyOf(contract);
  return [valueProbe([...(dataKey === null ? [] : [dataKey]), later], { deep: [true] })];
}

const unicode = 'Grüße, 日本語, 🦊 e\u0301 \u2028 \u0000 "\\/';

function textCases(samples: readonly Sample[]): readonly Accepted[] {
  const found = findSite(samples, ({ type, value }) => type.kind === "string" && typeof value === "string");
  if (found === null) return [];
  const { sample, site } = found;
  const placed = (text: string) => changed(sample, site.path, mark).replace(JSON.stringify(mark), text);
  const reads = (value: string) => known(sample, [valueProbe(site.path, value)]);
  return [
    ["unicode, as it is", placed(JSON.stringify(unicode)), reads(unicode)],
    ["unicode, every character escaped", placed(escaped(unicode)), reads(unicode)],
    // What becomes of half a surrogate pair differs by language; the event has to be read all the same.
    ["unicode, half a surrogate pair", placed('"\\ud83e"'), known(sample)],
    ["empty text", placed('""'), reads("")],
    ["duplicate keys, the last one counts", doubled(found), reads("last")],
  ];
}

/** The greatest and the least that every language reads exactly. */
function wholeNumberCases(samples: readonly Sample[]): readonly Accepted[] {
  const found = findSite(samples, ({ type, value }) => type.kind === "integer" && typeof value === "number");
  if (found === null) return [];
  const { sample, site } = found;
  return [Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER].map((value) => {
    const name = `whole number, the ${value > 0 ? "greatest" : "least"}`;
    return [name, changed(sample, site.path, value), known(sample, [valueProbe(site.path, value)])] as const;
  });
}

const mark = "\u0001mark";

function escaped(text: string): string {
  const units = Array.from({ length: text.length }, (_, index) => text.charCodeAt(index));
  return `"${units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`).join("")}"`;
}

/** The event's text with a key twice; of an item, the key of its list. */
function doubled({ sample, site }: Found): string {
  const length = site.path.findLastIndex((step) => typeof step === "string") + 1;
  const [key, within] = [site.path[length - 1], site.path.slice(length)];
  const member = (value: string) => {
    const whole =
      within.length === 0 ? value : replaced(valueAt(sample.event, site.path.slice(0, length)), within, value);
    return `${JSON.stringify(key)}:${JSON.stringify(whole)}`;
  };
  return changed(sample, site.path, mark).replace(member(mark), `${member("first")},${member("last")}`);
}

function laterValueCases(samples: readonly Sample[]): readonly Accepted[] {
  const kinds: readonly (readonly [string, (site: Site) => boolean, string | number])[] = [
    ["unknown enum value", (site) => isEnum(site, "string"), later],
    ["unknown enum value, a number", (site) => isEnum(site, "number"), 4711],
    ["unknown kind of an open union", (site) => site.union?.open === true && !site.inTuple, later],
  ];
  return kinds.flatMap(([name, fits, value]) => {
    const found = findSite(samples, fits);
    if (found === null) return [];
    const { sample, site } = found;
    const probe: Probe = { ...valueProbe(site.path, value), known: false };
    return [[name, changed(sample, site.path, value), known(sample, [probe])] as const];
  });
}

function isEnum({ type, value, inTuple }: Site, kind: "string" | "number"): boolean {
  return type.kind === "enum" && typeof value === kind && !inTuple;
}

/** Null and absence, in each place where the catalog allows them. */
function stateCases(samples: readonly Sample[]): readonly Accepted[] {
  const states: readonly (readonly [string, (site: Site) => boolean, null | undefined])[] = [
    ["absent, an optional field", (site) => site.optional && !site.nullable, undefined],
    ["null, a nullable field", (site) => !site.optional && site.nullable, null],
    ["absent, a field both optional and nullable", (site) => site.optional && site.nullable, undefined],
    ["null, a field both optional and nullable", (site) => site.optional && site.nullable, null],
  ];
  return states.flatMap(([name, fits, value]) => {
    const found = findSite(samples, fits);
    if (found === null) return [];
    const { sample, site } = found;
    const probe: Probe = { path: pathText(site.path), is: value === null ? "null" : "absent" };
    return [[name, changed(sample, site.path, value), known(sample, [probe])] as const];
  });
}
